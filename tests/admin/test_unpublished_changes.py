"""A saved change of a live page shows nowhere in public until it is published, then everywhere."""

from collections.abc import Iterable

import pytest
from django.test import Client

from causes.editorial.documents import digest
from causes.editorial.publishing import publish
from causes.models import AlternateName, Condition, Page, RelatedLink, Tag
from tests.admin.screens import add_row, address, errors, form_data

# Every public address that mentions the condition, or could.
PUBLIC = [
    "/",
    "/symptoms/",
    "/symptoms/leg-numbness/",
    "/symptoms/leg-numbness/?tag=foot",
    "/symptoms/leg-numbness/?tag=hip",
    "/symptoms/leg-numbness/trapped/",
    "/conditions/",
    "/conditions/sciatica/",
    "/conditions/ischialgia/",
    "/conditions/stroke/",
    "/tags/",
    "/tags/foot/",
    "/tags/hip/",
    "/about/privacy/",
    "/search/?q=sciatica",
    "/search/?q=unmistakable",
    "/search/?tag=hip",
    "/sitemap.xml",
]
ITSELF = "/conditions/sciatica/"
NAMED_IN = {
    "/symptoms/leg-numbness/",
    "/symptoms/leg-numbness/?tag=foot",
    "/symptoms/leg-numbness/trapped/",
    "/conditions/",
    "/conditions/stroke/",
    "/tags/foot/",
    "/search/?q=sciatica",
}
WORDS = "Unmistakable words"
HTML = "<p>Unmistakable words.</p>"

# What an editor enters in the form, and the addresses that it changes once it is published.
CHANGES = {
    "title": ({"title": WORDS}, {ITSELF, *NAMED_IN, "/search/?q=unmistakable"}),
    "summary": ({"summary": WORDS}, {ITSELF, "/tags/foot/", "/search/?q=unmistakable"}),
    "lead": ({"lead": HTML}, {ITSELF}),
    "slug": (
        {"slug": "ischialgia"},
        {ITSELF, *NAMED_IN, "/conditions/ischialgia/", "/sitemap.xml"},
    ),
    "section": ({"sections-0-body": HTML}, {ITSELF}),
    "new section": ({"sections-1-heading": WORDS, "sections-1-body": HTML}, {ITSELF}),
    "section removed": ({"sections-0-DELETE": "on"}, {ITSELF}),
    "card": ({"carecards-0-items": WORDS}, {ITSELF}),
    "name": (
        {"alternatenames-0-name": WORDS},
        {ITSELF, "/conditions/", "/search/?q=unmistakable"},
    ),
    "tag": (
        {"tags": ["foot", "hip"]},
        {ITSELF, "/symptoms/leg-numbness/?tag=hip", "/tags/", "/tags/hip/", "/search/?tag=hip"},
    ),
    "tag removed": (
        {"tags": []},
        {ITSELF, "/symptoms/leg-numbness/?tag=foot", "/tags/", "/tags/foot/"},
    ),
    "link": ({"relatedlinks-0-target": "leg-numbness"}, {ITSELF}),
    "link removed": ({"relatedlinks-0-DELETE": "on"}, {ITSELF}),
    "source": ({"sections-0-citations": []}, {ITSELF}),
}


@pytest.fixture
def sciatica(
    make_tag, make_condition, make_symptom, make_category, make_information, published
) -> Condition:
    """A live condition with rows, a tag and links both ways, that every list names."""
    foot, _hip = make_tag("foot"), make_tag("hip")
    sciatica, stroke = make_condition("sciatica", tags=(foot,)), make_condition("stroke")
    symptom = make_symptom()
    AlternateName.objects.create(page=sciatica, anchor="ischias", name="Ischias")
    RelatedLink.objects.create(page=sciatica, target=stroke, anchor="stroke")
    RelatedLink.objects.create(page=stroke, target=sciatica, anchor="sciatica")
    for page in (symptom, make_information(), stroke, sciatica):
        published(page)
    published(make_category(symptom, conditions=(sciatica, stroke)))
    return sciatica


def seen(paths: Iterable[str] = PUBLIC) -> dict[str, tuple[int, str, bytes]]:
    """What a reader who is not signed in gets at each address."""
    reader = Client()
    answers = {path: reader.get(path) for path in paths}
    return {
        path: (answer.status_code, answer.get("Location", ""), answer.content)
        for path, answer in answers.items()
    }


def save(client: Client, page: Page, entered: dict) -> None:
    """Fill in the form; tags and pages are named by slug and key."""
    url = address("change", page)
    data = form_data(client, url)
    if "sections-1-heading" in entered:
        add_row(data, "sections")
    data |= entered
    if "tags" in entered:
        data["tags"] = list(
            Tag.objects.filter(slug__in=entered["tags"]).values_list("pk", flat=True)
        )
    if target := entered.get("relatedlinks-0-target"):
        data["relatedlinks-0-target"] = Page.objects.get(key=target).pk
    response = client.post(url, data)
    assert response.status_code == 302, errors(response)


@pytest.mark.parametrize("change", CHANGES)
def test_a_saved_change_shows_nowhere_until_it_is_published_and_then_everywhere(
    change, publishing_client, publisher, signed_off, sciatica
):
    entered, changed = CHANGES[change]
    before = seen()
    live = sciatica.editions.get()

    save(publishing_client, sciatica, entered)

    assert sciatica.revisions.count() == 2, "the form changed nothing"
    assert seen() == before

    signed_off(sciatica)
    publish(sciatica, actor=publisher, number=2)

    after = seen([*changed, "/about/privacy/"])
    assert {path for path in after if after[path] != before[path]} == changed
    new, old = sciatica.editions.order_by("-number")
    assert (old.pk, old.live_from, old.digest) == (live.pk, live.live_from, digest(live.body))
    assert old.live_until == new.live_from
    assert new.live_until is None


def test_a_new_condition_is_nowhere_in_public_until_it_is_published(
    publishing_client, publisher, signed_off, sciatica
):
    before = seen()
    data = form_data(publishing_client, address("add", "condition"))
    data |= {"key": "ischialgia", "slug": "ischialgia", "title": WORDS, "summary": WORDS}
    data["tags"] = [Tag.objects.get(slug="hip").pk]
    add_row(data, "carecards", level="emergency", items="unmistakable words")
    add_row(data, "relatedlinks", target=str(sciatica.pk))
    response = publishing_client.post(address("add", "condition"), data)
    assert response.status_code == 302, errors(response)
    assert seen() == before

    new = Page.objects.get(key="ischialgia")
    signed_off(new)
    publish(new, actor=publisher, number=1)

    after = seen()
    assert {path for path in PUBLIC if after[path] != before[path]} >= {
        "/conditions/ischialgia/",
        "/conditions/",
        "/tags/",
        "/tags/hip/",
        "/search/?q=unmistakable",
        "/search/?tag=hip",
        "/sitemap.xml",
    }


def test_withdrawing_takes_the_page_out_of_every_public_address(publishing_client, sciatica):
    before = seen()
    url = address("withdraw", sciatica)
    assert publishing_client.post(url, {"note": "It is wrong."}).status_code == 302
    after = seen()
    assert after[ITSELF][0] == 410
    for path, (_, _, content) in after.items():
        if path != "/search/?q=sciatica":  # a search page repeats the question
            assert b"Sciatica" not in content, path
    assert before["/about/privacy/"] == after["/about/privacy/"]

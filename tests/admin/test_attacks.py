"""Attacks through every door of the editors' side, and on each screen that shows what is stored."""

import json
from collections.abc import Callable

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from causes.editorial import guests
from causes.editorial.archiving import restore as restore_version
from causes.editorial.documents import document
from causes.editorial.publishing import publish, record
from causes.editorial.reviewing import invite, submit
from causes.editorial.saving import save_beside
from causes.editorial.tagging import rename_tag
from causes.models import (
    AlternateName,
    CareCard,
    CheckedLink,
    Event,
    MissedSearch,
    Page,
    Revision,
    Section,
    SignOff,
    Source,
    Tag,
    TagAlias,
)
from causes.models.fields import MOST_LISTS, clean_rich_text, depth_of_lists
from causes.models.text import tidy, without_unseen
from tests.admin.screens import add_row, address, errors, form_data
from tests.attacks import ATTACKS, assert_harmless, shape, storable

pytestmark = pytest.mark.django_db

# As a form takes them: without what nobody sees, which it refuses; short enough for a heading.
PLAIN = [tidy(without_unseen(storable(attack)))[:99] for attack in ATTACKS]
RICH = [storable(attack)[:5000] for attack in ATTACKS]


@pytest.fixture
def page(make_condition, make_tag, published) -> Page:
    page = make_condition(tags=(make_tag("toes"),))
    published(page)
    return page


def stored_texts(page: Page) -> list[str]:
    return list(Section.objects.filter(page=page).values_list("body", flat=True))


def assert_clean(page: Page, fewest: int) -> None:
    """What is stored went through the sanitiser, whichever way it came."""
    bodies = stored_texts(page)
    assert len(bodies) >= fewest
    for body in bodies:
        assert body == clean_rich_text(body)
        assert_harmless(f"<div>{body}</div>", shape("<div></div>"))


# --- The doors ---------------------------------------------------------------------------


@pytest.mark.parametrize("part", range(2))
def test_the_form(publishing_client, page, part):
    url = address("change", page)
    form = form_data(publishing_client, url)
    plain = shape(publishing_client.get(url).content.decode())
    for heading, body in list(zip(PLAIN, RICH, strict=True))[part::2]:
        add_row(form, "sections", heading=heading or "x", body=f"<p>x</p>{body}")
    response = publishing_client.post(url, form)
    assert response.status_code == 302, errors(response)
    assert_clean(page, len(ATTACKS) // 2)
    assert_harmless(publishing_client.get(url).content.decode(), plain)


def test_a_fixture(tmp_path, page, source):
    """What it refuses in words, lists that are too deep, is left out."""
    numbers = [n for n, body in enumerate(RICH) if depth_of_lists(body) <= MOST_LISTS]
    assert len(numbers) >= len(RICH) - 2
    rows = [
        {
            "model": "causes.section",
            "fields": {
                "page": ["new"],
                "anchor": f"s{number}",
                "order": number,
                "heading": PLAIN[number] or "x",
                "body": f"<p>x</p>{RICH[number]}",
            },
        }
        for number in numbers
    ]
    card = {"page": ["new"], "anchor": "e", "level": "emergency", "items": ["help"]}
    fields = {"key": "new", "kind": "condition", "slug": "new", "title": "New"}
    records = [
        {"model": "causes.page", "fields": fields},
        {"model": "causes.condition", "fields": {"page_ptr": ["new"]}},
        {"model": "causes.carecard", "fields": card},
        *rows,
    ]
    path = tmp_path / "attacks.json"
    path.write_text(json.dumps(records))
    call_command("loaddata", str(path), verbosity=0)
    assert_clean(Page.objects.get(key="new"), len(numbers))


def poisoned(page: Page) -> dict:
    written = document(page)
    section = written["sections"][0]
    written["sections"] = [
        section | {"anchor": f"s{number}", "heading": PLAIN[number] or "x", "body": body}
        for number, body in enumerate(RICH)
    ]
    return written


def test_an_old_version_that_is_restored_and_a_text_that_is_merged(page, publisher):
    Revision.objects.filter(page=page, number=1).update(document=poisoned(page))
    page.title = "Newer"
    page.save()
    record(page, actor=publisher)
    restore_version(page, actor=publisher, number=1)
    assert_clean(page, len(ATTACKS))
    mine = poisoned(page) | {"title": "Mine"}
    save_beside(page, mine, actor=publisher, based_on=2)
    assert_clean(page, len(ATTACKS))


def test_a_guests_words_and_the_names_of_tags(publishing_client, page, publisher):
    client = Client()
    url = guests.address_of(invite(page, actor=publisher, number=1, recipient="G", days=3))
    path = url.removeprefix("http://127.0.0.1:8000")
    plain = shape(client.get(path).content.decode())
    answer = {"name": "G", "role": "GP", "note": "x", "verdict": "commented"}
    client.post(path, answer)
    plain |= shape(client.get(path).content.decode())
    for number, attack in enumerate(PLAIN[:40:2]):
        sent = {"name": attack or "x", "role": attack or "x", "note": attack or "x"}
        client.post(path, answer | sent)
        if number % 5 == 0:
            assert_harmless(client.get(path).content.decode(), plain)
    assert SignOff.objects.count() == 21
    tag = Tag.objects.get(slug="toes")
    rename_tag(tag, actor=publisher, name="Plain", slug="plain")
    desk = reverse("admin:causes_tag_desk")
    plain = shape(publishing_client.get(desk).content.decode())
    for number, attack in enumerate(filter(None, PLAIN[1::9])):
        rename_tag(tag, actor=publisher, name=attack, slug=f"t{number}")
        assert_harmless(publishing_client.get(desk).content.decode(), plain)


# --- The screens, with rows written behind every form ------------------------------------


def write(page: Page, attack: str, rich: str) -> None:
    """The attack in everything that the screens of a page show."""
    short = attack[:60]
    Page.objects.filter(pk=page.pk).update(
        title=short, summary=attack, lead=rich, reviewed_by=attack, reviewed_on="2026-01-02"
    )
    Section.objects.filter(page=page).update(heading=attack, body=rich)
    CareCard.objects.filter(page=page).update(heading=short, items=[attack], phrases=[attack])
    AlternateName.objects.filter(page=page).update(name=attack)
    Tag.objects.update(name=attack[:90], description=attack)
    TagAlias.objects.update(name=attack)
    code = f"javascript:{attack}"
    Source.objects.update(publisher=attack, title=attack, licence=attack, url=code)
    for revision in Revision.objects.filter(page=page):
        written = document(page)
        written["sections"][0]["body"] += "" if revision.number % 2 else "<p>more</p>"
        if revision.state == Revision.State.ASIDE:  # a clash stays one: all three differ
            written["title"] = f"Mine {short}"
        elif revision.number == 2:
            written["title"] = f"Old {short}"
        # One that was kept aside has a note once it is brought together.
        revision.note = "" if revision.state == Revision.State.ASIDE else attack
        revision.document, revision.author_name = written, short
        revision.save()
    Event.objects.update(note=attack, actor_name=short)
    SignOff.objects.update(name=short, role=short, note=attack)
    MissedSearch.objects.update(words=attack)
    CheckedLink.objects.update(url=code, problem=attack)
    for edition in page.editions.all():
        edition.body = edition.body | {
            "title": attack,
            "lead": rich,
            "sections": [edition.body["sections"][0] | {"heading": attack, "body": rich}],
        }
        edition.title = edition.note = short
        edition.save()


@pytest.fixture
def screens(page, publishing_client, publisher, author) -> Callable[[], dict[str, str]]:
    """What every screen answers, by address."""
    AlternateName.objects.create(page=page, anchor="n", name="Name")
    TagAlias.objects.create(tag=Tag.objects.get(), name="Alias", slug="alias")
    Section.objects.filter(page=page).update(body="<p>More of it.</p>")
    record(page, actor=author)
    mine = document(page) | {"title": "Mine"}
    Page.objects.filter(pk=page.pk).update(title="Theirs")
    record(page, actor=publisher)
    aside, clashes = save_beside(page, mine, actor=author, based_on=2)
    assert clashes
    number = page.revisions.in_line().first().number
    submit(page, actor=author, number=number, note="x")
    missed = MissedSearch.objects.create(words="x", count=99, last_seen=timezone.localdate())
    CheckedLink.objects.create(url="https://x.example/", problem="x", checked_at=timezone.now())
    tag = Tag.objects.get()
    name = "admin:causes_missedsearch_name"
    addresses = [
        *("/admin/", address("changelist", "page"), address("changelist", "condition")),
        *("/admin/causes/tag/", "/admin/causes/source/", "/admin/causes/missedsearch/"),
        *("/admin/causes/checkedlink/", reverse(name, args=[missed.pk])),
        *(address("change", page), address("history", page), address("preview", page, number)),
        *(address("aside", page, aside.number), address("publish", page, number)),
        *(address("give_back", page, number), address("comment", page, number)),
        address("compare", page) + f"?before=1&after={number}",
        *(address("withdraw", page), f"/admin/causes/tag/{tag.pk}/change/"),
        *(f"/admin/causes/tag/{tag.pk}/rename/", reverse("admin:causes_tag_desk")),
        f"/admin/causes/source/{Source.objects.get().pk}/change/",
    ]

    def ask() -> dict[str, str]:
        found = {}
        for url in addresses:
            response = publishing_client.get(url)
            assert response.status_code == 200, (url, response.status_code)
            found[url] = response.content.decode()
        return found

    return ask


@pytest.mark.parametrize("part", range(2))
def test_every_screen_shows_what_is_stored_as_text(page, screens, part):
    write(page, "plain words", "<p>plain words</p>")
    Source.objects.update(url="https://nih.gov/")
    plain = {url: shape(html) for url, html in screens().items()}
    everything = set().union(*plain.values())
    for number in range(part, len(ATTACKS), 34):
        write(page, PLAIN[number][:99] or "x", f"<p>x</p>{RICH[number]}")
        for html in screens().values():
            assert_harmless(html, everything)


def test_mail_is_plain_text_with_one_line_for_its_subject(page, publisher, author):
    for person in (publisher, author):
        person.email = f"{person.username}@clinic.example"
        person.save()
    page.owner = author
    for number in range(0, len(ATTACKS), 10):
        # The address of a header in a title, written behind the form.
        title = f"{number}\r\nBcc: x@attack.invalid {RICH[number]}"[:65]
        Page.objects.filter(pk=page.pk).update(title=storable(title), owner=author)
        revision = record(page, actor=author)
        submit(page, actor=author, number=revision.number, note=RICH[number])
        publish(page, actor=publisher, number=revision.number, note=RICH[number])
    for message in mail.outbox:
        assert "\n" not in message.subject
        assert message.message().get_content_type() == "text/plain"
        assert not message.bcc
        assert "Bcc" not in message.message()

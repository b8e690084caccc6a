"""A page as patients would see it: of the unsaved form, of the draft, of any version."""

import pytest
from django.http import HttpResponse
from django.test import Client

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record
from causes.models import Condition, Event, Page, RelatedLink, Revision, Section
from tests.admin.screens import add_row, address, form_data, parsed, save, text_of


def main_of(response: HttpResponse) -> str:
    """The source between <main> and </main>, exactly."""
    assert response.status_code == 200
    html = response.content.decode()
    return html[html.index("<main") : html.index("</main>")]


def typed_address(page: Page) -> str:
    return address("preview_typed", page)


@pytest.fixture
def author_client(author) -> Client:
    client = Client()
    client.force_login(author)
    return client


@pytest.fixture
def family(make_symptom, make_condition, make_category, make_information, make_tag, published):
    """One live page of every kind."""
    symptom, foot = make_symptom(), make_tag("foot")
    conditions = (make_condition("sciatica", tags=(foot,)), make_condition("gout", tags=(foot,)))
    category, information = make_category(symptom, conditions=conditions), make_information()
    for page in (symptom, *conditions, category, information):
        published(page)
    return {page.kind: page for page in (symptom, conditions[0], category, information)}


@pytest.mark.parametrize("kind", ["symptom", "category", "condition", "information"])
def test_a_preview_is_byte_for_byte_the_later_page(author_client, family, kind, settings):
    settings.CONTACT_EMAIL = "editor@causes.example"
    page = family[kind]
    data = form_data(author_client, address("change", page))
    data |= {"summary": "A new summary.", "title": "A new title", "sections-0-body": "<p>New.</p>"}
    preview = author_client.post(typed_address(page), data)
    author_client.post(address("change", page), data)
    stored = author_client.get(address("preview", page, page.revisions.first().number))
    edition = publish(page, actor=FIXTURE, number=page.revisions.first().number)
    later = main_of(Client().get(edition.path))
    assert "A new title" in later
    assert main_of(preview) == later
    assert main_of(stored) == later


def test_a_preview_of_the_form_stores_nothing(author_client, make_condition, make_tag):
    page, tag = make_condition(), make_tag("foot")
    record(page, actor=FIXTURE)
    before = (Revision.objects.count(), Event.objects.count(), Section.objects.get().pk)
    data = form_data(author_client, address("change", page)) | {"title": "Typed", "tags": [tag.pk]}
    add_row(data, "sections", heading="New heading", body="<p>New.</p>")
    preview = author_client.post(typed_address(page), data)
    for words in ("Typed", "New heading", "Foot"):
        assert words in main_of(preview)
    assert (Revision.objects.count(), Event.objects.count(), Section.objects.get().pk) == before
    page.refresh_from_db()
    assert (page.title, page.tags.count()) == ("Sciatica", 0)


def test_a_page_that_was_never_saved_has_a_preview(author_client, db):
    data = form_data(author_client, address("add", "condition")) | {"title": "New page"}
    add_row(data, "carecards", level="emergency", items="you cannot move")
    preview = author_client.post(address("preview_new", "condition"), data)
    assert "you cannot move" in main_of(preview)
    assert not Page.objects.exists()
    assert author_client.get(address("preview_new", "condition")).status_code == 403


def test_a_preview_says_so_outside_main_and_is_for_editors_alone(author_client, family):
    page = family["condition"]
    response = author_client.get(address("preview", page, 1))
    assert "version 1, by fixture" in text_of(response, ".preview-banner")
    assert "preview-banner" not in main_of(response)
    assert parsed(response).query("meta[name=robots]")[0].attrs["content"] == "noindex"
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    form = author_client.get(address("change", page))
    assert "frame-src 'self'" in form["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in form["Content-Security-Policy"]
    assert form["X-Frame-Options"] == "DENY"
    public = Client().get("/conditions/sciatica/")
    assert "preview-banner" not in public.content.decode()
    assert "frame-ancestors 'none'" in public["Content-Security-Policy"]


def test_links_to_drafts_lead_to_their_previews(author_client, family, make_condition, published):
    draft, page = make_condition("stroke"), family["condition"]
    record(draft, actor=FIXTURE)
    RelatedLink.objects.create(page=page, target=draft, anchor="stroke")
    text = '<p>See <a href="page:stroke">stroke</a> or <a href="page:gout">gout</a>.</p>'
    Section.objects.filter(page=page).update(body=text)
    number = record(page, actor=FIXTURE).number
    preview = author_client.get(address("preview", page, number))
    links = [a.attrs["href"] for a in parsed(preview).query("main section a")]
    assert links.count(typed_address(draft)) == 2
    assert "/conditions/gout/" in links
    assert "What it is" in main_of(author_client.get(typed_address(draft)))
    live = published(page)
    assert typed_address(draft) not in Client().get(live.path).content.decode()


def test_a_group_of_a_symptom_that_nobody_sees_yet_has_a_preview(
    author_client, make_symptom, make_category, make_condition
):
    category = make_category(make_symptom(), conditions=(make_condition(),))
    record(category, actor=FIXTURE)
    main = main_of(author_client.get(typed_address(category)))
    assert "How sciatica does it." in main
    assert address("preview_typed", Condition.objects.get()) in main


def test_a_form_with_errors_is_answered_with_what_is_wrong(author_client, make_condition):
    page = make_condition()
    record(page, actor=FIXTURE)
    data = form_data(author_client, address("change", page)) | {"title": "x" * 66}
    response = author_client.post(typed_address(page), data | {"sections-0-heading": "y" * 101})
    main = main_of(response)
    assert "Title: Ensure this value has at most 65 characters" in main
    assert "sections, Heading: Ensure this value has at most 100 characters" in main
    assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_the_preview_of_a_stale_form_shows_what_is_typed(
    publishing_client, author_client, make_condition
):
    page = make_condition()
    record(page, actor=FIXTURE)
    data = form_data(author_client, address("change", page)) | {"summary": "Mine."}
    data |= {"sections-0-body": "<p>My words.</p>"}
    save(publishing_client, page, title="Theirs", **{"sections-0-DELETE": "on"})
    preview = main_of(author_client.post(typed_address(page), data))
    assert "My words." in preview
    assert not Section.objects.exists()


@pytest.mark.parametrize("verb", ["preview_typed", "preview"])
def test_strangers_see_no_preview(client, make_person, make_condition, verb):
    page = make_condition()
    record(page, actor=FIXTURE)
    url = address(verb, page, *([1] if verb == "preview" else []))
    assert client.get(url).status_code == 302
    client.force_login(make_person("nobody"))
    assert client.get(url).status_code == 403
    assert client.post(url, {"title": "x"}).status_code == 403


def test_a_version_that_does_not_exist_has_no_preview(author_client, make_condition):
    page = make_condition()
    assert author_client.get(typed_address(page)).status_code == 404
    record(page, actor=FIXTURE)
    assert author_client.get(address("preview", page, 2)).status_code == 404

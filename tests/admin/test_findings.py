"""Findings in the form of a page: beside their fields, at the top, and anew while one types."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from justhtml import JustHTML

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record
from causes.models import Page, Revision
from tests.admin.screens import add_row, address, form_data, parsed, save


@pytest.fixture
def page(make_condition, make_symptom, make_category) -> Page:
    """A page with an error and a hint, both in rows."""
    page = make_condition()
    make_category(make_symptom(), conditions=(page,))
    page.carecards.update(items=["call 911"])
    page.sections.update(body="<p>A nerve disorder.</p>")
    record(page, actor=FIXTURE)
    return page


def findings_address(page: Page | str) -> str:
    kind = page if isinstance(page, str) else page.kind
    url = reverse(f"admin:causes_{kind}_findings")
    return url if isinstance(page, str) else f"{url}?page={page.pk}"


def look(client: Client, page: Page | str, data: dict) -> dict:
    response = client.post(findings_address(page), data)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    return json.loads(response.content)


def words(html: str) -> str:
    return " ".join(JustHTML(html, sanitize=False).to_text().split())


def described(html: JustHTML, control: str) -> str:
    """The text that a screen reader finds for the control."""
    [found] = html.query(f"#{control}")
    [help_text] = html.query(f"#{found.attrs['aria-describedby'].split()[0]}")
    return " ".join(help_text.to_text().split())


def test_a_finding_stands_beside_its_field_and_describes_it(publishing_client, page):
    form = parsed(publishing_client.get(address("change", page)))
    card = described(form, "id_carecards-0-items")
    assert "One a line." in card
    assert "Error: Write “{emergency number}” in place of the number in “call 911”" in card
    assert "Hint: 'disorder': write condition." in described(form, "id_sections-0-body")


def test_the_top_of_the_form_counts_the_findings_and_leads_to_them(publishing_client, page):
    form = parsed(publishing_client.get(address("change", page)))
    [status] = form.query("#findings [role=status]")
    assert status.to_text() == "1 error, 1 hint"
    links = form.query("#findings li a")
    assert [link.to_text() for link in links] == ["Care card 1, items", "Section 1, body"]
    for link in links:
        assert form.query(link.attrs["href"])


def test_a_finding_of_a_whole_list_leads_to_the_list(publishing_client, page):
    page.carecards.all().delete()
    record(page, actor=FIXTURE)
    form = parsed(publishing_client.get(address("change", page)))
    [link] = [link for link in form.query("#findings li a") if link.to_text() == "Care card"]
    assert form.query(link.attrs["href"])


def test_a_page_without_findings_says_so(publishing_client, page):
    page.carecards.update(items=["you fall"])
    page.sections.update(body="<p>A nerve.</p>")
    record(page, actor=FIXTURE)
    form = parsed(publishing_client.get(address("change", page)))
    assert form.query("#findings [role=status]")[0].to_text() == "No findings"
    assert form.query("ul.findings") == []


def test_a_form_that_comes_back_shows_the_findings_of_what_was_typed(publishing_client, page):
    data = form_data(publishing_client, address("change", page))
    data |= {"title": "", "carecards-0-items": "you fall"}
    response = publishing_client.post(address("change", page), data)
    assert parsed(response).query("#findings [role=status]")[0].to_text() == "1 hint"
    assert "Hint: 'disorder'" in described(parsed(response), "id_sections-0-body")


def test_findings_follow_what_is_typed_and_nothing_is_saved(publishing_client, page):
    data = form_data(publishing_client, address("change", page))
    data |= {"carecards-0-items": "you fall", "sections-0-heading": "Is it bad?"}
    found = look(publishing_client, page, data)
    assert found["said"] == "2 hints"
    assert set(found["fields"]) == {"id_sections-0-heading", "id_sections-0-body"}
    assert "Make the heading a statement" in words(found["fields"]["id_sections-0-heading"])
    assert "Section 1, heading" in words(found["list"])
    assert Revision.objects.filter(page=page).count() == 1


def test_a_row_that_was_added_on_the_page_is_looked_at_in_its_place(publishing_client, page):
    data = form_data(publishing_client, address("change", page))
    add_row(data, "sections", heading="More", body="<p>An etc.</p>")
    add_row(data, "sections")  # an empty one is none
    found = look(publishing_client, page, data)
    assert "no eg, ie or etc" in words(found["fields"]["id_sections-1-body"])
    assert not [name for name in found["fields"] if name.startswith("id_sections-2")]


def test_a_row_that_is_to_be_deleted_is_not_looked_at(publishing_client, page):
    data = form_data(publishing_client, address("change", page)) | {"sections-0-DELETE": "on"}
    assert look(publishing_client, page, data)["said"] == "1 error"


def test_the_order_that_was_typed_counts(publishing_client, page):
    data = form_data(publishing_client, address("change", page)) | {"carecards-0-order": "2"}
    add_row(data, "carecards", level="urgent", items="you fall", order="1")
    found = look(publishing_client, page, data)
    assert "Put the emergency care card first" in words(found["fields"]["id_carecards-1-level"])


def test_a_page_that_was_never_saved_is_looked_at(publishing_client, db):
    data = form_data(publishing_client, address("add", "condition"))
    data |= {"title": "New", "lead": "<p>A disorder.</p>"}
    found = look(publishing_client, "condition", data)
    assert "write condition" in words(found["fields"]["id_lead"])
    assert "Add an emergency care card" in words(found["list"])


JUNK = {
    "carecards-TOTAL_FORMS": "9" * 30,
    "sections-TOTAL_FORMS": "-1",
    "sections-0-id": "x",
    "sections-0-citations": ["x", "9" * 30, "0"],
    "tags": ["x", "9" * 30],
    "original": "x",
    "review_interval": "x",
    "reviewed_on": "never",
    "title": "\x00",
    "summary": "Pain\x00 here",
    "lead": "<p>" * 1000,
}


@pytest.mark.parametrize("name", [*JUNK, "everything", "nothing"])
def test_junk_is_no_error(name, publishing_client, page):
    data = form_data(publishing_client, address("change", page))
    data |= JUNK if name == "everything" else {k: v for k, v in JUNK.items() if k == name}
    assert publishing_client.post(findings_address(page), data).status_code == 200
    if name == "nothing":
        assert publishing_client.post(findings_address(page), {}).status_code == 200
        assert publishing_client.post(findings_address("condition"), {}).status_code == 200


def test_looking_costs_the_same_queries_whatever_the_size(
    publishing_client, page, django_assert_num_queries
):
    data = form_data(publishing_client, address("change", page))
    for _ in range(2):
        with django_assert_num_queries(18):
            look(publishing_client, page, data)
        add_row(data, "sections", heading="More", body="<p>Words.</p>")


def test_only_those_who_may_write_the_page_look(client, make_person, page):
    assert client.post(findings_address(page), {})["Location"].startswith("/admin/login/")
    client.force_login(make_person("new"))
    for target in (page, "condition"):
        assert client.post(findings_address(target), {}).status_code == 403


def test_only_a_post_looks_and_only_at_a_page_of_its_kind(publishing_client, page, make_symptom):
    assert publishing_client.get(findings_address(page)).status_code == 405
    for number in (make_symptom("other").pk, "x", "0", "9" * 30):
        url = f"{findings_address('condition')}?page={number}"
        assert publishing_client.post(url, {}).status_code == 404


def test_saving_still_works_with_findings_in_the_form(publishing_client, page):
    save(publishing_client, page, title="Another")
    assert page.revisions.first().document["title"] == "Another"

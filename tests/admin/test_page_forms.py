"""The forms of the pages: what they hold, what a save stores, and what it refuses."""

import pytest

from causes.editorial.acting import FIXTURE, NotPossible
from causes.editorial.publishing import publish, record, withdraw
from causes.models import Condition, Edition, Symptom
from tests.admin.screens import add_row, address, errors, form_data, parsed, save


def test_a_new_condition_with_rows_and_tags_becomes_a_draft(
    publishing_client, publisher, source, make_condition, make_tag
):
    other, foot = make_condition("stroke"), make_tag("foot")
    data = form_data(publishing_client, address("add", "condition"))
    data |= {"key": "sciatica", "slug": "sciatica-pain", "title": "Sciatica", "summary": "Pain."}
    data |= {"lead": "<p>A nerve hurts.</p>", "tags": [foot.pk], "review_interval": "12"}
    add_row(data, "alternatenames", kind="lay", name="Ischias")
    add_row(data, "carecards", level="emergency", items="one\ntwo", citations=[source.pk])
    add_row(data, "sections", heading="Tests", body="<p>None.</p>", citations=[source.pk])
    add_row(data, "sections", heading="Outlook", body="<p>Good.</p>", safety="on")
    add_row(data, "medicalcodes", system="ICD-10-CM", code="M54.3")
    add_row(data, "relatedlinks", target=str(other.pk))
    add_row(data, "citations", source=str(source.pk), note="Read on")
    response = publishing_client.post(address("add", "condition"), data)
    assert response.status_code == 302, errors(response)

    condition = Condition.objects.get(key="sciatica")
    revision = condition.revisions.get()
    assert (revision.number, revision.author, revision.state) == (1, publisher, "draft")
    document = revision.document
    assert document["slug"] == "sciatica-pain"
    assert document["tags"] == ["foot"]
    assert document["lead"] == "<p>A nerve hurts.</p>"
    assert document["review_interval"] == 12
    assert document["names"] == [{"anchor": "ischias", "kind": "lay", "name": "Ischias"}]
    assert [(c["level"], c["items"], c["citations"]) for c in document["cards"]] == [
        ("emergency", ["one", "two"], [source.key])
    ]
    assert [(s["anchor"], s["heading"], s["safety"]) for s in document["sections"]] == [
        ("tests", "Tests", False),
        ("outlook", "Outlook", True),
    ]
    assert document["sections"][0]["citations"] == [source.key]
    assert [(c["anchor"], c["code"]) for c in document["codes"]] == [("icd-10-cm-m543", "M54.3")]
    assert [(r["anchor"], r["target"]) for r in document["related"]] == [("stroke", "stroke")]
    assert [(c["source"], c["note"]) for c in document["citations"]] == [(source.key, "Read on")]
    assert not Edition.objects.exists()
    assert publishing_client.get("/conditions/sciatica-pain/").status_code == 404


def test_the_key_can_be_chosen_once(publishing_client, make_condition, published):
    page = make_condition("sciatica")
    published(page)
    form = parsed(publishing_client.get(address("change", page)))
    assert not form.query("[name=key]")
    assert form.query(".field-key .readonly")[0].to_text().strip() == "sciatica"
    data = form_data(publishing_client, address("change", page))
    publishing_client.post(address("change", page), data | {"key": "other", "title": "New"})
    page.refresh_from_db()
    assert (page.key, page.title) == ("sciatica", "New")


def test_a_page_is_deleted_only_while_nobody_saw_it(publishing_client, make_condition, published):
    draft, live, gone = (make_condition(key) for key in ("draft", "live", "gone"))
    record(draft, actor=FIXTURE)
    published(live)
    published(gone)
    withdraw(gone, actor=FIXTURE, note="wrong")
    for page in (draft, live, gone):
        publishing_client.post(address("delete", page), {"post": "yes"})
    assert set(Condition.objects.values_list("key", flat=True)) == {"live", "gone"}
    assert publishing_client.get(address("delete", live)).status_code == 403
    assert not parsed(publishing_client.get(address("change", live))).query(".deletelink")


def test_an_author_deletes_nothing(client, author, make_condition):
    client.force_login(author)
    page = make_condition()
    record(page, actor=author)
    assert client.post(address("delete", page), {"post": "yes"}).status_code == 403
    assert Condition.objects.exists()


def test_saving_without_a_change_makes_no_version(publishing_client, make_condition, make_tag):
    page = make_condition(tags=(make_tag("foot"), make_tag("hip")))
    save(publishing_client, page)
    save(publishing_client, page)
    assert page.revisions.count() == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("reviewed_on", "9999-12-31", "still to come"),
        ("lead", "<ul><li>" * 7000, "At most 50000 characters"),
    ],
)
def test_what_cannot_be_is_refused_with_a_message(
    client, admin_user, make_condition, field, value, message
):
    condition = make_condition()
    client.force_login(admin_user)
    url = address("change", condition)
    form = form_data(client, url) | {"reviewed_by": "Dr Ada", "reviewed_on": "2026-01-31"}
    response = client.post(url, form | {field: value})
    assert response.status_code == 200
    assert message in response.content.decode()


def test_a_page_is_no_translation_of_itself(client, admin_user, make_condition):
    condition = make_condition()
    client.force_login(admin_user)
    url = address("change", condition)
    response = client.post(url, form_data(client, url) | {"original": str(condition.pk)})
    assert "A page cannot be a translation of itself." in response.content.decode()


@pytest.mark.parametrize(("role", "may"), [("Author", False), ("Clinical reviewer", True)])
def test_only_a_clinical_reviewer_states_a_review(client, make_person, make_condition, role, may):
    condition = make_condition()
    client.force_login(make_person("someone", role))
    url = address("change", condition)
    review = {"reviewed_by": "Dr Ada, neurologist", "reviewed_on": "2026-01-31"}
    assert client.post(url, form_data(client, url) | review).status_code == 302
    condition.refresh_from_db()
    assert bool(condition.reviewed_on) == may


def test_a_draft_with_gaps_is_saved_and_only_publishing_asks_for_them(publishing_client, db):
    data = form_data(publishing_client, address("add", "symptom")) | {"title": "Numb legs"}
    data |= {"key": "", "slug": "", "in_sentence": ""}
    add_row(data, "sections", aspect="causes")
    add_row(data, "carecards", level="emergency")
    response = publishing_client.post(address("add", "symptom"), data)
    assert response.status_code == 302, errors(response)
    page = Symptom.objects.get()
    assert (page.key, page.slug, page.in_sentence) == ("numb-legs", "numb-legs", "")
    document = page.revisions.get().document
    assert [(s["heading"], s["body"]) for s in document["sections"]] == [("", "")]
    assert [card["items"] for card in document["cards"]] == [[]]

    gaps = [
        "Write how “Numb legs” stands in a sentence.",
        "Write what the section without a heading is about.",
        "Write the text of the section “What it is”.",
        "Write what the emergency card says.",
    ]
    fill = [
        {"in_sentence": "numb legs"},
        {"sections-0-heading": "What it is"},
        {"sections-0-body": "<p>Words.</p>"},
        {"carecards-0-items": "you cannot walk"},
    ]
    for gap, values in zip(gaps, fill, strict=True):
        number = page.revisions.first().number
        with pytest.raises(NotPossible, match=gap):
            publish(page, actor=FIXTURE, number=number)
        save(publishing_client, page, **values)
    assert publish(page, actor=FIXTURE, number=page.revisions.first().number)


def test_a_page_still_needs_a_title(publishing_client, db):
    data = form_data(publishing_client, address("add", "condition"))
    response = publishing_client.post(address("add", "condition"), data)
    assert "This field is required." in errors(response)
    assert not Condition.objects.exists()


def test_a_key_made_of_a_title_that_another_page_has_is_refused(publishing_client, make_condition):
    make_condition("sciatica")
    data = form_data(publishing_client, address("add", "condition")) | {"title": "Sciatica"}
    response = publishing_client.post(address("add", "condition"), data)
    assert "already exists" in errors(response)


def test_a_title_without_letters_asks_for_a_key(publishing_client, db):
    data = form_data(publishing_client, address("add", "condition")) | {"title": "???"}
    response = publishing_client.post(address("add", "condition"), data)
    assert response.status_code == 200
    assert not Condition.objects.exists()


def test_a_new_row_whose_place_alone_was_changed_is_no_row(publishing_client, make_condition):
    page = make_condition()
    data = form_data(publishing_client, address("change", page))
    add_row(data, "sections", order="2")
    assert publishing_client.post(address("change", page), data).status_code == 302
    assert page.sections.count() == 1

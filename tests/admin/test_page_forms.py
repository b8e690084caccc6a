"""The forms of the pages: what they hold, what a save stores, and what it refuses."""

import pytest
from django.template.defaultfilters import date
from django.utils import timezone

from causes.editorial.publishing import FIXTURE, record, withdraw
from causes.models import CareCard, Condition, Edition, EditionPhrase, Information, Section
from tests.admin.screens import add_row, address, errors, form_data, parsed, save, text_of

ROWS_BEFORE = ["alternatenames", "carecards", "sections"]
ROWS_AFTER = ["relatedlinks", "citations"]
ROWS = {
    "symptom": [*ROWS_BEFORE, "sourcestatements", "medicalcodes", *ROWS_AFTER],
    "category": [*ROWS_BEFORE, "causes", "sourcestatements", *ROWS_AFTER],
    "condition": [*ROWS_BEFORE, "medicalcodes", *ROWS_AFTER],
    "information": ["sections"],
}


@pytest.mark.parametrize(("kind", "rows"), ROWS.items())
def test_the_rows_stand_in_the_order_of_the_public_page(kind, rows, publishing_client):
    form = parsed(publishing_client.get(address("add", kind)))
    groups = [group.attrs["id"] for group in form.query(".inline-group")]
    assert groups == [f"{name}-group" for name in rows]


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


def test_a_group_gets_its_causes_in_its_form(
    publishing_client, make_symptom, make_category, make_condition
):
    group, stroke = make_category(make_symptom()), make_condition("stroke")
    data = form_data(publishing_client, address("change", group))
    how = "<p>It does.</p>"
    add_row(data, "causes", condition=str(stroke.pk), relation="umbrella", how=how, note="Ask Ada")
    response = publishing_client.post(address("change", group), data)
    assert response.status_code == 302, errors(response)
    (cause,) = group.revisions.get().document["causes"]
    assert (cause["anchor"], cause["condition"], cause["relation"], cause["how"]) == (
        "stroke",
        "stroke",
        "umbrella",
        how,
    )


def test_new_rows_get_distinct_anchors_from_their_words_and_keep_them(
    publishing_client, make_information
):
    page = make_information()
    url = address("change", page)
    data = form_data(publishing_client, url)
    headings = ["What", "What", "Über uns", "???", "痛み", "a" * 100, "a" * 100]
    for heading in headings:
        add_row(data, "sections", heading=heading, body="<p>Text.</p>")
    response = publishing_client.post(url, data)
    assert response.status_code == 302, errors(response)
    sections = list(Section.objects.filter(page=page).order_by("order"))
    assert [section.heading for section in sections] == ["What", *headings]
    anchors = [section.anchor for section in sections]
    assert anchors == [
        *("what", "what-2", "what-3", "uber-uns", "row", "row-2"),
        *("a" * 50, "a" * 50 + "-2"),
    ]

    save(publishing_client, page, **{"sections-1-heading": "Who"})
    assert list(Section.objects.filter(page=page).values_list("anchor", flat=True)) == anchors


def test_an_anchor_is_unique_among_rows_of_every_kind(publishing_client, make_condition):
    page = make_condition()  # with a section "overview" and a card "emergency"
    url = address("change", page)
    data = form_data(publishing_client, url)
    add_row(data, "alternatenames", kind="lay", name="Overview")
    add_row(data, "sections", heading="Emergency", body="<p>Text.</p>")
    response = publishing_client.post(url, data)
    assert response.status_code == 302, errors(response)
    assert page.alternatenames.get().anchor == "overview-2"
    assert page.sections.get(heading="Emergency").anchor == "emergency-2"


def test_rows_change_places_and_go(publishing_client, make_information):
    page = make_information()
    for order, heading in enumerate(["Second", "Third"], start=2):
        Section.objects.create(page=page, anchor=heading.lower(), heading=heading, order=order)
    Section.objects.filter(page=page).update(body="<p>Text.</p>")
    save(
        publishing_client,
        page,
        **{"sections-0-order": "3", "sections-2-order": "1", "sections-1-DELETE": "on"},
    )
    document = page.revisions.get().document
    assert [section["heading"] for section in document["sections"]] == ["Third", "What"]


HOSTILE = [
    ("<p>a<script>alert(1)</script></p>", "<p>a</p>"),
    ('<p onclick="alert(1)" style="color:red" class="x" id="y">a</p>', "<p>a</p>"),
    ('<p><a href="javascript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
    ('<p><a href=" java\tscript:alert(1)">a</a></p>', "<p><a>a</a></p>"),
    ('<p><a href="data:text/html,<script>1</script>">a</a></p>', "<p><a>a</a></p>"),
    ('<p><a href="https://x.test/" onmouseover="1" target="_blank">a</a></p>',
     '<p><a href="https://x.test/">a</a></p>'),
    ('<p><a href="page:stroke">a</a></p>', '<p><a href="page:stroke">a</a></p>'),
    ('<p>a<img src="x" onerror="alert(1)"></p>', "<p>a</p>"),
    ("<p>a</p><style>p{display:none}</style>", "<p>a</p>"),
    ('<p>a</p><iframe src="//x.test"></iframe><svg onload="1"></svg>', "<p>a</p>"),
    ("<p>a<strong>b</strong><em>c</em></p>", "<p>abc</p>"),
    ("<h3>a</h3><ul><li><p>b</p></li></ul>", "<h3>a</h3><ul><li><p>b</p></li></ul>"),
    ("<p>1 &lt; 2 &amp; 3</p>", "<p>1 &lt; 2 &amp; 3</p>"),
]  # fmt: skip


@pytest.mark.parametrize(("sent", "kept"), HOSTILE)
def test_rich_text_is_sanitised_when_it_is_saved(sent, kept, publishing_client, make_information):
    page = make_information()
    save(publishing_client, page, **{"lead": sent, "sections-0-body": sent})
    document = page.revisions.get().document
    assert document["lead"] == kept
    assert document["sections"][0]["body"] == kept
    assert Information.objects.get(pk=page.pk).lead == kept
    assert Section.objects.get(page=page).body == kept


@pytest.mark.parametrize("empty", ["", " ", "<p></p>", "<p> &nbsp; </p>", "<script>1</script>"])
def test_a_section_without_words_is_refused(empty, publishing_client, make_information):
    page = make_information()
    data = form_data(publishing_client, address("change", page))
    response = publishing_client.post(address("change", page), data | {"sections-0-body": empty})
    assert parsed(response).query(".field-body .errorlist")
    assert not page.revisions.exists()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("one", ["one"]),
        ("one\r\ntwo", ["one", "two"]),
        ("  one \n\n\r\n two\t\n", ["one", "two"]),
        ('["one"]\n<b>two</b>', ['["one"]', "<b>two</b>"]),
    ],
)
def test_a_cards_items_are_entered_one_a_line(sent, kept, publishing_client, make_condition):
    page = make_condition()
    save(publishing_client, page, **{"carecards-0-items": sent})
    assert CareCard.objects.get(page=page).items == kept
    shown = form_data(publishing_client, address("change", page))["carecards-0-items"]
    assert shown.splitlines() == kept


def test_a_cards_phrases_are_optional_and_go_live_with_the_page(
    publishing_client, make_condition, published
):
    page = make_condition()
    save(publishing_client, page, **{"carecards-0-phrases": " foot drop \n\ncannot lift my foot"})
    assert CareCard.objects.get(page=page).phrases == ["foot drop", "cannot lift my foot"]
    assert not EditionPhrase.objects.exists()
    published(page)
    assert {phrase.phrase for phrase in EditionPhrase.objects.all()} == {
        "foot drop",
        "cannot lift my foot",
    }
    save(publishing_client, page, **{"carecards-0-phrases": ""})
    assert CareCard.objects.get(page=page).phrases == []


def test_a_phrase_that_is_too_long_is_refused(publishing_client, make_condition):
    page = make_condition()
    data = form_data(publishing_client, address("change", page))
    data["carecards-0-phrases"] = "word " * 50
    response = publishing_client.post(address("change", page), data)
    assert "At most 100 characters a line." in response.content.decode()
    assert CareCard.objects.get(page=page).phrases == []


def test_a_card_without_items_is_refused(publishing_client, make_condition):
    page = make_condition()
    data = form_data(publishing_client, address("change", page))
    response = publishing_client.post(address("change", page), data | {"carecards-0-items": "\n "})
    assert "This field is required." in errors(response)
    assert CareCard.objects.get(page=page).items == ["you cannot move your leg"]


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


def test_view_on_site_leads_to_the_live_page_and_is_absent_otherwise(
    publishing_client, make_condition, published
):
    page = make_condition("sciatica")
    url = address("change", page)

    def link() -> list[str]:
        return [a.attrs["href"] for a in parsed(publishing_client.get(url)).query(".viewsitelink")]

    record(page, actor=FIXTURE)
    assert link() == []
    published(page)
    assert link() == ["/conditions/sciatica/"]
    withdraw(page, actor=FIXTURE, note="wrong")
    assert link() == []


def test_the_state_box_says_what_patients_see_and_what_the_draft_is(
    publishing_client, make_condition, published
):
    page = make_condition()
    url = address("change", page)

    def says() -> str:
        return text_of(publishing_client.get(url), ".page-state p")

    assert says() == "This page was never saved as a version."
    record(page, actor=FIXTURE)
    assert says() == "Patients do not see this page. The draft is version 1."
    save(publishing_client, page, summary="Second.")
    edition = published(page)
    since = date(timezone.localtime(edition.live_from), "j F Y, H:i")
    assert says() == f"Patients see version 2 since {since}, which is the newest."
    save(publishing_client, page, summary="Third.")
    save(publishing_client, page, summary="Fourth.")
    assert says() == f"Patients see version 2 since {since}; the draft is version 4."
    last = text_of(publishing_client.get(url), ".page-state details li")
    assert last.endswith("paul saved version 4")


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

"""The rows of a page in its form: their order, titles, anchors and texts."""

import pytest

from causes.models import CareCard, EditionPhrase, Information, Section
from tests.admin.screens import add_row, address, errors, form_data, parsed, save

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


def test_each_row_has_a_title_and_new_ones_say_so(publishing_client, make_condition):
    page = make_condition()
    CareCard.objects.filter(page=page).update(heading="Signs from the spine")
    form = parsed(publishing_client.get(address("change", page)))
    titles = [title.to_text().strip() for title in form.query(".inline-related h3")]
    assert titles == [
        "Emergency card: Signs from the spine",
        "New care card",
        "Section: What it is",
        "New section",
    ]


def test_long_rows_begin_closed_and_open_where_an_error_is(
    publishing_client, make_symptom, make_category, make_condition
):
    group = make_category(make_symptom(), conditions=(make_condition(),))
    url = address("change", group)
    cause = "#causes-0 > details"
    assert "open" not in parsed(publishing_client.get(url)).query(cause)[0].attrs
    data = form_data(publishing_client, url) | {"causes-0-condition": ""}
    assert "open" in parsed(publishing_client.post(url, data)).query(cause)[0].attrs


def test_without_a_script_empty_rows_are_asked_for_by_the_address(
    publishing_client, make_information
):
    page = make_information()
    url = address("change", page)
    assert "sections-1-heading" not in form_data(publishing_client, url)
    data = form_data(publishing_client, f"{url}?new-rows")
    assert data["sections-TOTAL_FORMS"] == "2"
    response = publishing_client.post(f"{url}?new-rows", data)
    assert response.status_code == 302, errors(response)
    assert page.sections.count() == 1
    data = form_data(publishing_client, f"{url}?new-rows")
    data |= {"sections-1-heading": "Who", "sections-1-body": "<p>We.</p>"}
    publishing_client.post(f"{url}?new-rows", data)
    assert [section.heading for section in page.sections.all()] == ["What", "Who"]


COUNTS = ["TOTAL_FORMS", "INITIAL_FORMS"]


@pytest.mark.parametrize("forged", ["-1", "-99999999999999999999", "x", "", "\0"])
@pytest.mark.parametrize("count", COUNTS)
def test_a_forged_count_of_rows_is_refused_and_nothing_is_lost_or_doubled(
    count, forged, client, publisher, make_condition
):
    client.force_login(publisher)
    client.raise_request_exception = False
    page = make_condition()
    data = form_data(client, address("change", page)) | {"title": "New"}
    response = client.post(address("change", page), data | {f"sections-{count}": forged})
    assert response.status_code == 400
    assert page.sections.count() == 1
    assert not page.revisions.exists()


def test_more_rows_than_a_page_can_have_are_refused(publishing_client, make_condition):
    page = make_condition()
    url = address("change", page)
    data = form_data(publishing_client, url) | {"sections-TOTAL_FORMS": str(10**9)}
    assert "Please submit at most 200 forms." in errors(publishing_client.post(url, data))
    assert page.sections.count() == 1


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
def test_markup_without_words_is_an_empty_text(empty, publishing_client, make_information):
    page = make_information()
    save(publishing_client, page, **{"sections-0-body": empty})
    assert page.revisions.get().document["sections"][0]["body"] == ""


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


def test_a_card_without_items_is_saved_as_a_draft(publishing_client, make_condition):
    page = make_condition()
    save(publishing_client, page, **{"carecards-0-items": "\n "})
    assert CareCard.objects.get(page=page).items == []


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

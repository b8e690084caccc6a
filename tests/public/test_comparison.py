"""Two texts of one page side by side: what is matched, what is marked, and how it is printed."""

import copy

import pytest
from django.template.loader import render_to_string
from justhtml import JustHTML

from causes.editorial.bodies import public_body
from causes.editorial.documents import ROW_LISTS, _page_fields, _row_fields, document
from causes.models import SPECIFIC_MODELS, Edition
from causes.models.fields import RichTextField
from causes.public.comparison import compare
from causes.public.field_words import CHOICES, FIELDS, RICH_TEXTS, ROW_FIELDS, ROWS, label_of
from tests.public.seen import words

BODY = {
    "schema": 1,
    "kind": "condition",
    "key": "sciatica",
    "title": "Sciatica",
    "slug": "sciatica",
    "lead": "<p>Pain that goes down the leg.</p>",
    "reviewed_on": None,
    "tags": [{"slug": "foot", "name": "Foot", "facet": "where"}],
    "names": [],
    "cards": [
        {
            "anchor": "spine",
            "level": "emergency",
            "heading": "Spine",
            "items": ["you cannot feel your legs", "you cannot hold your urine"],
            "citations": ["nhs"],
        }
    ],
    "sections": [
        {
            "anchor": "what",
            "heading": "What it is",
            "body": "<p>A nerve is pressed.</p>",
            "citations": [],
        },
        {"anchor": "tests", "heading": "Tests", "body": "<p>Few.</p>", "citations": ["nhs"]},
        {"anchor": "after", "heading": "Afterwards", "body": "<p>Rest.</p>", "citations": []},
    ],
    "citations": [],
    "sources": {
        "nhs": {"key": "nhs", "publisher": "NHS", "title": "Legs", "url": "https://nhs.uk"}
    },
}


@pytest.fixture
def body():
    return copy.deepcopy(BODY)


def lines(before, after, names=None) -> list[str]:
    return [str(part) for part in compare(before, after, names).changed]


def printed(comparison) -> JustHTML:
    html = render_to_string("components/comparison.html", {"comparison": comparison})
    return JustHTML(html, sanitize=False)


def test_the_same_text_differs_in_nothing(body):
    comparison = compare(BODY, body)
    assert comparison.changed == []
    assert "Nothing differs." in words(printed(comparison))
    assert "Section “Tests”" in [part.label for part in comparison.unchanged]


def test_each_part_says_what_happened_to_it_in_the_order_of_the_page(body):
    body["lead"] = "<p>Pain that goes down one leg.</p>"
    body["cards"][0]["items"].append("both legs are weak")
    body["sections"][0]["body"] = "<p>A nerve is squeezed.</p>"
    del body["sections"][1]
    body["sections"].append({"anchor": "new", "heading": "More", "body": "<p>More.</p>"})
    body["tags"] = [{"slug": "leg", "name": "Leg", "facet": "where"}]
    assert lines(BODY, body) == [
        "First sentences: changed",
        "Care card “Spine”: changed",
        "Section “What it is”: changed",
        "Section “Tests”: removed",
        "Section “More”: added",
        "Tags: changed",
    ]


def test_a_row_that_only_changed_its_place_is_moved_and_the_others_are_not(body):
    body["sections"].insert(0, body["sections"].pop())
    assert lines(BODY, body) == ["Section “Afterwards”: moved"]
    body["sections"][0]["heading"] = "Later"
    assert lines(BODY, body) == ["Section “Later”: changed and moved"]


def test_a_new_row_moves_no_other(body):
    body["sections"].insert(0, {"anchor": "first", "heading": "First", "body": "<p>x</p>"})
    assert lines(BODY, body) == ["Section “First”: added"]


def test_a_row_is_known_by_its_anchor_even_when_all_its_words_change(body):
    body["sections"][1] |= {"heading": "Scans", "body": "<p>Other words entirely.</p>"}
    [part] = compare(BODY, body).changed
    assert (part.label, part.change) == ("Section “Scans”", "changed")
    assert [field.label for field in part.changed_fields] == ["Heading", "Text"]


def test_nothing_before_is_all_added_and_nothing_after_all_removed():
    assert {part.change for part in compare(None, BODY).changed} == {"added"}
    assert {part.change for part in compare(BODY, None).changed} == {"removed"}
    assert compare(None, None).parts == ()


def test_a_field_that_only_editors_see_is_left_out_where_the_other_text_has_none(body):
    draft = body | {"owner": "ada", "review_interval": 12}
    assert lines(draft, BODY) == lines(BODY, draft) == []
    assert lines(draft, draft | {"owner": "bob"}) == ["Owner: changed"]


def test_a_document_and_a_body_of_the_same_page_differ_in_nothing(make_condition, make_tag):
    page = make_condition(tags=[make_tag("foot"), make_tag("leg")])
    draft = document(page)
    assert lines(draft, public_body(draft)) == lines(public_body(draft), draft) == []


def test_a_cause_and_its_editors_note(make_symptom, make_category, make_condition):
    draft = document(make_category(make_symptom(), conditions=[make_condition()]))
    noted = copy.deepcopy(draft)
    noted["causes"][0]["note"] = "Ask a neurologist."
    assert lines(public_body(draft), noted) == []
    assert lines(draft, noted, {"page:sciatica": "Sciatica"}) == ["Cause “Sciatica”: changed"]


def test_citations_are_named_as_added_and_removed(body):
    body["sources"]["nih"] = {"key": "nih", "publisher": "NIH", "title": "Nerves", "url": "x"}
    body["sections"][1]["citations"] = ["nih"]
    [part] = compare(BODY, body).changed
    [field] = part.changed_fields
    runs = [(run.mark, run.text) for block in field.blocks for run in block.runs]
    assert runs == [("removed", "NHS: Legs"), ("added", "NIH: Nerves")]


def test_a_source_whose_own_words_changed_is_shown(body):
    body["sources"]["nhs"]["title"] = "Numb legs"
    assert lines(BODY, body) == ["Source “Numb legs”: changed"]


def test_a_tag_with_a_new_name_shows_both_names(body):
    body["tags"][0]["name"] = "In the foot"
    [part] = compare(BODY, body).changed
    assert [(b.change, b.runs[0].text) for b in part.fields[0].blocks] == [
        ("removed", "Foot"),
        ("added", "In the foot"),
    ]


def test_a_tag_of_a_draft_has_the_name_that_the_caller_knows(body):
    draft = body | {"tags": ["foot", "toe"]}
    [part] = compare(BODY, draft, {"tag:toe": "In the toe"}).changed
    assert [b.runs[0].text for b in part.fields[0].blocks] == ["In the toe", "Foot"]


def test_markup_that_nobody_reads_is_called_that(body):
    body["lead"] = "<p>Pain that goes down  the leg.</p>"
    [part] = compare(BODY, body).changed
    assert part.fields[0].is_markup_only
    assert "No word of it changed." in words(printed(compare(BODY, body)))


def test_an_old_text_that_lacks_what_a_later_release_added_is_compared(body):
    old = {name: body[name] for name in ("title", "lead")}
    assert "Title: changed" in lines(old, body | {"title": "Sciatica (nerve)"})


def test_a_date_and_a_choice_read_as_words(body):
    after = body | {"reviewed_on": "2026-08-06"}
    text = words(printed(compare(BODY, after)))
    assert "August 6, 2026" in text
    body["cards"][0]["level"] = "urgent"
    assert "Urgent: appointment" in words(printed(compare(BODY, body)))


def test_what_was_added_and_removed_is_also_said_in_words(body):
    body["lead"] = "<p>Pain that goes down one leg.</p>"
    page = printed(compare(BODY, body))
    assert [words(node) for node in page.query("del")] == ["removed: the"]
    assert [words(node) for node in page.query("ins")] == ["added: one"]
    [fold] = page.query(".comparison > details")
    assert "unchanged parts of the page" in words(fold)


def test_unchanged_blocks_of_a_changed_text_are_folded_not_lost(body):
    before = body | {"lead": "<p>One.</p><p>Two.</p><p>Three.</p>"}
    after = body | {"lead": "<p>One.</p><p>Two.</p><p>Three and more.</p>"}
    [fold] = printed(compare(before, after)).query("section details")
    assert words(fold) == "2 unchanged parts One. Two."


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7|add:7 }}{% load x %}",
    "</ins></del></details><h1>Mine</h1>",
    "&lt;b&gt;&amp;",
    "\u202e\u0000\u2060",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_stay_words_wherever_they_stand(text):
    row = {"anchor": text, "heading": text, "body": f"<p>{text}</p>", "citations": [text]}
    card = {"anchor": text, "level": text, "items": [text], "phrases": [text], "citations": []}
    tag = {"slug": text, "name": text, "facet": text}
    source = {"key": text, "publisher": text, "title": text, "url": text}
    hostile = {
        "title": text,
        "lead": f'<p><a href="{text}">{text}</a></p>',
        text: text,
        "status": text,
        "reviewed_on": text,
        "sections": [row],
        "cards": [card],
        "tags": [tag],
        "sources": {text: source},
    }
    for before, after in ((None, hostile), (hostile, None), (BODY, hostile), (hostile, BODY)):
        html = render_to_string(
            "components/comparison.html", {"comparison": compare(before, after)}
        )
        names = {node.name for node in JustHTML(html, sanitize=False).query("*")}
        allowed = {
            "html",
            "head",
            "body",
            "div",
            "section",
            "h3",
            "span",
            "p",
            "details",
            "summary",
        }
        assert names <= allowed | {"ins", "del", "ul", "li"}
        assert "14" not in html  # nothing is run as a template
        for node in JustHTML(html, sanitize=False).query("*"):
            assert set(node.attrs) <= {"class"}


def test_every_field_of_the_models_has_plain_words_and_its_choices_too():
    """So that a field which is added one day is named and not printed as it is stored."""
    page_fields = {f for model in SPECIFIC_MODELS.values() for f in _page_fields(model)}
    row_fields = {(name, f) for name, model in ROW_LISTS.items() for f in _row_fields(model)}
    assert {field.name for field in page_fields} <= FIELDS.keys()
    assert {field.name for _, field in row_fields} - {"anchor"} <= ROW_FIELDS.keys()
    assert ROW_LISTS.keys() == ROWS.keys()
    for field in page_fields | {field for _, field in row_fields}:
        if field.choices:
            assert CHOICES[field.name].keys() == dict(field.choices).keys(), field.name
    rich = {
        f.name for f in page_fields | {f for _, f in row_fields} if isinstance(f, RichTextField)
    }
    assert rich == RICH_TEXTS


def test_a_field_without_plain_words_has_its_own_name():
    assert label_of("some_new_field") == "Some new field"


def test_every_kind_of_edition_compares_with_itself_and_with_nothing(small_site):
    for edition in Edition.objects.all():
        assert compare(edition.body, edition.body).changed == []
        assert {part.change for part in compare(None, edition.body).changed} == {"added"}
        assert printed(compare(None, edition.body)).query("ins")

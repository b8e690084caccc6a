"""Findings: each rule finds what it is for, says where, and is silent about what is right."""

from datetime import date

import pytest

from causes.editorial.quality import Context, Level, count, findings, safety_errors
from causes.editorial.quality.findings import OtherPage
from causes.editorial.readability import Terms

CARD = {
    "anchor": "emergency",
    "level": "emergency",
    "heading": "",
    "items": ["you cannot move your leg"],
    "phrases": [],
    "citations": ["read"],
}
SECTION = {
    "anchor": "overview",
    "aspect": "overview",
    "heading": "What it is",
    "body": "<p>Your leg may hurt.</p>",
    "safety": False,
    "citations": ["read"],
}
CAUSE = {
    "anchor": "stroke",
    "condition": "stroke",
    "relation": "direct",
    "how": "<p>It stops the blood.</p>",
    "differs": "",
    "phrase": "",
    "note": "",
    "citations": ["read"],
}
SITE = Context(
    today=date(2026, 8, 6),
    pages={
        page.key: page
        for page in (
            OtherPage("sciatica", "condition", "Sciatica", "sciatica", is_live=True),
            OtherPage("stroke", "condition", "Stroke", "stroke", is_live=True),
            OtherPage("draft", "condition", "Draft", "draft"),
            OtherPage("old", "condition", "Old", "old", is_live=True, is_archived=True),
            OtherPage("group", "category", "Stroke", "stroke", symptom="leg-numbness"),
        )
    },
    known=Terms(["Sciatica", "Stroke", "Guillain-Barré syndrome"]),
    sources={"read": "text", "unread": "address"},
    facets={"foot": "where", "stray": ""},
    linked={"sciatica"},
)


def page(**fields) -> dict:
    """A good document of a condition, with these fields put in."""
    good = {
        **{"schema": 1, "kind": "condition", "key": "sciatica", "language": "en-us"},
        **{"slug": "sciatica", "title": "Sciatica", "summary": "", "lead": "", "original": None},
        **{"reviewed_by": "", "reviewed_on": None, "review_interval": 36, "tags": ["foot"]},
        **{"names": [], "cards": [CARD], "sections": [SECTION], "statements": [], "codes": []},
        **{"related": [], "citations": []},
    }
    return good | fields


def with_card(**fields) -> dict:
    return page(cards=[CARD, CARD | {"anchor": "second"} | fields])


def with_section(**fields) -> dict:
    return page(sections=[SECTION | {"anchor": "second"} | fields])


def with_body(html: str) -> dict:
    return with_section(body=html)


def group(**fields) -> dict:
    document = page(kind="category", key="group", slug="stroke", title="Stroke")
    return document | {"symptom": "leg-numbness", "cards": [], "causes": [CAUSE | fields]}


def test_a_good_page_has_no_finding():
    assert findings(page(), SITE) == []
    assert findings(group(), SITE) == []
    assert findings(page(), Context()) == []


ERRORS = [
    (page(cards=[]), "", "cards", "", "Add an emergency care card"),
    (page(cards=[CARD | {"level": "urgent"}]), "", "cards", "", "Add an emergency care card"),
    (
        page(cards=[CARD | {"level": "urgent", "anchor": "u"}, CARD]),
        *("level", "cards", "u", "Put the emergency care card first"),
    ),
    (page(lead='<p><a href="page:stroke">It</a></p>'), "lead", "", "", "Take the links"),
    (
        with_card(items=[], level="urgent"),
        "items",
        "cards",
        "second",
        "Write what the urgent card says",
    ),
    (with_section(heading=""), "heading", "sections", "second", "without a heading"),
    (with_body(""), "body", "sections", "second", "Write the text of the section"),
    (page(original="stroke"), "original", "", "", "Translations"),
    (with_section(anchor="sources"), "heading", "sections", "sources", "another anchor"),
    (with_card(items=["you must call 911"]), "items", "cards", "second", "{emergency number}"),
    (with_body("<p>Dial 112 now.</p>"), "body", "sections", "second", "{emergency number}"),
    (group(how="<p>Phone 999.</p>"), "how", "causes", "stroke", "{emergency number}"),
]


@pytest.mark.parametrize(("document", "field", "rows", "anchor", "said"), ERRORS)
def test_what_endangers_a_reader_is_an_error(document, field, rows, anchor, said):
    [error] = safety_errors(document)
    assert said in error.text
    assert (error.level, error.field, error.rows, error.anchor) == (
        *(Level.ERROR, field, rows, anchor),
    )
    assert error in findings(document, SITE)


def test_numbers_that_no_one_is_told_to_call_are_no_error():
    assert list(safety_errors(with_body("<p>Take 112 steps. Call {emergency number}.</p>"))) == []


LONG = "You may " + "feel that your leg is numb and " * 4 + "wait."
HARD = (
    "<p>Neurophysiological investigation characteristically demonstrates demyelination and "
    "multidisciplinary abnormalities.</p>"
)
LIST = "<ul><li>do not run</li><li>do not jump</li><li>{}</li></ul>"
HINTS = [
    # cards
    (with_card(items=["You fall"]), "items", "Begin “You fall” in lower case"),
    (with_card(items=["is it numb?"]), "items", "no question"),
    (with_card(items=["if you fall"]), "items", "Leave out the “if”"),
    (with_card(items=[], level="urgent"), "items", "at least one item"),
    (with_card(items=["a nerve, eg in the back"]), "items", "no eg"),
    (with_card(citations=[]), "citations", "Name the source of this card"),
    # sources
    (with_section(citations=[]), "citations", "Name the source of this section"),
    (with_section(citations=["unread"]), "citations", "only the address was looked at"),
    (group(citations=[]), "citations", "Name the source of this cause"),
    # reading
    (with_body(f"<p>{LONG}</p>"), "body", "Make two sentences"),
    (with_body("<p>" + "Your leg is numb. " * 4 + "</p>"), "body", "Make two paragraphs"),
    (with_body(HARD), "body", "reading grade"),
    (with_body("<p>You have edema.</p>"), "body", "“edema”: write “swelling”"),
    # words
    (with_body("<p>Don't run.</p>"), "body", "'Don't': write the word in full"),
    (with_body("<p>From A-Z.</p>"), "body", "write A to Z"),
    (with_body("<p>On 3/9/2026.</p>"), "body", "dates in full"),
    (with_body("<p>A nerve disorder.</p>"), "body", "write condition"),
    (with_body("<p>A tumour.</p>"), "body", "American spelling"),
    (with_body(LIST.format("walk")), "body", "“do not”, or make two lists: “walk”"),
    (with_body("<p>Do not:</p><ul><li>run</li></ul>"), "body", "“do not”, or make two lists"),
    *(
        (with_body(f'<p><a href="page:stroke">{words}</a></p>'), "body", "Say where the link")
        for words in ("here", "Click here", "more", "Read more.", "this page")
    ),
    # headings
    (with_section(heading="What is it?"), "heading", "Make the heading a statement"),
    (with_section(heading="what it is"), "heading", "Begin “what it is” with a capital"),
    (with_section(heading="Your Leg"), "heading", "Write “Leg” in lower case"),
    (with_section(heading="Treatment Options Explained"), "heading", "in sentence case"),
    (with_body("<h3>Your Leg</h3><p>Your leg hurts.</p>"), "body", "Write “Leg” in lower case"),
    (with_body("<h3>A part</h3><h3>Another</h3><p>Words.</p>"), "body", "under “A part”"),
    (with_body("<p>Words.</p><h3>A part</h3>"), "body", "under “A part”"),
    (page(lead="<h3>A part</h3><p>Words.</p>"), "lead", "Take the heading out"),
    (page(sections=[SECTION, SECTION | {"anchor": "b"}]), "heading", "Two sections are called"),
    (page(title="Sciatica " + "and more " * 7), "title", "Shorten the title"),
    # the other pages
    (page(title="Stroke"), "title", "Choose another title: another page (“Stroke”)"),
    (page(slug="stroke"), "slug", "Choose another slug: another page (“Stroke”)"),
    (page(key="alone", title="Alone"), "title", "no other page leads here"),
    (page(tags=["stray"]), "tags", "Give the tag “stray” a facet"),
    (with_body('<p><a href="page:old">Old</a></p>'), "body", "is in the archive"),
    (with_body('<p><a href="page:draft">A draft</a></p>'), "body", "not published"),
    (with_body('<p><a href="page:gone">Gone</a></p>'), "body", "no such page"),
    (page(related=[{"anchor": "x", "target": "draft"}]), "target", "not published"),
    (group(condition="old"), "condition", "is in the archive"),
    (
        page(reviewed_by="Dr Who", reviewed_on="2023-08-05"),
        *("review_interval", "that was due on Aug. 5, 2026"),
    ),
]


@pytest.mark.parametrize(
    ("document", "field", "said"), HINTS, ids=lambda v: v if isinstance(v, str) else ""
)
def test_what_can_be_better_is_a_hint_at_its_field(document, field, said):
    found = [finding for finding in findings(document, SITE) if said in finding.text]
    assert [(finding.level, finding.field) for finding in found] == [(Level.HINT, field)]


RIGHT = [
    with_body("<p>Narrowing (stenosis) presses on nerves. Stenosis may hurt.</p>"),
    with_body("<p>You may have Guillain-Barré syndrome.</p>"),
    with_section(heading="How Guillain-Barré syndrome begins"),
    with_section(heading="Stroke"),
    with_body("<p>Then:</p><ul><li>do not run</li><li>walk</li></ul>"),
    with_body('<p>Read <a href="page:stroke">more about stroke</a>.</p>'),
    with_body("<h3>A part</h3><p>Words.</p>"),
    with_card(items=["you have an MRI scan"], citations=["unread", "read"]),
    with_card(items=["MRI scans show it"]),
    page(names=[{"anchor": "n", "kind": "lay", "name": "nerve disorder, eg tumour"}]),
    page(reviewed_by="Dr Who", reviewed_on="2023-08-06"),
    page(language="en-gb", sections=[SECTION | {"body": "<p>A tumour.</p>"}]),
    page(language="de", sections=[SECTION | {"body": f"<p>{LONG}</p>"}]),
    page(title="Stroke", kind="symptom"),
]


@pytest.mark.parametrize("document", RIGHT)
def test_what_is_right_has_no_finding(document):
    assert findings(document, SITE) == []


def test_pages_about_the_site_need_no_source_card_or_incoming_link():
    about = page(kind="information", key="about", title="About", slug="about", cards=[])
    assert findings(about | {"sections": [SECTION | {"citations": []}]}, SITE) == []


def test_findings_are_counted_by_level():
    bad = page(cards=[], sections=[SECTION | {"citations": []}])
    assert count(findings(bad, SITE)) == {"errors": 1, "hints": 1}

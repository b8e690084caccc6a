"""Hints on how a page is built: titles and headings, cards, sources, tags."""

import re
from collections.abc import Iterator

from causes.editorial.quality import wording
from causes.editorial.quality.findings import PATIENT_KINDS, Context, Document, Finding, hint
from causes.editorial.quality.reading import own_names
from causes.editorial.quality.texts import texts
from causes.editorial.readability import text_blocks

LONGEST_TITLE = 65
LOWER_CASE_WORD = re.compile(r"(?<![\w'’-])[a-z][\w'’-]+")
H3 = re.compile(r"<h3>(.*?)</h3>", re.DOTALL)
CITING = {"cards": "card", "sections": "section", "causes": "cause"}


def structure_hints(document: Document, context: Context) -> Iterator[Finding]:
    if document["language"].startswith("en"):
        yield from _headings(document)
    yield from _heading_order(document)
    yield from _cards(document)
    if document["kind"] in PATIENT_KINDS:
        yield from _sources(document, context)
    for slug in document["tags"]:
        if context.facets.get(slug, "…") == "":
            yield hint(f"Give the tag “{slug}” a facet: without one readers never see it.", "tags")


def _headings(document: Document) -> Iterator[Finding]:
    """Sentence case, no question, not too long."""
    names = {name.casefold() for name in own_names(document)}
    said = {
        word
        for text in texts(document)
        if text.field not in {"title", "heading"}
        for block in text_blocks(text.html)
        for word in LOWER_CASE_WORD.findall(block)
    }
    if len(document["title"]) > LONGEST_TITLE:
        yield hint(f"Shorten the title to at most {LONGEST_TITLE} characters.", "title")
    for heading, place in _all_headings(document):
        if heading.endswith("?"):
            yield hint("Make the heading a statement: readers look for answers.", *place)
        if heading[:1].islower():
            yield hint(f"Begin “{heading}” with a capital.", *place)
        is_name = place[0] == "heading" and heading.casefold() in names
        if not is_name and (word := wording.is_title_case(heading, said)):
            yield hint(f"Write “{word}” in lower case: headings are in sentence case.", *place)


def _all_headings(document: Document) -> Iterator[tuple[str, tuple[str, str, str]]]:
    yield document["title"], ("title", "", "")
    for rows in ("cards", "sections"):
        for row in document[rows]:
            if row["heading"]:
                yield row["heading"], ("heading", rows, row["anchor"])
    for section in document["sections"]:
        for heading in H3.findall(section["body"]):
            yield " ".join(text_blocks(heading)), ("body", "sections", section["anchor"])


def _heading_order(document: Document) -> Iterator[Finding]:
    """Headings of a text stand under its section's; a lead has none above, a cause is one."""
    for text in texts(document):
        if text.field in {"lead", "how", "differs"} and "<h3>" in text.html:
            yield hint("Take the heading out: make a section of its own of it.", *text.place)
        if text.field == "body":
            for heading in re.findall(r"<h3>((?:(?!</h3>).)*)</h3>\s*(?=<h3>|$)", text.html):
                name = " ".join(text_blocks(heading))
                yield hint(f"Write something under “{name}”, or take it out.", *text.place)
    headings = [section["heading"].casefold() for section in document["sections"]]
    for number, section in enumerate(document["sections"]):
        if headings[number] in headings[:number]:
            yield hint(
                f"Two sections are called “{section['heading']}”: name one of them differently.",
                *("heading", "sections", section["anchor"]),
            )


def _cards(document: Document) -> Iterator[Finding]:
    """Each item goes on from "Call … now if:" or "See a doctor if:"."""
    for card in document["cards"]:
        place = "items", "cards", card["anchor"]
        if not card["items"]:
            yield hint("Write at least one item: an empty card says nothing.", *place)
        for item in card["items"]:
            if item.rstrip().endswith("?"):
                yield hint(f"Make “{item}” no question: it goes on from “… if:”.", *place)
            elif re.match(r"[A-Z][a-z]+\b", item):
                yield hint(f"Begin “{item[:40]}” in lower case: it goes on from “… if:”.", *place)
            if re.match(r"(?i)if\b", item):
                yield hint(f"Leave out the “if” of “{item[:40]}”: the card says it.", *place)


def _sources(document: Document, context: Context) -> Iterator[Finding]:
    for rows, name in CITING.items():
        for row in document.get(rows, []):
            place = "citations", rows, row["anchor"]
            known = [context.sources[key] for key in row["citations"] if key in context.sources]
            if not row["citations"]:
                yield hint(f"Name the source of this {name}: every claim has one.", *place)
            elif known and "text" not in known:
                yield hint(
                    f"Name a source of this {name} that was read: of those here only the "
                    "address was looked at.",
                    *place,
                )

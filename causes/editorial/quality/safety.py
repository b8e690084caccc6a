"""The errors: what endangers a reader, or cannot be published at all. They need no context."""

import re
from collections.abc import Iterator

from causes.editorial.anchors import reserved_anchors
from causes.editorial.quality.findings import Document, Finding, error
from causes.editorial.quality.texts import texts
from causes.models import CareCard, Kind
from causes.models.fields import page_keys

WRITTEN_NUMBER = re.compile(
    r"(?i)\b(?:call|dial|phone|ring|telephone)\s+(?:on\s+)?(?:911|999|112|000|111|101|995|998)\b"
)


def safety_errors(document: Document) -> Iterator[Finding]:
    """Takes a document or the body of an edition: what is looked at is the same in both."""
    if document["original"]:
        yield error("Translations cannot be published yet: they have no addresses.", "original")
    for anchor in reserved_anchors(document["kind"], document["sections"]):
        yield error(
            f"Give the section “{anchor}” of “{document['key']}” another anchor: "
            "the page uses this one itself.",
            *("heading", "sections", anchor),
        )
    yield from _gaps(document)
    if document["kind"] in {Kind.SYMPTOM, Kind.CONDITION}:
        yield from _emergencies_first(document)
    for text in texts(document):
        if written := WRITTEN_NUMBER.search(text.html):
            yield error(
                f"Write “{{emergency number}}” in place of the number in “{written[0]}”: "
                "readers elsewhere have another one.",
                *text.place,
            )


def _gaps(document: Document) -> Iterator[Finding]:
    """A draft may have them."""
    if document.get("in_sentence") == "":
        yield error(f"Write how “{document['title']}” stands in a sentence.", "in_sentence")
    for section in document["sections"]:
        place = ("sections", section["anchor"])
        if not section["heading"]:
            yield error("Write what the section without a heading is about.", "heading", *place)
        if not section["body"]:
            yield error(f"Write the text of the section “{section['heading']}”.", "body", *place)
    for card in document["cards"]:
        if not card["items"]:
            level = CareCard.Level(card["level"]).label.split(":")[0].lower()
            yield error(f"Write what the {level} card says.", "items", "cards", card["anchor"])


def _emergencies_first(document: Document) -> Iterator[Finding]:
    """A reader in danger must meet the emergency card before anything that leads elsewhere."""
    cards = document["cards"]
    if not any(card["level"] == "emergency" and card["items"] for card in cards):
        text = "Add an emergency care card: readers in danger look for it first."
        yield error(text, rows="cards")
    elif cards[0]["level"] != "emergency":
        yield error("Put the emergency care card first.", "level", "cards", cards[0]["anchor"])
    if page_keys(document["lead"]):
        yield error(
            "Take the links to other pages out of the lead: it stands before the emergency card.",
            "lead",
        )

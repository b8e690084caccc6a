"""What of an edition search looks at: its names and its words, as patients read them."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from causes.models import Edition

_BLOCKS = re.compile(r"</?(?:p|h3|ul|ol|li|br)\b[^>]*>")
_TAGS = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Entry:
    """An edition as the index holds it. ``state`` differs whenever any of the rest may."""

    page: int
    kind: str
    state: int
    names: tuple[str, ...]  # the title first
    text: str
    tags: tuple[int, ...]


@dataclass(frozen=True)
class Passage:
    """A run of an edition's text. ``anchor`` leads to it on the page; "" is the page's start."""

    anchor: str
    heading: str
    text: str


def entry(edition: Edition, state: int, tags: tuple[int, ...]) -> Entry:
    body = edition.body
    names = dict.fromkeys([edition.title, *(name["name"] for name in body.get("names", []))])
    parts = [*names, edition.summary, *(tag["name"] for tag in body.get("tags", []))]
    for passage in passages(body):
        parts += [passage.heading, passage.text]
    text = "\n".join(filter(None, parts))
    return Entry(edition.page_id, edition.kind, state, tuple(names), text, tags)


def passages(body: dict[str, Any]) -> Iterator[Passage]:
    """The lead, the care cards, the causes and the sections, in the page's order."""
    yield Passage("", "", text_of(body.get("lead", "")))
    for card in body.get("cards", []):
        yield Passage(f"card-{card['anchor']}", card.get("heading", ""), "\n".join(card["items"]))
    for cause in body.get("causes", []):
        text = "\n".join(text_of(cause.get(part, "")) for part in ("how", "differs"))
        yield Passage(f"cause-{cause['anchor']}", "", text)
    for section in body.get("sections", []):
        yield Passage(section["anchor"], section["heading"], text_of(section["body"]))


def text_of(rich_text: str) -> str:
    """The words of a rich text, one line an element."""
    text = html.unescape(_TAGS.sub("", _BLOCKS.sub("\n", rich_text)))
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(filter(None, lines))

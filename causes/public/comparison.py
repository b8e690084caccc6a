"""What two documents or edition bodies of one page differ in, part by part and word by word.

Takes documents and bodies alike and asks no database. Rows are matched by their anchors.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from causes.public.field_words import FIELDS, ROW_FIELDS, ROWS, label_of, texts_of
from causes.public.word_changes import (
    ADDED,
    BULLET,
    CHANGED,
    REMOVED,
    SAME,
    Block,
    Run,
    compare_blocks,
)

Document = Mapping[str, Any]

NAMING = ("heading", "name", "condition", "code", "target", "source", "level", "title", "text")
LONGEST_LABEL = 80


@dataclass(frozen=True)
class Field:
    """A field of both texts, or of one, with its blocks in order."""

    name: str
    label: str
    change: str
    blocks: tuple[Block, ...]

    @property
    def stretches(self) -> list[tuple[bool, list[Block]]]:
        """(does the stretch stay as it was, its blocks), for folding."""
        grouped = groupby(self.blocks, key=lambda block: block.change == SAME)
        return [(stays, list(blocks)) for stays, blocks in grouped]

    @property
    def is_markup_only(self) -> bool:
        """Whether what changed is not read, such as the number that a list starts with."""
        return self.change == CHANGED and all(block.change == SAME for block in self.blocks)


@dataclass(frozen=True)
class Part:
    """A field of the page, a row of it, or its tags. ``name``: the field, or the list of rows."""

    name: str
    label: str
    change: str
    fields: tuple[Field, ...]
    anchor: str = ""
    moved: bool = False

    @property
    def is_changed(self) -> bool:
        return self.change != SAME or self.moved

    @property
    def changed_fields(self) -> list[Field]:
        return [field for field in self.fields if field.change != SAME]

    @property
    def what_happened(self) -> str:
        """ "added", "changed and moved" …"""
        words = [] if self.change == SAME else [self.change]
        return " and ".join([*words, *(["moved"] if self.moved else [])])

    def __str__(self) -> str:
        return f"{self.label}: {self.what_happened or 'unchanged'}"


@dataclass(frozen=True)
class Comparison:
    """The parts of a page in its order."""

    parts: tuple[Part, ...]

    @property
    def changed(self) -> list[Part]:
        return [part for part in self.parts if part.is_changed]

    @property
    def unchanged(self) -> list[Part]:
        return [part for part in self.parts if not part.is_changed]


def compare(
    before: Document | None, after: Document | None, names: Mapping[str, str] | None = None
) -> Comparison:
    """From ``before`` to ``after``; None for a text that is not there.

    Either is a document or the body of an edition. A field that one of them lacks, because only
    editors see it or because it came with a later release, is left out. ``names`` gives the words
    for "tag:SLUG", "source:KEY" and "page:KEY" where a document has only those.
    """
    old, new = before or {}, after or {}
    known = {**(names or {}), **_names_in(old), **_names_in(new)}
    one_is_missing = before is None or after is None
    fields = [
        _page_field(name, old.get(name), new.get(name), known)
        for name in _in_order(FIELDS, old, new)
        if one_is_missing or (name in old and name in new)
    ]
    lists = [part for name in ROWS for part in _rows(name, old, new, known)]
    return Comparison((*fields, *lists, *_tags(old, new, known), *_sources(old, new, known)))


def compare_field(
    name: str, before: Any, after: Any, names: Mapping[str, str] | None = None
) -> Field:
    """One field of a page or row, from its value before to its value after."""
    known = names or {}
    if name == "citations":
        blocks = _names_that_came_and_went(
            {key: known.get(f"source:{key}", key) for key in before or []},
            {key: known.get(f"source:{key}", key) for key in after or []},
        )
    else:
        blocks = compare_blocks(texts_of(name, before, known), texts_of(name, after, known))
    is_same = before == after or (not blocks and not before and not after)
    return Field(name, label_of(name), SAME if is_same else _change_of(blocks), blocks)


def _change_of(blocks: tuple[Block, ...]) -> str:
    """What the blocks have in common; "changed" where they differ, also in their markup alone."""
    changes = {block.change for block in blocks}
    return changes.pop() if changes in ({ADDED}, {REMOVED}) else CHANGED


def _in_order(known: Mapping[str, str], *texts: Document) -> list[str]:
    """The names of the fields in the order of a page: a database may have shuffled them."""
    apart = {*ROWS, "schema", "kind", "key", "tags", "sources", "anchor"}
    found = {name for text in texts for name in text} - (apart - known.keys())
    return [*(name for name in known if name in found), *sorted(found - known.keys())]


def _page_field(name: str, old: Any, new: Any, known: Mapping[str, str]) -> Part:
    field = compare_field(name, old, new, known)
    return Part(name, field.label, field.change, (field,))


def _rows(name: str, old: Document, new: Document, known: Mapping[str, str]) -> Iterator[Part]:
    """The rows of a list in their new order; those that went stand where they were."""
    before, after = ({row["anchor"]: row for row in text.get(name, [])} for text in (old, new))
    moved = _moved(list(before), list(after))
    for anchor in _in_one_order(list(before), list(after)):
        yield _row(name, anchor, before.get(anchor), after.get(anchor), known, anchor in moved)


def _row(
    name: str,
    anchor: str,
    old: Document | None,
    new: Document | None,
    known: Mapping[str, str],
    moved: bool = False,
) -> Part:
    in_both = old is not None and new is not None
    fields = tuple(
        compare_field(field, (old or {}).get(field), (new or {}).get(field), known)
        for field in _in_order(ROW_FIELDS, old or {}, new or {})
        if not in_both or (field in old and field in new)
    )
    if in_both:
        change = CHANGED if any(field.change != SAME for field in fields) else SAME
    else:
        change = ADDED if old is None else REMOVED
    shown = new if new is not None else old
    label = f"{ROWS.get(name, 'Source')} “{_title(shown, known)}”"
    return Part(name, label, change, fields, anchor, moved)


def _title(row: Document, known: Mapping[str, str]) -> str:
    name = next((name for name in NAMING if row.get(name)), "anchor")
    words = " ".join(text.words for text in texts_of(name, row.get(name), known))
    return words if len(words) <= LONGEST_LABEL else f"{words[:LONGEST_LABEL].rstrip()}…"


def _moved(before: list[str], after: list[str]) -> set[str]:
    """Those in both whose place among the others changed."""
    old = [anchor for anchor in before if anchor in set(after)]
    new = [anchor for anchor in after if anchor in set(before)]
    matches = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return set(old) - {old[n] for at, _, size in matches for n in range(at, at + size)}


def _in_one_order(before: list[str], after: list[str]) -> list[str]:
    """All of ``after`` in order; each that is in ``before`` alone behind its old neighbor."""
    order, place = list(after), 0
    for anchor in before:
        if anchor in order:
            place = order.index(anchor) + 1
        else:
            order.insert(place, anchor)
            place += 1
    return order


def _tags(old: Document, new: Document, known: Mapping[str, str]) -> Iterator[Part]:
    before, after = (
        {slug: _tag_name(tag, known) for tag in text.get("tags", []) for slug in [_slug(tag)]}
        for text in (old, new)
    )
    blocks = _names_that_came_and_went(before, after)
    if blocks:
        is_same = all(block.change == SAME for block in blocks)
        change = SAME if is_same else _change_of(blocks)
        yield Part("tags", "Tags", change, (Field("tags", "Tags", change, blocks),))


def _slug(tag: str | Document) -> str:
    return tag if isinstance(tag, str) else tag["slug"]


def _tag_name(tag: str | Document, known: Mapping[str, str]) -> str:
    """A document has only the slug; the name is the one that the other text knows, if any."""
    return known.get(f"tag:{tag}", tag) if isinstance(tag, str) else tag["name"]


def _sources(old: Document, new: Document, known: Mapping[str, str]) -> Iterator[Part]:
    """Sources that both cite and whose own words changed; others show where they are cited."""
    before, after = old.get("sources", {}), new.get("sources", {})
    for key in sorted(before.keys() & after.keys()):
        part = _row("sources", key, before[key], after[key], known)
        if part.is_changed:
            yield part


def _names_that_came_and_went(
    before: Mapping[str, str], after: Mapping[str, str]
) -> tuple[Block, ...]:
    """Names that stand in no order, each with what happened to it; a new name is another name."""
    went = [name for key, name in before.items() if after.get(key) != name]
    came = [name for key, name in after.items() if before.get(key) != name]
    stayed = [name for key, name in after.items() if before.get(key) == name]
    return tuple(
        Block(BULLET, change, (Run(change, name),))
        for change, found in ((REMOVED, went), (ADDED, came), (SAME, stayed))
        for name in found
    )


def _names_in(text: Document) -> dict[str, str]:
    """The words that a body has for its tags and sources."""
    sources = text.get("sources", {}).items()
    names = {f"source:{key}": f"{s['publisher']}: {s['title']}" for key, s in sources}
    tags: Iterable[Any] = text.get("tags", [])
    return names | {f"tag:{t['slug']}": t["name"] for t in tags if not isinstance(t, str)}

"""Brings two texts together that two people made of one: three documents in, one and clashes out.

Pure: no database. Fields are merged one by one, tags and citations as sets, rows by their anchor,
their order as a whole. What only one side changed is taken; what both changed differently is a
clash, and the stored text stands there until somebody decides.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from causes.editorial.documents import ROW_LISTS

Document = dict[str, Any]
Row = dict[str, Any]

SETS = {"tags", "citations"}
# Fields that make sense together only: one side's are taken, or the other's.
TOGETHER = [("reviewed_by", "reviewed_on"), ("original", "language")]
ORDER = "order"


@dataclass(frozen=True)
class Clash:
    """A place that both changed. ``theirs`` is stored.

    The values are those of the ``fields``; with none the place is the whole row, where None says
    that it was deleted; with ORDER they are the anchors of the list's rows.
    """

    rows: str
    anchor: str
    fields: tuple[str, ...]
    base: Any
    theirs: Any
    mine: Any

    @property
    def id(self) -> str:
        return ".".join([self.rows, self.anchor, *self.fields])


@dataclass
class Merged:
    """The text that holds what both wrote, and where that could not be."""

    document: Document = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)


def merge(
    base: Document, theirs: Document, mine: Document, decided: Mapping[str, Any] | None = None
) -> Merged:
    """What ``theirs`` (stored) and ``mine`` make of ``base``.

    ``decided`` has the value to take at clashes that somebody looked at, by `Clash.id`. With an
    empty ``base`` whatever differs is a clash, except for rows that one side alone has.
    """
    merging = _Merging(decided or {})
    plain = {name for part in (theirs, mine) for name in part if name not in ROW_LISTS}
    merging.found.document = merging.fields("", "", plain, base, theirs, mine)
    mine = _with_shared_rows(base, theirs, mine)
    for name in ROW_LISTS:
        if name in theirs or name in mine:
            parts = (part.get(name, []) for part in (base, theirs, mine))
            merging.found.document[name] = merging.rows(name, *parts)
    return merging.found


class _Merging:
    def __init__(self, decided: Mapping[str, Any]) -> None:
        self.decided = decided
        self.found = Merged()

    def settle(self, *place: Any) -> Any:
        """The value at a clash: what was decided, or what is stored, and then it is noted."""
        clash = Clash(*place)
        if clash.id in self.decided:
            return self.decided[clash.id]
        self.found.clashes.append(clash)
        return clash.theirs

    def fields(
        self, rows: str, anchor: str, names: Iterable[str], base: Row, theirs: Row, mine: Row
    ) -> Row:
        names = set(names)
        units = [unit for unit in TOGETHER if names.issuperset(unit)]
        units += [(name,) for name in names - {name for unit in units for name in unit}]
        result: Row = {}
        for unit in sorted(units):
            old, stored, typed = (
                [part.get(name) for name in unit] for part in (base, theirs, mine)
            )
            if unit[0] in SETS:
                result[unit[0]] = _merged_set(
                    *(set(values[0] or []) for values in (old, stored, typed))
                )
                continue
            if stored == typed or typed == old:
                values = stored
            elif stored == old:
                values = typed
            else:
                values = self.settle(rows, anchor, unit, old, stored, typed)
            result |= zip(unit, values, strict=True)
        return result

    def rows(self, name: str, base: list[Row], theirs: list[Row], mine: list[Row]) -> list[Row]:
        old, stored, typed = ({row["anchor"]: row for row in part} for part in (base, theirs, mine))
        result: dict[str, Row] = {}
        for anchor in stored | typed:
            row = self.row(name, anchor, old.get(anchor), stored.get(anchor), typed.get(anchor))
            if row is not None:
                result[anchor] = row
        if name == "causes":
            self.keep_conditions_apart(old, stored, typed, result)
        order = self.order(name, list(old), list(stored), list(typed))
        return [result[anchor] for anchor in order if anchor in result]

    def row(
        self, name: str, anchor: str, old: Row | None, stored: Row | None, typed: Row | None
    ) -> Row | None:
        if stored is not None and typed is not None:
            return self.fields(name, anchor, stored | typed, old or {}, stored, typed)
        if old is None:
            return stored or typed
        if (stored or typed) == old:  # one deleted what the other left alone
            return None
        return self.settle(name, anchor, (), old, stored, typed)

    def keep_conditions_apart(
        self,
        old: dict[str, Row],
        stored: dict[str, Row],
        typed: dict[str, Row],
        result: dict[str, Row],
    ) -> None:
        """A group has a condition once: where both sides came to name one, the stored row stays."""
        while True:
            count = Counter(row["condition"] for row in result.values())
            twice = [
                anchor
                for anchor, row in result.items()
                if count[row["condition"]] > 1 and row != stored.get(anchor)
            ]
            if not twice:
                return
            anchor = twice[-1]
            place = (old.get(anchor), stored.get(anchor), typed.get(anchor))
            self.found.clashes.append(Clash("causes", anchor, (), *place))
            if anchor in stored:
                result[anchor] = stored[anchor]
            else:
                del result[anchor]

    def order(self, name: str, old: list[str], stored: list[str], typed: list[str]) -> list[str]:
        was, now, wanted = (
            [anchor for anchor in part if anchor in old and anchor in stored and anchor in typed]
            for part in (old, stored, typed)
        )
        lead, other = stored, typed
        if wanted not in (was, now):
            lead, other = typed, stored
            if now != was:
                lead = self.settle(name, "", (ORDER,), old, stored, typed)
                other = stored if lead == typed else typed
        return _woven(lead, _woven(other, old))


def _merged_set(old: set[str], stored: set[str], typed: set[str]) -> list[str]:
    return sorted((old & stored & typed) | (stored - old) | (typed - old))


def _woven(lead: list[str], other: list[str]) -> list[str]:
    """``lead``, with what only ``other`` has after what precedes it there."""
    result = list(lead)
    place = 0
    for anchor in other:
        if anchor in result:
            place = result.index(anchor) + 1
        else:
            result.insert(place, anchor)
            place += 1
    return result


def _with_shared_rows(base: Document, theirs: Document, mine: Document) -> Document:
    """``mine``, where a row that both sides added has the anchor that it has in ``theirs``.

    That is a row of the same words, such as after a save that was sent twice, or a cause of the
    same condition.
    """
    result = dict(mine)
    for name in ROW_LISTS.keys() & mine.keys():
        known = {row["anchor"] for part in (base, mine) for row in part.get(name, [])}
        added = [row for row in theirs.get(name, []) if row["anchor"] not in known]
        old = {row["anchor"] for row in base.get(name, [])}
        rows = []
        for row in mine[name]:
            same = next((other for other in added if _is_same(name, row, other)), None)
            if same is not None and row["anchor"] not in old:
                added.remove(same)
                row = row | {"anchor": same["anchor"]}
            rows.append(row)
        result[name] = rows
    return result


def _is_same(name: str, row: Row, other: Row) -> bool:
    if name == "causes":
        return row["condition"] == other["condition"]
    return row | {"anchor": ""} == other | {"anchor": ""}

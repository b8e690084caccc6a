"""The order of many rows, of which a process keeps the ids alone: where a row belongs is found by
asking the database for a few of the others.

At 200,000 rows a place is found by three questions for 64 rows each; to keep what the rows are
sorted by would take twenty times the memory of their ids.
"""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

SortKey = tuple[Any, ...]  # no two rows have the same
ReadKeys = Callable[[Collection[int]], Mapping[int, SortKey]]

AT_ONCE = 64  # rows, asked for to narrow down one place
AT_MOST = 5000  # rows in one question; SQLite has a limit


class OutOfOrder(Exception):
    """The rows are not where they were: what was kept has to be read anew."""


def places(ids: array, wanted: Iterable[SortKey], read: ReadKeys) -> dict[SortKey, int]:
    """How many of the rows come before each of the keys. Raises OutOfOrder if a row is gone."""
    between = {key: (0, len(ids)) for key in wanted}
    known: dict[int, SortKey] = {}
    while unknown := {key: _probes(*ends) for key, ends in between.items() if ends[0] < ends[1]}:
        asked = {ids[place] for probes in unknown.values() for place in probes} - known.keys()
        for part in _parts(list(asked)):
            known |= read(part)
        if not asked <= known.keys():
            raise OutOfOrder
        for key, probes in unknown.items():
            after = bisect_left(probes, key, key=lambda place: known[ids[place]])
            start, stop = between[key]
            between[key] = (
                probes[after - 1] + 1 if after else start,
                probes[after] if after < len(probes) else stop,
            )
    return {key: place for key, (place, _) in between.items()}


def _parts(asked: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(asked), AT_MOST):
        yield asked[start : start + AT_MOST]


def _probes(start: int, stop: int) -> range:
    return range(start, stop, -(-(stop - start) // AT_ONCE))


def steps(
    ids: array, gone: Mapping[int, SortKey], new: Mapping[int, SortKey], read: ReadKeys
) -> list[tuple[int, int | None]]:
    """What to do, one after the other, to be in order without the rows ``gone`` and with the
    ``new``: (place, id of the row to put in there, or None to take out the one that is there).

    Raises OutOfOrder if a row is not where its key says.
    """
    found = places(ids, {*gone.values(), *new.values()}, read)
    at_their_places = {pk: ids[found[key] : found[key] + 1] for pk, key in gone.items()}
    if any(list(there) != [pk] for pk, there in at_their_places.items()):
        raise OutOfOrder
    # From the end, so that places stay true; what is taken out goes before another comes there.
    out = [(found[key], True, key, None) for key in gone.values()]
    into = [(found[key], False, key, pk) for pk, key in new.items()]
    in_turn = sorted([*out, *into], key=lambda step: step[:3], reverse=True)
    return [(place, pk) for place, _, _, pk in in_turn]

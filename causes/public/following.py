"""What a process keeps of all live editions, and changes where one of them begins or ends.

An edition and what is read of it do not change (`ContentVersion.rewritten` counts the exceptions).
So which editions are live says whether what is kept is true, and what is missing: it is a
comparison of state. Nobody has to say what changed, whoever changed it, and at whatever moment.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from operator import or_
from typing import TypeVar

from causes.models import Edition, Kind
from causes.models.compiled import ANY_MOMENT, CompiledQuery
from causes.public.bitsets import bits, numbers_in
from causes.public.ranked import OutOfOrder
from causes.search.kept import (
    Kept,
    Lasting,
    Renewed,
    Versions,
    content_versions,
    end_of_what_is_live,
)

T = TypeVar("T")

LISTED = (Kind.CONDITION, Kind.SYMPTOM)
MOST_CHANGES = 100  # editions; with more of them, to read all takes no longer


@dataclass(frozen=True)
class LiveEditions:
    """The ids of the live editions of a kind, as a set (see `bitsets`), and until when."""

    ids: int
    until: datetime | None


def _live_editions(kind: str, at: datetime) -> tuple[LiveEditions, datetime | None]:
    change = end_of_what_is_live(at)
    live = Edition.objects.live(ANY_MOMENT).filter(kind=kind).order_by()
    rows = CompiledQuery(live.values_list("pk")).rows(at)
    return LiveEditions(bits([pk for (pk,) in rows]), change), change


live_editions = {kind: Kept(partial(_live_editions, kind)) for kind in Kind}


@dataclass(frozen=True)
class _Followed(Lasting[T]):
    """With what it was made of; ``editions`` is None if that is not sure."""

    editions: int | None
    rewritten: int


class Following(Renewed[T]):
    """The value of ``make(at)`` for the live editions of some kinds.

    ``change(value, ended, begun)`` makes of a value the one without the editions of the first ids
    and with those of the second; it may raise OutOfOrder, and leaves the value itself as it is.
    """

    def __init__(
        self,
        kinds: Collection[str],
        make: Callable[[datetime], T],
        change: Callable[[T, list[int], list[int]], T],
    ) -> None:
        super().__init__()
        self._kinds, self._make, self._change = kinds, make, change

    def _renew(self, before: _Followed[T] | None, at: datetime, version: int) -> _Followed[T]:
        versions = content_versions()  # first: what is read after them is at least as new
        live = [live_editions[kind].value(at, versions.number) for kind in self._kinds]
        editions: int | None = reduce(or_, (found.ids for found in live))
        found = self._changed(before, editions, versions)
        if found is None:
            found = self._make(at)
            if content_versions() != versions:
                editions = None  # it may be of both
        return _Followed(found, version, at, live[0].until, editions, versions.rewritten)

    def _changed(self, before: _Followed[T] | None, editions: int, versions: Versions) -> T | None:
        """None where it has to be made anew."""
        if before is None or before.editions is None or before.rewritten != versions.rewritten:
            return None
        if (before.editions ^ editions).bit_count() > MOST_CHANGES:
            return None
        ended, begun = before.editions & ~editions, editions & ~before.editions
        if not ended and not begun:
            return before.value
        try:
            return self._change(before.value, list(numbers_in(ended)), list(numbers_in(begun)))
        except OutOfOrder:
            return None

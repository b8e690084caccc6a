"""What a process keeps of the database for as long as the content version stays the same."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from causes.models import ContentVersion
from causes.models.compiled import CompiledQuery

T = TypeVar("T")

_all: list["Forgetful"] = []


class Forgetful:
    """Something that a process knows and can read again."""

    def __init__(self) -> None:
        _all.append(self)

    def forget(self) -> None:
        raise NotImplementedError


class Versions(NamedTuple):
    """`ContentVersion`, as it was read."""

    number: int
    rewritten: int


@cache
def _question() -> CompiledQuery:
    return CompiledQuery(ContentVersion.objects.order_by().values_list("number", "rewritten"))


def content_versions() -> Versions:
    """The numbers that changes of what the public sees raise. One query.

    Read them first: what is read after them is at least as new.
    """
    return Versions(*next(iter(_question().rows()), (0, 0)))


def content_version() -> int:
    """The number that every change of what the public sees raises."""
    return content_versions().number


class Kept(Forgetful, Generic[T]):
    """The value of ``read(at)``, asked again when the version or the moment's editions change.

    ``read`` returns the value and the moment until which it holds (None: until a new version).
    """

    def __init__(self, read: Callable[[datetime], tuple[T, datetime | None]]) -> None:
        super().__init__()
        self._read = read
        self._kept: tuple[int, datetime, datetime | None, T] | None = None

    def value(self, at: datetime, version: int) -> T:
        if self._kept is not None:
            of, since, until, value = self._kept
            if of == version and since <= at and (until is None or at < until):
                return value
        value, until = self._read(at)
        self._kept = version, at, until, value
        return value

    def forget(self) -> None:
        self._kept = None


def forget_all() -> None:
    """Read everything again: for tests, whose transactions undo the content version."""
    for kept in _all:
        kept.forget()


def next_change(at: datetime, moments: set[datetime | None]) -> datetime | None:
    """The first of the moments that is still to come."""
    return min((moment for moment in moments if moment is not None and moment > at), default=None)

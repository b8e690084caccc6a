"""What a process keeps of the database for as long as the content version stays the same."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Generic, NamedTuple, TypeVar

from django.db.models import Min

from causes.models import ContentVersion, Edition
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


@dataclass(frozen=True)
class Lasting(Generic[T]):
    """A value of a content version, true from ``since`` on and before ``until`` (None: no end)."""

    value: T
    version: int
    since: datetime
    until: datetime | None

    def is_true(self, at: datetime, version: int) -> bool:
        in_time = self.since <= at and (self.until is None or at < self.until)
        return self.version == version and in_time


class Renewed(Forgetful, Generic[T]):
    """A value that is made again when the version or the moment's editions change.

    One thread makes it, while others wait: at 50,000 pages it takes a second, and a reader would
    wait for all of them if each did so at the same time.
    """

    def __init__(self) -> None:
        super().__init__()
        self._renewing = threading.Lock()
        self._kept: Lasting[T] | None = None

    def value(self, at: datetime, version: int) -> T:
        kept = self._kept
        if kept is None or not kept.is_true(at, version):
            with self._renewing:
                kept = self._kept
                if kept is None or not kept.is_true(at, version):
                    kept = self._kept = self._renew(kept, at, version)
        return kept.value

    def _renew(self, before: Lasting[T] | None, at: datetime, version: int) -> Lasting[T]:
        raise NotImplementedError

    def forget(self) -> None:
        self._kept = None


class Kept(Renewed[T]):
    """The value of ``read(at)``, which also says until when it holds (None: a new version)."""

    def __init__(self, read: Callable[[datetime], tuple[T, datetime | None]]) -> None:
        super().__init__()
        self._read = read

    def _renew(self, before: Lasting[T] | None, at: datetime, version: int) -> Lasting[T]:
        value, until = self._read(at)
        return Lasting(value, version, at, until)


def forget_all() -> None:
    """Read everything again: for tests, whose transactions undo the content version."""
    for kept in _all:
        kept.forget()


def end_of_what_is_live(at: datetime) -> datetime | None:
    """When the live editions change next by themselves, because one begins or ends."""
    begins = Edition.objects.scheduled(at).aggregate(first=Min("live_from"))["first"]
    ends = Edition.objects.filter(live_until__gt=at).aggregate(first=Min("live_until"))["first"]
    return min((moment for moment in (begins, ends) if moment is not None), default=None)

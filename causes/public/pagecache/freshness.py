"""Whether copies are still true: what is known of the content version and of the next schedule.

Every change of the version begins a new *epoch* of this process; a copy from another epoch is
outdated. A number of our own, because a database that was restored may count to the same version
again. ``read() -> State | None`` of SQLite and of PostgreSQL are in modules of their own; None
means that nobody knows, because the database does not answer (in time).
"""

from typing import NamedTuple, Protocol

from django.utils import timezone

from causes.models import ContentVersion, Edition
from causes.public.dates import end_of


def question(now: str, moment: str = "{}") -> str:
    """SQL for the version, and for when the next edition begins and ends; quick at any size.

    ``now`` stands for the present moment, ``moment`` for how one is selected.
    """
    version, edition = ContentVersion._meta.db_table, Edition._meta.db_table
    begins, ends = moment.format("MIN(live_from)"), moment.format("MIN(live_until)")
    return (
        f"SELECT (SELECT number FROM {version}), "  # noqa: S608 - our own names
        f"(SELECT {begins} FROM {edition} WHERE live_from > {now}), "
        f"(SELECT {ends} FROM {edition} WHERE live_until > {now})"
    )


class State(NamedTuple):
    """What holds in ``epoch`` holds until that moment (seconds since 1970) at the latest."""

    epoch: int
    until: float


class Freshness(Protocol):
    epoch: int  # the newest that is known

    def read(self) -> State | None: ...


class Epochs:
    """Turns versions into epochs. ``epoch`` is the newest; a new database begins one, too."""

    def __init__(self) -> None:
        self.epoch = 0
        self._version: int | None = None

    def state(self, version: int | None, moments: list[float | None]) -> State:
        if version != self._version or not self.epoch:
            self.epoch += 1
            self._version = version
        # A page speaks of days: at midnight, a review may have become overdue.
        midnight = end_of(timezone.localdate()).timestamp()
        return State(self.epoch, min([midnight, *(m for m in moments if m is not None)]))

    def begin_anew(self) -> None:
        """Whatever its version: it is another database."""
        self.epoch += 1
        self._version = None

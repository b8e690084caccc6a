"""The moment that the public side shows: now, or one that stands still while a copy is made."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.utils import timezone

_stopped: ContextVar[datetime | None] = ContextVar("stopped", default=None)


def now() -> datetime:
    return _stopped.get() or timezone.now()


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Within the block, every page is as it was at that moment."""
    token = _stopped.set(at)
    try:
        yield
    finally:
        _stopped.reset(token)

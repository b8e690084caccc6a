"""What a process keeps of the database is read by one thread, also where many ask at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from causes.search.kept import Kept

NOW = datetime(2026, 8, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)


def test_who_asks_while_it_is_read_waits_for_that():
    begun, may_end, read = threading.Event(), threading.Event(), []

    def slowly(at):
        read.append(at)
        begun.set()
        assert may_end.wait(10)
        return object(), None

    kept = Kept(slowly)
    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(kept.value, NOW, 1) for _ in range(4)]
        assert begun.wait(10)
        may_end.set()
        assert len({answer.result(10) for answer in answers}) == 1
    assert len(read) == 1


def test_where_reading_fails_the_next_one_reads():
    outcomes = iter([OSError("gone"), "value"])

    def read(at):
        if isinstance(outcome := next(outcomes), OSError):
            raise outcome
        return outcome, None

    kept = Kept(read)
    with pytest.raises(OSError, match="gone"):
        kept.value(NOW, 1)
    assert kept.value(NOW, 1) == "value"


@pytest.mark.parametrize(
    ("at", "version", "is_read_again"),
    [
        (NOW, 1, False),
        (NOW + HOUR, 1, True),  # its end has come
        (NOW - HOUR, 1, True),  # it is not known whether it was true then
        (NOW, 2, True),
    ],
)
def test_it_holds_for_its_version_from_its_moment_to_its_end(at, version, is_read_again):
    read = []
    kept = Kept(lambda at: (read.append(at), NOW + HOUR))
    kept.value(NOW, 1)
    kept.value(at, version)
    assert len(read) == 1 + is_read_again

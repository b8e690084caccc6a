"""Freshness on SQLite: each rule of its module, on files that the test makes."""

import os
import sqlite3
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from causes.models import ContentVersion, Edition
from causes.public.dates import end_of
from causes.public.pagecache import freshness as freshness_module
from causes.public.pagecache import sqlite
from causes.public.pagecache.sqlite import SqliteFreshness

VERSION, EDITION = ContentVersion._meta.db_table, Edition._meta.db_table
TABLES = f"""
CREATE TABLE {VERSION} (id INTEGER PRIMARY KEY, number INTEGER);
CREATE TABLE {EDITION} (live_from TEXT, live_until TEXT);
CREATE TABLE session (key TEXT);
INSERT INTO {VERSION} VALUES (1, 7);
"""  # noqa: S608 - our own names, here and below


class File:
    def __init__(self, path, journal: str = "WAL") -> None:
        self.path = path
        self.connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        self.connection.execute(f"PRAGMA journal_mode={journal}")
        self.connection.executescript(TABLES)

    def publish(self, number: str = "number + 1") -> None:
        self.connection.execute(f"UPDATE {VERSION} SET number = {number}")  # noqa: S608

    def schedule(self, live_from: datetime | None, live_until: datetime | None = None) -> None:
        moments = [m and f"{m:%Y-%m-%d %H:%M:%S.%f}" for m in (live_from, live_until)]
        self.connection.execute(f"INSERT INTO {EDITION} VALUES (?, ?)", moments)  # noqa: S608
        self.publish()


@pytest.fixture
def file(tmp_path):
    made = File(tmp_path / "a.sqlite3")
    yield made
    made.connection.close()


@pytest.fixture(autouse=True)
def each_reading_looks_at_the_file(monkeypatch):
    monkeypatch.setattr(sqlite, "LOOK_AT_FILE", 0.0)


@pytest.fixture
def freshness(file):
    made = SqliteFreshness(lambda: file.path)
    yield made
    made.close()


def test_each_publication_is_seen_at_once_and_begins_a_new_epoch(file, freshness):
    epochs = [freshness.read().epoch]
    for _ in range(50):
        assert freshness.read().epoch == epochs[-1]
        file.publish()
        epochs.append(freshness.read().epoch)
    assert epochs == sorted(set(epochs))
    assert freshness.epoch == epochs[-1]


def test_a_sign_in_or_a_saved_draft_does_not_empty_the_cache(file, freshness):
    before = freshness.read()
    for _ in range(5):
        file.connection.execute("INSERT INTO session VALUES ('x')")
        assert freshness.read() == before


def test_what_is_not_committed_is_not_seen(file, freshness):
    before = freshness.read()
    file.connection.execute("BEGIN IMMEDIATE")
    file.publish()
    assert freshness.read() == before
    file.connection.execute("COMMIT")
    assert freshness.read() != before


def test_a_state_ends_with_the_next_edition_that_begins_or_ends(file, freshness):
    midnight = end_of(timezone.localdate()).timestamp()
    assert freshness.read().until == midnight

    def until(moment):
        return pytest.approx(min(midnight, moment.timestamp()), abs=1e-5)

    now = datetime.now(UTC)
    file.schedule(now - timedelta(hours=1), now + timedelta(hours=3))
    file.schedule(now + timedelta(hours=2))
    assert freshness.read().until == until(now + timedelta(hours=2))
    file.schedule(now - timedelta(days=2), now + timedelta(hours=1))
    assert freshness.read().until == until(now + timedelta(hours=1))


def test_after_a_scheduled_second_the_next_one_counts(file, freshness):
    now = datetime.now(UTC)
    file.schedule(now + timedelta(seconds=0.2))
    file.schedule(now + timedelta(hours=1))
    first = freshness.read()
    assert first.until < time.time() + 1
    time.sleep(max(0, first.until - time.time()))
    midnight = end_of(timezone.localdate()).timestamp()
    assert freshness.read().until > min(midnight, time.time() + 3600) - 600


def test_a_moment_without_a_fraction_of_a_second_is_understood(file, freshness, monkeypatch):
    file.schedule(None)
    monkeypatch.setattr(freshness_module, "end_of", lambda day: datetime(3000, 1, 1, tzinfo=UTC))
    file.connection.execute(f"UPDATE {EDITION} SET live_from = '2999-01-01 00:00:00'")  # noqa: S608
    expected = datetime(2999, 1, 1, tzinfo=UTC).timestamp()
    assert freshness.read().until == expected


def test_a_day_ends_at_midnight_for_every_copy(file, freshness):
    """A page says that its review is overdue from the day after it was due."""
    file.schedule(None)
    assert freshness.read().until == end_of(timezone.localdate()).timestamp()


@pytest.mark.parametrize("number", ["7", "3"])
def test_a_database_that_was_put_in_its_place_begins_a_new_epoch_whatever_its_version(
    file, freshness, tmp_path, number
):
    """A restored backup; its version may be the same although its texts are not."""
    before = freshness.read()
    other = File(tmp_path / "b.sqlite3")
    other.publish(number)
    other.connection.close()
    file.connection.close()
    for end in ("-wal", "-shm"):
        (tmp_path / f"a.sqlite3{end}").unlink(missing_ok=True)
    os.replace(tmp_path / "b.sqlite3", file.path)
    after = freshness.read()
    assert after.epoch > before.epoch
    assert freshness.read() == after


def test_a_version_that_comes_back_is_another_epoch(file, freshness):
    first = freshness.read()
    file.publish("8")
    freshness.read()
    file.publish("7")
    assert freshness.read().epoch not in {first.epoch, first.epoch + 1}


def test_without_the_file_nothing_is_known_and_with_it_everything_again(
    file, freshness, monkeypatch
):
    monkeypatch.setattr(sqlite, "PAUSE", 0.05)
    before = freshness.read()
    assert before is not None
    elsewhere = file.path.with_name("elsewhere")
    os.rename(file.path, elsewhere)
    began = time.monotonic()
    assert [freshness.read() for _ in range(100)] == [None] * 100
    assert time.monotonic() - began < 5
    os.rename(elsewhere, file.path)
    time.sleep(0.1)
    assert freshness.read() == before  # nothing was published: every copy is still true


@pytest.mark.parametrize("content", [b"", b"not a database" * 100])
def test_a_file_that_is_no_database_is_no_answer(tmp_path, content):
    path = tmp_path / "broken.sqlite3"
    path.write_bytes(content)
    freshness = SqliteFreshness(lambda: path)
    assert freshness.read() is None
    assert freshness.read() is None
    assert path.read_bytes() == content


def test_a_database_that_is_locked_whole_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(sqlite, "DEADLINE", 0.1)
    monkeypatch.setattr(sqlite, "PAUSE", 0.1)
    file = File(tmp_path / "locked.sqlite3", journal="DELETE")  # there a writer stops readers
    freshness = SqliteFreshness(lambda: file.path)
    assert freshness.read() is not None
    file.connection.execute("BEGIN EXCLUSIVE")
    file.publish()
    began = time.monotonic()
    assert {freshness.read() for _ in range(1000)} == {None}
    assert time.monotonic() - began < 5
    file.connection.execute("COMMIT")
    file.connection.close()
    time.sleep(0.2)
    assert freshness.read() is not None
    freshness.close()


def test_a_thread_that_hangs_in_the_file_system_is_waited_for_once(file):
    goes_on, hangs = threading.Event(), threading.Event()

    def name():
        if hangs.is_set():
            goes_on.wait(timeout=20)
        return file.path

    freshness = SqliteFreshness(name)
    before = freshness.read()
    hangs.set()
    thread = threading.Thread(target=freshness.read)
    thread.start()
    began = time.monotonic()
    assert {freshness.read() for _ in range(1000)} == {None}
    assert time.monotonic() - began < 5
    hangs.clear()
    goes_on.set()
    thread.join()
    assert freshness.read() == before
    freshness.close()


def test_threads_share_it_and_none_sees_an_old_state(file, freshness):
    wrong, published, stop = [], [0], threading.Event()
    seen_at = {}

    def read() -> None:
        while not stop.is_set():
            before = published[0]
            state = freshness.read()
            if state is None:
                continue
            if state.epoch < seen_at.get(before, 0):
                wrong.append((before, state))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(1, 201):
        file.publish()
        state = None
        while state is None:  # the lock was busy for longer than the deadline
            state = freshness.read()
        seen_at[number] = state.epoch
        published[0] = number
    stop.set()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(set(seen_at.values())) == 200


def test_a_fork_opens_a_connection_of_its_own(file, freshness):
    """And closes none of the parent's, which would give up the parent's locks."""
    before, connection = freshness.read(), freshness._connection
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        ok = False
        try:
            state = freshness.read()
            ok = (
                state is not None
                and state.epoch > before.epoch
                and freshness._connection is not connection
                and connection in sqlite._of_parents
            )
        finally:
            os.write(writer, b"1" if ok else b"0")
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 1) == b"1"
    os.close(reader)
    os.close(writer)
    assert freshness.read() == before
    file.publish()
    assert freshness.read() != before

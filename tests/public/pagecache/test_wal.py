"""The header of the WAL tells of every commit, whoever made it, and costs no descriptor."""

import os
import sqlite3
import subprocess
import sys

import pytest

from causes.models import ContentVersion
from causes.public.pagecache import sqlite
from causes.public.pagecache.sqlite import SqliteFreshness
from causes.public.pagecache.wal import WalHeader
from tests.public.pagecache.test_sqlite import File

VERSION = ContentVersion._meta.db_table
# Commits when told to, and says so when it has.
WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for line in sys.stdin:
    connection.execute(f"UPDATE {sys.argv[2]} SET number = number + 1")
    if line == "checkpoint\\n":
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if line == "come again\\n":
        connection.close()
        connection = sqlite3.connect(sys.argv[1], isolation_level=None)
    print(flush=True)
"""


@pytest.fixture
def file(tmp_path):
    made = File(tmp_path / "a.sqlite3")
    yield made
    made.connection.close()


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """A line for each time that the database itself was asked; the file is looked at once."""
    monkeypatch.setattr(sqlite, "LOOK_AT_FILE", 1000.0)
    lines: list[str] = []
    look = SqliteFreshness._look
    monkeypatch.setattr(SqliteFreshness, "_look", lambda self: lines.append("") or look(self))
    return lines


@pytest.fixture
def freshness(file, asked):
    made = SqliteFreshness(lambda: file.path)
    yield made
    made.close()


def test_every_commit_of_another_process_is_seen_by_the_next_reading(file, freshness, asked):
    command = [sys.executable, "-c", WRITER, str(file.path), VERSION]
    epoch = freshness.read().epoch
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, text=True, bufsize=1, **pipes) as writer:
        for number in range(300):
            does = {50: "checkpoint", 100: "come again"}.get(number % 101, "commit")
            writer.stdin.write(f"{does}\n")
            writer.stdout.readline()
            asked.clear()
            epoch += 1
            assert [freshness.read().epoch for _ in range(3)] == [epoch] * 3
            assert len(asked) <= 2  # a checkpoint alone changes nothing
    assert writer.returncode == 0


def test_while_nothing_is_written_the_database_is_not_asked(freshness, asked):
    first = freshness.read()
    for _ in range(100):
        assert freshness.read() == first
    assert len(asked) == 1


def test_what_is_rolled_back_or_concerns_nobody_begins_no_epoch(file, freshness):
    epoch = freshness.read().epoch
    file.connection.execute("BEGIN IMMEDIATE")
    file.publish()
    assert freshness.read().epoch == epoch
    file.connection.execute("ROLLBACK")
    file.connection.execute("INSERT INTO session VALUES ('a')")
    assert freshness.read().epoch == epoch


def test_a_schedule_ends_what_is_known_without_a_commit(file, freshness, asked, monkeypatch):
    freshness.read()
    until = freshness._known.until
    assert freshness._known.is_true(until - 0.001)
    assert not freshness._known.is_true(until)
    assert not freshness._known.is_true(freshness._known.since - 1)  # a clock that was set back


def test_with_another_journal_the_database_is_asked_each_time(tmp_path, asked):
    file = File(tmp_path / "b.sqlite3", journal="DELETE")
    freshness = SqliteFreshness(lambda: file.path)
    first = freshness.read().epoch
    for number in (1, 2, 3):
        file.publish()
        assert freshness.read().epoch == first + number
        assert len(asked) == 1 + number
    freshness.close()
    file.connection.close()


def test_opening_a_file_again_costs_no_descriptor(file):
    with sqlite3.connect(file.path) as connection:
        connection.execute("SELECT 1 FROM session").fetchall()
        first = WalHeader(str(file.path))
        before = len(os.listdir("/proc/self/fd"))
        headers = [WalHeader(str(file.path)) for _ in range(20)]
        assert len(os.listdir("/proc/self/fd")) == before
        assert {header.read() for header in headers} == {first.read()}
    connection.close()


def test_where_there_is_no_index_nothing_can_be_read(tmp_path):
    with pytest.raises(OSError, match="nothing"):
        WalHeader(str(tmp_path / "nothing"))

"""A process that met a read-only disk finds it out, and asks its server for new processes."""

import os
import signal
import sqlite3
import threading
from contextlib import closing

import pytest
from django.db import connection

from causes.monitoring import remounted


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "causes.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE t (n)")
    return path


class Enough(Exception):
    pass


def watched(monkeypatch, file, seen, *, stuck):
    """The signals that are sent while the disk takes writes or not, as ``seen`` says.

    ``stuck`` is what the process finds at each look while it doubts.
    """
    sent, looks, found = [], iter(seen), iter(stuck)

    def looks_at(_file):
        try:
            return next(looks)
        except StopIteration:
            raise Enough from None

    monkeypatch.setattr(remounted, "PAUSE", 0)
    monkeypatch.setattr(remounted, "UNTIL_REPLACED", 0)
    monkeypatch.setattr(remounted, "takes_writes", looks_at)
    monkeypatch.setattr(remounted, "is_stuck", lambda _file: next(found))
    monkeypatch.setattr(os, "kill", lambda pid, number: sent.append((pid, number)))
    with pytest.raises(Enough):
        remounted.watch(file)
    return sent


def test_the_server_is_asked_when_the_disk_takes_writes_again(monkeypatch, file):
    seen = [True, False, False, True]
    sent = watched(monkeypatch, file, seen, stuck=[True])
    assert sent == [(os.getppid(), signal.SIGHUP)]


def test_a_site_that_began_on_a_read_only_disk_is_noticed(monkeypatch, file):
    assert len(watched(monkeypatch, file, [False, True], stuck=[True])) == 1


def test_who_can_write_again_by_itself_asks_for_nothing(monkeypatch, file):
    assert watched(monkeypatch, file, [True, False, True], stuck=[False]) == []


def test_a_look_that_found_the_file_busy_is_not_the_last(monkeypatch, file):
    seen = [False, True, True, True]
    assert len(watched(monkeypatch, file, seen, stuck=[False, False, True])) == 1


def test_a_process_that_was_not_replaced_asks_once_more(monkeypatch, file):
    assert len(watched(monkeypatch, file, [False, True, True], stuck=[True, True])) == 2


def test_a_disk_that_has_long_taken_writes_is_not_doubted(monkeypatch, file):
    monkeypatch.setattr(remounted, "IN_DOUBT", 0)
    assert watched(monkeypatch, file, [False, True, True], stuck=[]) == []


def test_only_a_file_is_watched(monkeypatch):
    watched = []
    monkeypatch.setattr(remounted, "watch", watched.append)
    remounted.begin()
    for thread in threading.enumerate():
        if thread.name == "disk":
            thread.join()
    assert bool(watched) == (connection.vendor == "sqlite")


def test_a_file_that_takes_writes_is_not_stuck(file):
    assert remounted.takes_writes(file)
    assert not remounted.is_stuck(file)


def test_a_file_that_others_write_to_is_not_stuck(monkeypatch, file):
    monkeypatch.setattr(remounted, "PAUSE", 0)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert not remounted.is_stuck(file)


def test_a_place_that_is_not_there_takes_no_writes(tmp_path):
    assert not remounted.takes_writes(tmp_path / "nowhere" / "causes.sqlite3")


def test_a_process_that_sqlite_lets_only_read_is_stuck(monkeypatch, file):
    """As where the first of its connections found the disk read-only."""
    connect = sqlite3.connect

    def read_only(path, **options):
        return connect(f"file:{path}?mode=ro", uri=True, **options)

    monkeypatch.setattr(sqlite3, "connect", read_only)
    assert remounted.is_stuck(file)

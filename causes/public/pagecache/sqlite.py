"""Freshness on SQLite: asked before each answer, because asking costs a microsecond.

The header of the WAL says whether *anything* was written (`wal`). Without it, or if it has changed,
`PRAGMA data_version` says whether that was so since this connection looked last; only then is the
content version read. Each rule below was broken once: the connection is in
autocommit, every cursor is fetched to its end (an open read hides changes), the value is kept
beside the connection it came from, the file is opened again when its inode changes, and nothing
crosses a fork.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from causes.public.pagecache.freshness import Epochs, State, question
from causes.public.pagecache.wal import WalHeader

DEADLINE = 1.0  # seconds, which a busy machine may need; none is waited for twice
PAUSE = 0.5  # seconds until one that did not answer is asked again
LOOK_AT_FILE = 0.2  # seconds between two looks whether another file bears the name
SQL = question(now=":now")

_of_parents: list[sqlite3.Connection] = []  # kept open: SQLite forbids even closing them here


class SqliteFreshness:
    def __init__(self, name: Callable[[], str | Path]) -> None:
        self._name = name
        self._epochs = Epochs()
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._cursor: sqlite3.Cursor | None = None
        self._looked = float("-inf")
        self._inode: tuple[int, int] | None = None
        self._data_version: int | None = None
        self._state: State | None = None
        self._not_before = 0.0
        self._hangs = False  # a thread is in the file system, and does not come back
        self._wal: WalHeader | None = None
        self._known: _Known | None = None

    @property
    def epoch(self) -> int:
        return self._epochs.epoch

    def read(self) -> State | None:
        if self._pid != os.getpid():
            self._leave_to_the_parent()
        known = self._known
        if known is not None and known.is_true(time.time()):
            return known.state
        free = self._lock.acquire(blocking=False)
        if not free and not self._lock.acquire(timeout=0 if self._hangs else DEADLINE):
            self._hangs = True
            return None
        try:
            if self._not_before and time.monotonic() < self._not_before:
                return None
            return self._look()
        except (sqlite3.Error, OSError, ValueError):
            self._forget()
            self._not_before = time.monotonic() + PAUSE
            return None
        finally:
            self._hangs = False
            self._lock.release()

    def close(self) -> None:
        with self._lock:
            self._forget()

    def _look(self) -> State:
        cursor = self._opened()
        header = self._wal.read() if self._wal else b""  # what is written later differs from it
        [(data_version,)] = cursor.execute("PRAGMA data_version").fetchall()
        now = time.time()
        if data_version != self._data_version or self._state is None or now >= self._state.until:
            # What is written between the two shows as another data version next time.
            moment = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
            [(version, *moments)] = cursor.execute(SQL, {"now": moment}).fetchall()
            self._state = self._epochs.state(version, [_seconds(text) for text in moments])
            self._data_version = data_version
        if self._wal:
            until = min(self._state.until, now + LOOK_AT_FILE)
            self._known = _Known(self._wal, header, self._state, now, until)
        return self._state

    def _opened(self) -> sqlite3.Cursor:
        """Of the connection to the file that bears the name now."""
        now = time.monotonic()
        if self._cursor is not None and now - self._looked < LOOK_AT_FILE:
            return self._cursor
        name = self._name()
        inode = _inode(name)
        self._looked = now
        if self._cursor is None or inode != self._inode:
            self._forget()
            address = f"{Path(name).absolute().as_uri()}?mode=ro"
            self._connection = sqlite3.connect(
                address, uri=True, timeout=DEADLINE, isolation_level=None, check_same_thread=False
            )
            self._cursor = self._connection.cursor()
            self._wal = _wal_header(self._cursor, str(name))
            if inode != self._inode:
                self._epochs.begin_anew()
            # Of before it was opened: if the file was replaced since, it is opened once more.
            self._inode = inode
        return self._cursor

    def _forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = self._cursor = self._data_version = self._state = None
        self._wal = self._known = None

    def _leave_to_the_parent(self) -> None:
        if self._connection is not None:
            _of_parents.append(self._connection)
        self._begin()
        self._epochs.begin_anew()


@dataclass(frozen=True)
class _Known:
    """A state, and how long it needs no question: while the header is this, between two moments."""

    wal: WalHeader
    header: bytes
    state: State
    since: float
    until: float

    def is_true(self, now: float) -> bool:
        return self.since <= now < self.until and self.wal.read() == self.header


def _wal_header(cursor: sqlite3.Cursor, name: str) -> WalHeader | None:
    """None where it would say nothing. The question before it opens the file "-shm"."""
    [(journal,)] = cursor.execute("PRAGMA journal_mode").fetchall()
    cursor.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    try:
        return WalHeader(name) if journal == "wal" else None
    except (OSError, ValueError):
        return None


def _inode(name: str | Path) -> tuple[int, int]:
    found = os.stat(name)
    return found.st_dev, found.st_ino


def _seconds(text: str | None) -> float | None:
    """A moment as Django writes it into SQLite: UTC, without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() if text else None

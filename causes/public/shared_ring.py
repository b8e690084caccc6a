"""Texts in memory that the processes of a server share: each once, the oldest overwritten first.

The first process makes the memory; those that begin as its copies have the same (`config.server`).
A process finds in it only what it has put there itself, or compared byte by byte with what it
would have put: nothing is believed of what another one wrote.
"""

import fcntl
import os
import sys
import tempfile
import threading
import weakref
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from mmap import mmap
from time import monotonic, sleep

A_TEXT = 1024  # bytes at the least: the list of what lies where has as many entries
A_NUMBER = 8  # bytes: they are read and written at once, which needs no lock
PATIENCE = 0.02  # seconds, for another process that writes


class Ring:
    """``room`` bytes. Places are counted on and on, round after round: one names a text for ever,
    and not what lies there later. Half a microsecond is all that an answer may spend here.

    Whoever still needs a text of the oldest quarter should put it again. No text is larger than
    that: what is read from the rest cannot be overwritten by one that is being written.
    """

    def __init__(self, room: int) -> None:
        self.room, self.quarter = room, room // 4
        entries = max(room // A_TEXT, 1)
        self._texts = A_NUMBER * (1 + entries)  # where they begin
        self.memory = mmap(-1, self._texts + room)
        numbers = memoryview(self.memory)[: self._texts].cast("Q")
        # One number: what lies before this place is overwritten. Then, for each remainder of a
        # checksum, where the last text that has it lies.
        self.lost, self._places = numbers[:1], numbers[1:]
        self._turn = _Turn()

    @property
    def head(self) -> int:
        """Where the next text may begin. The first comes after a whole round, so that the places
        that were never written are old."""
        return self.lost[0] + self.room

    def takes(self, size: int) -> bool:
        return size <= self.quarter

    def has_untouched(self, size: int) -> bool:
        """Whether so much may be put without that anything is overwritten."""
        return self.lost[0] + size <= self.room

    def put(self, text: bytes) -> int | None:
        """Where it lies from now on: None if it is larger than a quarter of the room, or if another
        process stands still while it writes."""
        if not self.takes(len(text)):
            return None
        entry = zlib.crc32(text) % len(self._places)
        with self._turn.ours() as is_ours:
            if not is_ours:
                return None
            begin = self._places[entry]
            if self.is_old(begin) or self.read(begin, begin + len(text)) != text:
                begin = self._places[entry] = self._append(text)
            return begin

    def is_old(self, begin: int) -> bool:
        """What lies there is soon overwritten, if it is not yet."""
        return begin < self.lost[0] + self.quarter

    def read(self, begin: int, end: int) -> bytes | None:
        """What was put there, or None if it is overwritten."""
        start = self.start(begin)
        found = self.memory[start : start + end - begin]
        return found if begin >= self.lost[0] else None

    def start(self, begin: int) -> int:
        """Where in the memory a place is."""
        return self._texts + begin % self.room

    def _append(self, text: bytes) -> int:
        begin = self.head
        if begin % self.room + len(text) > self.room:
            begin += self.room - begin % self.room  # it must lie in one piece
        # First: who meanwhile reads what is overwritten must find out.
        self.lost[0] = begin + len(text) - self.room
        start = self.start(begin)
        self.memory[start : start + len(text)] = text
        return begin


class Text:
    """Bytes that are this process's own until they settle in a ring."""

    __slots__ = ("_length", "_own", "_place")

    def __init__(self, text: bytes) -> None:
        self._own: bytes | None = text
        self._length = len(text)
        self._place: tuple[Ring, mmap, memoryview, int, int] | None = None

    def settle(self, ring: Ring) -> bool:
        """Lie in the ring, and where it is not soon overwritten. False if it is lost, or if it is
        in no ring and there is no putting it there now."""
        place = self._place
        if place is not None:
            found, _, lost, begin, _ = place
            if found is ring and begin >= lost[0] + ring.quarter:
                return True
        text = self.read()
        begin = None if text is None else ring.put(text)
        if begin is not None:
            self._place = ring, ring.memory, ring.lost, begin, ring.start(begin)
            self._own = None
        return begin is not None or (text is not None and place is not None)

    def read(self, first: int = 0, last: int | None = None) -> bytes | None:
        """The text or a part of it; None if it is overwritten."""
        own = self._own
        if own is not None:
            return own[first:last]
        _, memory, lost, begin, start = self._place
        found = memory[start + first : start + (self._length if last is None else last)]
        return found if begin >= lost[0] else None


class _Turn:
    """A lock of threads and processes. The system takes it back from a process that ends."""

    def __init__(self) -> None:
        self._threads = threading.Lock()
        self._file = _empty_file()
        weakref.finalize(self, os.close, self._file)

    @contextmanager
    def ours(self) -> Iterator[bool]:
        """Whether it is, after some patience."""
        with self._threads:
            is_ours = self._take()
            try:
                yield is_ours
            finally:
                if is_ours:
                    fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _take(self) -> bool:
        end = monotonic() + PATIENCE
        while True:
            try:
                fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):  # POSIX allows either
                if monotonic() > end:
                    return False
                sleep(0.0005)
            else:
                return True


def _empty_file() -> int:
    if sys.platform == "linux":
        return os.memfd_create("turn")  # it needs no disk
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())

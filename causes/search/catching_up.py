"""Keeps the index at what is live, by comparing states; never by replaying what happened.

Publishing, withdrawing, a schedule whose second has come, a restored backup, a new server: all
are one path. A process looks at most once a second, in the request that needs it. Few changes
are written there, many in a thread, while readers get the present state (or, before the first
build, the fallback). What cannot be read is wiped and built anew.
"""

import logging
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from django.db import connection

from causes.search.index import Files, IndexBroken, Searchers, WriterBusy, directory, wipe
from causes.search.kept import content_version
from causes.search.live import KnownTag, Live, known_tags, live_editions
from causes.search.spelling import Vocabulary

logger = logging.getLogger(__name__)

SHORTEST_PAUSE = 1.0  # seconds between two looks at the database
LONGEST_TRUST = 60.0  # seconds after which all is compared even if nothing seems to have changed
PAUSE_AFTER_FAILURE = 5.0
FEW_PAGES = 20  # are written in the request that finds them
MANY_PAGES = 500  # deserve more memory for writing


@dataclass
class Reading:
    """What searches read until the next look: both indexes, and what goes with them.

    ``version`` is the content version that they are known to hold; None if they are behind.
    From ``until`` on they are, because of a schedule.
    """

    searchers: Searchers
    version: int | None
    tags: dict[int, KnownTag]
    until: datetime | None = None

    def version_at(self, at: datetime) -> int | None:
        return self.version if self.until is None or at < self.until else None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.searchers)


@dataclass
class Process:
    """What this process knows. Its threads share it; a fork begins anew."""

    pid: int = field(default_factory=os.getpid)
    looking: threading.Lock = field(default_factory=threading.Lock)
    writing: threading.Lock = field(default_factory=threading.Lock)
    looked: float = float("-inf")
    compared: float = float("-inf")
    not_before: float = float("-inf")
    files: Files | None = None
    commits: tuple[int, ...] = ()
    live: Live | None = None
    reading: Reading | None = None
    broke: int = 0
    trouble: str = ""


_process = Process()
_complained = float("-inf")


def reading(at: datetime) -> Reading | None:
    """The index, caught up unless this process looked less than a second ago.

    None while there is none to read: the first build is under way, or the files are broken.
    """
    here = _this_process()
    now = time.monotonic()
    due = now - here.looked >= SHORTEST_PAUSE and now >= here.not_before
    if due and here.looking.acquire(blocking=False):
        try:
            here.looked = now
            _look(here, at, now)
        except IndexBroken as error:
            _start_over(here, error)
        finally:
            here.looking.release()
    return here.reading


def broken(error: IndexBroken) -> None:
    """A search could not read the index: wipe it. The next look builds it anew."""
    here = _this_process()
    with here.looking:
        _start_over(here, error)


def trouble() -> str:
    """What went wrong last in this process, unless it has been put right."""
    return _this_process().trouble


def forget() -> None:
    """Know nothing, as a new process does."""
    global _process
    _process = Process()


def _this_process() -> Process:
    if _process.pid != os.getpid():
        forget()
    return _process


def _look(here: Process, at: datetime, now: float) -> None:
    if here.files is None or _is_gone(here.files):
        here.files, here.reading, here.live = Files(directory()), None, None
    version = content_version()
    if here.live is None or now - here.compared >= LONGEST_TRUST:
        here.live, here.compared, here.commits = live_editions(at, version), now, ()
    elif not here.live.holds(at, version):
        here.live, here.commits = live_editions(at, version, here.live), ()
    is_current = here.reading is not None and here.reading.version == version
    if not is_current or here.commits != here.files.commits():
        _catch_up(here, here.files, here.live)


def _is_gone(files: Files) -> bool:
    """Whether the directory is no longer the one that was opened."""
    try:
        return files.path.stat().st_ino != files.inode
    except OSError:
        return True


def _catch_up(here: Process, files: Files, live: Live) -> None:
    """Compare, write what differs, read the outcome."""
    here.commits = files.commits()
    searchers = files.searchers()
    held = searchers.states()
    if differing := live.differing(held):
        # Within a transaction another thread would not see what is live.
        if len(differing) > FEW_PAGES and not connection.in_atomic_block:
            threading.Thread(target=_write_apart, args=(here, files, live), daemon=True).start()
        elif _write(here, files, live, patient=False):
            here.commits = files.commits()
            searchers = files.searchers()
            held = searchers.states()
            differing = live.differing(held)
    if live.editions and not held:
        here.reading = None  # nothing is built yet
    else:
        version = None if differing else live.version
        here.reading = Reading(searchers, version, known_tags(), live.next_change)


def _write_apart(here: Process, files: Files, live: Live) -> None:
    try:
        _write(here, files, live, patient=True)
    finally:
        connection.close()


def _write(here: Process, files: Files, live: Live, *, patient: bool) -> bool:
    """Bring the index to what is live. Whether this process did; another may be at it."""
    if not here.writing.acquire(blocking=False):
        return False
    try:
        write_differences(files, live, patient=patient)
    except WriterBusy:
        return False
    except IndexBroken as error:
        here.not_before = time.monotonic() + PAUSE_AFTER_FAILURE
        _complain(here, error)
        # A full disk is no reason to lose what can still be read.
        if _disk_takes_a_megabyte(files):
            _wipe(files)
        return False
    else:
        here.broke, here.trouble = 0, ""
        return True
    finally:
        here.writing.release()


def write_differences(files: Files, live: Live, *, patient: bool = True) -> int:
    """How many pages differed. Raises WriterBusy, IndexBroken."""
    large = len(live.editions) > MANY_PAGES
    with files.writing(large=large, patient=patient) as writing:
        # Compared again, now that nobody else can write.
        held = files.searchers().states()
        differing = live.differing(held)
        if differing:
            writing.replace(differing, live.entries(differing))
            writing.commit()
        return len(differing)


# --- What goes wrong -------------------------------------------------------------------------


def _start_over(here: Process, error: IndexBroken) -> None:
    _complain(here, error)
    _wipe(here.files)
    here.files, here.reading, here.live = None, None, None
    here.broke += 1
    if here.broke > 1:  # where wiping did not help, searches would do nothing else
        here.not_before = time.monotonic() + PAUSE_AFTER_FAILURE


def _wipe(files: Files | None) -> None:
    """Without ``files`` they could not even be opened."""
    with suppress(IndexBroken):
        if files is None:
            wipe(directory())
        else:
            wipe(files.path, files.inode)


def _disk_takes_a_megabyte(files: Files) -> bool:
    """Whether it is not the disk that is at fault."""
    probe = files.path / f"probe-{os.getpid()}"
    try:
        probe.write_bytes(bytes(1_000_000))
    except OSError:
        return False
    finally:
        with suppress(OSError):
            probe.unlink()
    return True


def _complain(here: Process, error: IndexBroken) -> None:
    """At most once a minute: a broken disk must not fill the log as well."""
    global _complained
    here.trouble = str(error)
    if time.monotonic() - _complained >= LONGEST_TRUST:
        _complained = time.monotonic()
        logger.warning("The search index cannot be used, so it is built anew: %s", error)

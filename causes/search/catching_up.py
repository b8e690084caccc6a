"""Keeps the index at what is live, by comparing states; never by replaying what happened.

Publishing, withdrawing, a schedule whose second has come, a restored backup, a new server: all
are one path. In a server a thread looks (`following`), and no reader waits; elsewhere a process
looks at most once a second, where it searches. Few changes are written at once, many in a
thread, while readers get the present state (or, before the first build, the fallback). What
cannot be read is wiped and built anew.
"""

import logging
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from itertools import count

from django.db import connection

from causes.search.index import Files, IndexBroken, Searchers, WriterBusy, directory, wipe
from causes.search.kept import content_versions
from causes.search.live import KnownTag, Live, differing, known_tags, live_editions
from causes.search.spelling import Vocabulary
from causes.search.writing import MANY_PAGES, Held, write_differences

logger = logging.getLogger(__name__)

SHORTEST_PAUSE = 1.0  # seconds between two looks at the database
LONGEST_TRUST = 300.0  # seconds after which all is compared even if nothing seems to have changed
LONGEST_OPENING = 2.0
FOLLOWER_LATE = 10.0  # seconds after which a search looks itself, in a process that is followed
PAUSE_AFTER_FAILURE = 5.0
PAUSE_BETWEEN_COMPLAINTS = 60.0
FEW_PAGES = 20  # are written in the look that finds them


@dataclass
class Reading:
    """What searches read until the next look: both indexes, and what goes with them.

    ``version`` is the content version that they are known to hold; None if they are behind.
    From ``until`` on they are, because of a schedule. ``number`` is another one for each.
    """

    held: Held
    version: int | None
    tags: dict[int, KnownTag]
    until: datetime | None = None
    number: int = field(default_factory=count(1).__next__)

    @property
    def searchers(self) -> Searchers:
        return self.held.searchers

    def version_at(self, at: datetime) -> int | None:
        return self.version if self.until is None or at < self.until else None

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.searchers)

    def learn_from(self, before: "Reading", live: Live) -> None:
        """Have its vocabulary, and the words of what changed: to read all takes a second."""
        changed = differing(self.held.states, before.held.states)
        if "vocabulary" in vars(before) and len(changed) <= MANY_PAGES:
            self.vocabulary = before.vocabulary.with_words_of(live.entries(changed), self.searchers)


@dataclass
class Process:
    """What this process knows. Its threads share it; a fork begins anew."""

    pid: int = field(default_factory=os.getpid)
    looking: threading.Lock = field(default_factory=threading.Lock)
    writing: threading.Lock = field(default_factory=threading.Lock)
    followed: bool = False
    opened: threading.Event = field(default_factory=threading.Event)
    looked: float = float("-inf")
    compared: float = float("-inf")
    not_before: float = float("-inf")
    files: Files | None = None
    held: Held | None = None
    live: Live | None = None
    reading: Reading | None = None
    broke: int = 0
    trouble: str = ""


_process = Process()
_complained = float("-inf")


def reading(at: datetime) -> Reading | None:
    """The index, caught up unless this process looked less than a second ago, or is followed.

    None while there is none to read: the first build is under way, or the files are broken.
    """
    here = _this_process()
    pause = FOLLOWER_LATE if here.followed else SHORTEST_PAUSE
    if time.monotonic() - here.looked >= pause:
        look(at)
    if here.followed:
        here.opened.wait(LONGEST_OPENING)  # in the first moment of a server
    return here.reading


def current(at: datetime, version: int) -> int | None:
    """The number of what is read now, in this process, if it holds that content version.

    With the same number the same question has the same answer, but for what is no longer live.
    """
    index = reading(at)
    return index.number if index is not None and index.version_at(at) == version else None


def look(at: datetime) -> Reading | None:
    """Catch up, unless another thread is at it or it has just failed. What there is to read."""
    here = _this_process()
    now = time.monotonic()
    if now >= here.not_before and here.looking.acquire(blocking=False):
        try:
            here.looked = now
            _look(here, at, now)
        except IndexBroken as error:
            _start_over(here, error)
        finally:
            here.opened.set()
            here.looking.release()
    return here.reading


def leave_to_follower() -> None:
    """From now on searches in this process do not look: another thread does, all the time."""
    _this_process().followed = True


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
        here.files, here.held, here.reading, here.live = Files(directory()), None, None, None
        # Searched as it is while all is read; what is no longer live is left out of every answer.
        if (held := _held(here, here.files)).states:
            here.reading = Reading(held, None, known_tags())
    here.opened.set()
    versions, before = content_versions(), here.live
    if before is None or now - here.compared >= LONGEST_TRUST:
        here.live, here.compared, here.held = live_editions(at, versions), now, None
    elif not before.holds(at, versions):
        here.live = live_editions(at, versions, before)
    is_current = here.reading is not None and here.reading.version == versions.number
    is_read = here.held is not None and here.held.commits == here.files.commits()
    if here.live is not before or not is_current or not is_read:
        _catch_up(here, here.files, here.live)


def _is_gone(files: Files) -> bool:
    """Whether the directory is no longer the one that was opened."""
    try:
        return files.path.stat().st_ino != files.inode
    except OSError:
        return True


def _catch_up(here: Process, files: Files, live: Live) -> None:
    """Compare, write what differs, read the outcome."""
    held = _held(here, files)
    if behind := live.differing(held.states):
        # Within a transaction another thread would not see what is live.
        if len(behind) > FEW_PAGES and not connection.in_atomic_block:
            threading.Thread(target=_write_apart, args=(here, files, live), daemon=True).start()
        elif _write(here, files, live, patient=False):
            held = _held(here, files)
            behind = live.differing(held.states)
    if not behind:
        held = here.held = replace(held, states=live.states)  # the same: kept once
    if live.pages and not held.states:
        here.reading = None  # nothing is built yet
    else:
        version = None if behind else live.versions.number
        new = Reading(held, version, known_tags(), live.next_change)
        if here.reading is not None:
            new.learn_from(here.reading, live)
        here.reading = new


def _held(here: Process, files: Files) -> Held:
    """Read again only after a commit."""
    commits = files.commits()
    if here.held is None or here.held.commits != commits:
        searchers = files.searchers()
        here.held = Held(commits, searchers, searchers.states())
    return here.held


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
        _, here.held = write_differences(files, live, here.held, patient=patient)
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


# --- What goes wrong -------------------------------------------------------------------------


def _start_over(here: Process, error: IndexBroken) -> None:
    _complain(here, error)
    _wipe(here.files)
    here.files, here.held, here.reading, here.live = None, None, None, None
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
    if time.monotonic() - _complained >= PAUSE_BETWEEN_COMPLAINTS:
        _complained = time.monotonic()
        logger.warning("The search index cannot be used, so it is built anew: %s", error)

"""The numbers of all server processes of this machine, as if they were one.

Each process writes its own into `DATA_DIR/metrics/`, at most once a second and only when they
changed. A lock on a file beside them says that it lives; what the dead left is added up in one
file, so that no total ever falls and no file is left for good.
"""

import fcntl
import json
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.conf import settings

from causes.monitoring.counts import CLASSES, counts
from causes.public import csp_reports
from causes.public.pagecache import counters

ENDED = "ended.json"
LOCK = "lock"
NOW = ("entries", "bytes")  # what a process holds now: it is gone with it


@dataclass(frozen=True)
class Numbers:
    """``counts``: totals by name, and the sums of `NOW`. ``processes``: how many are alive."""

    counts: dict[str, float]
    processes: int


def own() -> dict[str, float]:
    """Those of this process."""
    found: dict[str, float] = {name: float(value) for name, value in counters().items()}
    for source, numbers in (("cached", counts.cached), ("rendered", counts.rendered)):
        found |= {f"{source} {c}": n for c, n in zip(CLASSES, numbers, strict=True)}
    found |= {f"bucket {place}": n for place, n in enumerate(counts.buckets)}
    found["seconds"] = counts.seconds
    found |= {f"csp {name}": number for name, number in csp_reports.counts.items()}
    return found


def folder() -> Path:
    return Path(settings.DATA_DIR) / "metrics"


class Reporting:
    """Writes this process's numbers. One for each process; the lock is held until it ends."""

    def __init__(self) -> None:
        place = folder()
        place.mkdir(parents=True, exist_ok=True)
        self._file = place / f"{os.getpid()}.json"
        with _alone():
            _bury_the_dead()
            self._alive = self._file.with_suffix(".alive").open("w")
            fcntl.flock(self._alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._written: dict[str, float] | None = None

    def close(self) -> None:
        """As the end of the process does: from now on, its numbers are those of a dead one."""
        self._alive.close()

    def write(self) -> None:
        """Raises OSError."""
        numbers = own()
        if numbers == self._written:
            return
        fresh = self._file.with_suffix(".new")
        fresh.write_text(json.dumps(numbers))
        fresh.replace(self._file)
        self._written = numbers


def merged() -> Numbers:
    """Of the living and the dead. Nothing where no server has ever run here."""
    totals: Counter[str] = Counter()
    if not folder().is_dir():
        return Numbers({}, 0)
    try:
        with _alone():
            _bury_the_dead()
            totals.update(_read(folder() / ENDED))
            living = [path.with_suffix(".json") for path in folder().glob("*.alive")]
            for path in living:
                totals.update(_read(path))
    except OSError:  # a full or read-only disk is no reason to say nothing else
        return Numbers(dict(totals), 0)
    return Numbers(dict(totals), len(living))


def _bury_the_dead() -> None:
    """Only one process at a time does."""
    for mark in folder().glob("*.alive"):
        with mark.open("a") as file:
            if not _takes_lock(file):
                continue
            left = mark.with_suffix(".json")
            kept = Counter(_read(folder() / ENDED))
            kept.update({n: value for n, value in _read(left).items() if n not in NOW})
            fresh = folder() / f"{ENDED}.new"
            fresh.write_text(json.dumps(dict(kept)))
            fresh.replace(folder() / ENDED)
            left.unlink(missing_ok=True)
            mark.unlink()


def _takes_lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def _alone() -> Iterator[None]:
    with (folder() / LOCK).open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read(path: Path) -> dict[str, float]:
    with suppress(OSError, ValueError, AttributeError, TypeError):
        return {str(name): float(value) for name, value in json.loads(path.read_text()).items()}
    return {}

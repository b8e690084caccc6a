"""The named probes of the site's health: a state, and a sentence that says what to do.

One list for `manage.py health`, `/readyz` and the metrics. Each answers in time, whatever the
database does: what needs it is asked in another thread, with a deadline.
"""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.conf import settings
from django.db import Error
from django.utils import timezone

from causes import backups
from causes.monitoring import verified
from causes.monitoring.deadline import Question
from causes.monitoring.figures import Figures, figures, missing_migrations, waited
from causes.monitoring.processes import Numbers, merged

PATIENCE = 1.8  # seconds for all of it
PATIENCE_IF_READY = 1.0  # seconds of these, for the database and its migrations
FREE_BYTES, FREE_BYTES_AT_LEAST = 500_000_000, 50_000_000
LONGEST_WAIT = timedelta(days=7)  # of a page for its review
VERIFIED_EVERY = timedelta(days=8)


class State(StrEnum):
    """From good to bad, so that the worst is the last."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


ORDER = list(State)


@dataclass(frozen=True)
class Probe:
    name: str
    state: State
    text: str


def worst(probes: Iterable[Probe]) -> State:
    return max((probe.state for probe in probes), key=ORDER.index, default=State.OK)


def readiness(patience: float = PATIENCE_IF_READY) -> list[Probe]:
    """What no request can do without: the database and its migrations."""
    try:
        missing = _migrations.answer(patience)
    except TimeoutError:
        return [_unreachable(f"no answer within {patience:.1f} s")]
    except (Error, OSError) as error:
        return [_unreachable(_first_line(error))]
    return [Probe("database", State.OK, "The database answers."), _migrations_probe(missing)]


def report(connecting: float = 0.0) -> list[Probe]:
    """All of them, whatever fails, within ``PATIENCE`` seconds, and ``connecting`` more."""
    end = time.monotonic() + PATIENCE + connecting
    probes = readiness(PATIENCE_IF_READY + connecting)
    if worst(probes) is State.OK:
        counted = counted_figures(end - time.monotonic())
        if counted is None:
            text = "The site's state could not be counted in time. Ask again on a quiet machine."
            probes.append(Probe("figures", State.WARN, text))
        else:
            probes += [probe(counted) for probe in COUNTED]
    return [*probes, *(probe() for probe in OF_THIS_MACHINE)]


def counted_figures(patience: float) -> Figures | None:
    """None where the database did not tell them in time, or told of an error."""
    try:
        return _figures.answer(max(patience, 0))
    except (TimeoutError, Error, OSError):
        return None


_migrations = Question(missing_migrations, memory=1.0)
_figures = Question(figures)


def _unreachable(reason: str) -> Probe:
    text = (
        f"The database does not answer ({reason}). Readers get pages seen before; nobody can "
        "save. Look whether it runs, and at its log."
    )
    return Probe("database", State.FAIL, text)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


def _migrations_probe(missing: list[str]) -> Probe:
    if not missing:
        return Probe("migrations", State.OK, "All migrations are applied.")
    text = f"Not applied: {_named(missing)}. Run `manage.py migrate`."
    return Probe("migrations", State.FAIL, text)


def _named(names: list[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


# --- What the database tells -----------------------------------------------------------------


def _search(counted: Figures) -> Probe:
    index = counted.search
    if index.trouble:
        text = f"The index cannot be used ({index.trouble}). Run `manage.py rebuild_search`."
        return Probe("search", State.WARN, text)
    if counted.live and not index.pages:
        text = "There is no index yet: the next search makes it, or `manage.py rebuild_search`."
        return Probe("search", State.WARN, text)
    behind = f"{index.behind} behind: the next search brings them in" if index.behind else "current"
    return Probe("search", State.OK, f"{index.pages} pages are in the index, {behind}.")


def _tags(counted: Figures) -> Probe:
    if count := counted.tags_without_facet:
        text = f"{_pages(count, 'tag')} without a facet: readers cannot narrow by them."
        return Probe("tags", State.WARN, text)
    return Probe("tags", State.OK, "Every tag has its facet.")


def _alone(counted: Figures) -> Probe:
    count = counted.published_alone
    text = f"{_pages(count)} on the site went live by one person alone."
    if count and counted.needs_second_person:
        return Probe("one person", State.WARN, f"{text} Have a second person publish them again.")
    return Probe("one person", State.OK, text)


def _overdue(counted: Figures) -> Probe:
    if count := counted.overdue:
        text = f"{_pages(count)} overdue for review. The desk at /admin/ lists them."
        return Probe("overdue reviews", State.WARN, text)
    return Probe("overdue reviews", State.OK, "No review is overdue.")


def _waiting(counted: Figures) -> Probe:
    waits = waited(counted.waiting_since)
    text = f"{_pages(counted.waiting)} waiting for review"
    if waits > LONGEST_WAIT:
        text += f", the longest for {waits.days} days. Ask its reviewers."
        return Probe("reviews", State.WARN, text)
    return Probe("reviews", State.OK, f"{text}.")


def _reminders(counted: Figures) -> Probe:
    if count := counted.unsent_reminders:
        text = f"No reminder was sent for {_pages(count)}. Run `manage.py send_reminders` daily."
        return Probe("reminders", State.WARN, text)
    return Probe("reminders", State.OK, "Every reminder that was due is sent.")


def _errors(counted: Figures) -> Probe:
    if count := counted.with_errors:
        text = f"{_pages(count)} with errors in the newest version. See `manage.py check_content`."
        return Probe("content", State.WARN, text)
    return Probe("content", State.OK, "No page's newest version has an error.")


def _pages(count: int, noun: str = "page") -> str:
    return f"1 {noun}" if count == 1 else f"{count} {noun}s"


COUNTED: tuple[Callable[[Figures], Probe], ...] = (
    *(_search, _tags, _alone, _overdue, _waiting, _reminders, _errors),
)


# --- What this machine tells -----------------------------------------------------------------


def _disk() -> Probe:
    try:
        free = shutil.disk_usage(settings.DATA_DIR).free
    except OSError as error:
        text = f"DATA_DIR cannot be read ({error.strerror}). Make it the site's own."
        return Probe("disk", State.FAIL, text)
    text = f"{free / 1e9:.1f} GB are free for DATA_DIR."
    if free < FREE_BYTES:
        state = State.FAIL if free < FREE_BYTES_AT_LEAST else State.WARN
        return Probe("disk", state, f"{text} Make room before saving fails.")
    return Probe("disk", State.OK, text)


def _backup() -> Probe:
    made = backups.last_made()
    if not settings.BACKUP_MAX_AGE:
        return Probe("backup", State.OK, "Backups are not watched here (BACKUP_MAX_AGE=0).")
    if made is None:
        text = "This machine has made no backup. Run `manage.py backup FILE`, daily."
        return Probe("backup", State.WARN, text)
    age = timezone.now() - made
    text = f"The last backup is {_age(age)} old."
    if age > timedelta(hours=settings.BACKUP_MAX_AGE):
        return Probe("backup", State.WARN, f"{text} Run `manage.py backup FILE`, daily.")
    return Probe("backup", State.OK, text)


def _verified() -> Probe:
    last = verified.last()
    if last is None:
        text = "`manage.py verify` has not run on this machine; run it weekly."
        return Probe("verify", State.OK, text)
    text = f"`manage.py verify` last ran {_age(timezone.now() - last.at)} ago"
    if last.problems:
        text += f" and found {last.problems} problem(s): run it again and see which."
        return Probe("verify", State.FAIL, text)
    if timezone.now() - last.at > VERIFIED_EVERY:
        return Probe("verify", State.WARN, f"{text}; run it weekly.")
    return Probe("verify", State.OK, f"{text} and found nothing wrong.")


def _page_cache() -> Probe:
    numbers = merged()
    if not numbers.processes:
        return Probe("page cache", State.OK, "No server process of this machine reports numbers.")
    text = ", ".join(f"{int(value)} {name}" for name, value in _of_cache(numbers))
    return Probe("page cache", State.OK, f"Processes: {numbers.processes}. Answers: {text}.")


def _of_cache(numbers: Numbers) -> Iterator[tuple[str, float]]:
    for name in ("hits", "misses", "stale", "unavailable"):
        yield name, numbers.counts.get(name, 0)


def _age(age: timedelta) -> str:
    hours = age / timedelta(hours=1)
    return f"{hours:.0f} hours" if hours < 48 else f"{age.days} days"


OF_THIS_MACHINE: tuple[Callable[[], Probe], ...] = (_disk, _backup, _verified, _page_cache)

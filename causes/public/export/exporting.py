"""`export`: a new copy beside the one that readers see, then in its place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone

from causes.public.export import files, plan
from causes.public.export.addresses import is_static
from causes.public.export.copies import Copies, Copy
from causes.public.export.plan import Incomplete
from causes.public.export.walking import Earlier, Outcome, Task, Walk

MOST_TRIES = 3
# Why an address is asked for, in place of the page that links to it.
MUST, MAY = "must be there", "may be there"

# Called after each address with how many are known by now.
Progress = Callable[[int], None]


class Unsteady(Exception):
    """What the site shows of one moment was changed again and again while it was copied."""


@dataclass
class Report:
    """What an export did. ``dead`` are links that lead nowhere, on the site as in the copy."""

    at: datetime
    pages: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    resumed: bool = False
    dead: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        self.pages += outcome.entry.is_page
        self.changed += outcome.is_new
        self.unchanged += not outcome.is_new


def export(copies: Copies, jobs: int, progress: Progress) -> Report:
    """Make a copy of the public site, show it in place of the last, and remove what is left over.

    Raises NotOurs, Busy, Incomplete, Unsteady or OSError (a full disk, say); then readers still
    see the last copy. What was written until an end by force is used by the next export.
    """
    with copies.locked():
        for _attempt in range(MOST_TRIES):
            at = timezone.now()
            before = plan.fingerprint(at)
            copy = copies.begin(at)
            try:
                report = _make(copies, copy, at, jobs, progress)
            except (OSError, Incomplete):
                _clear(copies)  # a full disk is needed for other things
                raise
            if plan.fingerprint(at) == before:
                break
        else:
            _clear(copies)
            raise Unsteady("tags were changed again and again meanwhile; try again")
        copy.finish(at)
        copies.show(copy)
        report.foreign = _clear(copies)
        return report


def _clear(copies: Copies) -> list[str]:
    """Remove every copy but the one that readers see. Returns the foreign files that stay."""
    return [str(old.folder / name) for old in copies.others() for name in copies.remove(old)]


def _make(copies: Copies, copy: Copy, at: datetime, jobs: int, progress: Progress) -> Report:
    current, report = copies.current(), Report(at)
    last = {e.file: e for e in current.entries() if not e.is_kept} if current else {}
    known: dict[str, list[Earlier]] = {}
    for earlier in [*([current] if current else []), *copies.others()]:
        if earlier == copy:
            continue
        report.resumed |= earlier != current and not earlier.made_at()
        for entry in earlier.entries():
            known.setdefault(entry.file, []).append((earlier.folder, entry))
    walk = Walk(Task(at, copy.folder), known, jobs)
    walk.add(plan.must_be_there(at), MUST)
    walk.add(plan.may_be_there(at), MAY)
    for outcome in walk.outcomes():
        progress(len(walk.linked_from))
        linked_from = walk.linked_from[outcome.address]
        if outcome.entry:
            copy.write(outcome.entry)
            last.pop(outcome.entry.file, None)
            report.count(outcome)
        elif linked_from == MUST:
            raise Incomplete(f"the site shows no page at {outcome.address}")
        elif linked_from != MAY:
            report.dead.append(f"{outcome.address}, linked from {linked_from}")
    report.removed = len(last)
    for entry in last.values():
        if is_static(entry.file) and files.link(current.folder, copy.folder, entry):
            copy.write(entry.kept())
            report.removed -= 1
    return report

"""`export --check`: in what the copy that readers see differs from the site as it is now."""

from collections.abc import Iterator

from django.utils import timezone

from causes.public.export import files, plan
from causes.public.export.copies import Copy
from causes.public.export.exporting import MAY, MUST, Progress
from causes.public.export.walking import Task, Walk


def differences(copy: Copy, jobs: int, progress: Progress) -> Iterator[tuple[str, str]]:
    """(what is wrong, the file) for each: missing, stale, withdrawn, altered or foreign."""
    at = timezone.now()
    entries = {entry.file: entry for entry in copy.entries() if not entry.is_kept}
    for entry in entries.values():
        for name in files.altered(copy.folder, entry):
            yield ("altered" if (copy.folder / name).exists() else "missing"), name
    known = {file: [(copy.folder, entry)] for file, entry in entries.items()}
    walk = Walk(Task(at, None), known, jobs)
    walk.add(plan.must_be_there(at), MUST)
    walk.add(plan.may_be_there(at), MAY)
    for outcome in walk.outcomes():
        progress(len(walk.linked_from))
        if outcome.entry:
            in_copy = entries.pop(outcome.entry.file, None)
            if outcome.is_new:
                yield ("stale" if in_copy else "missing"), outcome.entry.file
    for file in entries:
        yield "withdrawn", file
    for name in copy.foreign():
        yield "foreign", name

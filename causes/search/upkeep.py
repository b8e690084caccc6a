"""What commands and the health report ask of the index."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from causes.search.catching_up import forget, trouble
from causes.search.index import Files, IndexBroken, directory, engine_errors, remove_others, wipe
from causes.search.kept import content_versions
from causes.search.live import Live, live_editions
from causes.search.writing import write_differences


def sync(at: datetime | None = None) -> int:
    """Bring the index to what is live, here and now. How many pages differed.

    Raises IndexBroken, WriterBusy.
    """
    path = directory()
    with engine_errors():
        remove_others(path)
    return write_differences(Files(path), _live(at))[0]


def rebuild(at: datetime | None = None) -> int:
    """Build the index anew. How many pages it holds. Raises IndexBroken, WriterBusy."""
    wipe(directory())
    forget()
    return sync(at)


@dataclass(frozen=True)
class Status:
    """``behind``: how many pages differ from what is live. ``trouble`` is "" if all is well."""

    directory: str
    pages: int
    names: int
    behind: int
    trouble: str


def status(at: datetime | None = None) -> Status:
    """The index as it is, compared with the database. Changes no page."""
    path = directory()
    try:
        searchers = Files(path).searchers()
        held = searchers.states()
        names = searchers.names.num_docs
    except IndexBroken as error:
        return Status(str(path), 0, 0, 0, str(error))
    return Status(str(path), len(held), names, len(_live(at).differing(held)), trouble())


def _live(at: datetime | None) -> Live:
    versions = content_versions()
    return live_editions(at or timezone.now(), versions)

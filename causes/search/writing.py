"""Writes into the index what differs from what is live."""

from collections.abc import Collection
from dataclasses import dataclass

from causes.search.index import FILES_JOINED, Files, Searchers, Writing
from causes.search.live import Live
from causes.search.numbers import Numbers

MANY_PAGES = 500  # deserve more memory for writing, and a vocabulary read anew


@dataclass(frozen=True)
class Held:
    """What the index holds after some commits: {page: state}."""

    commits: tuple[int, ...]
    searchers: Searchers
    states: Numbers


def write_differences(
    files: Files, live: Live, known: Held | None = None, *, patient: bool = True
) -> tuple[int, Held]:
    """How many pages differed from what was held, and what is held now.

    ``known`` may be what was held before. Raises WriterBusy, IndexBroken.
    """
    large = len(live.pages) > MANY_PAGES
    with files.writing(large=large, patient=patient) as writing:
        # Compared again, now that nobody else can write.
        is_known = known is not None and known.commits == files.commits()
        held = known.states if is_known else files.searchers().states()
        differing = live.differing(held)
        if len(differing) > MANY_PAGES:
            _write_many(files, writing, live, sorted(differing))
        elif differing:
            _write(writing, live, differing)
        # Not read again, as nobody else can have written.
        return len(differing), Held(files.commits(), files.searchers(), live.states)


def _write(writing: Writing, live: Live, pages: Collection[int]) -> None:
    writing.replace(pages, live.entries(pages))
    writing.commit()


def _write_many(files: Files, writing: Writing, live: Live, pages: list[int]) -> None:
    """Where memory does not suffice for all of them, the engine leaves several large files.

    It would join them as soon as a few publications lie beside them, and hold the lock for a
    minute, while others wait. So the last pages become a file each, and it joins all of them now.
    """
    last = pages[-FILES_JOINED:]
    _write(writing, live, set(pages[:-FILES_JOINED]))
    if files.searchers().pages.num_segments == 1:
        _write(writing, live, last)
    else:
        for page in last:
            _write(writing, live, [page])

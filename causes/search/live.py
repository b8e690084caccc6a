"""What should be in the index: the live editions at a moment, read from the database."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db.models import Count, F, Sum

from causes.models import Edition, Kind, Tag, TaggedEdition
from causes.models.compiled import ANY_MOMENT, CompiledQuery
from causes.search.entries import Entry, entry
from causes.search.kept import Versions, end_of_what_is_live
from causes.search.numbers import Numbers

AT_A_TIME = 500  # editions read from the database at once


@dataclass(frozen=True)
class Live:
    """The live editions, {edition: page}, the state of each page, and until when it is so."""

    at: datetime
    versions: Versions
    pages: Numbers
    states: Numbers
    next_change: datetime | None

    def holds(self, at: datetime, versions: Versions) -> bool:
        """Whether it is still so at another moment, under those content versions."""
        due = self.next_change is not None and at >= self.next_change
        return versions == self.versions and at >= self.at and not due

    def differing(self, held: Numbers) -> set[int]:
        """The pages to remove, to add or to replace where {page: state} is held."""
        return differing(self.states, held)

    def entries(self, pages: Collection[int]) -> Iterator[Entry]:
        """Those of the pages that are live, read a few hundred at a time."""
        wanted = [(edition, page) for edition, page in self.pages.in_order() if page in pages]
        for some in _a_few_hundred(sorted(wanted)):
            page_of = dict(some)
            tags: dict[int, list[int]] = {}
            tagged = TaggedEdition.objects.filter(edition__in=page_of).order_by()
            for edition, tag in tagged.values_list("edition_id", "tag_id"):
                tags.setdefault(edition, []).append(tag)
            for edition in Edition.objects.filter(pk__in=page_of).order_by():
                state = self.states[page_of[edition.pk]]
                yield entry(edition, state, tuple(tags.get(edition.pk, ())))


def differing(states: Numbers, others: Numbers) -> set[int]:
    """The pages that one has and the other has not, or in another state."""
    if states == others:
        return set()
    left = dict(others.in_order())
    different = {page for page, state in states.in_order() if left.pop(page, None) != state}
    return different | left.keys()


def live_editions(at: datetime, versions: Versions, before: Live | None = None) -> Live:
    """What is live. ``versions`` must have been read before.

    As long as nothing is ``rewritten``, editions and their tags stay as they are: of those that
    were live ``before`` nothing is read but that they still are, so that one publication costs
    little where there are many pages.
    """
    is_same = before is not None and before.versions.rewritten == versions.rewritten
    pages, states = (before.pages, before.states) if is_same else (Numbers(), Numbers())
    ids = {edition for (edition,) in _ids_of_live().rows(at)}
    new, ended = sorted(ids.difference(pages)), set(pages).difference(ids)
    # By number, not "live" once more: between two questions another process may have ended one.
    begun, states_of_begun = {}, {}
    for edition, page, state in _states(new):
        begun[edition], states_of_begun[page] = page, state
    states = states.without_and_with({pages[edition] for edition in ended}, states_of_begun)
    pages = pages.without_and_with(ended, begun)
    return Live(at, versions, pages, states, end_of_what_is_live(at))


@cache
def _ids_of_live() -> CompiledQuery:
    """All kinds are named, so that the index of lists answers: the rows are long."""
    live = Edition.objects.live(ANY_MOMENT).filter(kind__in=Kind.values)
    return CompiledQuery(live.order_by().values_list("id"))


def _states(editions: list[int]) -> Iterator[tuple[int, int, int]]:
    """(edition, page, state) of each."""
    for some in _a_few_hundred(editions):
        tagged = TaggedEdition.objects.filter(edition__in=some).order_by().values_list("edition_id")
        sums = {"n": Count("id"), "total": Sum("tag_id"), "squares": Sum(F("tag_id") * F("tag_id"))}
        tags = {row[0]: row[1:] for row in tagged.annotate(**sums)}
        rows = Edition.objects.filter(pk__in=some).order_by()
        for edition, page, digest in rows.values_list("id", "page_id", "digest"):
            state = _state(int(digest[:15], 16), edition, *tags.get(edition, (0, 0, 0)))
            yield edition, page, state


def _state(*numbers: int) -> int:
    """A number that differs when any of them does, as the index can hold it (63 bits).

    Of whole numbers Python's hash is the same in every process.
    """
    return hash(numbers) & (2**63 - 1)


def _a_few_hundred(rows: list) -> Iterable[list]:
    return (rows[start : start + AT_A_TIME] for start in range(0, len(rows), AT_A_TIME))


@dataclass(frozen=True)
class KnownTag:
    slug: str
    facet: str


def known_tags() -> dict[int, KnownTag]:
    rows = Tag.objects.order_by().values_list("pk", "slug", "facet")
    return {pk: KnownTag(slug, facet) for pk, slug, facet in rows}

"""What should be in the index: the live editions at a moment, read from the database."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Sum

from causes.models import Edition, Tag, TaggedEdition
from causes.search.entries import Entry, entry

AT_A_TIME = 500  # editions read from the database at once


@dataclass(frozen=True)
class Live:
    """The live editions and their states, {page: (edition, state)}, and until when it is so."""

    at: datetime
    version: int
    editions: dict[int, tuple[int, int]]
    next_change: datetime | None

    def holds(self, at: datetime, version: int) -> bool:
        """Whether it is still so at another moment, under that content version."""
        due = self.next_change is not None and at >= self.next_change
        return version == self.version and at >= self.at and not due

    def differing(self, held: dict[int, int]) -> set[int]:
        """The pages to remove, to add or to replace where {page: state} is held."""
        wanted = {page: state for page, (_, state) in self.editions.items()}
        return {page for page, _ in held.items() ^ wanted.items()}

    def entries(self, pages: Collection[int]) -> Iterator[Entry]:
        """Those of the pages that are live, read a few hundred at a time."""
        wanted = sorted(self.editions[page] for page in pages if page in self.editions)
        for start in range(0, len(wanted), AT_A_TIME):
            states = dict(wanted[start : start + AT_A_TIME])
            tags: dict[int, list[int]] = {}
            tagged = TaggedEdition.objects.filter(edition__in=states).order_by()
            for edition, tag in tagged.values_list("edition_id", "tag_id"):
                tags.setdefault(edition, []).append(tag)
            for edition in Edition.objects.filter(pk__in=states).order_by():
                yield entry(edition, states[edition.pk], tuple(tags.get(edition.pk, ())))


def live_editions(at: datetime, version: int) -> Live:
    """Three queries. ``version`` must have been read before."""
    tagged = TaggedEdition.objects.order_by().values_list("edition_id")
    tags = {edition: rest for edition, *rest in tagged.annotate(Count("id"), Sum("tag_id"))}
    editions, changes = {}, []
    rows = Edition.objects.live(at).order_by().values_list("page_id", "id", "digest", "live_until")
    for page, edition, digest, until in rows.iterator(chunk_size=5000):
        count, total = tags.get(edition, (0, 0))
        editions[page] = edition, _state(int(digest[:15], 16), edition, count, total)
        if until is not None:
            changes.append(until)
    begins = Edition.objects.scheduled(at).aggregate(next=Min("live_from"))["next"]
    if begins is not None:
        changes.append(begins)
    return Live(at, version, editions, min(changes, default=None))


def _state(*numbers: int) -> int:
    """A number that differs when any of them does, as the index can hold it (63 bits).

    Of whole numbers Python's hash is the same in every process.
    """
    return hash(numbers) & (2**63 - 1)


@dataclass(frozen=True)
class KnownTag:
    slug: str
    facet: str


def known_tags() -> dict[int, KnownTag]:
    rows = Tag.objects.order_by().values_list("pk", "slug", "facet")
    return {pk: KnownTag(slug, facet) for pk, slug, facet in rows}

"""What should be in the index: the live editions at a moment, read from the database."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Max, Min, Sum

from causes.models import Edition, Tag, TaggedEdition
from causes.search.entries import Entry, entry

AT_A_TIME = 500  # editions read from the database at once


@dataclass(frozen=True)
class TagsRead:
    """The rows that tie tags to editions, up to one of them: a sum over them, and for each
    edition how many and the sum of their ids."""

    last: int
    sums: tuple[int, int, int]
    by_edition: dict[int, tuple[int, int]]


@dataclass(frozen=True)
class Live:
    """The live editions and their states, {page: (edition, state)}, and until when it is so."""

    at: datetime
    version: int
    editions: dict[int, tuple[int, int]]
    next_change: datetime | None
    states: dict[int, int]  # of each edition
    tags: TagsRead

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


def live_editions(at: datetime, version: int, before: Live | None = None) -> Live:
    """What is live. ``version`` must have been read before.

    Editions do not change, so what was read ``before`` of them is not read again: where there are
    many pages, one publication costs little. Their tags may change; a sum over them tells.
    """
    tags = _tags_since(before) if before else None
    known = before.states if before and tags else {}
    tags = tags or _all_tags()
    rows = Edition.objects.live(at).order_by()
    pages, changes = {}, []
    columns = rows.values_list("id", "page_id", "live_until")
    for edition, page, until in columns.iterator(chunk_size=5000):
        pages[edition] = page
        if until is not None:
            changes.append(until)
    states = {edition: known[edition] for edition in pages.keys() & known.keys()}
    # By number, not "live" once more: between two questions another process may have ended one.
    new = sorted(pages.keys() - known.keys())
    for start in range(0, len(new), AT_A_TIME):
        unread = Edition.objects.filter(pk__in=new[start : start + AT_A_TIME]).order_by()
        for edition, digest in unread.values_list("id", "digest"):
            count, total = tags.by_edition.get(edition, (0, 0))
            states[edition] = _state(int(digest[:15], 16), edition, count, total)
    editions = {
        page: (edition, states[edition]) for edition, page in pages.items() if edition in states
    }
    begins = Edition.objects.scheduled(at).aggregate(next=Min("live_from"))["next"]
    if begins is not None:
        changes.append(begins)
    return Live(at, version, editions, min(changes, default=None), states, tags)


def _all_tags() -> TagsRead:
    tagged = TaggedEdition.objects.order_by().values_list("edition_id")
    by_edition = {
        edition: (count, total)
        for edition, count, total in tagged.annotate(Count("id"), Sum("tag_id"))
    }
    last = TaggedEdition.objects.aggregate(last=Max("id"))["last"] or 0
    return TagsRead(last, _sums(last), by_edition)


def _tags_since(before: Live) -> TagsRead | None:
    """What was read before and the rows since; None if those of an edition seen then changed."""
    tags = before.tags
    since = TaggedEdition.objects.filter(pk__gt=tags.last).order_by()
    new = list(since.values_list("pk", "edition_id", "tag_id"))
    if _sums(tags.last) != tags.sums or any(row[1] in before.states for row in new):
        return None
    by_edition, last, (count, total, products) = dict(tags.by_edition), tags.last, tags.sums
    for pk, edition, tag in new:
        own_count, own_total = by_edition.get(edition, (0, 0))
        by_edition[edition] = own_count + 1, own_total + tag
        last = max(last, pk)
        count, total, products = count + 1, total + tag, products + edition * tag
    return TagsRead(last, (count, total, products), by_edition)


def _sums(last: int) -> tuple[int, int, int]:
    """Other numbers if a row up to that one came, went, or has another tag or edition."""
    rows = TaggedEdition.objects.filter(pk__lte=last)
    sums = rows.aggregate(
        count=Count("id"), total=Sum("tag_id"), products=Sum(F("edition_id") * F("tag_id"))
    )
    return sums["count"], sums["total"] or 0, sums["products"] or 0


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

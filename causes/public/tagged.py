"""The live conditions in the order of lists, and which of them carry each tag."""

from array import array
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from django.db import connection
from django.db.models import QuerySet
from django.db.models.functions import Collate

from causes.models import Edition, Kind, TaggedEdition
from causes.public.bitsets import bits, numbers_in, put_in, taken_out
from causes.public.ranked import OutOfOrder, SortKey, steps

AT_ONCE = 5000


@dataclass(frozen=True)
class TaggedConditions:
    """The keys of the live conditions in the order of lists; which of them carry each tag."""

    keys: list[str]
    carriers: dict[str, int]
    names: dict[str, str]
    ids: array = field(default_factory=lambda: array("q"))  # of the editions, in the same order

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many of the conditions carry each tag."""
        return {slug: pages.bit_count() for slug, pages in self.carriers.items()}

    def present_tags(self, key: str, slugs: Collection[str]) -> dict[str, str]:
        """The tags of a condition by slug, with their names, whatever they were called when it
        was published with these ``slugs``."""
        if not set(slugs) <= self.carriers.keys() and key in self.keys:
            place = self.keys.index(key)
            slugs = [slug for slug, pages in self.carriers.items() if pages >> place & 1]
        return {slug: self.names[slug] for slug in slugs if slug in self.names}

    def keys_of(self, found: int, start: int = 0, stop: int | None = None) -> list[str]:
        """The keys of the conditions in a set (see `bitsets`), in order."""
        return [self.keys[place] for place in numbers_in(found, start, stop)]


def collated(column: str) -> Collate:
    """By the characters' numbers, as Python sorts, on every database."""
    return Collate(column, "C" if connection.vendor == "postgresql" else "binary")


def tagged_conditions(at: datetime) -> TaggedConditions:
    live = Edition.objects.live(at).filter(kind=Kind.CONDITION)
    rows = live.order_by("order", collated("title"), collated("key")).values_list("pk", "key")
    ids, keys = array("q"), []
    for pk, key in rows.iterator(chunk_size=AT_ONCE):
        ids.append(pk)
        keys.append(key)
    place = {pk: number for number, pk in enumerate(ids)}
    carriers: dict[str, array] = {}
    tags = TaggedEdition.objects.order_by().values_list("edition_id", "tag__slug", "tag__name")
    names: dict[str, str] = {}
    for edition, slug, name in tags.iterator(chunk_size=AT_ONCE):
        if edition in place:
            carriers.setdefault(slug, array("l")).append(place[edition])
            names[slug] = name
    sets = {slug: bits(carriers[slug]) for slug in sorted(carriers)}
    return TaggedConditions(keys, sets, names, ids)


def without_and_with(
    conditions: TaggedConditions, ended: Collection[int], begun: Collection[int]
) -> TaggedConditions:
    """Those without the editions that ended and with those that began."""
    sort_keys = _sort_keys({*ended, *begun})
    if len(sort_keys) < len(ended) + len(begun):
        raise OutOfOrder  # one of them was deleted
    todo = steps(
        conditions.ids,
        {pk: sort_keys[pk] for pk in ended},
        {pk: sort_keys[pk] for pk in begun},
        _sort_keys,
    )
    new = TaggedEdition.objects.filter(edition__in=begun).order_by()
    tags: dict[int, dict[str, str]] = {}
    for pk, slug, name in new.values_list("edition_id", "tag__slug", "tag__name"):
        tags.setdefault(pk, {})[slug] = name
    keys, ids = conditions.keys.copy(), conditions.ids[:]
    names = conditions.names | {s: n for carried in tags.values() for s, n in carried.items()}
    carriers = {slug: conditions.carriers.get(slug, 0) for slug in sorted(names)}
    for place, pk in todo:
        if pk is None:
            del keys[place], ids[place]
            carriers = {slug: taken_out(pages, place) for slug, pages in carriers.items()}
        else:
            keys.insert(place, sort_keys[pk][-1])
            ids.insert(place, pk)
            carried = tags.get(pk, ())
            carriers = {s: put_in(pages, place, s in carried) for s, pages in carriers.items()}
    carriers = {slug: pages for slug, pages in carriers.items() if pages}
    names = {slug: name for slug, name in names.items() if slug in carriers}
    return replace(conditions, keys=keys, carriers=carriers, names=names, ids=ids)


def _sort_keys(ids: Collection[int]) -> dict[int, SortKey]:
    found: QuerySet = Edition.objects.filter(pk__in=ids).order_by()
    return {row[0]: row[1:] for row in found.values_list("pk", "order", "title", "key")}

"""What lists know of every live page, kept for each content version: order, tags, letters.

It is read once a version and process, and small (at 50,000 conditions some 10 MB), so that a
list costs the same on a small site and on a large one: it asks the database for what it shows.
"""

import unicodedata
from array import array
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

from django.db import connection
from django.db.models import Exists, Min, OuterRef
from django.db.models.functions import Collate, Lower

from causes.models import Edition, EditionName, Facet, Kind, Tag, TaggedEdition
from causes.public.bitsets import bits, numbers_in
from causes.public.narrowing import TagLabel
from causes.search.kept import Kept, next_change

IN_ORDER = ("order", "title", "key")
AT_ONCE = 5000


def _until(at: datetime) -> datetime | None:
    """When the live editions change next by themselves."""
    begins = Edition.objects.scheduled(at).aggregate(first=Min("live_from"))
    ends = Edition.objects.filter(live_until__gt=at).aggregate(first=Min("live_until"))
    return next_change(at, {begins["first"], ends["first"]})


@dataclass(frozen=True)
class KnownTags:
    """Every tag that a live page carries by its slug; the slug of the tag behind each alias."""

    labels: dict[str, TagLabel]
    descriptions: dict[str, str]
    aliases: dict[str, str]

    @property
    def facets(self) -> dict[str, str]:
        return {slug: label.facet for slug, label in self.labels.items()}


def _known_tags(at: datetime) -> tuple[KnownTags, datetime | None]:
    """A tag that no live page carries is nobody's business yet."""
    live = Edition.objects.live(at).filter(pk=OuterRef("edition_id"))
    carried = TaggedEdition.objects.filter(Exists(live), tag=OuterRef("pk"))
    columns = ("slug", "name", "facet", "order", "description", "aliases__slug")
    rows = list(Tag.objects.filter(Exists(carried)).order_by().values_list(*columns))
    labels = {row[0]: TagLabel(*row[:4]) for row in rows}
    descriptions = {row[0]: row[4] for row in rows}
    aliases = {row[5]: row[0] for row in rows if row[5]}
    return KnownTags(labels, descriptions, aliases), _until(at)


@dataclass(frozen=True)
class TaggedConditions:
    """The keys of the live conditions in the order of lists; which of them carry each tag."""

    keys: list[str]
    carriers: dict[str, int]
    names: dict[str, str]

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


def _tagged_conditions(at: datetime) -> tuple[TaggedConditions, datetime | None]:
    live = Edition.objects.live(at).filter(kind=Kind.CONDITION)
    in_order = list(live.order_by(*IN_ORDER).values_list("pk", "key"))
    place = {pk: number for number, (pk, _) in enumerate(in_order)}
    carriers: dict[str, array] = {}
    tagged = TaggedEdition.objects.order_by().values_list("edition_id", "tag__slug", "tag__name")
    names: dict[str, str] = {}
    for edition, slug, name in tagged.iterator(chunk_size=AT_ONCE):
        if edition in place:
            carriers.setdefault(slug, array("l")).append(place[edition])
            names[slug] = name
    sets = {slug: bits(places) for slug, places in carriers.items()}
    return TaggedConditions([key for _, key in in_order], sets, names), _until(at)


def _symptoms(at: datetime) -> tuple[list[str], datetime | None]:
    live = Edition.objects.live(at).filter(kind=Kind.SYMPTOM)
    return list(live.order_by(*IN_ORDER).values_list("key", flat=True)), _until(at)


@dataclass(frozen=True)
class Names:
    """The names of the live conditions and symptoms in their order: rows of EditionName, by id."""

    ids: array
    letters: dict[str, range]

    def __len__(self) -> int:
        return len(self.ids)


def _names(at: datetime) -> tuple[Names, datetime | None]:
    """Two passes, so that no process holds all the names at once.

    The database sorts plain names; those with an accent, which it would sort elsewhere, are few.
    """
    kinds = [Kind.CONDITION, Kind.SYMPTOM]
    live = Edition.objects.live(at).filter(kind__in=kinds).order_by().values("pk")
    rows = EditionName.objects.filter(edition__in=live).order_by().values_list("name", "pk")
    every = rows.iterator(chunk_size=AT_ONCE)
    accented = sorted((sort_key(name), pk) for name, pk in every if not name.isascii())
    collation = "C" if connection.vendor == "postgresql" else "binary"
    in_order = rows.order_by(Collate(Lower("name"), collation), "pk")
    plain = in_order.iterator(chunk_size=AT_ONCE)
    ids, letters = array("q"), {}
    for key, pk in merge(((n.lower(), pk) for n, pk in plain if n.isascii()), accented):
        start = letters.setdefault(key[:1].upper(), range(len(ids), len(ids))).start
        ids.append(pk)
        letters[key[:1].upper()] = range(start, len(ids))
    return Names(ids, letters), _until(at)


CountedTag = tuple[TagLabel, int, str]


def tags_by_facet(
    at: datetime, version: int, facets: Iterable[Facet] = Facet
) -> tuple[tuple[str, tuple[CountedTag, ...]], ...]:
    """The question of each facet with its tags, how many conditions carry each, and what it means.

    Only those that a live condition carries.
    """
    known = known_tags.value(at, version)
    carriers = tagged_conditions.value(at, version).carriers
    labels = sorted(known.labels.values(), key=lambda tag: (tag.order, tag.name))
    counted = [
        (tag, carriers[tag.slug].bit_count(), known.descriptions[tag.slug])
        for tag in labels
        if tag.slug in carriers
    ]
    by_facet = [(f.label, tuple(entry for entry in counted if entry[0].facet == f)) for f in facets]
    return tuple((question, found) for question, found in by_facet if found)


def sort_key(name: str) -> str:
    """The name without accents and in lower case."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


# `known_tags.value(at, version)`: read again only where the version or the moment asks for it.
known_tags = Kept(_known_tags)
tagged_conditions = Kept(_tagged_conditions)
symptoms = Kept(_symptoms)
names = Kept(_names)

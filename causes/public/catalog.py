"""What lists know of every live page: order, tags, letters.

Each process reads it once, keeps it (at 50,000 conditions some 10 MB) and follows what is live, so
that a list costs the same on a small site and on a large one: it asks the database for what it
shows, and after a publication for what changed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef

from causes.models import Edition, Facet, Kind, Tag, TaggedEdition
from causes.public import names as all_names
from causes.public import tagged
from causes.public.emergencies import known_cards
from causes.public.following import LISTED, Following
from causes.public.narrowing import TagLabel
from causes.search.kept import Kept, content_version, end_of_what_is_live


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
    return KnownTags(labels, descriptions, aliases), end_of_what_is_live(at)


def _symptoms(at: datetime) -> tuple[list[str], datetime | None]:
    live = Edition.objects.live(at).filter(kind=Kind.SYMPTOM)
    in_order = live.order_by("order", tagged.collated("title"), tagged.collated("key"))
    return list(in_order.values_list("key", flat=True)), end_of_what_is_live(at)


CountedTag = tuple[TagLabel, int, str]


def tags_by_facet(
    at: datetime, version: int, facets: Iterable[Facet] = Facet
) -> tuple[tuple[str, tuple[CountedTag, ...]], ...]:
    """The question of each facet with its tags, how many conditions carry each, and what it means.

    Only those that a live condition carries.
    """
    known = known_tags.value(at, version)
    counts = tagged_conditions.value(at, version).counts
    labels = sorted(known.labels.values(), key=lambda tag: (tag.order, tag.name))
    counted = [
        (tag, counts[tag.slug], known.descriptions[tag.slug])
        for tag in labels
        if tag.slug in counts
    ]
    by_facet = [(f.label, tuple(entry for entry in counted if entry[0].facet == f)) for f in facets]
    return tuple((question, found) for question, found in by_facet if found)


# `known_tags.value(at, version)`: read again only where the version or the moment asks for it.
known_tags = Kept(_known_tags)
symptoms = Kept(_symptoms)
tagged_conditions = Following((Kind.CONDITION,), tagged.tagged_conditions, tagged.without_and_with)
names = Following(LISTED, all_names.names, all_names.without_and_with)


def read_ahead(at: datetime) -> None:
    """Before a reader needs it. Raises `django.db.Error`."""
    version = content_version()
    for kept in (known_tags, symptoms, tagged_conditions, names, known_cards):
        kept.value(at, version)

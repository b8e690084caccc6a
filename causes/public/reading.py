"""The queries of the public side. Every one goes through `Edition.objects.live()`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery

from causes.models import Address, Edition, EditionLink, EditionName, Kind, Tag, TaggedEdition
from causes.public.narrowing import LinkedPage, TagLabel
from causes.search.kept import Kept, next_change

SAMPLE = 40


def edition_at(path: str, at: datetime) -> Edition | None:
    """The live edition of the page that has had the address; its own path may be another."""
    owner = _once_published(path, at).values("page_id")
    return Edition.objects.live(at).filter(page_id__in=owner).order_by().first()


def was_published(path: str, at: datetime) -> bool:
    """Whether patients could once read, at this address, the page that owns it."""
    return _once_published(path, at).exists()


def _once_published(path: str, at: datetime) -> QuerySet[Edition]:
    """The address of a scheduled edition is nobody's yet: a redirect would give it away."""
    owner = Address.objects.filter(path=path).values("page_id")
    return Edition.objects.filter(path=path, live_from__lte=at, page_id__in=owner)


def linked_pages(
    at: datetime, *, keys: Collection[str] = (), wanted: Q | None = None
) -> dict[str, LinkedPage]:
    """Live pages by key, with their tags: those named, those ``wanted``, and the site's own.

    One query. The information pages are always there, because every page's foot lists them.
    """
    chosen = Q(kind=Kind.INFORMATION) | Q(key__in=keys)
    if wanted is not None:
        chosen |= wanted
    rows = (
        Edition.objects.live(at)
        .filter(chosen)
        .order_by("order", "title", "key")
        .values_list(
            "key",
            "kind",
            "path",
            "title",
            "summary",
            "body__in_sentence",
            "tagged__tag__slug",
            "tagged__tag__name",
            "tagged__tag__facet",
            "tagged__tag__order",
        )
    )
    found: dict[str, tuple] = {}
    tags: dict[str, set[TagLabel]] = {}
    for *columns, slug, name, facet, order in rows:
        found[columns[0]] = tuple(columns)
        if slug:
            tags.setdefault(columns[0], set()).add(TagLabel(slug, name, facet, order))
    return {
        key: LinkedPage(
            key=key,
            kind=kind,
            path=path,
            title=title,
            summary=summary,
            in_sentence=in_sentence or "",
            tags=frozenset(tags.get(key, ())),
        )
        for key, kind, path, title, summary, in_sentence in found.values()
    }


def site_pages(pages: Iterable[LinkedPage]) -> list[LinkedPage]:
    """The information pages among them, for the foot of the page."""
    return [page for page in pages if page.kind == Kind.INFORMATION]


def groups_of(symptom: Edition, at: datetime) -> QuerySet[Edition]:
    """The live groups of causes of a symptom, in order, with their texts."""
    groups = Edition.objects.live(at).filter(kind=Kind.CATEGORY, parent_id=symptom.page_id)
    return groups.order_by("order", "title")


def groups_naming(condition: Edition, at: datetime) -> QuerySet[Edition]:
    """The live groups, of any symptom, that list the condition."""
    naming = EditionLink.objects.filter(kind=EditionLink.Kind.CAUSE, target_id=condition.page_id)
    groups = Edition.objects.live(at).filter(kind=Kind.CATEGORY, pk__in=naming.values("edition"))
    return groups.order_by("parent_id", "order", "title")


def symptom_and_groups(category: Edition, at: datetime) -> list[Edition]:
    """The live symptom of a group and its live groups, this one included."""
    family = Q(page_id=category.parent_id) | Q(kind=Kind.CATEGORY, parent_id=category.parent_id)
    return list(Edition.objects.live(at).filter(family).defer("body").order_by("order", "title"))


def carrying(tag: Tag) -> Q:
    """Conditions that carry the tag."""
    tagged = TaggedEdition.objects.filter(tag=tag).values("edition")
    return Q(kind=Kind.CONDITION, pk__in=tagged)


def sharing_tags(slugs: Iterable[str], at: datetime) -> Q:
    """Conditions that carry any of the tags; of each tag at most SAMPLE, whatever the site's size.

    A tag that was renamed or merged is found by the slug that it had.

    Up to that number the answer is whole. A tag that more pages carry says little about each.
    """
    conditions = Edition.objects.live(at).filter(kind=Kind.CONDITION).order_by()
    wanted = Q(pk__in=[])
    for slug in slugs:
        tags = Tag.objects.named([slug]).order_by().values("pk")
        tagged = TaggedEdition.objects.filter(tag__in=tags, edition__in=conditions)
        wanted |= Q(pk__in=tagged.order_by("id").values("edition")[:SAMPLE])
    return wanted


def groups_by_condition(keys: Collection[str], at: datetime) -> list[tuple[str, str, str]]:
    """(path of a live group, its title, key of a condition in it), in the groups' order."""
    live = Edition.objects.live(at).order_by()
    condition = live.filter(page_id=OuterRef("target_id"), key__in=keys).values("key")
    links = (
        EditionLink.objects.filter(
            kind=EditionLink.Kind.CAUSE, edition__in=live.filter(kind=Kind.CATEGORY)
        )
        .annotate(key=Subquery(condition))
        .filter(key__isnull=False)
    )
    in_order = links.order_by("edition__parent_id", "edition__order", "order")
    return list(in_order.values_list("edition__path", "edition__title", "key"))


def tag_named(slug: str) -> Tag | None:
    """The tag with this address, or with an alias of it."""
    return Tag.objects.filter(Q(slug=slug) | Q(aliases__slug=slug)).first()


def tag_aliases(slugs: Collection[str]) -> dict[str, str]:
    """The present slug of each alias among ``slugs``."""
    found = Tag.objects.filter(aliases__slug__in=slugs)
    return dict(found.values_list("aliases__slug", "slug"))


@dataclass(frozen=True)
class KnownTags:
    """Every tag that a live page carries by its slug; the slug of the tag behind each alias."""

    labels: dict[str, TagLabel]
    aliases: dict[str, str]

    @property
    def facets(self) -> dict[str, str]:
        return {slug: label.facet for slug, label in self.labels.items()}


def _known_tags(at: datetime) -> tuple[KnownTags, datetime | None]:
    """A tag that no live page carries is nobody's business yet."""
    carried = TaggedEdition.objects.filter(tag=OuterRef("pk"), edition__in=Edition.objects.live(at))
    columns = ("slug", "name", "facet", "order", "aliases__slug")
    rows = list(Tag.objects.filter(Exists(carried)).order_by().values_list(*columns))
    labels = {row[0]: TagLabel(*row[:4]) for row in rows}
    aliases = {row[4]: row[0] for row in rows if row[4]}
    begin, end = (
        Edition.objects.filter(**{f"{name}__gt": at}) for name in ("live_from", "live_until")
    )
    moments = begin.aggregate(first=Min("live_from")), end.aggregate(first=Min("live_until"))
    return KnownTags(labels, aliases), next_change(at, {moment["first"] for moment in moments})


@dataclass(frozen=True)
class TaggedConditions:
    """The keys of the live conditions as lists order them; which of them carry each tag."""

    keys: list[str]
    carriers: dict[str, set[int]]


def _tagged_conditions(at: datetime) -> tuple[TaggedConditions, datetime | None]:
    editions = Edition.objects.live(at) | Edition.objects.scheduled(at)
    rows = (
        editions.filter(kind=Kind.CONDITION)
        .order_by("order", "title", "key")
        .values_list("key", "live_from", "live_until", "tagged__tag__slug")
    )
    numbers: dict[str, int] = {}
    carriers: dict[str, set[int]] = {}
    moments: set[datetime | None] = set()
    for key, live_from, live_until, slug in rows:
        moments |= {live_from, live_until}
        if live_from <= at:
            number = numbers.setdefault(key, len(numbers))
            if slug:
                carriers.setdefault(slug, set()).add(number)
    return TaggedConditions(list(numbers), carriers), next_change(at, moments)


# One query for each content version and process: `known_tags.value(at, version)`.
known_tags = Kept(_known_tags)
tagged_conditions = Kept(_tagged_conditions)


def editions_with_texts(keys: Collection[str], ids: Collection[int], at: datetime) -> list[Edition]:
    """The live editions of the pages with these keys, and those of these ids."""
    return list(Edition.objects.live(at).filter(Q(key__in=keys) | Q(pk__in=ids)).order_by())


@dataclass(frozen=True)
class CountedTag:
    slug: str
    name: str
    facet: str
    description: str
    count: int


def tags_with_counts(at: datetime) -> list[CountedTag]:
    """The tags that live conditions carry, with how many, in their order."""
    live = Q(editions__in=Edition.objects.live(at).filter(kind=Kind.CONDITION))
    tags = Tag.objects.annotate(count=Count("editions", filter=live, distinct=True))
    columns = ("slug", "name", "facet", "description", "count")
    # A grouped query does not keep the model's own order.
    carried = tags.filter(count__gt=0).order_by("facet", "order", "name")
    return [CountedTag(*row) for row in carried.values_list(*columns)]


def names(at: datetime) -> list[tuple[str, bool, str, str]]:
    """(name, is it the title, path, title) of every name of live conditions and symptoms."""
    live = Edition.objects.live(at).filter(kind__in=[Kind.CONDITION, Kind.SYMPTOM])
    found = EditionName.objects.filter(edition__in=live)
    return list(found.values_list("name", "is_title", "edition__path", "edition__title"))

"""The queries of the public side. Every one goes through `Edition.objects.live()`."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from causes.models import (
    Address,
    ContentVersion,
    Edition,
    EditionLink,
    EditionName,
    Kind,
    Tag,
)
from causes.models.compiled import ANY_MOMENT, CompiledQuery
from causes.public.dates import end_of
from causes.public.narrowing import Identity, LinkedPage, TagLabel


def edition_at(path: str, at: datetime) -> Edition | None:
    """The live edition of the page that has had the address; its own path may be another.

    With `content_version` and `rewritten`, read in the same query.
    """
    owner = once_published(path, at).values("page_id")
    live = Edition.objects.live(at).filter(page_id__in=owner).order_by()
    versions = {"content_version": _version("number"), "rewritten": _version("rewritten")}
    return live.annotate(**versions).first()


def _version(column: str) -> Coalesce:
    return Coalesce(Subquery(ContentVersion.objects.values(column)[:1]), 0)


class LiveRows(CompiledQuery):
    """(id, digest, content version, its `rewritten`) of the live editions ``wanted``."""

    def __init__(self, wanted: Q) -> None:
        live = Edition.objects.live(ANY_MOMENT).filter(each_by_its_index(wanted)).order_by()
        columns = ("pk", "digest", _version("number"), _version("rewritten"))
        super().__init__(live.values_list(*columns))


def is_over(day: date | None, at: datetime) -> bool:
    """Whether the day, such as that by which a review was due, has passed."""
    return day is not None and at >= end_of(day)


def was_published(path: str, at: datetime) -> bool:
    """Whether patients could once read, at this address, the page that owns it."""
    return once_published(path, at).exists()


def last_warning(path: str, at: datetime) -> str | None:
    """Why the page that was last here was taken off, if readers could come to harm; else "".

    None if there was no page.
    """
    ended = once_published(path, at).order_by("-live_from")
    return ended.values_list("safety_warning", flat=True).first()


def once_published(path: str, at: datetime) -> QuerySet[Edition]:
    """The address of a scheduled edition is nobody's yet: a redirect would give it away."""
    owner = Address.objects.filter(path=path).values("page_id")
    return Edition.objects.filter(path=path, live_from__lte=at, page_id__in=owner)


def linked_pages(
    at: datetime, *, keys: Collection[str] = (), wanted: Q | None = None
) -> dict[str, LinkedPage]:
    """Live pages by key, with their tags: those named, those ``wanted``, and the site's own.

    One query. The information pages are always there, because every page's foot lists them.
    """
    rows = (
        Edition.objects.live(at)
        .filter(each_by_its_index(linked(keys, wanted)))
        .order_by("order", "title", "key")
        .values_list(
            "key",
            "kind",
            "path",
            "title",
            "summary",
            "body__in_sentence",
            "pk",
            "digest",
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
            edition=(pk, digest),
        )
        for key, kind, path, title, summary, in_sentence, pk, digest in found.values()
    }


# What finds the editions that a page is made of. The queries above and below use it, and the one
# that asks whether a page would be made of the same editions again (`prepared.MadeOf`).


def each_by_its_index(wanted: Q) -> Q:
    """The same editions: those of each alternative are looked up by themselves.

    Asked for all at once, SQLite reads every live edition: 0.4 s where there are 50,000.
    """
    if wanted.connector != Q.OR:
        return wanted
    found = [Edition.objects.filter(part).order_by().values("pk") for part in wanted.children]
    return Q(pk__in=found[0].union(*found[1:], all=True))


def linked(keys: Collection[str], wanted: Q | None = None) -> Q:
    found = Q(kind=Kind.INFORMATION) | Q(key__in=keys)
    return found if wanted is None else found | wanted


def in_symptom(page_id: int) -> Q:
    # Only groups have a parent. Naming their kind as well would mislead SQLite's choice of index.
    # What a redacted group listed was taken out.
    return Q(parent_id=page_id, redacted_at=None)


def family(symptom_id: int) -> Q:
    return Q(page_id=symptom_id) | Q(parent_id=symptom_id)


def naming(page_id: int) -> Q:
    links = EditionLink.objects.filter(kind=EditionLink.Kind.CAUSE, target_id=page_id)
    return Q(pk__in=links.values("edition"), redacted_at=None)


def site_pages(pages: Iterable[LinkedPage]) -> list[LinkedPage]:
    """The information pages among them, for the foot of the page."""
    return [page for page in pages if page.kind == Kind.INFORMATION]


def groups_of(symptom: Edition, at: datetime) -> QuerySet[Edition]:
    """The live groups of causes of a symptom, in order, with their texts."""
    return Edition.objects.live(at).filter(in_symptom(symptom.page_id)).order_by("order", "title")


def groups_naming(condition: Edition, at: datetime) -> QuerySet[Edition]:
    """The live groups, of any symptom, that list the condition."""
    groups = Edition.objects.live(at).filter(naming(condition.page_id))
    return groups.order_by("parent_id", "order", "title")


def symptom_and_groups(category: Edition, at: datetime) -> list[Edition]:
    """The live symptom of a group and its live groups, this one included."""
    live = Edition.objects.live(at).filter(family(category.parent_id))
    return list(live.defer("body").order_by("order", "title"))


def listing(keys: Collection[str]) -> Q:
    """The groups that `groups_by_condition` finds, at whatever moment the query is asked."""
    conditions = Edition.objects.live(ANY_MOMENT).order_by().filter(key__in=keys)
    links = EditionLink.objects.filter(kind=EditionLink.Kind.CAUSE)
    links = links.filter(target__in=conditions.values("page_id"))
    return Q(pk__in=links.values("edition"))


class GroupOfCondition(NamedTuple):
    """A live group, and the key of a condition that it lists."""

    path: str
    title: str
    condition: str
    edition: Identity


def groups_by_condition(keys: Collection[str], at: datetime) -> list[GroupOfCondition]:
    """The groups that list these conditions, in the groups' order."""
    live = Edition.objects.live(at).order_by()
    conditions = live.filter(key__in=keys)
    key = conditions.filter(page_id=OuterRef("target_id")).values("key")
    links = (
        EditionLink.objects.filter(
            Exists(live.filter(pk=OuterRef("edition_id"))),
            kind=EditionLink.Kind.CAUSE,
            target__in=conditions.values("page_id"),
        )
        .annotate(key=Subquery(key))
        .filter(key__isnull=False)
    )
    in_order = links.order_by("edition__parent_id", "edition__order", "order")
    columns = ("edition__path", "edition__title", "key", "edition_id", "edition__digest")
    return [GroupOfCondition(*row[:3], row[3:]) for row in in_order.values_list(*columns)]


def tag_aliases(slugs: Collection[str]) -> dict[str, str]:
    """The present slug of each alias among ``slugs``."""
    found = Tag.objects.filter(aliases__slug__in=slugs)
    return dict(found.values_list("aliases__slug", "slug"))


def bodies(ids: Collection[int], at: datetime) -> dict[int, dict[str, Any]]:
    """The texts of those of these editions that are live."""
    live = Edition.objects.live(at).filter(pk__in=ids).order_by()
    return dict(live.values_list("pk", "body"))


def editions_with_texts(keys: Collection[str], ids: Collection[int], at: datetime) -> list[Edition]:
    """The live editions of the pages with these keys, and those of these ids."""
    wanted = each_by_its_index(Q(key__in=keys) | Q(pk__in=ids))
    return list(Edition.objects.live(at).filter(wanted).order_by())


def names(ids: Collection[int]) -> list[tuple[str, bool, str, str]]:
    """(name, is it the title, path, title) of these rows of EditionName, in their order.

    They are of live editions: `catalog.names` says which.
    """
    columns = ("pk", "name", "is_title", "edition__path", "edition__title")
    found = EditionName.objects.filter(pk__in=ids).order_by().values_list(*columns)
    by_id = {row[0]: row[1:] for row in found}
    return [by_id[pk] for pk in ids if pk in by_id]

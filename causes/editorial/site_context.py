"""What the rules of writing ask of the rest of the site, read from the working copies.

One page is looked at with each save: of the rest of the site it needs the pages that it names,
those that it may be confused with, and the names that stand in its texts.
"""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from causes.editorial.known_names import all_names, names_that_matter
from causes.editorial.quality import Context, Document
from causes.editorial.quality.findings import OtherPage
from causes.editorial.quality.surroundings import linked_pages
from causes.editorial.readability import Terms
from causes.editorial.usage import linked_in_texts, linking_texts
from causes.models import (
    Cause,
    Edition,
    Kind,
    Page,
    RelatedLink,
    Source,
    Tag,
)
from causes.models.text import look_alike


def context_for(document: Document) -> Context:
    """What the rules need to look at one page. At most ten queries, and those of
    `names_that_matter`."""
    key = document["key"]
    linked: set[str] = set()
    if document["kind"] == Kind.CONDITION and (
        Cause.objects.filter(condition__key=key).exists()
        or RelatedLink.objects.filter(target__key=key).exists()
        or linking_texts(key)
    ):
        linked.add(key)
    wanted = {key, *linked_pages(document), *_like(document)}
    pages = Page.objects.filter(key__in=wanted)
    return _context(linked, pages, names_that_matter(document))


def context_for_all() -> Context:
    """What the rules need to look at every page of the site."""
    linked = {
        *Cause.objects.values_list("condition__key", flat=True),
        *RelatedLink.objects.values_list("target__key", flat=True),
        *linked_in_texts(),
    }
    return _context(linked, Page.objects.all(), all_names())


def _context(linked: set[str], pages: QuerySet[Page], names: Iterable[str]) -> Context:
    return Context(
        today=timezone.localdate(),
        pages={page.key: page for page in _pages(pages)},
        known=Terms(names),
        sources=dict(Source.objects.order_by().values_list("key", "checked")),
        facets=dict(Tag.objects.order_by().values_list("slug", "facet")),
        linked=linked,
    )


def _pages(wanted: QuerySet[Page]) -> Iterator[OtherPage]:
    live = Edition.objects.live().filter(page=OuterRef("pk"))
    columns = ("key", "kind", "title", "slug", "language", "as_category__symptom__key")
    rows = wanted.order_by("pk").annotate(is_live=Exists(live))
    for key, *rest, symptom, is_live, archived_at in rows.values_list(
        *columns, "is_live", "archived_at"
    ):
        yield OtherPage(key, *rest, symptom or "", is_live, archived_at is not None)


def _like(document: Document) -> list[str]:
    """The keys of the pages of the document's kind that have its slug, or a title like its."""
    kin = Page.objects.filter(kind=document["kind"], language=document["language"]).order_by()
    looks = look_alike(document["title"])
    return [
        key
        for key, slug, title in kin.values_list("key", "slug", "title").iterator()
        if slug == document["slug"] or look_alike(title) == looks
    ]

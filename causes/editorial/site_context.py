"""What the rules of writing ask of the rest of the site, read from the working copies.

One page is looked at with each save: of the rest of the site it needs the pages that it names,
those that it may be confused with, and the names that may stand in its texts.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from causes.editorial.quality import Context, Document, jargon
from causes.editorial.quality.findings import PATIENT_KINDS, OtherPage
from causes.editorial.quality.surroundings import linked_pages
from causes.editorial.quality.texts import texts
from causes.editorial.readability import LETTERS, Terms, stems, words_of
from causes.editorial.usage import linked_in_texts, linking_texts
from causes.models import (
    AlternateName,
    Cause,
    Edition,
    Kind,
    Page,
    RelatedLink,
    Source,
    Tag,
)
from causes.models.text import look_alike

BRACKETS = re.compile(r"\s*\(.*?\)")


def context_for(document: Document) -> Context:
    """What the rules need to look at one page. At most ten queries."""
    key = document["key"]
    linked: set[str] = set()
    if document["kind"] == Kind.CONDITION and (
        Cause.objects.filter(condition__key=key).exists()
        or RelatedLink.objects.filter(target__key=key).exists()
        or linking_texts(key)
    ):
        linked.add(key)
    titles = _titles()
    wanted = {key, *linked_pages(document), *_like(document, titles)}
    pages = Page.objects.filter(key__in=wanted)
    return _context(linked, pages, filter(_may_stand_in(document), _names(titles)))


def context_for_all() -> Context:
    """What the rules need to look at every page of the site."""
    linked = {
        *Cause.objects.values_list("condition__key", flat=True),
        *RelatedLink.objects.values_list("target__key", flat=True),
        *linked_in_texts(),
    }
    return _context(linked, Page.objects.all(), _names(_titles()))


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


class _Title(NamedTuple):
    key: str
    kind: str
    language: str
    slug: str
    title: str


def _titles() -> list[_Title]:
    """Of every page."""
    rows = Page.objects.order_by().values_list(*_Title._fields)
    return list(map(_Title._make, rows.iterator()))


def _like(document: Document, titles: Iterable[_Title]) -> Iterator[str]:
    """The keys of the pages of the document's kind that have its title or its slug."""
    kin, title = (document["kind"], document["language"]), look_alike(document["title"])
    for other in titles:
        if (other.kind, other.language) == kin and (
            other.slug == document["slug"] or look_alike(other.title) == title
        ):
            yield other.key


def _names(titles: Iterable[_Title]) -> Iterator[str]:
    """What patients' pages are called, with brackets and without."""
    for page in titles:
        if page.kind in PATIENT_KINDS:
            yield page.title
            if "(" in page.title:
                yield BRACKETS.sub("", page.title)
    names = AlternateName.objects.filter(page__kind__in=PATIENT_KINDS).order_by()
    yield from names.values_list("name", flat=True).iterator()


def _may_stand_in(document: Document) -> Callable[[str], bool]:
    """Whether a name can matter to the document's texts.

    It does where its first word stands in them, or where it makes a word of theirs known that has
    a plain one.
    """
    htmls = [text.html for text in texts(document)]
    first = {stem for html in htmls for word in words_of(html) for stem in stems(word)}
    medical = {word for html in htmls for word in jargon.words_in(html)}

    def may(name: str) -> bool:
        lower = name.lower()
        begins = LETTERS.search(lower)
        return begins is not None and (begins[0] in first or any(word in lower for word in medical))

    return may

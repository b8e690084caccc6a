"""Where a page, a tag or a source is used: asked before it is archived, merged or withdrawn."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet

from causes.models import (
    CareCard,
    Category,
    Cause,
    Citation,
    Edition,
    EditionLink,
    Page,
    RelatedLink,
    Section,
    Source,
    Tag,
    TaggedEdition,
)
from causes.models.fields import page_keys

DRAFT, LIVE, SCHEDULED = "draft", "live", "scheduled"
_PLACES = (DRAFT, LIVE, SCHEDULED)
_WAYS = {
    EditionLink.Kind.CAUSE: "lists it as a cause",
    EditionLink.Kind.RELATED: "names it as a related page",
    EditionLink.Kind.TEXT: "links to it in its text",
}
_GROUP, _TRANSLATION = "is a group of it", "translates it"
_TAGGED, _CITES = "carries it", "cites it"
# Every rich text of a page that may link to another: the model, its page, its fields.
_TEXTS = (
    (Page, "pk", ("lead",)),
    (Section, "page", ("body",)),
    (Cause, "category", ("how", "differs")),
)
_CITING = ((CareCard, "page"), (Section, "page"), (Cause, "category"))


@dataclass
class Use:
    """A page that uses the record: in which ways, each with where (draft, live, scheduled)."""

    page: Page
    ways: dict[str, set[str]] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """One a way, such as "links to it in its text (draft and live)"."""
        return [
            f"{way} ({' and '.join(place for place in _PLACES if place in places)})"
            for way, places in sorted(self.ways.items())
        ]


# (id of the page, way, where)
_Found = Iterator[tuple[int, str, str]]


def uses_of(record: Page | Tag | Source) -> list[Use]:
    """The pages that use the record, by title. A fixed number of queries, whatever their number."""
    match record:
        case Page():
            found = _uses_of_page(record)
        case Tag():
            found = _uses_of_tag(record)
        case _:
            found = _uses_of_source(record)
    ways: dict[int, dict[str, set[str]]] = {}
    for page, way, where in found:
        ways.setdefault(page, {}).setdefault(way, set()).add(where)
    pages = Page.objects.filter(pk__in=ways).order_by("title", "key")
    return [Use(page, ways[page.pk]) for page in pages]


def linking_texts(key: str) -> set[int]:
    """The ids of the pages whose working copy links to the page of that key in a text."""
    found = set()
    for model, owner, fields in _TEXTS:
        # The database finds the candidates; what counts as a link is said in one place.
        wanted = Q()
        for name in fields:
            wanted |= Q(**{f"{name}__icontains": f'page:{key}"'})
        for page, *texts in model.objects.filter(wanted).values_list(owner, *fields):
            if any(key in page_keys(text) for text in texts):
                found.add(page)
    return found


def linked_in_texts() -> set[str]:
    """The keys of all pages to which the text of a working copy links."""
    return {
        key
        for model, _, fields in _TEXTS
        for texts in model.objects.order_by().values_list(*fields)
        for text in texts
        for key in page_keys(text)
    }


def _uses_of_page(page: Page) -> _Found:
    causes = Cause.objects.filter(condition=page.pk).values_list("category", flat=True)
    yield from _drafts(causes, _WAYS[EditionLink.Kind.CAUSE])
    related = RelatedLink.objects.filter(target=page.pk).values_list("page", flat=True)
    yield from _drafts(related, _WAYS[EditionLink.Kind.RELATED])
    yield from _drafts(sorted(linking_texts(page.key)), _WAYS[EditionLink.Kind.TEXT])
    groups = Category.objects.filter(symptom=page.pk).values_list("pk", flat=True)
    yield from _drafts(groups, _GROUP)
    yield from _drafts(page.translations.values_list("pk", flat=True), _TRANSLATION)
    for where, editions in _shown():
        links = EditionLink.objects.filter(target=page.pk, edition__in=editions)
        for owner, kind in links.values_list("edition__page", "kind"):
            yield owner, _WAYS[kind], where
        for group in editions.filter(parent=page.pk).values_list("page", flat=True):
            yield group, _GROUP, where


def _uses_of_tag(tag: Tag) -> _Found:
    yield from _drafts(tag.tagged_pages.values_list("content_object", flat=True), _TAGGED)
    for where, editions in _shown():
        tagged = TaggedEdition.objects.filter(tag=tag.pk, edition__in=editions)
        for page in tagged.values_list("edition__page", flat=True):
            yield page, _TAGGED, where


def _uses_of_source(source: Source) -> _Found:
    for model, owner in _CITING:
        rows = model.objects.filter(citations=source.pk).values_list(owner, flat=True)
        yield from _drafts(rows, _CITES)
    further = Citation.objects.filter(source=source.pk).values_list("page", flat=True)
    yield from _drafts(further, _CITES)
    for where, editions in _shown():
        citing = editions.filter(body__sources__has_key=source.key)
        for page in citing.values_list("page", flat=True):
            yield page, _CITES, where


def _drafts(pages: Iterable[int], way: str) -> _Found:
    return ((page, way, DRAFT) for page in pages)


def _shown() -> list[tuple[str, QuerySet[Edition]]]:
    editions = Edition.objects.order_by()
    return [(LIVE, editions.live()), (SCHEDULED, editions.scheduled())]

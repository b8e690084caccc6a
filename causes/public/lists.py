"""Pages that list others: what they share, home, and the list of symptoms."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_safe

from causes.public import catalog, clock, reading
from causes.public.catalog import CountedTag
from causes.public.forms import PageForm, wanted
from causes.public.narrowing import NOTICED, Identity, LinkedPage, address
from causes.public.paging import paging
from causes.public.prepared import MadeOf, State, one_number, prepared
from causes.public.structured_data import list_graph
from causes.search.kept import Versions, content_versions

# How much a page shows. The shipped site stays below: each of its lists is one page.
SYMPTOMS_AT_HOME = 12
TAGS_AT_HOME = 15  # of each question
SYMPTOMS = 60


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at, versions = clock.now(), content_versions()
    every = catalog.symptoms.value(at, versions.number)
    keys, more_symptoms = tuple(every[:SYMPTOMS_AT_HOME]), len(every) > SYMPTOMS_AT_HOME
    by_facet = catalog.tags_by_facet(at, versions.number, NOTICED)
    facets = tuple((question, _most_carried(tags)) for question, tags in by_facet)

    def make() -> HttpResponse:
        linked = reading.linked_pages(at, keys=keys)
        return list_page(
            request,
            "home",
            "WebPage",
            settings.SITE_NAME,
            linked.values(),
            made_of=made_of_list(versions, linked, keys),
            symptoms=in_order(keys, linked),
            more_symptoms=more_symptoms,
            facets=facets,
        )

    return prepared(request, at, (keys, more_symptoms, facets), make)


def _most_carried(tags: Collection[CountedTag]) -> tuple[CountedTag, ...]:
    """Those that most conditions carry, in their own order."""
    most = sorted(tags, key=lambda counted: -counted[1])[:TAGS_AT_HOME]
    return tuple(counted for counted in tags if counted in most)


@require_safe
def symptoms(request: HttpRequest) -> HttpResponse:
    at, versions = clock.now(), content_versions()
    every = catalog.symptoms.value(at, versions.number)
    number = wanted(PageForm, request.GET).number
    pages = paging(
        len(every), number, SYMPTOMS, lambda n: address(request.path, number_of_page(n), ())
    )
    keys = tuple(every[pages.start : pages.stop])

    def make() -> HttpResponse:
        linked = reading.linked_pages(at, keys=keys)
        return list_page(
            request,
            "symptoms",
            "CollectionPage",
            "Symptoms",
            linked.values(),
            made_of=made_of_list(versions, linked, keys),
            symptoms=in_order(keys, linked),
            pages=pages,
            canonical=pages.here,
        )

    return prepared(request, at, (keys, pages.number, pages.last), make)


def number_of_page(number: int) -> list[tuple[str, str]]:
    """The parameter that asks for a page of a list; the first needs none."""
    return [("page", str(number))] if number > 1 else []


def in_order(keys: Iterable[str], linked: dict[str, LinkedPage]) -> list[LinkedPage]:
    return [linked[key] for key in keys if key in linked]


def made_of_list(
    versions: Versions,
    linked: dict[str, LinkedPage],
    keys: Collection[str] = (),
    others: Collection[Identity] = (),
    found_by: Q | None = None,
) -> MadeOf:
    """What a list is made of: the pages that it links, by ``keys``; ``others`` by ``found_by``."""
    read = one_number([*others, *(page.edition for page in linked.values())])
    return MadeOf(State(read, versions.rewritten), reading.linked(keys, found_by))


def list_page(
    request: HttpRequest,
    template: str,
    page_type: str,
    title: str,
    linked: Iterable[LinkedPage],
    **context: object,
) -> TemplateResponse:
    """A page that is not an edition. ``linked`` are the live pages that it read."""
    above = context.get("breadcrumbs", ())
    canonical = context.setdefault("canonical", request.path)
    context = {
        "title": title,
        "path": request.path,
        "site_pages": reading.site_pages(linked),
        "structured_data": list_graph(
            page_type, request.path if context.get("noindex") else canonical, title, above
        ),
    } | context
    return TemplateResponse(request, f"causes/{template}.html", context)

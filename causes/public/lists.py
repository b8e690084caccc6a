"""The pages that are not editions: home, symptoms, the A to Z, tags, a tag. Long ones are paged."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from causes.models import Facet
from causes.public import catalog, clock, reading
from causes.public.catalog import KnownTags, Names, TaggedConditions
from causes.public.forms import LetterForm, NarrowForm, PageForm, wanted
from causes.public.narrowing import (
    NOTICED,
    Choices,
    LinkedPage,
    TagLabel,
    address,
    matches_and_counts,
    offer,
)
from causes.public.paging import paging
from causes.public.structured_data import list_graph
from causes.public.views import moved
from causes.search.kept import content_version

# How much a page shows. The shipped site stays below: each of its lists is one page.
SYMPTOMS_AT_HOME = 12
TAGS_AT_HOME = 15  # of each question
SYMPTOMS = 60
CONDITIONS = 60
NAMES_ON_ONE_PAGE = 500  # with more of them, each letter has pages of its own
NAMES_OF_A_LETTER = 200
A_TO_Z = "Conditions A to Z"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at, version = clock.now(), content_version()
    keys = catalog.symptoms.value(at, version)
    linked = reading.linked_pages(at, keys=keys[:SYMPTOMS_AT_HOME])
    return list_page(
        request,
        "home",
        "WebPage",
        settings.SITE_NAME,
        linked.values(),
        symptoms=_in_order(keys[:SYMPTOMS_AT_HOME], linked),
        more_symptoms=len(keys) > SYMPTOMS_AT_HOME,
        facets=[
            (question, _most_carried(tags))
            for question, tags in _tags_by_facet(at, version, NOTICED)
        ],
    )


def _most_carried(tags: list["CountedTag"]) -> list["CountedTag"]:
    """Those that most conditions carry, in their own order."""
    most = sorted(tags, key=lambda counted: -counted[1])[:TAGS_AT_HOME]
    return [counted for counted in tags if counted in most]


@require_safe
def symptoms(request: HttpRequest) -> HttpResponse:
    at, version = clock.now(), content_version()
    keys = catalog.symptoms.value(at, version)
    number = wanted(PageForm, request.GET).number
    pages = paging(len(keys), number, SYMPTOMS, lambda n: address(request.path, _page(n), ()))
    shown = keys[pages.start : pages.stop]
    linked = reading.linked_pages(at, keys=shown)
    return list_page(
        request,
        "symptoms",
        "CollectionPage",
        "Symptoms",
        linked.values(),
        symptoms=_in_order(shown, linked),
        pages=pages,
        canonical=pages.here,
    )


def _page(number: int) -> list[tuple[str, str]]:
    return [("page", str(number))] if number > 1 else []


def _in_order(keys: Iterable[str], linked: dict[str, LinkedPage]) -> list[LinkedPage]:
    return [linked[key] for key in keys if key in linked]


@require_safe
def a_to_z(request: HttpRequest) -> HttpResponse:
    """Every name of every condition and symptom, by its first letter; many, a letter at a time."""
    at, version = clock.now(), content_version()
    names = catalog.names.value(at, version)
    linked = reading.linked_pages(at)
    if len(names) <= NAMES_ON_ONE_PAGE:
        found = reading.names(names.ids)
        by_letter = [
            (letter, [found[place] for place in places if place < len(found)])
            for letter, places in names.letters.items()
        ]
        letters = [(letter, f"#letter-{letter}") for letter in names.letters]
        return _a_to_z(request, linked, letters=letters, by_letter=by_letter)
    asked = wanted(LetterForm, request.GET)
    letters = [(letter, _letter(request.path, letter)) for letter in names.letters]
    if asked.letter not in names.letters:
        return _a_to_z(request, linked, letters=letters, count=len(names))
    return _of_a_letter(request, linked, names, letters, asked.letter, asked.number)


def _letter(path: str, letter: str, number: int = 1) -> str:
    return address(path, [("letter", letter), *_page(number)], ())


def _of_a_letter(
    request: HttpRequest,
    linked: dict[str, LinkedPage],
    names: Names,
    letters: Sequence[tuple[str, str]],
    letter: str,
    number: int,
) -> HttpResponse:
    places = names.letters[letter]
    pages = paging(
        len(places), number, NAMES_OF_A_LETTER, lambda n: _letter(request.path, letter, n)
    )
    shown = places[pages.start : pages.stop]
    return _a_to_z(
        request,
        linked,
        title=f"{A_TO_Z}: {letter}" + (f", page {pages.number}" if pages.number > 1 else ""),
        breadcrumbs=[(A_TO_Z, request.path)],
        letters=letters,
        current=letter,
        by_letter=[(letter, reading.names(names.ids[shown.start : shown.stop]))],
        pages=pages,
        canonical=pages.here,
    )


def _a_to_z(
    request: HttpRequest, linked: dict[str, LinkedPage], title: str = A_TO_Z, **context: object
) -> HttpResponse:
    return list_page(request, "a_to_z", "CollectionPage", title, linked.values(), **context)


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag that a live condition carries, by facet, with counts."""
    at, version = clock.now(), content_version()
    linked = reading.linked_pages(at)
    by_facet = _tags_by_facet(at, version)
    return list_page(request, "tags", "CollectionPage", "Tags", linked.values(), facets=by_facet)


CountedTag = tuple[TagLabel, int, str]


def _tags_by_facet(
    at: datetime, version: int, facets: Iterable[Facet] = Facet
) -> list[tuple[str, list[CountedTag]]]:
    """The question of each facet with its tags, how many conditions carry each, and what it means.

    Only those that a live condition carries.
    """
    known = catalog.known_tags.value(at, version)
    carriers = catalog.tagged_conditions.value(at, version).carriers
    labels = sorted(known.labels.values(), key=lambda tag: (tag.order, tag.name))
    counted = [
        (tag, carriers[tag.slug].bit_count(), known.descriptions[tag.slug])
        for tag in labels
        if tag.slug in carriers
    ]
    by_facet = [(f.label, [entry for entry in counted if entry[0].facet == f]) for f in facets]
    return [(question, found) for question, found in by_facet if found]


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The conditions with a tag, by group, and the tags that can be combined with it."""
    at, version = clock.now(), content_version()
    known = catalog.known_tags.value(at, version)
    conditions = catalog.tagged_conditions.value(at, version)
    if slug in known.aliases:
        return moved(reverse("tag", args=[known.aliases[slug]]))
    # Both were read for this version, yet a tag may have come between the two readings.
    if slug not in conditions.carriers.keys() & known.labels.keys():
        raise Http404
    asked = wanted(NarrowForm, request.GET)
    chosen = {known.aliases.get(other, other) for other in asked.tags} & known.labels.keys()
    if known.aliases.keys() & asked.tags:
        return moved(address(request.path, (), chosen))
    narrowed, found = _combined(slug, chosen, known, conditions, request.path)
    tags = [option.tag.slug for option in narrowed.chosen]
    pages = paging(
        narrowed.count, asked.number, CONDITIONS, lambda n: address(request.path, _page(n), tags)
    )
    keys = conditions.keys_of(found, pages.start, pages.stop)
    linked = reading.linked_pages(at, keys=keys)
    shown = _in_order(keys, linked)
    # Across pages a group would come again and again: a long list has no groups.
    groups = (
        [{"pages": shown}]
        if pages.last > 1
        else _by_group(shown, reading.groups_by_condition(keys, at))
    )
    label = known.labels[slug]
    return list_page(
        request,
        "tag",
        "CollectionPage",
        label.name,
        linked.values(),
        tag=label,
        description=known.descriptions[slug],
        narrowed=narrowed,
        groups=groups,
        pages=pages,
        canonical=request.path if tags else pages.here,
        breadcrumbs=[("Tags", "/tags/")],
    )


def _combined(
    slug: str, chosen: Collection[str], known: KnownTags, conditions: TaggedConditions, path: str
) -> tuple[Choices, int]:
    """What can be combined with a tag, and the set of conditions that the chosen tags leave."""
    within = conditions.carriers[slug]
    shared = (conditions.carriers.keys() & known.labels.keys()) - {slug}
    others = {s: conditions.carriers[s] & within for s in shared}
    left, counts = matches_and_counts(others, known.facets, chosen)
    found = within if left is None else left
    labels = {s: known.labels[s] for s in others if others[s]}
    offered = offer(labels, counts, chosen, path=path)
    return (
        Choices(
            offered.chosen,
            offered.facets,
            offered.clear_href,
            found.bit_count(),
            within.bit_count(),
        ),
        found,
    )


def _by_group(
    pages: Sequence[LinkedPage], links: list[tuple[str, str, str]]
) -> list[dict[str, object]]:
    """The pages under each group that lists them; those that stand in none come last."""
    by_key = {page.key: page for page in pages}
    groups: dict[str, dict] = {}
    for path, title, key in links:
        group = groups.setdefault(path, {"path": path, "title": title, "pages": []})
        group["pages"].append(by_key[key])
    grouped = {key for _, _, key in links}
    rest = [page for page in pages if page.key not in grouped]
    return [*groups.values(), *([{"title": "Other conditions", "pages": rest}] if rest else [])]


def list_page(
    request: HttpRequest, template: str, page_type: str, title: str, linked, **context: object
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

"""The tags by facet, and the conditions with a tag, which other tags narrow."""

from collections.abc import Collection, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from causes.public import catalog, clock, reading
from causes.public.catalog import KnownTags
from causes.public.forms import NarrowForm, wanted
from causes.public.lists import in_order, list_page, made_of_list, number_of_page
from causes.public.narrowing import Choices, LinkedPage, address, matches_and_counts, offer
from causes.public.paging import paging
from causes.public.prepared import prepared
from causes.public.reading import GroupOfCondition
from causes.public.tagged import TaggedConditions
from causes.public.views import moved
from causes.search.kept import content_versions

CONDITIONS = 60  # on a page


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag that a live condition carries, by facet, with counts."""
    at, versions = clock.now(), content_versions()
    by_facet = catalog.tags_by_facet(at, versions.number)

    def make() -> HttpResponse:
        linked = reading.linked_pages(at)
        return list_page(
            request,
            "tags",
            "CollectionPage",
            "Tags",
            linked.values(),
            made_of=made_of_list(versions, linked),
            facets=by_facet,
        )

    return prepared(request, at, by_facet, make)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The conditions with a tag, by group, and the tags that can be combined with it."""
    at, versions = clock.now(), content_versions()
    known = catalog.known_tags.value(at, versions.number)
    conditions = catalog.tagged_conditions.value(at, versions.number)
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
        narrowed.count,
        asked.number,
        CONDITIONS,
        lambda n: address(request.path, number_of_page(n), tags),
    )
    keys = tuple(conditions.keys_of(found, pages.start, pages.stop))
    label, description = known.labels[slug], known.descriptions[slug]

    def make() -> HttpResponse:
        linked = reading.linked_pages(at, keys=keys)
        shown = in_order(keys, linked)
        # Across pages a group would come again and again: a long list has no groups.
        listed_in = reading.groups_by_condition(keys, at) if pages.last == 1 else []
        groups = _by_group(shown, listed_in) if pages.last == 1 else [{"pages": shown}]
        return list_page(
            request,
            "tag",
            "CollectionPage",
            label.name,
            linked.values(),
            made_of=made_of_list(
                versions,
                linked,
                keys,
                {group.edition for group in listed_in},
                reading.listing(keys) if pages.last == 1 else None,
            ),
            tag=label,
            description=description,
            narrowed=narrowed,
            groups=groups,
            pages=pages,
            canonical=request.path if tags else pages.here,
            breadcrumbs=[("Tags", "/tags/")],
        )

    return prepared(request, at, (label, description, narrowed, keys, pages.number), make)


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
    pages: Sequence[LinkedPage], listed_in: Sequence[GroupOfCondition]
) -> list[dict[str, object]]:
    """The pages under each group that lists them; those that stand in none come last."""
    by_key = {page.key: page for page in pages}
    groups: dict[str, dict] = {}
    for group in listed_in:
        heading = {"path": group.path, "title": group.title, "pages": []}
        groups.setdefault(group.path, heading)["pages"].append(by_key[group.condition])
    grouped = {group.condition for group in listed_in}
    rest = [page for page in pages if page.key not in grouped]
    return [*groups.values(), *([{"title": "Other conditions", "pages": rest}] if rest else [])]

"""The public pages, one function each. They read editions only."""

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from causes.models import Facet, Kind
from causes.public import brand, clock, errors, reading
from causes.public.forms import chosen_tags
from causes.public.narrowing import NOTICED, LinkedPage, address, narrow
from causes.public.pages import page_response
from causes.public.structured_data import list_graph


def moved(path: str) -> HttpResponse:
    """301, asked again each time: a page that moves back must not meet an old answer."""
    response = redirect(path, permanent=True)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def page(request: HttpRequest, **parts: str) -> HttpResponse:
    """Any page with an edition: its address says which."""
    at = clock.now()
    edition = reading.edition_at(request.path, at)
    if edition is None:
        if reading.was_published(request.path, at):
            return errors.gone(request)
        raise Http404
    if edition.path != request.path:
        return moved(edition.path)
    return page_response(request, edition, at, chosen_tags(request.GET))


@require_safe
def symptom(request: HttpRequest, slug: str) -> HttpResponse:
    """A symptom's page; an alias among its tags leads to the same page with the tag itself."""
    response = page(request)
    if not isinstance(response, TemplateResponse):
        return response
    return _without_aliases(request, response) or response


def _without_aliases(request: HttpRequest, response: TemplateResponse) -> HttpResponse | None:
    """301 to the same page with the tags themselves, where aliases were chosen of tags."""
    known = {option.tag.slug for option in response.context_data["narrowed"].chosen}
    unknown = set(chosen_tags(request.GET)) - known
    if aliases := unknown and reading.tag_aliases(unknown):
        return moved(address(request.path, (), known | set(aliases.values())))
    return None


@require_safe
def from_a_copy(request: HttpRequest, path: str, parameters: str) -> HttpResponse:
    """301 from `/symptoms/leg-numbness/tag=foot/`, as an exported copy has it, to `?tag=foot`."""
    pairs = [part.partition("=")[::2] for part in parameters.split("/")]
    return moved(f"/{path}?{urlencode(pairs)}")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = clock.now()
    linked = reading.linked_pages(at, wanted=Q(kind=Kind.SYMPTOM))
    by_facet = _tags_by_facet(at, NOTICED)
    name = settings.SITE_NAME
    return list_page(request, "home", "WebPage", name, linked.values(), facets=by_facet)


@require_safe
def symptoms(request: HttpRequest) -> HttpResponse:
    linked = reading.linked_pages(clock.now(), wanted=Q(kind=Kind.SYMPTOM))
    return list_page(request, "symptoms", "CollectionPage", "Symptoms", linked.values())


@require_safe
def a_to_z(request: HttpRequest) -> HttpResponse:
    """Every name of every condition and symptom, by its first letter."""
    at = clock.now()
    names = sorted(reading.names(at), key=lambda entry: _sort_key(entry[0]))
    letters = [
        (letter, list(entries))
        for letter, entries in groupby(names, key=lambda entry: _sort_key(entry[0])[:1].upper())
    ]
    linked = reading.linked_pages(at)
    title = "Conditions A to Z"
    return list_page(request, "a_to_z", "CollectionPage", title, linked.values(), letters=letters)


def _sort_key(name: str) -> str:
    """The name without accents and in lower case."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag that a live condition carries, by facet, with counts."""
    at = clock.now()
    linked = reading.linked_pages(at)
    by_facet = _tags_by_facet(at)
    return list_page(request, "tags", "CollectionPage", "Tags", linked.values(), facets=by_facet)


def _tags_by_facet(
    at: datetime, facets: Iterable[Facet] = Facet
) -> list[tuple[str, list[reading.CountedTag]]]:
    """The question of each facet with its tags, where any live condition carries one."""
    counted = reading.tags_with_counts(at)
    by_facet = [(facet.label, [tag for tag in counted if tag.facet == facet]) for facet in facets]
    return [(question, found) for question, found in by_facet if found]


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The conditions with a tag, by group, and the tags that can be combined with it."""
    at = clock.now()
    found = reading.tag_named(slug)
    if found is None:
        raise Http404
    if found.slug != slug:
        return moved(reverse("tag", args=[found.slug]))
    linked = reading.linked_pages(at, wanted=reading.carrying(found))
    conditions = [page for page in linked.values() if page.kind == Kind.CONDITION]
    if not conditions:
        raise Http404
    chosen = chosen_tags(request.GET)
    narrowed = narrow(conditions, chosen, path=request.path, hidden={slug})
    response = list_page(
        request,
        "tag",
        "CollectionPage",
        found.name,
        linked.values(),
        tag=found,
        question=found.get_facet_display(),
        narrowed=narrowed,
        groups=_by_group(narrowed.pages, reading.groups_by_condition(narrowed.keys, at)),
        breadcrumbs=[("Tags", "/tags/")],
    )
    return _without_aliases(request, response) or response


def _by_group(
    pages: tuple[LinkedPage, ...], links: list[tuple[str, str, str]]
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
    pages = list(linked)
    context = {
        "title": title,
        "path": request.path,
        "symptoms": [page for page in pages if page.kind == Kind.SYMPTOM],
        "site_pages": reading.site_pages(pages),
        "structured_data": list_graph(
            page_type, request.path, title, context.get("breadcrumbs", ())
        ),
    } | context
    return TemplateResponse(request, f"causes/{template}.html", context)


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. It asks nobody else."""
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@require_safe
def opensearch(request: HttpRequest) -> HttpResponse:
    """How a browser searches this site from its own bar (OpenSearch 1.1)."""
    content_type = "application/opensearchdescription+xml"
    return TemplateResponse(request, "causes/opensearch.xml", content_type=content_type)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /search/"]
    lines += ["", f"Sitemap: {settings.SITE_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """How the site stands on a home screen: by name, icon and colours.

    It opens in the browser, where a reader sees whose page it is.
    """
    light, _dark = brand.colors()
    language = translation.get_language()
    icons = [
        {"src": static("causes/icon.svg"), "sizes": "any", "type": "image/svg+xml"},
        {"src": static("causes/icon-192.png"), "sizes": "192x192", "type": "image/png"},
        {"src": static("causes/icon-512.png"), "sizes": "512x512", "type": "image/png"},
    ]
    content = {
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "lang": language,
        "dir": "rtl" if translation.get_language_bidi() else "ltr",
        "start_url": "/",
        "display": "browser",
        "theme_color": light["--brand"],
        "background_color": light["--paper"],
        "icons": [*icons, icons[-1] | {"purpose": "maskable"}],
    }
    return JsonResponse(
        content,
        content_type="application/manifest+json",
        headers={"Cache-Control": "public, max-age=3600"},
    )


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Browsers ask for this address by themselves, also where a page names the icon."""
    response = redirect(static("causes/icon-192.png"))
    response["Cache-Control"] = "public, max-age=3600"
    return response

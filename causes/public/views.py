"""The public pages, one function each. They read editions only."""

import unicodedata
from itertools import groupby

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from causes.models import Facet, Kind
from causes.public import errors, reading
from causes.public.forms import SearchForm, chosen_tags
from causes.public.narrowing import LinkedPage, narrow
from causes.public.pages import page_response
from causes.public.search import search
from causes.public.structured_data import list_graph

PAGE_LENGTH = 20


def _moved(path: str) -> HttpResponse:
    """301, asked again each time: a page that moves back must not meet an old answer."""
    response = redirect(path, permanent=True)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def page(request: HttpRequest, **parts: str) -> HttpResponse:
    """Any page with an edition: its address says which."""
    at = timezone.now()
    edition = reading.edition_at(request.path, at)
    if edition is None:
        if reading.was_published(request.path, at):
            return errors.gone(request)
        raise Http404
    if edition.path != request.path:
        return _moved(edition.path)
    return page_response(request, edition, at, chosen_tags(request.GET))


@require_safe
def symptom(request: HttpRequest, slug: str) -> HttpResponse:
    """A symptom's page; an alias among its tags leads to the same page with the tag itself."""
    response = page(request)
    if not isinstance(response, TemplateResponse):
        return response
    chosen = set(chosen_tags(request.GET))
    known = {option.tag.slug for option in response.context_data["narrowed"].chosen}
    if aliases := chosen - known and reading.tag_aliases(chosen - known):
        tags = sorted({aliases.get(slug, slug) for slug in chosen})
        return redirect(f"{request.path}?{'&'.join(f'tag={tag}' for tag in tags)}", permanent=True)
    return response


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    linked = reading.linked_pages(timezone.now(), wanted=Q(kind=Kind.SYMPTOM))
    return _list(request, "home", "WebPage", settings.SITE_NAME, linked.values())


@require_safe
def symptoms(request: HttpRequest) -> HttpResponse:
    linked = reading.linked_pages(timezone.now(), wanted=Q(kind=Kind.SYMPTOM))
    return _list(request, "symptoms", "CollectionPage", "Symptoms", linked.values())


@require_safe
def a_to_z(request: HttpRequest) -> HttpResponse:
    """Every name of every condition and symptom, by its first letter."""
    at = timezone.now()
    names = sorted(reading.names(at), key=lambda entry: _sort_key(entry[0]))
    letters = [
        (letter, list(entries))
        for letter, entries in groupby(names, key=lambda entry: _sort_key(entry[0])[:1].upper())
    ]
    linked = reading.linked_pages(at)
    title = "Conditions A to Z"
    return _list(request, "a_to_z", "CollectionPage", title, linked.values(), letters=letters)


def _sort_key(name: str) -> str:
    """The name without accents and in lower case."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """Every tag that a live condition carries, by facet, with counts."""
    at = timezone.now()
    counted = reading.tags_with_counts(at)
    facets = [(f.label, [tag for tag in counted if tag.facet == f.value]) for f in Facet]
    linked = reading.linked_pages(at)
    facets = [(question, found) for question, found in facets if found]
    return _list(request, "tags", "CollectionPage", "Tags", linked.values(), facets=facets)


@require_safe
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """The conditions with a tag, by group, and the tags that can be combined with it."""
    at = timezone.now()
    found = reading.tag_named(slug)
    if found is None:
        raise Http404
    if found.slug != slug:
        return _moved(reverse("tag", args=[found.slug]))
    linked = reading.linked_pages(at, wanted=reading.carrying(found))
    conditions = [page for page in linked.values() if page.kind == Kind.CONDITION]
    if not conditions:
        raise Http404
    chosen = chosen_tags(request.GET)
    narrowed = narrow(conditions, chosen, path=request.path, hidden={slug})
    return _list(
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


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Pages by words, by tags, or by both."""
    at = timezone.now()
    form = SearchForm(request.GET)
    form.is_valid()
    query, chosen = form.cleaned_data.get("q", ""), form.cleaned_data.get("tag", [])
    hits = search(query, at)
    wanted = Q(kind=Kind.CONDITION) if not query else None
    linked = reading.linked_pages(at, keys={hit.key for hit in hits}, wanted=wanted)
    if query:
        found = [linked[hit.key] for hit in hits if hit.key in linked]
    else:
        found = [page for page in linked.values() if page.kind == Kind.CONDITION]
    narrowed = narrow(found, chosen, path=request.path, query=[("q", query)] if query else [])
    number, last = form.cleaned_data.get("page", 1), -(-len(narrowed.pages) // PAGE_LENGTH)
    number = max(1, min(number, last))
    names = {hit.key: hit.name for hit in hits if hit.name and hit.name != hit.title}
    shown = narrowed.pages[(number - 1) * PAGE_LENGTH : number * PAGE_LENGTH]
    return _list(
        request,
        "search",
        "SearchResultsPage",
        "Search",
        linked.values(),
        query=query,
        narrowed=narrowed,
        hits=[(page, names.get(page.key, "")) for page in shown],
        asked=bool(query or narrowed.chosen),
        number=number,
        last=last,
        noindex=True,
    )


def _list(
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

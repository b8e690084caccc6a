"""The public pages, one function each. They read editions only."""

from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.templatetags.static import static
from django.utils import translation
from django.views.decorators.http import require_safe

from causes.public import brand, clock, errors, reading
from causes.public.forms import NarrowForm, Wanted, wanted
from causes.public.narrowing import address
from causes.public.pages import page_response
from causes.public.prepared import prepared


def moved(path: str) -> HttpResponse:
    """301, asked again each time: a page that moves back must not meet an old answer."""
    response = redirect(path, permanent=True)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def page(request: HttpRequest, **parts: str) -> HttpResponse:
    """Any page with an edition: its address says which."""
    at, asked = clock.now(), wanted(NarrowForm, request.GET)
    facts = (tuple(asked.tags), asked.number)
    return prepared(request, at, facts, lambda: _page(request, asked, at))


def _page(request: HttpRequest, asked: Wanted, at: datetime) -> HttpResponse:
    edition = reading.edition_at(request.path, at)
    if edition is None:
        if (warning := reading.last_warning(request.path, at)) is not None:
            return errors.gone(request, warning)
        raise Http404
    if edition.path != request.path:
        return moved(edition.path)
    return page_response(request, edition, at, asked)


@require_safe
def symptom(request: HttpRequest, slug: str) -> HttpResponse:
    """A symptom's page; an alias among its tags leads to the same page with the tag itself."""
    response = page(request)
    if not isinstance(response, TemplateResponse):
        return response
    known = {option.tag.slug for option in response.context_data["narrowed"].chosen}
    unknown = set(wanted(NarrowForm, request.GET).tags) - known
    if aliases := unknown and reading.tag_aliases(unknown):
        return moved(address(request.path, (), known | set(aliases.values())))
    if unknown:
        response.context_data["made_of"] = None  # of what is made up there is no end
    return response


@require_safe
def from_a_copy(request: HttpRequest, path: str, parameters: str) -> HttpResponse:
    """301 from `/symptoms/leg-numbness/tag=foot/`, as an exported copy has it, to `?tag=foot`."""
    pairs = [part.partition("=")[::2] for part in parameters.split("/")]
    return moved(f"/{path}?{urlencode(pairs)}")


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
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /accounts/"]
    lines += ["Disallow: /search/"]
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

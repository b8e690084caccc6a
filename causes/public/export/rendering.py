"""One page of a copy: what the site's own view shows, without what needs the site to answer."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from causes.public import clock, errors, reading
from causes.public.export.addresses import canonical, is_static, link_to, path_of
from causes.public.export.links import with_links
from causes.public.export.plan import NOT_FOUND, Incomplete
from causes.public.legs import Area
from causes.public.narrowing import Offered
from causes.templatetags.reading import full_date

# Stands in the text of a page for the moment of the copy, so that a page which is otherwise the
# same is known to be the same. Two characters that no keyboard types.
MOMENT = "\ue000\ue001"


@dataclass(frozen=True)
class Rendered:
    """What a copy holds for an address, with MOMENT in it, and the addresses that it links to.

    ``is_dated``: it says when the copy was made, even where nothing else has changed.
    """

    content: bytes
    links: tuple[str, ...] = ()
    is_dated: bool = False


def in_words(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{full_date(local)}, {local:%H:%M %Z}"


def rendered(address: str, at: datetime) -> Rendered | None:
    """What the site shows at a canonical address at that moment; None if there is no page."""
    path, _, query = address.partition("?")
    if is_static(path):
        return _static(path)
    with clock.stopped(at):
        response = _response(path, query, at)
        if path == NOT_FOUND:
            return _linked(address, response)
        if response.status_code in {301, 302} and (
            target := canonical(address, response["Location"])
        ):
            if is_static(target):
                return _static(target)
            context = {"to": target, "path": path_of(target), "moved_page": target.split("?")[0]}
            response = TemplateResponse(_request(path), "causes/moved.html", context).render()
        elif response.status_code != 200:
            return None
        return _linked(address, response)


def _request(path: str, query: str = "") -> HttpRequest:
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = path
    request.GET = QueryDict(query)
    request.META = {"HTTP_HOST": settings.SITE_URL.split("://")[1], "QUERY_STRING": query}
    request.copied_at = MOMENT
    return request


def _response(path: str, query: str, at: datetime) -> HttpResponse:
    request = _request(path, query)
    if path == NOT_FOUND:
        return errors.not_found(request)
    if path == reverse("search"):
        site_pages = reading.site_pages(reading.linked_pages(at).values())
        context = {"title": "Search", "path": path, "site_pages": site_pages, "noindex": True}
        return TemplateResponse(request, "causes/no_search.html", context).render()
    response = _answer(request)
    if isinstance(response, TemplateResponse):
        _one_tag_at_a_time(response, lambda: _answer(_request(path)))
        response.render()
    return response


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        match = resolve(request.path)
        return match.func(request, *match.args, **match.kwargs)
    except (Resolver404, Http404):
        return errors.not_found(request)


def _one_tag_at_a_time(response: TemplateResponse, whole: Callable[[], HttpResponse]) -> None:
    """Let each tag be chosen in place of another: there are too many combinations for files.

    ``whole`` answers with the same page when nothing is chosen. A tag's own page, which is one
    choice already, offers no other.
    """
    context = response.context_data or {}
    narrowed: Offered | None = context.get("narrowed")
    if narrowed is None:
        return
    if "tag" in context:
        context["narrowed"] = replace(narrowed, facets=())
    elif narrowed.chosen:
        chosen = {option.tag.slug: option for option in narrowed.chosen}
        before = whole().context_data
        context["narrowed"] = replace(
            narrowed,
            facets=tuple(
                replace(facet, options=tuple(chosen.get(o.tag.slug, o) for o in facet.options))
                for facet in before["narrowed"].facets
            ),
        )
        context["legs"] = {
            name: Area(chosen.get(area.option.tag.slug, area.option))
            for name, area in before.get("legs", {}).items()
        }


def _linked(address: str, response: HttpResponse) -> Rendered:
    """The response with links that need no site to answer them."""
    kind = response["Content-Type"].partition(";")[0]
    ours = f"{settings.SITE_URL}/"

    def without_host(link: str) -> str:
        return link.removeprefix(settings.SITE_URL) if link.startswith(ours) else link

    def rewrite(link: str) -> str:
        if kind == "text/html" or not link.startswith(ours):
            return link_to(address, link)  # a page's canonical address stays the site's
        return settings.SITE_URL + link_to(address, without_host(link))

    text, links = with_links(kind, response.text, rewrite)
    others = {without_host(link) for link in links if not link.startswith("#")}
    targets = (canonical(address, link) for link in others)
    return Rendered(
        text.encode(), tuple(filter(None, targets)), is_dated=address == reverse("search")
    )


def _static(path: str) -> Rendered:
    name = path.removeprefix(staticfiles_storage.base_url)
    try:
        with staticfiles_storage.open(name) as file:
            return Rendered(file.read())
    except FileNotFoundError as error:
        raise Incomplete(f"{name} is not collected: run `manage.py collectstatic`") from error

"""The sitemap: every live page, with the moment when its text last changed; in parts if large."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from causes.models import Edition, EditionLink
from causes.public import clock
from causes.public.site import absolute

Row = tuple[str, int, datetime]  # path, id of the page, when its edition went live
PART_LENGTH = 5_000  # addresses; the standard allows 50,000, and a part is made in one go
ROBOTS = "noindex, noodp, noarchive"  # as Django says of a part: no page to be found itself


class _OurAddress(Sitemap):
    """Addresses under SITE_URL, whatever host was asked."""

    def get_domain(self, site: Any = None) -> str:
        return settings.SITE_URL.split("://")[1]

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.split("://")[0]


class EditionSitemap(_OurAddress):
    """A symptom shows its groups and a condition what the groups say of it: their dates count."""

    def __init__(self, pages: Sequence[Row], at: datetime) -> None:
        self.pages = pages
        shown = [page_id for _, page_id, _ in pages]
        live = Edition.objects.live(at).order_by()
        groups = live.filter(parent_id__in=shown).values_list("parent_id")
        naming = EditionLink.objects.filter(
            Exists(live.filter(pk=OuterRef("edition_id"))),
            kind=EditionLink.Kind.CAUSE,
            target_id__in=shown,
        )
        newest = Max("edition__live_from")
        self.newest_group = dict(groups.annotate(Max("live_from")))
        self.newest_naming = dict(naming.order_by().values_list("target_id").annotate(newest))

    def items(self) -> Sequence[Row]:
        return self.pages

    def location(self, item: Row) -> str:
        return item[0]

    def lastmod(self, item: Row) -> datetime:
        _, page_id, live_from = item
        others = (self.newest_group.get(page_id), self.newest_naming.get(page_id))
        return max(filter(None, (live_from, *others)))


class ListSitemap(_OurAddress):
    """The pages that are not editions. Their date is not kept, so none is claimed."""

    def items(self) -> list[str]:
        return ["/", "/symptoms/", "/conditions/", "/tags/"]

    def location(self, item: str) -> str:
        return item


def _pages(at: datetime) -> QuerySet:
    live = Edition.objects.live(at).order_by("path")
    return live.values_list("path", "page_id", "live_from")


def _urlset(request: HttpRequest, maps: dict[str, Sitemap]) -> HttpResponse:
    """Django's view reads a page number from the address; ours have none."""
    request.GET = QueryDict()
    return sitemap(request, maps)


@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: all addresses, or the index of the parts that hold them."""
    at = clock.now()
    pages = list(_pages(at)[: PART_LENGTH + 1])
    if len(pages) <= PART_LENGTH:
        return _urlset(request, {"pages": EditionSitemap(pages, at), "lists": ListSitemap()})
    parts = range(1, -(-_pages(at).count() // PART_LENGTH) + 1)
    addresses = [absolute(reverse("sitemap_part", args=[number])) for number in parts]
    context = {"sitemaps": [{"location": address} for address in addresses]}
    headers = {"Content-Type": "application/xml", "X-Robots-Tag": ROBOTS}
    return TemplateResponse(request, "sitemap_index.xml", context, headers=headers)


@require_safe
def part(request: HttpRequest, number: int) -> HttpResponse:
    """`/sitemap-2.xml`; the lists are in the first."""
    at = clock.now()
    start = (number - 1) * PART_LENGTH
    pages = list(_pages(at)[start : start + PART_LENGTH]) if 0 < number < 10_000 else []
    if not pages:
        raise Http404
    lists = {"lists": ListSitemap()} if number == 1 else {}
    return _urlset(request, {"pages": EditionSitemap(pages, at)} | lists)

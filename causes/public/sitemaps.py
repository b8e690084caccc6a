"""The sitemap: every live page, with the moment when its text last changed; in parts if large."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.contrib.sitemaps.views import sitemap
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from causes.models import Edition, EditionLink, Kind
from causes.public.site import absolute

PART_LENGTH = 5_000  # addresses; the standard allows 50,000, and a part is made in one go


class _OurAddress(Sitemap):
    """Addresses under SITE_URL, whatever host was asked."""

    def get_domain(self, site: Any = None) -> str:
        return settings.SITE_URL.split("://")[1]

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.split("://")[0]


class EditionSitemap(_OurAddress):
    """A symptom shows its groups and a condition what the groups say of it: their dates count."""

    def __init__(self, part: int = 1) -> None:
        self.part = part

    def items(self) -> list[Edition]:
        now = timezone.now()
        start = (self.part - 1) * PART_LENGTH
        paths = Edition.objects.live(now).order_by("path").values_list("path", flat=True)
        return list(_with_changes(now).filter(path__in=paths[start : start + PART_LENGTH]))

    def lastmod(self, item: Edition) -> datetime:
        return item.changed


def _with_changes(now: datetime) -> QuerySet[Edition]:
    live = Edition.objects.live(now)
    groups = live.filter(kind=Kind.CATEGORY, parent=OuterRef("page_id"))
    naming = EditionLink.objects.filter(
        kind=EditionLink.Kind.CAUSE, target=OuterRef("page_id"), edition__in=live
    )
    newest_group = groups.order_by().values("parent").annotate(at=Max("live_from"))
    newest_naming = naming.order_by().values("target").annotate(at=Max("edition__live_from"))
    return (
        live.annotate(
            changed=Greatest(
                "live_from",
                Coalesce(Subquery(newest_group.values("at")), "live_from"),
                Coalesce(Subquery(newest_naming.values("at")), "live_from"),
            )
        )
        .order_by("path")
        .only("path")
    )


class ListSitemap(_OurAddress):
    """The pages that are not editions. Their date is not kept, so none is claimed."""

    def items(self) -> list[str]:
        return ["/", "/symptoms/", "/conditions/", "/tags/"]

    def location(self, item: str) -> str:
        return item


def _parts() -> int:
    return max(1, -(-Edition.objects.live().count() // PART_LENGTH))


@require_safe
def whole(request: HttpRequest) -> HttpResponse:
    """`/sitemap.xml`: all addresses, or the index of the parts that hold them."""
    parts = _parts()
    if parts == 1:
        return sitemap(request, {"pages": EditionSitemap(), "lists": ListSitemap()})
    addresses = [absolute(reverse("sitemap_part", args=[n])) for n in range(1, parts + 1)]
    context = {"sitemaps": [{"location": address} for address in addresses]}
    return TemplateResponse(request, "sitemap_index.xml", context, content_type="application/xml")


@require_safe
def part(request: HttpRequest, number: int) -> HttpResponse:
    """`/sitemap-2.xml`; the lists are in the first."""
    parts = _parts()
    if parts == 1 or not 1 <= number <= parts:
        raise Http404
    return sitemap(
        request,
        {"pages": EditionSitemap(number)} | ({"lists": ListSitemap()} if number == 1 else {}),
    )

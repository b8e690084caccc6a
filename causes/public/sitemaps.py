"""The sitemap: every live page, with the moment when its text last changed."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest

from causes.models import Edition, EditionLink, Kind
from causes.public import clock


class _OurAddress(Sitemap):
    """Addresses under SITE_URL, whatever host was asked."""

    def get_domain(self, site: Any = None) -> str:
        return settings.SITE_URL.split("://")[1]

    def get_protocol(self, protocol: str | None = None) -> str:
        return settings.SITE_URL.split("://")[0]


class EditionSitemap(_OurAddress):
    """A symptom shows its groups and a condition what the groups say of it: their dates count."""

    limit = 10_000

    def items(self) -> QuerySet[Edition]:
        now = clock.now()
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

    def lastmod(self, item: Edition) -> datetime:
        return item.changed


class ListSitemap(_OurAddress):
    """The pages that are not editions. Their date is not kept, so none is claimed."""

    def items(self) -> list[str]:
        return ["/", "/symptoms/", "/conditions/", "/tags/"]

    def location(self, item: str) -> str:
        return item


SITEMAPS = {"pages": EditionSitemap, "lists": ListSitemap}

"""Which addresses a copy begins with, and whether what they show has changed meanwhile."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import blake2b

from django.urls import reverse

from causes.models import Address, Edition, Tag

NOT_FOUND = "/404.html"  # the name that static servers know
FIXED = (NOT_FOUND, "/favicon.ico")
NAMED = ("home", "symptoms", "a_to_z", "tags", "search", "robots", "manifest", "sitemap")


class Incomplete(Exception):
    """The site does not show something that a copy must have."""


def must_be_there(at: datetime) -> Iterator[str]:
    """The site's own addresses and every live edition's: a copy without one would be broken."""
    yield from FIXED
    yield from map(reverse, NAMED)
    live = Edition.objects.live(at).order_by("path")
    yield from live.values_list("path", flat=True).iterator()


def may_be_there(at: datetime) -> Iterator[str]:
    """Addresses that lead on, or to nothing: earlier ones of pages, and every tag's."""
    yield from Address.objects.order_by("path").values_list("path", flat=True).iterator()
    for slug, alias in Tag.objects.order_by("slug").values_list("slug", "aliases__slug"):
        yield reverse("tag", args=[slug])
        if alias:
            yield reverse("tag", args=[alias])


def fingerprint(at: datetime) -> str:
    """Changes when what the public saw at that moment is changed afterwards.

    A publication does not: it begins later. A renamed tag does, because lists show today's.
    """
    digest = blake2b(digest_size=16)
    live = Edition.objects.live(at).order_by("pk", "tagged__tag")
    tags = Tag.objects.order_by("pk", "aliases")
    for rows in (
        live.values_list("pk", "digest", "path", "tagged__tag"),
        tags.values_list("pk", "slug", "name", "facet", "order", "description", "aliases__slug"),
    ):
        for row in rows.iterator():
            digest.update(repr(row).encode())
    return digest.hexdigest()

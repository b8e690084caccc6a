"""What the rules of writing ask of the rest of the site, read from the working copies."""

import re

from django.db.models import Exists, OuterRef
from django.utils import timezone

from causes.editorial.quality import Context
from causes.editorial.quality.findings import PATIENT_KINDS, OtherPage
from causes.editorial.readability import Terms
from causes.editorial.usage import linked_in_texts, linking_texts
from causes.models import (
    AlternateName,
    Cause,
    Edition,
    Kind,
    Page,
    RelatedLink,
    Source,
    Tag,
)

BRACKETS = re.compile(r"\s*\(.*?\)")


def context_for(key: str, kind: str) -> Context:
    """What the rules need to look at one page. At most nine queries."""
    linked: set[str] = set()
    if kind == Kind.CONDITION and (
        Cause.objects.filter(condition__key=key).exists()
        or RelatedLink.objects.filter(target__key=key).exists()
        or linking_texts(key)
    ):
        linked.add(key)
    return _context(linked)


def context_for_all() -> Context:
    """What the rules need to look at every page of the site."""
    linked = {
        *Cause.objects.values_list("condition__key", flat=True),
        *RelatedLink.objects.values_list("target__key", flat=True),
        *linked_in_texts(),
    }
    return _context(linked)


def _context(linked: set[str]) -> Context:
    live = Edition.objects.live().filter(page=OuterRef("pk"))
    columns = ("key", "kind", "title", "slug", "language", "as_category__symptom__key")
    rows = Page.objects.order_by().annotate(is_live=Exists(live))
    pages = {
        key: OtherPage(key, *rest, symptom or "", is_live, archived_at is not None)
        for key, *rest, symptom, is_live, archived_at in rows.values_list(
            *columns, "is_live", "archived_at"
        )
    }
    names = AlternateName.objects.filter(page__kind__in=PATIENT_KINDS).order_by()
    titles = [page.title for page in pages.values() if page.kind in PATIENT_KINDS]
    titles += [BRACKETS.sub("", title) for title in titles]
    return Context(
        today=timezone.localdate(),
        pages=pages,
        known=Terms([*titles, *names.values_list("name", flat=True)]),
        sources=dict(Source.objects.order_by().values_list("key", "checked")),
        facets=dict(Tag.objects.order_by().values_list("slug", "facet")),
        linked=linked,
    )

"""Which pages wait for publication, and the lock of many of them at once."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q, Subquery

from causes.models import Kind, Page, Revision, SignOff

# A group's address is part of its symptom's, so symptoms come first.
PUBLISHING_ORDER = [Kind.SYMPTOM, Kind.CATEGORY, Kind.CONDITION, Kind.INFORMATION]


def ready_pages(keys: Collection[str] = ()) -> list[Page]:
    """Pages whose newest version is submitted, or signed off and not live yet; or those named.

    In the order in which they can be published.
    """
    newest = Revision.objects.in_line().filter(page=OuterRef("pk")).order_by("-number")
    approved = SignOff.objects.filter(
        revision__page=OuterRef("pk"),
        digest=OuterRef("newest_digest"),
        verdict=SignOff.Verdict.APPROVED,
    )
    pages = Page.objects.filter(archived_at=None).annotate(
        newest_state=Subquery(newest.values("state")[:1]),
        newest_digest=Subquery(newest.values("digest")[:1]),
        is_signed_off=Exists(approved),
    )
    if keys:
        pages = pages.filter(key__in=keys, newest_state__isnull=False)
    else:
        is_draft = Q(newest_state=Revision.State.DRAFT, is_signed_off=True)
        pages = pages.filter(Q(newest_state=Revision.State.SUBMITTED) | is_draft)
    return sorted(pages, key=lambda page: (PUBLISHING_ORDER.index(page.kind), page.key))


def lock_ready_pages(keys: Collection[str] = ()) -> list[Page]:
    """`ready_pages`, locked with those whose addresses hang on theirs, in the order of their keys.

    Call it first in a transaction, so that no verb in it has to wait while it holds others. What
    was saved or returned before the lock was there is left out.
    """
    ids = {page.pk for page in ready_pages(keys)}
    family = Q(as_symptom__categories__in=ids) | Q(as_category__symptom__in=ids)
    wanted = Page.objects.filter(Q(pk__in=ids) | family).values("pk")
    locked = Page.objects.filter(pk__in=wanted).order_by("key").select_for_update()
    list(locked.values("pk"))
    return [page for page in ready_pages(keys) if page.pk in ids]

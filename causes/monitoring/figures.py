"""What only the database knows of the site's state: counted here, judged in `probes`."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from causes import search
from causes.editorial.four_eyes import second_person_needed
from causes.editorial.reminders import unsent
from causes.editorial.transitions import PUBLISH_PERMISSION
from causes.models import Edition, Event, Page, Revision, Tag

TRUST_IN_MIGRATIONS = 60.0  # seconds: reading them all takes some time, and none is ever undone

_none_missing_at = float("-inf")


def missing_migrations() -> list[str]:
    """Those that are not applied, which also proves that the database answers.

    Raises django.db.Error.
    """
    global _none_missing_at
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    if time.monotonic() - _none_missing_at < TRUST_IN_MIGRATIONS:
        return []
    loader = MigrationLoader(connection)
    missing = sorted(set(loader.graph.nodes) - set(loader.applied_migrations))
    if not missing:
        _none_missing_at = time.monotonic()
    return [".".join(migration) for migration in missing]


@dataclass(frozen=True)
class Figures:
    """Counts of pages, unless their name says otherwise."""

    tags_without_facet: int
    published_alone: int  # live pages that one person wrote and published
    needs_second_person: bool
    overdue: int
    waiting: int  # for a review
    waiting_since: datetime | None
    unsent_reminders: int
    with_errors: int
    publications: int  # ever
    live: int
    search: search.Status


def figures() -> Figures:
    """Counts, whose number of queries is the same at any size. Raises django.db.Error."""
    now, today = timezone.now(), timezone.localdate()
    pages = Page.objects.filter(archived_at=None)
    newest = Revision.objects.newest().filter(page__archived_at=None)
    submitted = newest.filter(state=Revision.State.SUBMITTED).order_by("created_at")
    since = list(submitted.values_list("created_at", flat=True))
    live = Edition.objects.live(now)
    return Figures(
        tags_without_facet=Tag.objects.filter(facet="").count(),
        published_alone=live.filter(published_alone=True).count(),
        needs_second_person=second_person_needed(PUBLISH_PERMISSION),
        overdue=pages.filter(review_due_on__lt=today).count(),
        waiting=len(since),
        waiting_since=since[0] if since else None,
        unsent_reminders=unsent(today),
        with_errors=newest.filter(errors__gt=0).count(),
        publications=Event.objects.filter(verb=Event.Verb.PUBLISH).count(),
        live=live.count(),
        search=search.status(now),
    )


def waited(since: datetime | None) -> timedelta:
    return timezone.now() - since if since else timedelta()

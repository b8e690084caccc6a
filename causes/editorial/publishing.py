"""The verbs that change what patients see: record, publish, cancel, withdraw."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from django.db.models import Max
from django.utils import timezone

from causes.editorial.acting import (
    PUBLISH_PERMISSION,
    Actor,
    NotPossible,
    locked,
    log_event,
    named,
    newest_revision,
    raise_content_version,
    require,
)
from causes.editorial.bodies import public_body
from causes.editorial.documents import SCHEMA, digest, document
from causes.editorial.editions import end_edition, open_edition, path_of, unschedule
from causes.editorial.refusals import (
    refuse_incomplete,
    refuse_moving_groups_later,
    refuse_odd_times,
)
from causes.models import Edition, Event, Kind, Page, Revision


class ScheduleStands(NotPossible):
    """Another edition is scheduled: the caller must say whether to keep or to replace it."""


def record(
    page: Page, *, actor: Actor, note: str = "", verb: Event.Verb = Event.Verb.RECORD
) -> Revision:
    """Keep the working copy as a revision. Returns the newest one if nothing has changed.

    ``verb`` says how it came about. Raises PermissionDenied.
    """
    with locked(page):
        require(actor, f"causes.change_{page.kind}", f"causes.add_{page.kind}")
        stored = Page.objects.get(pk=page.pk)
        Page.objects.filter(pk=page.pk).update(review_due_on=stored.review_due())
        now_is = document(stored)
        newest = page.revisions.in_line().first()
        if newest and newest.digest == digest(now_is):
            return newest
        last = page.revisions.aggregate(last=Max("number"))["last"] or 0
        revision = Revision.objects.create(
            page_id=page.pk,
            number=last + 1,
            based_on=newest and newest.number,
            document=now_is,
            digest=digest(now_is),
            schema=SCHEMA,
            note=note,
            **named(actor, "author"),
        )
        log_event(page, verb, actor, revision, note)
        return revision


def publish(
    page: Page,
    *,
    actor: Actor,
    number: int,
    at: datetime | None = None,
    scheduled: Literal["keep", "replace"] | None = None,
    note: str = "",
    change: str = "",
) -> Edition:
    """Show revision ``number`` to patients from ``at`` on (now, unless given).

    The revision must be the newest: what was read is what goes live. Text that is live already
    is left as it is. If an edition is scheduled, ``scheduled`` says whether it stays. ``note``
    tells readers what changed and why; ``change`` is one of `Edition.Change`.
    Raises PermissionDenied, NewerVersion, ScheduleStands, NotPossible.
    """
    with locked(page, with_family=True):
        require(actor, PUBLISH_PERMISSION)
        revision = newest_revision(page, number)
        body = public_body(revision.document)
        refuse_incomplete(body)
        now = timezone.now()
        refuse_odd_times(at, now)
        start = at or now
        path = path_of(body, start)
        waiting = page.editions.scheduled(now).first()
        if waiting is not None and scheduled == "replace":
            log_event(page, Event.Verb.CANCEL, actor, waiting.revision, note)
            unschedule(waiting)
            raise_content_version()
            waiting = None
        current = page.editions.live(start).first()
        is_live = current is not None and (current.digest, current.path) == (digest(body), path)
        if is_live and current != waiting:
            return current
        if waiting is not None:
            _refuse_beside(waiting, scheduled, path, later=at is not None)
        if page.kind == Kind.SYMPTOM:
            refuse_moving_groups_later(page, path, later=at is not None)
        edition = open_edition(page, revision, body, path, start, note=note, change=change)
        revision.state = Revision.State.PUBLISHED
        revision.save(update_fields=["state"])
        verb = Event.Verb.SCHEDULE if at else Event.Verb.PUBLISH
        log_event(page, verb, actor, revision, note)
        if page.kind == Kind.SYMPTOM:
            _move_groups(page, edition, actor)
        raise_content_version()
        return edition


def cancel(page: Page, *, actor: Actor, note: str = "") -> None:
    """Take back the scheduled edition, which nobody saw; the one before it stays open.

    Raises PermissionDenied, NotPossible.
    """
    with locked(page):
        require(actor, PUBLISH_PERMISSION)
        waiting = page.editions.scheduled().first()
        if waiting is None:
            raise NotPossible("Nothing is scheduled for this page.")
        revision = waiting.revision
        unschedule(waiting)
        log_event(page, Event.Verb.CANCEL, actor, revision, note)
        raise_content_version()


def withdraw(page: Page, *, actor: Actor, note: str) -> None:
    """Take the page off the public site at once, and whatever is scheduled for it.

    A symptom takes its groups along: without it they stand alone. Raises PermissionDenied,
    NotPossible.
    """
    with locked(page, with_family=page.kind == Kind.SYMPTOM):
        require(actor, PUBLISH_PERMISSION)
        if not note.strip():
            raise NotPossible("Say why the page is withdrawn.")
        if not _take_off(page, actor, note):
            raise NotPossible("This page is not published.")
        if page.kind == Kind.SYMPTOM:
            for group in Page.objects.filter(editions__parent=page.pk).distinct():
                _take_off(group, actor, note)
        raise_content_version()


def _take_off(page: Page, actor: Actor, note: str) -> bool:
    """Whether there was anything to take off, live or scheduled."""
    waiting, now = page.editions.scheduled().first(), timezone.now()
    if waiting is not None:
        unschedule(waiting)
    current = page.editions.live(now).first()
    if current is not None:
        end_edition(current, now)
    if current is None and waiting is None:
        return False
    log_event(page, Event.Verb.WITHDRAW, actor, current.revision if current else None, note)
    return True


# --- What publish() asks first -----------------------------------------------------------


def _refuse_beside(waiting: Edition, scheduled: str | None, path: str, *, later: bool) -> None:
    """An edition beside the one that waits: only where the caller keeps that, and only now."""
    if scheduled is None:
        when = timezone.localtime(waiting.live_from)
        raise ScheduleStands(
            f"Version {waiting.revision.number} goes live on {when:%-d %B %Y at %H:%M}. "
            "Keep it or replace it."
        )
    if later:
        raise NotPossible("One edition at a time can be scheduled. Replace it, or publish now.")
    if waiting.path != path:
        raise NotPossible("The scheduled version has another address. Replace it.")


def _move_groups(symptom: Page, edition: Edition, actor: Actor) -> None:
    """Give the symptom's live groups their new address when the symptom's has changed."""
    groups: Iterable[Edition] = (
        Edition.objects.live(edition.live_from)
        .filter(parent=symptom, kind=Kind.CATEGORY)
        .select_related("page", "revision")
    )
    for group in groups:
        path = f"{edition.path}{group.body['slug']}/"
        if path != group.path:
            open_edition(group.page, group.revision, group.body, path, edition.live_from)
            log_event(group.page, Event.Verb.MOVE, actor, group.revision, f"now {path}")

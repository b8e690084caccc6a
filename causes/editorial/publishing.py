"""The verbs that change what patients see: record, publish, cancel, withdraw."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from django.db.models import Max
from django.utils import timezone

from causes.editorial import notices
from causes.editorial.acting import (
    Actor,
    Fixture,
    NotPossible,
    acting,
    locked,
    log_event,
    named,
    newest_revision,
    raise_content_version,
)
from causes.editorial.bodies import is_live_text, public_body
from causes.editorial.checking import findings_now
from causes.editorial.documents import SCHEMA, digest, document
from causes.editorial.editions import end_edition, open_edition, path_of, unschedule
from causes.editorial.four_eyes import refuse_own_text
from causes.editorial.quality import count
from causes.editorial.refusals import (
    refuse_incomplete,
    refuse_moving_groups_later,
    refuse_odd_times,
    refuse_wrong_kind,
)
from causes.editorial.safety import refuse_unsigned
from causes.editorial.transitions import PUBLISH_PERMISSION
from causes.models import Edition, Event, Kind, Page, Revision


class ScheduleStands(NotPossible):
    """Another edition is scheduled: the caller must say whether to keep or to replace it."""


def record(
    page: Page,
    *,
    actor: Actor,
    note: str = "",
    verb: Event.Verb = Event.Verb.RECORD,
    based_on: int | None = None,
    find: bool = True,
) -> Revision:
    """Keep the working copy as a revision. Returns the newest one if nothing has changed.

    ``verb`` is what brought it about; one that only follows a tag's new name leaves the page in
    the state it was in, also in the archive. ``based_on`` is the version that it was made from,
    if that is not the newest. Its findings are counted, unless ``find`` leaves that for later
    (`checking.count_again`). Raises PermissionDenied, NotPossible.
    """
    follows_a_tag = verb in Event.TAG_VERBS  # who may do that, its own verb asks
    with locked(page) if follows_a_tag else acting(page, Event.Verb.RECORD, actor):
        stored = Page.objects.get(pk=page.pk)
        Page.objects.filter(pk=page.pk).update(review_due_on=stored.review_due())
        now_is = document(stored)
        newest = page.revisions.in_line().first()
        if newest and newest.digest == digest(now_is):
            return newest
        last = page.revisions.aggregate(last=Max("number"))["last"] or 0
        if newest is None and follows_a_tag:
            verb, follows_a_tag = Event.Verb.RECORD, False  # there is nothing that it could follow
        revision = Revision.objects.create(
            page_id=page.pk,
            number=last + 1,
            based_on=based_on or (newest and newest.number),
            document=now_is,
            digest=digest(now_is),
            schema=SCHEMA,
            state=newest.state if follows_a_tag else Revision.State.DRAFT,
            note=note,
            **(count(findings_now(now_is)) if find else {}),
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
    Raises PermissionDenied (OwnText where a second person is needed), NewerVersion,
    NotSignedOff, ScheduleStands, NotPossible.
    """
    verb = Event.Verb.SCHEDULE if at else Event.Verb.PUBLISH
    with acting(page, verb, actor, with_family=True):
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
            raise_content_version(rewritten=False)
            waiting = None
        current = page.editions.live(start).first()
        is_live = current is not None and current.path == path and is_live_text(body, current)
        if is_live and current != waiting:
            return current
        if waiting is not None:
            _refuse_beside(waiting, scheduled, path, later=at is not None)
        if page.kind == Kind.SYMPTOM:
            refuse_moving_groups_later(page, path, later=at is not None)
        about = {"note": note, "change": change}
        if not isinstance(actor, Fixture):
            about["published_alone"] = refuse_own_text(page, revision, actor, PUBLISH_PERMISSION)
            refuse_unsigned(revision, current, body)
        if current is not None:
            refuse_wrong_kind(change, current.body, body)
        if current is not None and change == Edition.Change.WORDING:
            about["review_due_on"] = current.review_due_on
        notices.published(page, revision, actor, at, note)  # before it counts as published
        edition = open_edition(page, revision, body, path, start, **about)
        revision.state = Revision.State.PUBLISHED
        revision.save(update_fields=["state"])
        alone = "Written and published by one person alone." if edition.published_alone else ""
        log_event(page, verb, actor, revision, " ".join(filter(None, (note, alone))))
        if page.kind == Kind.SYMPTOM:
            _move_groups(page, edition, actor)
        raise_content_version(rewritten=False)
        return edition


def cancel(page: Page, *, actor: Actor, note: str = "") -> None:
    """Take back the scheduled edition, which nobody saw; the one before it stays open.

    Raises PermissionDenied, NotPossible.
    """
    with acting(page, Event.Verb.CANCEL, actor):
        waiting = page.editions.scheduled().get()
        revision = waiting.revision
        unschedule(waiting)
        log_event(page, Event.Verb.CANCEL, actor, revision, note)
        raise_content_version(rewritten=False)


def withdraw(page: Page, *, actor: Actor, note: str, safety_warning: str = "") -> None:
    """Take the page off the public site at once, and whatever is scheduled for it.

    ``safety_warning`` is for readers who kept or look up the page: what in it could harm them.
    A symptom takes its groups along: without it they stand alone. Raises PermissionDenied,
    NotPossible.
    """
    with acting(page, Event.Verb.WITHDRAW, actor, with_family=page.kind == Kind.SYMPTOM):
        if not note.strip():
            raise NotPossible("Say why the page is withdrawn.")
        _take_off(page, actor, note, safety_warning)
        if page.kind == Kind.SYMPTOM:
            for group in Page.objects.filter(editions__parent=page.pk).distinct():
                _take_off(group, actor, note, safety_warning)
        raise_content_version(rewritten=False)


def _take_off(page: Page, actor: Actor, note: str, safety_warning: str) -> None:
    waiting, now = page.editions.scheduled().first(), timezone.now()
    if waiting is not None:
        unschedule(waiting)
    current = page.editions.live(now).first()
    if current is not None:
        current.safety_warning = safety_warning
        end_edition(current, now)
    if current is not None or waiting is not None:
        log_event(page, Event.Verb.WITHDRAW, actor, current and current.revision, note)


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

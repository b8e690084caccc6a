"""The editorial verbs. They alone write revisions, editions, addresses and events.

Each verb is one transaction that locks its page; `publish` also those whose addresses hang
together (a symptom and its groups), in the order of their keys; the content version comes last,
so that no two verbs wait for each other.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from causes.editorial.bodies import public_body
from causes.editorial.documents import SCHEMA, digest, document
from causes.editorial.editions import (
    NotPossible,
    end_edition,
    open_edition,
    path_of,
    unschedule,
)
from causes.editorial.refusals import (
    refuse_incomplete,
    refuse_moving_groups_later,
    refuse_odd_times,
)
from causes.models import Category, ContentVersion, Edition, Event, Kind, Page, Revision

PUBLISH_PERMISSION = "causes.publish_page"


class Fixture:
    """The actor of `loaddata`: it needs no permission and no second person."""

    name = "fixture"


FIXTURE = Fixture()
Actor = AbstractBaseUser | Fixture


class NewerVersion(NotPossible):
    """The page was saved since the version that was read."""


class ScheduleStands(NotPossible):
    """Another edition is scheduled: the caller must say whether to keep or to replace it."""


def record(page: Page, *, actor: Actor, note: str = "") -> Revision:
    """Keep the working copy as a revision. Returns the newest one if nothing has changed.

    Raises PermissionDenied.
    """
    with _locked(page):
        _require(actor, f"causes.change_{page.kind}", f"causes.add_{page.kind}")
        now_is = document(Page.objects.get(pk=page.pk))
        newest = page.revisions.first()
        if newest and newest.digest == digest(now_is):
            return newest
        revision = Revision.objects.create(
            page_id=page.pk,
            number=newest.number + 1 if newest else 1,
            document=now_is,
            digest=digest(now_is),
            schema=SCHEMA,
            note=note,
            **_named(actor, "author"),
        )
        _event(page, Event.Verb.RECORD, actor, revision, note)
        return revision


def publish(
    page: Page,
    *,
    actor: Actor,
    number: int,
    at: datetime | None = None,
    scheduled: Literal["keep", "replace"] | None = None,
    note: str = "",
) -> Edition:
    """Show revision ``number`` to patients from ``at`` on (now, unless given).

    The revision must be the newest: what was read is what goes live. Text that is live already
    is left as it is. If an edition is scheduled, ``scheduled`` says whether it stays.
    Raises PermissionDenied, NewerVersion, ScheduleStands, NotPossible.
    """
    with _locked(page, with_family=True):
        _require(actor, PUBLISH_PERMISSION)
        revision = _newest(page, number)
        body = public_body(revision.document)
        refuse_incomplete(body)
        now = timezone.now()
        refuse_odd_times(at, now)
        start = at or now
        path = path_of(body, start)
        waiting = page.editions.scheduled(now).first()
        if waiting is not None and scheduled == "replace":
            _event(page, Event.Verb.CANCEL, actor, waiting.revision, note)
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
        edition = open_edition(page, revision, body, path, start)
        revision.state = Revision.State.PUBLISHED
        revision.save(update_fields=["state"])
        verb = Event.Verb.SCHEDULE if at else Event.Verb.PUBLISH
        _event(page, verb, actor, revision, note)
        if page.kind == Kind.SYMPTOM:
            _move_groups(page, edition, actor)
        raise_content_version()
        return edition


def cancel(page: Page, *, actor: Actor, note: str = "") -> None:
    """Take back the scheduled edition, which nobody saw; the one before it stays open.

    Raises PermissionDenied, NotPossible.
    """
    with _locked(page):
        _require(actor, PUBLISH_PERMISSION)
        waiting = page.editions.scheduled().first()
        if waiting is None:
            raise NotPossible("Nothing is scheduled for this page.")
        revision = waiting.revision
        unschedule(waiting)
        _event(page, Event.Verb.CANCEL, actor, revision, note)
        raise_content_version()


def withdraw(page: Page, *, actor: Actor, note: str) -> None:
    """Take the page off the public site at once, and whatever is scheduled for it.

    A symptom takes its groups along: without it they stand alone. Raises PermissionDenied,
    NotPossible.
    """
    with _locked(page, with_family=page.kind == Kind.SYMPTOM):
        _require(actor, PUBLISH_PERMISSION)
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
    _event(page, Event.Verb.WITHDRAW, actor, current.revision if current else None, note)
    return True


# --- Locks, permissions, events ----------------------------------------------------------


@contextmanager
def _locked(page: Page, *, with_family: bool = False) -> Iterator[None]:
    """One transaction that holds the page; with its family, also those whose addresses hang on it.

    Locks are taken in the order of the pages' keys.
    """
    wanted = Q(pk=page.pk)
    if with_family and page.kind == Kind.CATEGORY:
        wanted |= Q(pk__in=Category.objects.filter(pk=page.pk).values("symptom"))
    elif with_family and page.kind == Kind.SYMPTOM:
        wanted |= Q(pk__in=Category.objects.filter(symptom=page.pk).values("pk"))
    with transaction.atomic():
        ids = Page.objects.filter(wanted).values("pk")
        list(Page.objects.filter(pk__in=ids).order_by("key").select_for_update().values("pk"))
        yield


def _require(actor: Actor, *permissions: str) -> None:
    if not isinstance(actor, Fixture) and not any(map(actor.has_perm, permissions)):
        raise PermissionDenied("You do not have the permission for this.")


def _named(actor: Actor, role: str) -> dict[str, Any]:
    if isinstance(actor, Fixture):
        return {role: None, f"{role}_name": actor.name}
    return {role: actor, f"{role}_name": actor.get_full_name() or actor.get_username()}


def _event(page: Page, verb: str, actor: Actor, revision: Revision | None, note: str) -> None:
    Event.objects.create(
        page_id=page.pk,
        verb=verb,
        revision=revision,
        note=note,
        by_fixture=isinstance(actor, Fixture),
        **_named(actor, "actor"),
    )


def raise_content_version() -> None:
    """Say that what the public sees has changed. Call it last in a transaction."""
    ContentVersion.objects.get_or_create(pk=1)
    ContentVersion.objects.update(number=F("number") + 1)


# --- What publish() asks first -----------------------------------------------------------


def _newest(page: Page, number: int) -> Revision:
    newest = page.revisions.first()
    if newest is None:
        raise NotPossible("Save the page first.")
    if newest.number != number:
        raise NewerVersion(
            f"Version {newest.number} was saved by {newest.author_name} after version {number}. "
            "Read it, then publish it."
        )
    return newest


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
            _event(group.page, Event.Verb.MOVE, actor, group.revision, f"now {path}")

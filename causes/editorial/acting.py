"""What every verb needs: who acts and may, the page's lock, the event, the content version.

A verb is one transaction that locks its page, some also those whose addresses hang together (a
symptom and its groups), in the order of their keys; the content version comes last, so that no
two verbs wait for each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q

from causes.models import ContentVersion, Event, Kind, Page, Revision

PUBLISH_PERMISSION = "causes.publish_page"


class Fixture:
    """The actor of `loaddata`: it needs no permission and no second person."""

    name = "fixture"


FIXTURE = Fixture()
Actor = AbstractBaseUser | Fixture


class NotPossible(Exception):
    """The verb cannot be done; the text says why and what to do."""


class NewerVersion(NotPossible):
    """The page was saved since the version that was read."""


@contextmanager
def locked(page: Page, *, with_family: bool = False) -> Iterator[None]:
    """One transaction that holds the page; with its family, also those whose addresses hang on it.

    Locks are taken in the order of the pages' keys.
    """
    wanted = Q(pk=page.pk)
    if with_family and page.kind == Kind.CATEGORY:
        wanted |= Q(as_symptom__categories=page.pk)
    elif with_family and page.kind == Kind.SYMPTOM:
        wanted |= Q(as_category__symptom=page.pk)
    with transaction.atomic():
        ids = Page.objects.filter(wanted).values("pk")
        list(Page.objects.filter(pk__in=ids).order_by("key").select_for_update().values("pk"))
        yield


def require(actor: Actor, *permissions: str) -> None:
    """Raises PermissionDenied unless the actor has any of the permissions."""
    if not isinstance(actor, Fixture) and not any(map(actor.has_perm, permissions)):
        raise PermissionDenied("You do not have the permission for this.")


def named(actor: Actor, role: str) -> dict[str, Any]:
    """The fields ``role`` and ``role_name``: the name stays when the account goes."""
    if isinstance(actor, Fixture):
        return {role: None, f"{role}_name": actor.name}
    return {role: actor, f"{role}_name": actor.get_full_name() or actor.get_username()}


def log_event(
    page: Page | None,
    verb: str,
    actor: Actor,
    revision: Revision | None = None,
    note: str = "",
    *,
    subject: str = "",
) -> Event:
    return Event.objects.create(
        page_id=page and page.pk,
        verb=verb,
        revision=revision,
        note=note,
        subject=subject,
        by_fixture=isinstance(actor, Fixture),
        **named(actor, "actor"),
    )


def newest_revision(page: Page, number: int) -> Revision:
    """The newest version, which must be ``number``. Raises NotPossible, NewerVersion."""
    newest = page.revisions.in_line().first()
    if newest is None:
        raise NotPossible("Save the page first.")
    if newest.number != number:
        raise NewerVersion(
            f"Version {newest.number} was saved by {newest.author_name} after version {number}. "
            "Read it, then publish it."
        )
    return newest


def raise_content_version() -> None:
    """Say that what the public sees has changed. Call it last in a transaction."""
    ContentVersion.objects.get_or_create(pk=1)
    ContentVersion.objects.update(number=F("number") + 1)

"""What every verb needs: who acts and may, the page's lock, the event, the content version.

A verb is one transaction that locks its page, some also those whose addresses hang together (a
symptom and its groups), in the order of their keys; the content version comes last, so that no
two verbs wait for each other.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q

from causes.editorial.transitions import TABLE, Rule, state_of
from causes.models import Category, ContentVersion, Event, Kind, Page, Revision


class Fixture:
    """The actor of `loaddata`: it needs no permission and no second person."""

    name = "fixture"


@dataclass(frozen=True)
class Guest:
    """Someone without an account, under the name that they gave; a link is their permission."""

    name: str


FIXTURE = Fixture()
Actor = AbstractBaseUser | Fixture | Guest


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
        wanted |= Q(pk__in=Category.objects.filter(pk=page.pk).values("symptom"))
    elif with_family and page.kind == Kind.SYMPTOM:
        wanted |= Q(pk__in=Category.objects.filter(symptom=page.pk).values("pk"))
    with transaction.atomic():
        ids = Page.objects.filter(wanted).values("pk")
        list(Page.objects.filter(pk__in=ids).order_by("key").select_for_update().values("pk"))
        yield


@contextmanager
def acting(
    page: Page, verb: Event.Verb, actor: Actor, *, with_family: bool = False
) -> Iterator[None]:
    """The transaction of one verb: locked, permitted, and possible in the page's present states.

    Raises PermissionDenied, NotPossible. A refused attempt undoes the transaction, and stays as
    an event beside it.
    """
    rule = TABLE[verb]
    try:
        with locked(page, with_family=with_family):
            require(actor, *rule.permissions_for(page))
            _refuse_state(rule, page, actor)
            yield
    except PermissionDenied as error:
        log_event(page, Event.Verb.REFUSED, actor, note=f"{rule.name}: {error}")
        raise


def refuse_attempt(page: Page, verb: Event.Verb, actor: Actor) -> None:
    """Raises PermissionDenied, and keeps an event of it, for someone without the permission."""
    with acting(page, verb, actor):
        pass


def _refuse_state(rule: Rule, page: Page, actor: Actor) -> None:
    state = state_of(page)
    if state.version is None and rule.about == "version":
        raise NotPossible("Save the page first.")
    publishes = isinstance(actor, Fixture) and rule.verb == Event.Verb.PUBLISH
    is_outside = publishes and state.public in rule.public  # a fixture waits for no review
    if not rule.allows(state) and not is_outside:
        raise NotPossible(rule.refusal)


def require(actor: Actor, *permissions: str) -> None:
    """Raises PermissionDenied unless the actor has any of the permissions."""
    if not isinstance(actor, Fixture) and not any(map(actor.has_perm, permissions)):
        raise PermissionDenied("You do not have the permission for this.")


def named(actor: Actor, role: str) -> dict[str, Any]:
    """The fields ``role`` and ``role_name``: the name stays when the account goes."""
    if isinstance(actor, Fixture | Guest):
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
            "Read it first."
        )
    return newest


def raise_content_version(*, rewritten: bool = True) -> None:
    """Say that what the public sees has changed. Call it last in a transaction.

    Not ``rewritten``: editions began or ended, and nothing about another one changed.
    """
    ContentVersion.objects.get_or_create(pk=1)
    raised = {"number": F("number") + 1} | ({"rewritten": F("number") + 1} if rewritten else {})
    ContentVersion.objects.update(**raised)

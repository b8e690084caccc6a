"""Who wrote what is to go live, and whether somebody else must approve it (FOUR_EYES)."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from causes.editorial.acting import Actor
from causes.models import Page, Revision

BACKEND = "django.contrib.auth.backends.ModelBackend"


class OwnText(PermissionDenied):
    """The text needs a second person, and this one wrote part of it; the text says who may."""


def people_who_may(permission: str) -> QuerySet[Any]:
    """The active accounts that can sign in to the admin and have the permission."""
    people = get_user_model()._default_manager.with_perm(permission, backend=BACKEND)
    return people.filter(is_staff=True).order_by("username")


def second_person_needed(permission: str) -> bool:
    """By the setting; "auto" asks for one as soon as there are two who have the permission."""
    if settings.FOUR_EYES == "auto":
        return people_who_may(permission).count() >= 2
    return settings.FOUR_EYES == "on"


def contributors(page: Page, number: int) -> dict[int, str]:
    """The accounts that wrote version ``number`` since the publication before it, with names.

    A restored version brings its own writers along; who only renamed a tag wrote nothing.
    """
    written = set(page.revisions.written().values_list("number", flat=True))
    columns = ("number", "author_id", "author_name", "based_on")
    versions = {row[0]: row[1:] for row in page.revisions.values_list(*columns)}
    published = set(page.editions.values_list("revision__number", flat=True))
    found, seen, to_read = {}, set(), [number]
    while to_read:
        current = to_read.pop()
        if current in seen or current in published or current not in versions:
            continue
        seen.add(current)
        author, name, based_on = versions[current]
        if author is not None and current in written:
            found[author] = name
        to_read += [current - 1, based_on]
    return found


def wrote(page: Page, revision: Revision, actor: Actor) -> bool:
    return getattr(actor, "pk", None) in contributors(page, revision.number)


def refuse_own_text(page: Page, revision: Revision, actor: Actor, permission: str) -> bool:
    """Raises OwnText where a second person must act; else returns whether this one acts alone."""
    if not wrote(page, revision, actor):
        return False
    if second_person_needed(permission):
        others = people_who_may(permission).exclude(pk__in=contributors(page, revision.number))
        names = ", ".join(person.get_full_name() or person.get_username() for person in others)
        raise OwnText(
            "You wrote part of this version: a second person must approve it. "
            + (f"These may: {names}." if names else "Nobody else may: an administrator can help.")
        )
    return True

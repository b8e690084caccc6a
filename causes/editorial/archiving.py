"""The verbs that put a page away and bring texts back: archive, unarchive, restore."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from causes.editorial import documents
from causes.editorial.acting import Actor, NotPossible, acting, log_event
from causes.editorial.publishing import record
from causes.models import Event, Page, Revision, Tag, TagAlias

_NAMES_A_PAGE = {"causes": "condition", "related": "target"}


def archive(page: Page, *, actor: Actor, note: str = "") -> None:
    """Put a page that patients do not see out of editors' way. Nothing of it is lost.

    Raises PermissionDenied, NotPossible.
    """
    _set_archived(page, Event.Verb.ARCHIVE, actor, timezone.now(), note)


def unarchive(page: Page, *, actor: Actor, note: str = "") -> None:
    """Bring it back as a draft. Raises PermissionDenied, NotPossible."""
    _set_archived(page, Event.Verb.UNARCHIVE, actor, None, note)


def _set_archived(
    page: Page, verb: Event.Verb, actor: Actor, at: datetime | None, note: str
) -> None:
    with acting(page, verb, actor):
        Page.objects.filter(pk=page.pk).update(archived_at=at)
        newest = page.revisions.in_line().first()
        log_event(page, verb, actor, newest, note)


def restore(page: Page, *, actor: Actor, number: int) -> tuple[Revision, list[str]]:
    """Make version ``number`` the draft again, as a new version.

    Returns it, and one sentence for each thing that could not be restored or that has another
    name now. Raises PermissionDenied, NotPossible.
    """
    with acting(page, Event.Verb.RESTORE, actor):
        old = page.revisions.filter(number=number).first()
        if old is None:
            raise NotPossible(f"There is no version {number}.")
        if old.document.get("redacted"):
            raise NotPossible("The text of this version was taken out.")
        try:
            wanted, said = _as_of_today(documents.upgrade(old.document))
        except ValueError as error:
            raise NotPossible(str(error)) from error
        before = page.revisions.in_line().first()
        said += documents.restore(page, wanted)
        revision = record(
            page,
            actor=actor,
            note=" ".join([f"Version {number} again.", *said]),
            verb=Event.Verb.RESTORE,
            based_on=number,
        )
        if revision == before:
            raise NotPossible(
                " ".join([f"Version {before.number} says the same as version {number}.", *said])
            )
        return revision, said


def _as_of_today(document: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The document with tags under their present names, without links to archived pages.

    Who looks after the page stays as it is today.
    """
    said = []
    tags, existing = [], set(Tag.objects.values_list("slug", flat=True))
    merged = dict(TagAlias.objects.values_list("slug", "tag__slug"))
    for slug in document.get("tags", []):
        if slug not in existing and slug in merged:
            said.append(f"The tag “{slug}” is now “{merged[slug]}”.")
            slug = merged[slug]
        if slug not in tags:
            tags.append(slug)
    document = {name: part for name, part in document.items() if name != "owner"} | {"tags": tags}
    archived = dict(Page.objects.exclude(archived_at=None).values_list("key", "title"))
    for rows, names in _NAMES_A_PAGE.items():
        if rows in document:
            gone = [row[names] for row in document[rows] if row[names] in archived]
            said += [f"“{archived[key]}” is archived: what led to it was left out." for key in gone]
            document[rows] = [row for row in document[rows] if row[names] not in archived]
    return document, said

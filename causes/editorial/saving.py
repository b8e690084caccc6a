"""The verbs for a save that is not based on the newest version: merge, keep aside, bring together.

Nothing that somebody saved is lost: it is in the new version, or in one that was kept aside.
"""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max

from causes.editorial.acting import (
    Actor,
    NotPossible,
    locked,
    log_event,
    named,
    newest_revision,
    require,
)
from causes.editorial.checking import findings_now
from causes.editorial.documents import SCHEMA, digest, document, restore, row_lists, upgrade
from causes.editorial.merge import Clash, Merged, merge
from causes.editorial.publishing import record
from causes.editorial.quality import count
from causes.models import Event, Page, Revision

Document = dict[str, Any]


def base_document(page: Page, number: int | None) -> Document:
    """What the writer had before them: version ``number``. Empty if there is no such version."""
    revision = page.revisions.filter(number=number).first() if number else None
    return upgrade(revision.document) if revision else {}


def with_later_rows(base: Document, stored: Document) -> Document:
    """``base``, and the rows that were added since, for forms that know some of them."""
    result = dict(base)
    for name, _ in row_lists(base["kind"]):
        rows = list(base.get(name, []))
        anchors = {row["anchor"] for row in rows}
        conditions = {row.get("condition") for row in rows} - {None}
        result[name] = rows + [
            row
            for row in stored.get(name, [])
            if row["anchor"] not in anchors and row.get("condition") not in conditions
        ]
    return result


def save_beside(
    page: Page, mine: Document, *, actor: Actor, based_on: int | None
) -> tuple[Revision, list[Clash]]:
    """Save ``mine``, which was made of version ``based_on`` while others saved.

    Without a clash the new version holds both. With one the draft stays as it is, ``mine`` is
    kept aside as a version of its own, and the clashes say where. Raises PermissionDenied.
    """
    with locked(page):
        _require_editing(page, actor)
        stored = document(Page.objects.get(pk=page.pk))
        merged = merge(base_document(page, based_on), stored, mine)
        if merged.clashes:
            return _keep_aside(page, mine, actor, based_on), merged.clashes
        restore(page, merged.document)
        note = "" if merged.document == mine else f"with what was saved after version {based_on}"
        return record(page, actor=actor, verb=Event.Verb.MERGE, note=note), []


def _keep_aside(page: Page, mine: Document, actor: Actor, based_on: int | None) -> Revision:
    last = page.revisions.aggregate(last=Max("number"))["last"] or 0
    aside = Revision.objects.create(
        page_id=page.pk,
        number=last + 1,
        based_on=based_on,
        document=mine,
        digest=digest(mine),
        schema=SCHEMA,
        state=Revision.State.ASIDE,
        **count(findings_now(mine)),
        **named(actor, "author"),
    )
    log_event(page, Event.Verb.ASIDE, actor, aside)
    return aside


def merge_aside(page: Page, aside: Revision, decided: Mapping[str, Any] | None = None) -> Merged:
    """What the draft becomes with the version that was kept aside, as far as it was ``decided``."""
    stored = document(Page.objects.get(pk=page.pk))
    return merge(base_document(page, aside.based_on), stored, upgrade(aside.document), decided)


def bring_together(
    page: Page, *, actor: Actor, number: int, newest: int, decided: Mapping[str, Any]
) -> Revision:
    """Put version ``number``, which was kept aside, into the draft: ``decided`` says how.

    What is not decided stays as it is stored. ``newest`` is the version that was looked at.
    Raises PermissionDenied, NewerVersion, NotPossible.
    """
    with locked(page):
        _require_editing(page, actor)
        newest_revision(page, newest)
        aside = page.revisions.get(number=number, state=Revision.State.ASIDE)
        if aside.note:
            raise NotPossible(aside.note)
        restore(page, merge_aside(page, aside, decided).document)
        note = f"with version {number}, which was kept aside"
        revision = record(page, actor=actor, verb=Event.Verb.MERGE, note=note)
        aside.note = f"Brought together with the draft in version {revision.number}."
        if revision.number == newest:
            aside.note = f"Looked at beside version {newest}, which stayed as it was."
        aside.save(update_fields=["note"])
        return revision


def _require_editing(page: Page, actor: Actor) -> None:
    require(actor, f"causes.change_{page.kind}")

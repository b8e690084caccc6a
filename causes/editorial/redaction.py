"""The two verbs that take out what patients once read: one person asks, another confirms.

The edition, the others of the same versions, and the drafts around it get a notice in place of
their text. Digests of the originals stay, so that history still proves what was there.
"""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from causes.editorial.acting import (
    Actor,
    NotPossible,
    acting,
    log_event,
    named,
    raise_content_version,
)
from causes.editorial.editions import write_projections
from causes.models import Edition, Event, Page, Redaction, Revision

TITLE = "Text taken out"
NOTICE = "<p>The text that stood here was taken out. A record of when and why is kept.</p>"
# What stays: where the page stands, and what kind it is.
_KEPT = {
    *("schema", "kind", "key", "language", "original", "slug", "symptom", "order"),
    *("owner", "review_interval"),
}


class SamePerson(NotPossible):
    """Who asked for a redaction cannot confirm it."""


def notice(text: dict[str, Any]) -> dict[str, Any]:
    """A document or body of the same shape that says only that its text was taken out."""
    empty = {name: value if name in _KEPT else type(value)() for name, value in text.items()}
    # A None has a shape of its own.
    empty |= {name: None for name, value in text.items() if value is None}
    return empty | {
        "title": TITLE,
        "lead": NOTICE,
        "status": Page.Status.UNCHECKED.value,
        "redacted": True,
    }


def may_be_redacted(page: Page) -> QuerySet[Edition]:
    """The page's editions that patients no longer see, and whose text is still there."""
    return page.editions.ended().filter(redacted_at=None)


def versions_to_redact(edition: Edition) -> QuerySet[Revision]:
    """Those with the edition's text, and the drafts between the publications around it.

    The newest version is the draft that editors work on: it never is one of them.
    """
    page, number = edition.page, edition.revision.number
    newest = page.revisions.in_line().values_list("number", flat=True).first()
    published = set(page.editions.values_list("revision__number", flat=True))
    before = max((other for other in published if other < number), default=0)
    after = min((other for other in published if other > number), default=newest)
    around = page.revisions.filter(number__gt=before, number__lt=after)
    same = page.revisions.filter(digest=edition.revision.digest)
    return (around | same).order_by("number")


def ask_redaction(page: Page, *, actor: Actor, edition: int, reason: str, note: str) -> Redaction:
    """Ask that the text of edition ``edition`` be taken out. Changes nothing by itself.

    Raises PermissionDenied, NotPossible.
    """
    with acting(page, Event.Verb.ASK_REDACTION, actor):
        found = _redactable(page, edition)
        if reason not in Redaction.Reason or not note.strip():
            raise NotPossible("Give the reason, and say what is wrong with the text.")
        asked, _ = Redaction.objects.update_or_create(
            edition=found,
            defaults={
                "reason": reason,
                "note": note.strip(),
                "asked_at": timezone.now(),
                **named(actor, "asked_by"),
            },
        )
        about = f"edition {edition}, {asked.get_reason_display().lower()}: {asked.note}"
        log_event(page, Event.Verb.ASK_REDACTION, actor, found.revision, about)
        return asked


def redact(page: Page, *, actor: Actor, edition: int) -> None:
    """Confirm what another person asked for: the text is replaced by a notice, for good.

    Raises PermissionDenied, SamePerson, NotPossible.
    """
    with acting(page, Event.Verb.REDACT, actor):
        found = _redactable(page, edition)
        asked = Redaction.objects.filter(edition=found).first()
        if asked is None:
            raise NotPossible("Nobody has asked for this redaction.")
        who = named(actor, "confirmed_by")
        if (asked.asked_by, asked.asked_by_name) == tuple(who.values()):
            raise SamePerson("You asked for this redaction: another person must confirm it.")
        versions = list(versions_to_redact(found))
        editions = page.editions.filter(revision__in=versions)
        if editions.live().exists() or editions.scheduled().exists():
            raise NotPossible("Patients see this text, or soon will. Withdraw or replace it first.")
        confirmed = who | {"confirmed_at": timezone.now()}
        for other in editions.filter(redacted_at=None):
            _take_out(other)
            Redaction.objects.update_or_create(
                edition=other,
                defaults={
                    "reason": asked.reason,
                    "note": asked.note,
                    "asked_by": asked.asked_by,
                    "asked_by_name": asked.asked_by_name,
                    "asked_at": asked.asked_at,
                    **confirmed,
                },
            )
        for version in versions:
            Revision.objects.filter(pk=version.pk).update(
                document=notice(version.document), note=""
            )
        about = f"edition {edition}, {asked.get_reason_display().lower()}"
        log_event(page, Event.Verb.REDACT, actor, found.revision, about)
        raise_content_version()


def _redactable(page: Page, number: int) -> Edition:
    edition = may_be_redacted(page).filter(number=number).select_related("revision").first()
    if edition is None:
        raise NotPossible(
            "Only an edition that patients no longer see can be redacted, and only once. "
            "Withdraw or replace it first."
        )
    newest = page.revisions.in_line().first()
    if newest.digest == edition.revision.digest:
        raise NotPossible("The draft still says the same. Take it out of the draft first.")
    return edition


def _take_out(edition: Edition) -> None:
    edition.body = notice(edition.body)
    edition.title, edition.summary, edition.note = TITLE, "", ""
    edition.redacted_at = timezone.now()
    edition.save(update_fields=["body", "title", "summary", "note", "redacted_at"])
    for rows in (edition.links, edition.names, edition.phrases, edition.tagged):
        rows.all().delete()
    write_projections(edition)

"""The verbs of review: submit, give back, sign off, comment, and the links for guests."""

from datetime import timedelta

from django.utils import timezone

from causes.editorial import notices
from causes.editorial.acting import (
    Actor,
    Guest,
    NotPossible,
    acting,
    locked,
    log_event,
    named,
    newest_revision,
)
from causes.editorial.four_eyes import refuse_own_text
from causes.editorial.transitions import SIGN_OFF_PERMISSION
from causes.models import Event, Page, ReviewLink, Revision, SignOff

LONGEST_LINK = timedelta(days=90)


class LinkClosed(NotPossible):
    """A guest's link has expired or was taken back."""


def submit(page: Page, *, actor: Actor, number: int, note: str = "") -> None:
    """Say that the version is ready, to those who may act. Raises PermissionDenied, NotPossible."""
    with acting(page, Event.Verb.SUBMIT, actor):
        revision = newest_revision(page, number)
        _set_state(revision, Revision.State.SUBMITTED)
        log_event(page, Event.Verb.SUBMIT, actor, revision, note)
        notices.submitted(page, revision, actor, note)


def give_back(page: Page, *, actor: Actor, number: int, note: str) -> None:
    """Return a submitted version to its writers, with the reason. Raises as `submit`."""
    with acting(page, Event.Verb.GIVE_BACK, actor):
        revision = newest_revision(page, number)
        if not note.strip():
            raise NotPossible("Say what should change.")
        _set_state(revision, Revision.State.RETURNED)
        log_event(page, Event.Verb.GIVE_BACK, actor, revision, note)
        notices.returned(page, revision, actor, note)


def _set_state(revision: Revision, state: Revision.State) -> None:
    revision.state = state
    revision.save(update_fields=["state"])


def sign_off(page: Page, *, actor: Actor, number: int, role: str, note: str = "") -> SignOff:
    """Approve exactly this text as a clinical reviewer, in the ``role`` that readers understand.

    One's own text only where nobody else may. Raises PermissionDenied (OwnText), NotPossible.
    """
    with acting(page, Event.Verb.SIGN_OFF, actor):
        revision = newest_revision(page, number)
        is_alone = refuse_own_text(page, revision, actor, SIGN_OFF_PERMISSION)
        said = _say(page, revision, actor, SignOff.Verdict.APPROVED, role, note)
        alone = "their own text, as nobody else may" if is_alone else ""
        about = "; ".join(filter(None, (role.strip(), alone, note.strip())))
        log_event(page, Event.Verb.SIGN_OFF, actor, revision, about)
        return said


def comment(page: Page, *, actor: Actor, number: int, role: str, note: str) -> SignOff:
    """Say something of a version, without approving it. Raises PermissionDenied, NotPossible."""
    with acting(page, Event.Verb.COMMENT, actor):
        revision = newest_revision(page, number)
        if not note.strip():
            raise NotPossible("Write your comment.")
        said = _say(page, revision, actor, SignOff.Verdict.COMMENTED, role, note)
        log_event(page, Event.Verb.COMMENT, actor, revision, note)
        return said


def _say(
    page: Page,
    revision: Revision,
    actor: Actor,
    verdict: SignOff.Verdict,
    role: str,
    note: str,
    *,
    link: ReviewLink | None = None,
) -> SignOff:
    who = named(actor, "by")
    name = who.pop("by_name")
    if not (name.strip() and role.strip()):
        raise NotPossible("Give your name and your role.")
    notices.reviewed(page, revision, actor, _AS_TOLD[verdict], note)
    return SignOff.objects.create(
        revision=revision,
        digest=revision.digest,
        verdict=verdict,
        name=name.strip(),
        role=role.strip(),
        note=note.strip(),
        link=link,
        is_guest=link is not None,
        **who,
    )


_AS_TOLD = {
    SignOff.Verdict.APPROVED: "was signed off",
    SignOff.Verdict.COMMENTED: "was commented on",
}

# --- Guests ------------------------------------------------------------------------------


def invite(page: Page, *, actor: Actor, number: int, recipient: str, days: int) -> ReviewLink:
    """A link by which someone without an account reads this version and says what they think.

    Raises PermissionDenied, NotPossible.
    """
    with acting(page, Event.Verb.INVITE, actor):
        revision = newest_revision(page, number)
        if not recipient.strip():
            raise NotPossible("Say for whom the link is.")
        if not timedelta(0) < timedelta(days=days) <= LONGEST_LINK:
            raise NotPossible(f"A link holds for 1 to {LONGEST_LINK.days} days.")
        now = timezone.now()
        link = ReviewLink.objects.create(
            revision=revision,
            recipient=recipient.strip(),
            created_at=now,
            expires_at=now + timedelta(days=days),
            **named(actor, "created_by"),
        )
        log_event(page, Event.Verb.INVITE, actor, revision, f"for {link.recipient}")
        return link


def revoke(page: Page, *, actor: Actor, link: int) -> None:
    """Close a guest's link at once. Raises PermissionDenied, NotPossible."""
    with acting(page, Event.Verb.REVOKE, actor):
        found = ReviewLink.objects.filter(pk=link, revision__page=page.pk).first()
        if found is None or not found.is_open():
            raise NotPossible("This link is closed already.")
        found.revoked_at = timezone.now()
        found.save(update_fields=["revoked_at"])
        log_event(page, Event.Verb.REVOKE, actor, found.revision, f"for {found.recipient}")


def answer_as_guest(
    link: ReviewLink, *, verdict: SignOff.Verdict, name: str, role: str, note: str = ""
) -> SignOff:
    """What a guest says of the version that the link is for; recorded as a guest's.

    Raises LinkClosed, NotPossible.
    """
    revision = link.revision
    page = revision.page
    with locked(page):
        if not ReviewLink.objects.get(pk=link.pk).is_open():
            raise LinkClosed("This link no longer opens.")
        if verdict == SignOff.Verdict.COMMENTED and not note.strip():
            raise NotPossible("Write your comment.")
        guest = Guest(name.strip())
        said = _say(page, revision, guest, verdict, role, note, link=link)
        verb = {
            SignOff.Verdict.APPROVED: Event.Verb.SIGN_OFF,
            SignOff.Verdict.COMMENTED: Event.Verb.COMMENT,
        }[verdict]
        about = f"guest, {role.strip()}, by the link for {link.recipient}"
        log_event(page, verb, guest, revision, "; ".join(filter(None, (about, note.strip()))))
        return said

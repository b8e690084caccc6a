"""What a page's form says of its state, and which verbs this person may use now."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied

from causes.admin.lists import state_of
from causes.admin.screens import verb_address
from causes.editorial import transitions
from causes.editorial.acting import NotPossible
from causes.editorial.bodies import is_live_text, public_body
from causes.editorial.four_eyes import refuse_own_text, second_person_needed
from causes.editorial.redaction import may_be_redacted
from causes.editorial.safety import changed_safety, sign_off_of
from causes.editorial.transitions import PUBLISH_PERMISSION, TABLE
from causes.models import Edition, Event, Page, Redaction, ReviewLink, Revision, SignOff

Context = dict[str, Any]


def state_context(person: AbstractBaseUser, page: Page | None, kind: str) -> Context:
    """For the page's form; ``kind`` is the model whose admin shows it."""
    may_publish = person.has_perm(PUBLISH_PERMISSION)
    to_submit = not may_publish or second_person_needed(PUBLISH_PERMISSION)
    if page is None:
        return {"may_publish": may_publish, "may_submit": to_submit}
    live, waiting = page.editions.live().first(), page.editions.scheduled().first()
    newest = page.revisions.in_line().first()
    to_publish = is_to_publish(newest, live)
    return {
        "state": state_of(page),
        "live": live,
        "waiting": waiting,
        "newest": newest,
        "is_to_publish": to_publish,
        "events": page.events.select_related("revision")[:10],
        "may_publish": may_publish,
        "may_submit": to_submit,
        "verbs": [
            (button, address)
            for verb, button, address in (
                verbs_offered(person, page, newest, kind) if newest else []
            )
            if verb != Event.Verb.PUBLISH or to_publish
        ],
        "obstacle": _own_text(person, page, newest) if may_publish and to_publish else "",
        **_review_context(person, page, newest, live, kind),
    }


def verbs_offered(
    person: AbstractBaseUser, page: Page, newest: Revision, kind: str
) -> list[tuple[Event.Verb, str, str]]:
    """(verb, button, address) of all that the table allows this person here, in its order."""
    state, number, found = transitions.state_of(page), newest.number, []
    for verb, rule in TABLE.items():
        if not rule.button or rule.about not in {"page", "version"} or not rule.allows(state):
            continue
        if verb == Event.Verb.ASK_REDACTION and not may_be_redacted(page).exists():
            continue
        if _may(person, verb, page):
            more = [number] if rule.about == "version" else []
            address = verb_address(kind, verb, page, *more)
            found.append((verb, rule.button.format(number=number), address))
    return found


def _own_text(person: AbstractBaseUser, page: Page, newest: Revision) -> str:
    try:
        refuse_own_text(page, newest, person, PUBLISH_PERMISSION)
    except PermissionDenied as error:
        return str(error)
    return ""


def _review_context(
    person: AbstractBaseUser, page: Page, newest: Revision | None, live: Edition | None, kind: str
) -> Context:
    """Sign-offs and comments, guests' links, redactions that wait for a second person."""
    if newest is None:
        return {}
    said = SignOff.objects.filter(revision__page=page.pk).select_related("revision")
    links = ReviewLink.objects.filter(revision__page=page.pk).select_related("revision")
    asked = Redaction.objects.filter(edition__page=page.pk, confirmed_at=None)
    may_revoke = _may(person, Event.Verb.REVOKE, page)
    may_redact = _may(person, Event.Verb.REDACT, page)
    approved = said.filter(verdict=SignOff.Verdict.APPROVED).first()
    holds = sign_off_of(newest)
    return {
        "said": said[:5],
        "sign_off": holds,
        "changed_since": approved if holds is None else None,
        "unsigned": _unsigned(newest, live) if holds is None else [],
        "links": [
            (link, verb_address(kind, Event.Verb.REVOKE, page, link.pk) if may_revoke else "")
            for link in links
            if link.is_open()
        ],
        "redactions": [
            (
                redaction,
                verb_address(kind, Event.Verb.REDACT, page, redaction.edition.number)
                if may_redact and redaction.asked_by_id != person.pk
                else "",
            )
            for redaction in asked.select_related("edition")
        ],
    }


def _may(person: AbstractBaseUser, verb: Event.Verb, page: Page) -> bool:
    return any(map(person.has_perm, TABLE[verb].permissions_for(page)))


def _unsigned(newest: Revision, live: Edition | None) -> list[str]:
    """The safety fields of the draft that need a sign-off before they go live."""
    return changed_safety(live.body if live else None, newest.document)


def is_to_publish(newest: Revision | None, live: Edition | None) -> bool:
    """Whether publishing the version would change what patients see: a corrected source does,
    an editor's note or a tag's new name does not."""
    if newest is None or live is None:
        return newest is not None
    try:
        return not is_live_text(public_body(newest.document), live)
    except NotPossible:  # a cited source is gone: the screen of publishing says so
        return True

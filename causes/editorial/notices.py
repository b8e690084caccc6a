"""Mail to the people concerned: what was done with which version, and where to see it.

It holds the page's title, the version, a note and a link, nothing of the text. It goes out once
the transaction is committed; what cannot be sent is logged and stops nobody's work.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from causes.editorial.acting import Actor, Guest, named
from causes.editorial.four_eyes import contributors, people_who_may, second_person_needed
from causes.editorial.transitions import PUBLISH_PERMISSION, SIGN_OFF_PERMISSION
from causes.models import Page, Revision

log = logging.getLogger(__name__)


def submitted(page: Page, revision: Revision, actor: Actor, note: str) -> None:
    """To those who may publish or sign off what they have not written, and the page's owner."""
    writers = contributors(page, revision.number)
    people = {page.owner_id}
    for permission in (PUBLISH_PERMISSION, SIGN_OFF_PERMISSION):
        able = people_who_may(permission)
        if second_person_needed(permission):
            able = able.exclude(pk__in=writers)
        people.update(able.values_list("pk", flat=True))
    _tell(people, page, revision, actor, "waits for review", note)


def returned(page: Page, revision: Revision, actor: Actor, note: str) -> None:
    _tell(contributors(page, revision.number), page, revision, actor, "was returned", note)


def reviewed(page: Page, revision: Revision, actor: Actor, verdict: str, note: str) -> None:
    """``verdict`` is as in "version 3 was signed off"."""
    people = {page.owner_id, *contributors(page, revision.number)}
    _tell(people, page, revision, actor, verdict, note)


def published(page: Page, revision: Revision, actor: Actor, at: datetime | None, note: str) -> None:
    """Call it before the edition is made: then its writers are those since the one before."""
    what = f"goes live on {timezone.localtime(at):%-d %B %Y at %H:%M}" if at else "was published"
    people = {page.owner_id, *contributors(page, revision.number)}
    _tell(people, page, revision, actor, what, note)


def _tell(
    people: Iterable[int | None],
    page: Page,
    revision: Revision,
    actor: Actor,
    what: str,
    note: str,
) -> None:
    """Write to those of the accounts that are active and have an address, but not to the actor."""
    users = get_user_model()._default_manager.filter(pk__in=people, is_active=True)
    addresses = users.exclude(email="").exclude(pk=getattr(actor, "pk", None))
    addresses = list(addresses.order_by("pk").values_list("email", flat=True))
    if not addresses:
        return
    title = " ".join(revision.document["title"].split())
    by = named(actor, "actor")["actor_name"] + (" (guest)" if isinstance(actor, Guest) else "")
    link = settings.SITE_URL + reverse(f"admin:causes_{page.kind}_change", args=[page.pk])
    text = [f"Version {revision.number} of “{title}” {what}, by {by}.", note.strip(), link]
    subject = f"{settings.SITE_NAME}: “{title}” {what}"
    body = "\n\n".join(filter(None, text)) + "\n"
    transaction.on_commit(lambda: _send(subject, body, addresses))


def _send(subject: str, body: str, addresses: list[str]) -> None:
    """One message each: nobody sees who else was told."""
    for address in addresses:
        try:
            EmailMessage(subject, body, to=[address]).send()
        except Exception:
            log.exception("A message was not sent: %s", subject)

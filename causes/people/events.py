"""What happens to accounts: a line in the log `causes.signin`, and a mail to the person.

A line holds who, what and from where; never a password, a code, a link, or what somebody typed as
a name (people type passwords there). For a formatter the same stands in the record's `fields`.
"""

import json
import logging

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from causes.people import known, mail

log = logging.getLogger("causes.signin")
# Events that the person is told by mail: subject, and a sentence.
TOLD = {
    "new browser": (
        "a sign-in from a new browser",
        "Somebody signed in to your account from a browser or place that we did not know.",
    ),
    "password changed": ("your password was changed", "The password of your account was changed."),
    "second factor added": (
        "a second factor was added",
        "A second factor (an app for codes, or a passkey) was added to your account.",
    ),
    "second factor removed": (
        "a second factor was removed",
        "A second factor (an app for codes, or a passkey) was removed from your account.",
    ),
    "recovery code used": (
        "a recovery code was used",
        "One of your recovery codes was used to sign in. It does not work again.",
    ),
    "recovery codes made": (
        "new recovery codes were made",
        "New recovery codes were made for your account. The ones before do not work any more.",
    ),
    "codes guessed": (
        "somebody knows your password",
        "Somebody typed your password, and then several wrong codes. They are not in. "
        "If it was not you, change your password now.",
    ),
}


def note(
    event: str, request: HttpRequest | None, person: AbstractBaseUser | None, **more: str
) -> None:
    """Write it to the log, and to the person where TOLD has words for it."""
    fields = {
        "event": event,
        "account": person.get_username() if person else "unknown",
        "address": known.address_of(request) if request else "shell",
        **more,
    }
    log.info("sign-in %s", json.dumps(fields), extra={"fields": fields})
    if event in TOLD and person:
        subject, sentence = TOLD[event]
        mail.send(
            person.email,
            subject,
            "notice",
            account=person.get_username(),
            sentence=sentence,
            when=date_format(timezone.localtime(), "j F Y, H:i e"),
            address=fields["address"],
            by=more.get("by", ""),
        )

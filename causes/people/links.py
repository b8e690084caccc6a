"""Links by which a person sets a password: signed, for one person, one use and a limited time.

What is signed holds a digest of the account's state, so that a link ends by itself once the
password is set, the person signs in, the mail address changes, or a newer invitation is sent.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from causes.models import Invitation

SALT = "causes.people.links"
INVITATION, RESET, RECOVERY = "invitation", "reset", "recovery"
LIFETIMES = {
    INVITATION: timedelta(days=7),
    RESET: timedelta(hours=1),
    RECOVERY: timedelta(hours=1),
}


class LinkEnded(Exception):
    """``kind`` says what for; "" is a link that we have not made."""

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.kind = kind


@dataclass(frozen=True)
class Link:
    person: AbstractBaseUser
    kind: str


def address_of(person: AbstractBaseUser, kind: str) -> str:
    """The whole address. It is a key: whoever has it first sets the password."""
    token = signing.dumps([kind, person.pk, _state(person)], salt=SALT)
    return settings.SITE_URL + reverse("account_open_link", args=[token])


def read(token: str) -> Link:
    """Whose link it is. Raises LinkEnded."""
    try:
        kind, number, state = signing.loads(token, salt=SALT)
        lifetime = LIFETIMES[kind]
    except (signing.BadSignature, ValueError, KeyError) as error:
        raise LinkEnded("", "This link is not complete. Copy the whole of it.") from error
    try:
        signing.loads(token, salt=SALT, max_age=lifetime)
    except signing.SignatureExpired as error:
        raise LinkEnded(kind, "This link is too old.") from error
    person = get_user_model()._default_manager.filter(pk=number, is_active=True).first()
    if person is None or not constant_time_compare(state, _state(person)):
        raise LinkEnded(kind, "This link was used, or a newer one was sent.")
    return Link(person, kind)


def _state(person: AbstractBaseUser) -> str:
    invited_at = Invitation.objects.filter(person=person.pk).values_list("sent_at", flat=True)
    said = [person.pk, person.password, person.last_login, person.email, *invited_at]
    return salted_hmac(SALT, "\n".join(map(str, said)), algorithm="sha256").hexdigest()[:32]

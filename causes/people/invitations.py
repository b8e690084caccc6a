"""Inviting a person: the account without a password, the link, and how far it has come."""

from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone

from causes.models import Invitation
from causes.people import events, links, mail


def invite(person: AbstractBaseUser, *, by: AbstractBaseUser, request: HttpRequest) -> str:
    """Send the link, and return it for where no mail goes out. Links sent before end."""
    fields = {"sent_at": timezone.now(), "by_name": by.get_username()}
    Invitation.objects.update_or_create(person=person, defaults=fields)
    address = links.address_of(person, links.INVITATION)
    name, days = by.get_full_name() or by.get_username(), links.LIFETIMES[links.INVITATION].days
    more = {"address": address, "account": person.get_username(), "by": name, "days": days}
    mail.send(person.email, "your account", "invitation", **more)
    events.note("invited", request, person, by=by.get_username())
    return address


def accept(person: AbstractBaseUser) -> None:
    Invitation.objects.filter(person=person.pk, accepted_at=None).update(accepted_at=timezone.now())


def is_waiting(person: AbstractBaseUser) -> bool:
    """No password was ever set: by nobody, not even an operator."""
    return not person.has_usable_password() and person.last_login is None


def state_of(person: AbstractBaseUser) -> str:
    """In a few words, for the list of people."""
    if not person.is_active:
        return "switched off"
    if not is_waiting(person):
        return "active" if person.last_login else "has not signed in yet"
    invitation = getattr(person, "invitation", None)
    if invitation is None:
        return "not invited"
    until = invitation.sent_at + links.LIFETIMES[links.INVITATION]
    if until < timezone.now():
        return "invitation expired"
    return f"invited, until {timezone.localtime(until):%-d %B}"

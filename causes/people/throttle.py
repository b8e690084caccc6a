"""Guessing is slowed to uselessness, and nobody can shut another person out.

django-axes counts, in the database, so that all processes and servers count together. A try is
counted *before* the password or code is checked (a hundred at once get no more than one by one) and
taken back when it was right. Every count has the same shape, a `Limit`: some free tries, then one
each PAUSE, until there was none for MEMORY. There is no lock that somebody must lift.

============================  ======  =====================================================
a stranger's try counts for    free    most tries of an attacker
============================  ======  =====================================================
this account at this address       8   from one address: 8, then one in 30 minutes
this address, all accounts        24   passwords sprayed over accounts: 24, then 48 a day
this account, all strangers       24   from *any* number of addresses: 24 + 48 on the first
                                       day, 48 on each after it: about 17 500 in a year
============================  ======  =====================================================

A password has 12 characters or more and is none of the 20 000 most common ones. Of one drawn from
only a million likely ones, a year of this finds one account in 57; of four random words (7776⁴) one
in 2 × 10¹¹. With a second factor it finds none.

Whoever is signed in, or has signed in to the account from this browser or address (`known.py`), is
no stranger: they have a count of their own, 8 free, that no one else's tries touch. Who is new to
both while others guess gets in by a link sent to their mailbox; after it the browser is known.

Codes of a second factor are tried only by those who know the password. They have counts of their
own, with the same limits: at most 72 tries a day of 10⁶ codes, three of which are right at a time
(one step of tolerance): one chance in 4 600, and the person is told by mail before the first pause.
A recovery code is one of 10⁸. Mails with links are three to an address, then one each PAUSE; that
many lookups are too few to tell by their time whether there is an account.

Passkeys cannot be guessed. What is limited is how many challenges an address may have kept for it.

No row names a person: accounts are keyed hashes. Rows go when they are older than MEMORY, sign-ins
after 90 days: at each sign-in, while there are tries, and whenever the site is prepared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.userkit import filter_users_by_email, get_user_by_username
from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import AbstractBaseUser
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from causes.people import events, known

PAUSE = timedelta(minutes=30)
MEMORY = timedelta(hours=24)
TIDIED = 32  # new rows between two looks for old ones
NOWHERE = "::"  # of a count over all addresses


@dataclass(frozen=True)
class Limit:
    """``free`` tries, then one each PAUSE."""

    free: int


CHALLENGES = 100
BY_PAIR, BY_ADDRESS, BY_ACCOUNT, OF_MAILS = Limit(8), Limit(24), Limit(24), Limit(3)
# The row of a count: account ("" is any), address, and who tries ("" is a stranger).
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Counted:
    """One count that a try was added to, and when the try before it was."""

    row: int
    tries: int
    before: datetime | None


class TooOften(PermissionDenied):
    """``wait``: how long until the next try."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__("Too many tries.")
        self.wait = wait


def person_named(login: str) -> AbstractBaseUser | None:
    """Whose name or address this is, looked up as allauth does."""
    return next(iter(filter_users_by_email(login)), None) or get_user_by_username(login)


def key_of(person: AbstractBaseUser) -> str:
    """By which an account is counted; whoever reads the table learns no name from it."""
    return _hashed(f"person {person.pk}")


def key_of_name(login: str) -> str:
    """The same for a typed name or address, whether there is such an account or not."""
    person = person_named(login)
    return key_of(person) if person else _hashed(f"name {login.strip().casefold()}")


def _hashed(text: str) -> str:
    return salted_hmac("causes.people.throttle", text, algorithm="sha256").hexdigest()[:40]


def claim(request: HttpRequest, account: str, what: str = "") -> None:
    """Count a try at the account's password, or at its ``what``. Raises TooOften."""
    address = known.address_of(request)
    browser = _session_of(request, account) or known.browser_of(request, account)
    is_known_address = known.is_known_address(request, account)
    key = f"{account} {what}".strip()
    if browser:
        places = [((key, NOWHERE, f"browser {browser}"), BY_PAIR)]
    elif is_known_address:
        places = [((key, address, "known address"), BY_PAIR)]
    else:
        places = [
            ((key, NOWHERE, ""), BY_ACCOUNT),
            ((what, address, ""), BY_ADDRESS),
            ((key, address, ""), BY_PAIR),
        ]
    request.causes_claim = _count(places)


def _session_of(request: HttpRequest, account: str) -> str:
    """The session in which this very person is signed in; "" if there is none."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated or key_of(person) != account:
        return ""
    return _hashed(f"session {request.session.session_key}")


def claim_challenge(request: HttpRequest) -> None:
    """Count a challenge for a passkey: CHALLENGES an hour and address. Raises TooOften."""
    address, now = known.address_of(request), timezone.now()
    row, _ = AccessAttempt.objects.get_or_create(
        username="challenge",
        ip_address=address,
        user_agent="",
        defaults={"failures_since_start": 0},
    )
    this, until = AccessAttempt.objects.filter(pk=row.pk), row.attempt_time + timedelta(hours=1)
    if until < now:
        this.update(failures_since_start=1, attempt_time=now)
    elif not this.filter(failures_since_start__lt=CHALLENGES).update(
        failures_since_start=F("failures_since_start") + 1
    ):
        raise TooOften(until - now)


def claim_mail(request: HttpRequest, email: str) -> None:
    """Count a mail with a link to this address, whether it is anybody's or not. Raises TooOften."""
    address, key = known.address_of(request), f"{_hashed(f'mail {email.casefold()}')} mail"
    _count([((key, NOWHERE, ""), OF_MAILS), (("mail", address, ""), BY_ADDRESS)])


def give_back(request: HttpRequest) -> None:
    """It was right. This person's earlier slips are forgotten with it; those of others stay."""
    counted: list[Counted] = getattr(request, "causes_claim", [])
    request.causes_claim = []
    for one in counted[:-1]:
        row = AccessAttempt.objects.filter(pk=one.row, failures_since_start__gt=0)
        row.update(failures_since_start=F("failures_since_start") - 1, attempt_time=one.before)
    AccessAttempt.objects.filter(pk__in=[one.row for one in counted[-1:]]).delete()


def was_last_free(request: HttpRequest) -> bool:
    """Whether the next try from here has to wait, and this one did not."""
    counted: list[Counted] = getattr(request, "causes_claim", [])
    return bool(counted) and counted[-1].tries == BY_PAIR.free


@transaction.atomic
def _count(places: Iterable[tuple[Place, Limit]]) -> list[Counted]:
    """Add one to each count, or to none: Raises TooOften. Each row is locked while it is read."""
    now, counted = timezone.now(), []
    for (account, address, who), limit in places:
        row, is_new = AccessAttempt.objects.select_for_update().get_or_create(
            username=account,
            ip_address=address,
            user_agent=who,
            defaults={"failures_since_start": 0},
        )
        before = row.attempt_time
        tries = row.failures_since_start if now < before + MEMORY else 0
        if tries >= limit.free and now < before + PAUSE:
            raise TooOften(before + PAUSE - now)
        tries += 1
        AccessAttempt.objects.filter(pk=row.pk).update(failures_since_start=tries, attempt_time=now)
        counted.append(Counted(row.pk, tries, now if is_new else before))
        if is_new and row.pk % TIDIED == 0:
            forget_old(now)
    return counted


def forget_old(now: datetime | None = None) -> None:
    """Delete what counts no more: tries, from where people have signed in, ended sessions."""
    now = now or timezone.now()
    AccessAttempt.objects.filter(attempt_time__lt=now - MEMORY).delete()
    AccessLog.objects.filter(attempt_time__lt=now - known.REMEMBERED).delete()
    Session.objects.filter(expire_date__lt=now).delete()


def refuse(request: HttpRequest, wait: timedelta) -> None:
    """Have django-axes' middleware answer with the page that says how long to wait."""
    request.axes_locked_out = True
    request.causes_wait = wait


class Throttle(AxesDatabaseHandler):
    """The policy above, where django-axes asks for one."""

    def is_allowed(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        login = (credentials or {}).get("username") or ""
        try:
            claim(request, key_of_name(login))
        except TooOften as error:
            refuse(request, error.wait)
            return False
        return True

    def user_login_failed(
        self, sender: Any, credentials: dict, request: HttpRequest | None = None, **kwargs: Any
    ) -> None:
        if request is not None:
            locked = getattr(request, "axes_locked_out", False)
            person = person_named(credentials.get("username") or "")
            events.note("locked" if locked else "failed", request, person)

    def user_logged_in(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """Nothing to count: `adapter.py` does what follows."""

    def user_logged_out(self, sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
        """Nothing to count."""

    def get_failures(self, request: HttpRequest, credentials: dict | None = None) -> int:
        """Of the account at this address, as a stranger."""
        login = (credentials or {}).get("username") or ""
        rows = AccessAttempt.objects.filter(
            username=key_of_name(login), ip_address=known.address_of(request), user_agent=""
        )
        return sum(rows.values_list("failures_since_start", flat=True))


class ThrottleBackend(AxesStandaloneBackend):
    """Stands before every other way to check a password."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        """Raises PermissionDenied. What asks without a request is no visitor: a shell, a test."""
        return super().authenticate(request, **credentials) if request is not None else None

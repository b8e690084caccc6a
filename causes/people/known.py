"""Browsers and addresses from which a person has signed in before: guessing by others in their name
does not slow them down there, and a sign-in from elsewhere is told to them.

A browser is known by a signed cookie that scripts cannot read; an address by django-axes' log of
sign-ins, kept for REMEMBERED. Neither lets anybody in: both only say which count a try falls under.
"""

import ipaddress
import secrets
from datetime import timedelta

from axes.models import AccessLog
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "known_browser"
SALT = "causes.people.known"
PATH = "/accounts/"
REMEMBERED = timedelta(days=90)
MOST_PEOPLE = 8  # who share one browser


def address_of(request: HttpRequest) -> str:
    """Where the request comes from, as `config/proxies.py` says. Of IPv6, the /64 network: its
    holder has all addresses in it (RFC 6177)."""
    try:
        address = ipaddress.ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - no address to listen on: a server on a socket knows none
    mapped = getattr(address, "ipv4_mapped", None)
    if address.version == 4 or mapped:
        return str(mapped or address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def browser_of(request: HttpRequest, account: str) -> str:
    """The browser's number, if this account has signed in from it; else ""."""
    number, accounts = _read(request)
    return number if account in accounts else ""


def is_known_address(request: HttpRequest, account: str) -> bool:
    since = timezone.now() - REMEMBERED
    sign_ins = AccessLog.objects.filter(attempt_time__gte=since)
    return sign_ins.filter(username=account, ip_address=address_of(request)).exists()


def remember(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """From now on this account is known in this browser and at this address."""
    number, accounts = _read(request)
    accounts = [account, *(other for other in accounts if other != account)][:MOST_PEOPLE]
    value = signing.dumps([number or secrets.token_hex(8), accounts], salt=SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=REMEMBERED,
        path=PATH,
        secure=settings.HTTPS,
        httponly=True,
        samesite="Lax",
    )
    AccessLog.objects.filter(username=account, ip_address=address_of(request)).delete()
    AccessLog.objects.create(
        username=account, ip_address=address_of(request), user_agent="", path_info=""
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        number, accounts = signing.loads(
            request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=REMEMBERED
        )
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return number, accounts

"""Signing in as a browser does: through the forms, from an address, with the cookies it got."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from causes.people.second_factor import SecondFactorAdapter

PASSWORD = "correct horse"
WRONG = "incorrect horse"
LOGIN, CODE = "/accounts/login/", "/accounts/2fa/authenticate/"


def at(address: str) -> Client:
    """A browser of its own at this address."""
    return Client(REMOTE_ADDR=address)


def try_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post(LOGIN, {"username": name, "password": password, **more})


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


def got_in(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"] == reverse("admin:index")


def guess(client: Client, name: str, times: int) -> list[int]:
    """The statuses of so many wrong tries."""
    return [try_in(client, name, WRONG).status_code for _try in range(times)]


def add_app(person: AbstractBaseUser) -> str:
    """Give the person an app for codes. Returns its secret."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person, secret)
    return secret


def add_recovery_codes(person: AbstractBaseUser) -> list[str]:
    return RecoveryCodes.activate(person).get_unused_codes()


def code_of(secret: str, steps_from_now: int = 0) -> str:
    """What an app shows now, or so many times 30 seconds later."""
    step = int(time.time()) // 30 + steps_from_now
    return totp.format_hotp_value(totp.hotp_value(secret, step))


def wrong_code(secret: str) -> str:
    near = {code_of(secret, step) for step in range(-3, 4)}
    return next(code for number in range(20) if (code := f"{number:06}") not in near)


def secret_in(authenticator: Authenticator) -> str:
    return SecondFactorAdapter().decrypt(authenticator.data["secret"])

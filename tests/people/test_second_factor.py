"""Codes and recovery codes: each works once, guesses are counted, secrets are not readable."""

import json

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as site_settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from tests.people.signing import (
    CODE,
    add_app,
    add_recovery_codes,
    at,
    code_of,
    got_in,
    is_in,
    secret_in,
    try_in,
    wrong_code,
)


@pytest.fixture(autouse=True)
def a_cache_that_remembers_nothing(monkeypatch):
    """allauth's own memory of used codes is in a cache of this process; others have another."""
    monkeypatch.setattr(type(cache._connections[cache._alias]), "add", lambda *_, **__: True)


@pytest.fixture
def secret(ada) -> str:
    return add_app(ada)


def half_in(address: str = "203.0.113.9", name: str = "ada") -> Client:
    """A browser that has given the right password and is asked for a code."""
    client = at(address)
    assert try_in(client, name)["Location"] == CODE
    assert not is_in(client)
    return client


def test_a_code_is_asked_for_and_lets_in(ada, secret):
    client = half_in()
    response = client.post(CODE, {"code": code_of(secret)})
    assert got_in(response)
    assert is_in(client)


def test_where_one_wanted_to_go_is_kept_through_both_steps(ada, secret):
    client = at("203.0.113.9")
    try_in(client, "ada", next="/admin/causes/page/")
    assert client.post(CODE, {"code": code_of(secret)})["Location"] == "/admin/causes/page/"


def test_a_code_works_once_in_every_process(ada, secret):
    code = code_of(secret)
    assert got_in(half_in().post(CODE, {"code": code}))
    other = half_in("198.51.100.5")
    response = other.post(CODE, {"code": code})
    assert response.status_code == 200
    assert "was used already" in response.content.decode()
    assert not is_in(other)
    assert got_in(other.post(CODE, {"code": code_of(secret, 1)}))


def test_after_a_code_none_from_before_works(ada, secret):
    assert got_in(half_in().post(CODE, {"code": code_of(secret, 1)}))
    earlier = half_in("198.51.100.5")
    assert not got_in(earlier.post(CODE, {"code": code_of(secret, 0)}))


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_minute_is_refused(ada, secret, steps):
    assert not got_in(half_in().post(CODE, {"code": code_of(secret, steps)}))


def test_guessing_codes_is_stopped_and_the_person_is_told(ada, secret, mails):
    client = half_in()
    sent = mails(lambda: [client.post(CODE, {"code": wrong_code(secret)}) for _ in range(8)])
    assert [message.subject.partition(": ")[2] for message in sent] == [
        "somebody knows your password"
    ]
    assert sent[0].to == ["ada@causes.example"]
    response = client.post(CODE, {"code": code_of(secret)})
    assert response.status_code == 429
    assert "30 minutes" in response.content.decode()
    assert not is_in(client)


def test_guessing_codes_anew_after_each_password_does_not_help(ada, secret):
    statuses = [half_in().post(CODE, {"code": wrong_code(secret)}).status_code for _ in range(10)]
    assert statuses == [200] * 8 + [429] * 2


def test_guessing_codes_from_many_addresses_is_slowed_down(ada, secret):
    statuses = [
        half_in(f"203.0.113.{n}").post(CODE, {"code": wrong_code(secret)}).status_code
        for n in range(1, 31)
    ]
    assert statuses == [200] * 24 + [429] * 6


def test_meanwhile_the_right_person_gets_in_from_a_known_browser(ada, secret):
    home = half_in("198.51.100.1")
    assert got_in(home.post(CODE, {"code": code_of(secret, -1)}))
    home.post("/admin/logout/")
    for number in range(1, 31):
        half_in(f"203.0.113.{number}").post(CODE, {"code": wrong_code(secret)})
    try_in(home, "ada")
    assert got_in(home.post(CODE, {"code": code_of(secret)}))


def test_a_recovery_code_works_once_and_the_person_is_told(ada, secret, mails):
    code, *_ = add_recovery_codes(ada)
    sent = mails(lambda: half_in().post(CODE, {"code": code}))
    assert "a recovery code was used" in sent[0].subject
    assert code not in sent[0].body
    assert not got_in(half_in("198.51.100.5").post(CODE, {"code": code}))


def test_guessing_recovery_codes_is_stopped(ada, secret):
    codes = add_recovery_codes(ada)
    wrong = next(f"{n:08}" for n in range(20) if f"{n:08}" not in codes)
    client = half_in()
    statuses = [client.post(CODE, {"code": wrong}).status_code for _ in range(9)]
    assert statuses == [200] * 8 + [429]


@pytest.mark.parametrize(
    "data",
    [
        {"code": ""},
        {"code": "x" * 1000},
        {"code": "１２３４５６"},
        {"code": "\0"},
        {"credential": ""},
        {"credential": "[]"},
        {"credential": "{}"},
        {"credential": '{"id": 1, "response": {"userHandle": 5}}'},
        {},
    ],
    ids=lambda data: json.dumps(data)[:24].encode("ascii", "replace").decode(),
)
def test_hostile_codes_are_refused(ada, secret, data):
    client = half_in()
    assert client.post(CODE, data).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize(
    "credential",
    [
        *("", "[]", "{}", "5", '{"response": {"userHandle": "%00"}}', '{"response": {}}'),
        *(
            "9" * 5000,
            "[" * 40_000,
            "[" * 60_000,
            '{"response": {"userHandle": "OTk5OTk5OTk5OTk5"}}',
        ),
    ],
    ids=lambda value: f"{value[:20]} {len(value)}",
)
def test_hostile_passkeys_are_refused(db, credential):
    client = at("203.0.113.9")
    client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    response = client.post(reverse("mfa_login_webauthn"), {"credential": credential})
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/"


def test_nobody_gets_to_the_second_step_without_the_first(ada, secret):
    response = at("203.0.113.9").post(CODE, {"code": code_of(secret)})
    assert response["Location"] == "/accounts/login/"


def test_secrets_in_the_database_are_not_readable_without_the_key(ada, secret, settings):
    codes = add_recovery_codes(ada)
    stored = json.dumps([one.data for one in Authenticator.objects.all()])
    assert secret not in stored
    assert all(code not in stored for code in codes)
    authenticator = Authenticator.objects.get(type="totp")
    assert secret_in(authenticator) == secret
    settings.SECRET_KEY_FALLBACKS = [site_settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert secret_in(authenticator) == secret
    settings.SECRET_KEY_FALLBACKS = []
    assert secret_in(authenticator) != secret


def test_the_picture_of_the_secret_is_the_sites_own(client, ada, proven):
    client.force_login(ada)
    picture = reverse("mfa_qr_code")
    assert client.get(picture).status_code == 404
    proven(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert f'src="{picture}"' in page
    assert "data:" not in page
    answer = client.get(picture)
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer["Cache-Control"] == "no-store"
    assert b"<path" in answer.content
    assert b"style" not in answer.content
    assert Client().get(picture).status_code == 302
    proven(client, seconds_ago=1000)
    assert client.get(picture).status_code == 403


def test_adding_an_app_shows_recovery_codes_and_is_told(client, ada, proven, mails):
    client.force_login(ada)
    proven(client)
    activate = reverse("mfa_activate_totp")
    client.get(activate)
    secret = client.session["mfa.totp.secret"]
    assert "Incorrect code" in client.post(activate, {"code": "000000"}).content.decode()
    answers = []
    sent = mails(lambda: answers.append(client.post(activate, {"code": code_of(secret)})))
    assert answers[0]["Location"] == reverse("mfa_view_recovery_codes")
    assert ["a second factor was added" in message.subject for message in sent] == [True]
    codes = client.get(answers[0]["Location"]).content.decode()
    assert codes.count("<code>") == 10
    sent = mails(lambda: client.post(reverse("mfa_deactivate_totp")))
    assert ["a second factor was removed" in message.subject for message in sent] == [True]
    assert not Authenticator.objects.exists()


def test_changing_second_factors_asks_who_it_is(client, ada, proven):
    client.force_login(ada)
    add_app(ada)
    add_recovery_codes(ada)
    for name in (
        *("mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"),
        *("mfa_add_webauthn", "mfa_download_recovery_codes"),
    ):
        response = client.get(reverse(name))
        assert response["Location"].startswith("/accounts/reauthenticate/?next="), name
    answer = client.post(
        f"/accounts/reauthenticate/?next={reverse('mfa_deactivate_totp')}",
        {"password": "correct horse"},
    )
    assert answer["Location"] == reverse("mfa_deactivate_totp")
    assert client.get(answer["Location"]).status_code == 200

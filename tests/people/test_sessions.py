"""Sessions end without work and in all; working moves the end; reading writes nothing."""

import time
from datetime import datetime, timedelta

import pytest
from django.conf import settings as site_settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from causes.people import sessions
from tests.people.signing import add_app, at, code_of, is_in, try_in

MINUTES = 60


@pytest.fixture
def clock(monkeypatch):
    """``clock(minutes=…)`` lets time pass, for sessions and nothing else."""
    now = timezone.now
    passed = timedelta()

    def later(**time: float) -> None:
        nonlocal passed
        passed += timedelta(**time)

    monkeypatch.setattr(timezone, "now", lambda: now() + passed)
    return later


def end_of(client: Client) -> datetime:
    return Session.objects.get(session_key=client.session.session_key).expire_date


def test_without_work_it_ends(ada, clock):
    client = at("203.0.113.9")
    try_in(client, "ada")
    assert is_in(client)
    clock(minutes=119)
    assert is_in(client)
    clock(minutes=121)
    response = client.get("/admin/causes/page/")
    assert response["Location"] == "/admin/login/?next=/admin/causes/page/"


def test_work_moves_the_end_but_not_for_ever(ada, clock):
    client = at("203.0.113.9")
    try_in(client, "ada")
    for _hour in range(11):
        clock(minutes=60)
        assert is_in(client)
    clock(minutes=59)
    assert is_in(client)
    clock(minutes=2)
    assert not is_in(client)


def test_a_sign_in_with_a_code_ends_too(ada, clock):
    secret = add_app(ada)
    client = at("203.0.113.9")
    try_in(client, "ada")
    client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert is_in(client)
    clock(minutes=121)
    assert not is_in(client)


def test_a_stolen_cookie_is_of_no_use_after_the_end(ada, clock):
    client = at("203.0.113.9")
    try_in(client, "ada")
    stolen = client.cookies[site_settings.SESSION_COOKIE_NAME].value
    clock(hours=13)
    thief = at("192.0.2.1")
    thief.cookies[site_settings.SESSION_COOKIE_NAME] = stolen
    assert not is_in(thief)


def test_a_tab_that_only_asks_who_else_is_here_does_not_count_as_work(ada, clock, rf):
    client = at("203.0.113.9")
    try_in(client, "ada")
    is_in(client)
    before = end_of(client)
    clock(minutes=60)
    client.post("/admin/causes/condition/1/presence/")
    assert end_of(client) == before
    is_in(client)
    assert end_of(client) > before + timedelta(minutes=59)


def test_requests_close_together_write_nothing(ada, clock):
    client = at("203.0.113.9")
    try_in(client, "ada")
    is_in(client)
    for minutes, writes in ((5, False), (5, False), (5, True), (5, False)):
        clock(minutes=minutes)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/admin/guide/")
        found = [query["sql"] for query in asked if query["sql"].startswith(("UPDATE", "INSERT"))]
        assert bool(found) == writes, (minutes, found)


def test_the_settings_say_how_long(ada, clock, settings):
    settings.SESSION_IDLE, settings.SESSION_LENGTH = 5, 10
    client = at("203.0.113.9")
    try_in(client, "ada")
    for _time in range(2):
        assert is_in(client)
        clock(minutes=4)
    assert is_in(client)
    clock(minutes=3)
    assert not is_in(client)


def test_a_session_from_before_there_was_an_end_gets_one(client, ada, clock):
    client.force_login(ada)
    session = client.session
    del session[sessions.ENDS], session[sessions.RENEWED]
    session.set_expiry(1_000_000)
    session.save()
    assert is_in(client)
    assert end_of(client) < timezone.now() + timedelta(hours=3)


@pytest.mark.parametrize("path", ["/", "/healthz", "/robots.txt", "/nowhere/"])
def test_pages_for_readers_look_at_no_session(client, ada, path):
    client.force_login(ada)
    with CaptureQueriesContext(connection) as asked:
        response = client.get(path)
    assert "django_session" not in str([query["sql"] for query in asked])
    assert "cookie" not in response.get("Vary", "").casefold()
    assert not response.cookies


@pytest.mark.parametrize(
    "path", ["login/", "logout/", "password/reset/", "password/reset/sent/", "nowhere/", "2fa/"]
)
def test_answers_about_accounts_are_kept_by_nobody(client, ada, path):
    client.force_login(ada)
    for one in (client, Client()):
        response = one.get(f"/accounts/{path}")
        assert response["Cache-Control"] == "no-store"
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "DENY"


def test_signing_up_is_not_possible(db):
    for method in ("get", "post"):
        assert getattr(Client(), method)("/accounts/signup/").status_code == 404


def test_the_admins_own_sign_in_leads_to_ours_and_keeps_where_one_wanted_to_go(client, db):
    response = client.get("/admin/login/?next=/admin/causes/page/")
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2Fcauses%2Fpage%2F"
    page = client.get(response["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/admin/causes/page/">' in page
    assert client.post("/admin/login/", {"username": "a", "password": "b"}).status_code == 302


def test_signing_in_makes_a_new_session(ada):
    client = at("203.0.113.9")
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies[site_settings.SESSION_COOKIE_NAME] = session.session_key
    try_in(client, "ada")
    assert client.session.session_key != session.session_key


def test_forms_of_accounts_refuse_what_comes_from_elsewhere(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    for path in (
        *("login/", "logout/", "password/reset/", "password/change/", "reauthenticate/"),
        *("password/choose/", "2fa/totp/activate/", "2fa/webauthn/login/", "2fa/authenticate/"),
    ):
        assert client.post(f"/accounts/{path}", {"x": "y"}).status_code == 403, path
    assert client.session["_auth_user_id"]
    assert time.time()

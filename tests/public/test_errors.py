"""The pages for what went wrong: their status, their emergency line, and no database for any.

None of these tests may use the database; pytest-django fails those that try.
"""

import pytest
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.test import Client, RequestFactory
from django.urls import path

from causes.public import errors
from config import urls
from tests.public.seen import links, parsed, words, words_of

handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500


def _suspicious(request: HttpRequest) -> HttpResponse:
    raise SuspiciousOperation("a secret detail")


def _denied(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("a secret detail")


def _broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a secret detail")


def _no_answer(request: HttpRequest) -> HttpResponse:
    raise OperationalError("a secret detail")


def _hung_up(request: HttpRequest) -> HttpResponse:
    raise InterfaceError("a secret detail")


def _in_a_template(request: HttpRequest) -> TemplateResponse:
    """The query is made while the page is written."""

    def fail() -> str:
        raise OperationalError("a secret detail")

    return TemplateResponse(request, "errors/404.html", {"emergency_number": fail})


def _gone(request: HttpRequest) -> HttpResponse:
    return errors.gone(request)


urlpatterns = [
    path("suspicious/", _suspicious),
    path("denied/", _denied),
    path("broken/", _broken),
    path("gone/", _gone),
    path("no-answer/", _no_answer),
    path("admin/broken/", _broken),
    path("admin/no-answer/", _no_answer),
    path("hung-up/", _hung_up),
    path("in-a-template/", _in_a_template),
    *urls.urlpatterns,
]


@pytest.fixture
def visitor(settings) -> Client:
    """A visitor of the site with a few views that go wrong; nothing is raised in their face."""
    settings.ROOT_URLCONF = __name__
    settings.EMERGENCY_NUMBER = "112"
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


def ask(visitor: Client, what: str) -> HttpResponse:
    match what:
        case "csrf":
            return visitor.post("/admin/login/", {"username": "ada"})
        case "unsupported":
            return visitor.get("/", headers={"content-type": "text/plain; charset=zlib"})
        case "nul":
            return visitor.get("/conditions/%00/")
        case "unknown":
            return visitor.get("/nowhere/")
        case "host":
            return visitor.get("/", headers={"host": "evil.example"})
    return visitor.get(f"/{what}/")


CASES = {
    "suspicious": (400, "We did not understand the request"),
    "nul": (400, "We did not understand the request"),
    "host": (400, "We did not understand the request"),
    "denied": (403, "You may not see this page"),
    "csrf": (403, "We could not accept this form"),
    "unknown": (404, "We did not find this page"),
    "gone": (410, "This page was taken down"),
    "unsupported": (415, "We did not understand the request"),
    "broken": (500, "Something went wrong on our side"),
    "no-answer": (503, "This page cannot be shown right now"),
    "hung-up": (503, "This page cannot be shown right now"),
    "in-a-template": (503, "This page cannot be shown right now"),
}


@pytest.mark.parametrize(("what", "status", "title"), [(k, *v) for k, v in CASES.items()])
def test_what_went_wrong_has_its_status_and_says_so_in_plain_words(visitor, what, status, title):
    response = ask(visitor, what)
    document = parsed(response)
    assert response.status_code == status
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert words_of(document, "h1") == [title]
    assert words_of(document, "title") == [f"{title} | Causes"]
    assert document.errors == []


@pytest.mark.parametrize("what", CASES)
def test_every_error_page_carries_the_emergency_line_and_ways_on(visitor, what):
    document = parsed(ask(visitor, what))
    main = document.query_one("main")
    assert "In an emergency, call 112 now." in words(main)
    assert {"/", "/conditions/"} <= links(main).keys()


@pytest.mark.parametrize("what", CASES)
def test_an_error_page_is_kept_and_indexed_by_nobody(visitor, what):
    response = ask(visitor, what)
    assert response["Cache-Control"] == "no-store"
    [robots] = parsed(response).query("meta[name='robots']")
    assert robots.attrs["content"] == "noindex"
    assert not response.cookies


@pytest.mark.parametrize("what", CASES)
def test_an_error_page_gives_nothing_away(visitor, what):
    text = ask(visitor, what).content.decode()
    for secret in ("secret detail", "Traceback", "RuntimeError", "CSRF", "zlib"):
        assert secret not in text


def test_an_error_page_works_without_a_number(visitor, settings):
    settings.EMERGENCY_NUMBER = ""
    text = words(parsed(ask(visitor, "broken")))
    assert "call your local emergency number (911, 112, 999 or 000) now" in text


def test_the_address_asked_for_is_not_repeated(visitor):
    response = visitor.get("/conditions/<script>alert(1)</script>/")
    assert response.status_code == 404
    assert "alert" not in response.content.decode()


def test_a_page_that_needs_the_database_gives_the_error_page_without_one(visitor):
    """Here the test's own ban on the database stands for one that is gone."""
    response = visitor.get("/conditions/sciatica/")
    assert response.status_code == 500
    assert "In an emergency, call 112 now." in words(parsed(response))


@pytest.mark.parametrize("what", ["no-answer", "hung-up", "in-a-template"])
def test_a_database_that_does_not_answer_is_said_to_pass(visitor, what):
    response = visitor.get(f"/{what}/")
    assert response["Retry-After"] == "5"
    assert "Please try again in a minute" in words(parsed(response))


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_what_was_typed_is_not_lost_with_the_database(visitor, method):
    client = Client(raise_request_exception=False)
    response = getattr(client, method)("/no-answer/", {"lead": "an hour's work"})
    document = parsed(response)
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert words_of(document, "h1") == ["We could not take this in right now"]
    assert "What you typed is still in your browser: go back" in words(document)


@pytest.mark.parametrize(("where", "status"), [("broken", 500), ("no-answer", 503)])
def test_an_editor_is_told_that_the_text_is_kept(visitor, where, status):
    client, kept = Client(raise_request_exception=False), "it offers you the text"
    for response in (
        client.post(f"/admin/{where}/", {"lead": "an hour's work"}),
        client.post(f"/{where}/", {"report": "a sentence"}),
    ):
        text = words(parsed(response))
        assert response.status_code == status
        assert "Nothing was saved. What you typed is still in your browser: go back" in text
        assert (kept in text) is (response.request["PATH_INFO"].startswith("/admin/"))
    asked = words(parsed(client.get(f"/admin/{where}/")))
    assert kept in asked
    assert "Nothing was saved" not in asked
    assert kept not in words(parsed(client.get(f"/{where}/")))


def test_a_session_that_cannot_be_read_is_said_to_pass_too(visitor, settings, monkeypatch):
    """It fails in a middleware, outside of any view."""

    def fail(*args: object) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(SessionMiddleware, "process_request", fail)
    assert visitor.get("/healthz").status_code == 503


def test_the_error_views_need_no_middleware():
    request = RequestFactory().get("/")
    for view, status in {
        errors.bad_request: 400,
        errors.forbidden: 403,
        errors.csrf_failure: 403,
        errors.not_found: 404,
        errors.gone: 410,
        errors.too_large: 413,
        errors.server_error: 500,
        errors.unavailable: 503,
    }.items():
        assert view(request).status_code == status


def test_the_process_answers_for_its_health_without_the_database(visitor):
    response = visitor.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert response["Content-Type"] == "text/plain"
    assert response["Cache-Control"] == "no-store"


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_failed_is_not_used_again(visitor):
    """SQLite opens a file that is read-only to read only, and then stays so."""
    connection.ensure_connection()
    before = connection.connection
    assert ask(visitor, "no-answer").status_code == 503
    connection.ensure_connection()
    assert connection.connection is not before

"""What a line of the log is, and what is in none: secrets, tokens, cookies, readers' words."""

import json
import logging
import sys

import pytest

from config import logs

SECRET = "correct-horse:battery/staple é'\"\\"
TOKEN = "Zm9vYmFyYmF6cXV4Zm9vYmFy"


@pytest.fixture(autouse=True)
def nothing_kept_out(monkeypatch):
    monkeypatch.setattr(logs, "_secrets", ())
    token = logs.asked.set(None)
    yield
    logs.asked.reset(token)


def record(message: str, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("causes.test", logging.WARNING, "x.py", 1, message, args, None)
    made.__dict__.update(more)
    return made


def line(*args: object, **more: object) -> dict[str, object]:
    text = logs.JsonLines().format(record(*args, **more))
    assert len(text.splitlines()) == 1
    return json.loads(text)


def failing(message: str) -> tuple:
    try:
        raise ValueError(message)
    except ValueError:
        return sys.exc_info()


def test_a_line_is_one_object_with_the_moment_in_utc():
    made = record("%s of %s", 1, 2)
    made.created, made.msecs = 0.25, 250
    text = logs.JsonLines().format(made)
    assert json.loads(text) == {
        "time": "1970-01-01T00:00:00.250Z",
        "level": "warning",
        "logger": "causes.test",
        "message": "1 of 2",
    }


def test_a_line_names_the_request_and_what_the_access_log_says_of_its_answer():
    logs.asked.set({logs.ID: "abc-1"})
    said = {"method": "GET", "path": "/", "status": 404, "ms": 1.5, "cached": False, "account": 7}
    assert line("x", **said).items() >= (said | {"request_id": "abc-1"}).items()


def test_nothing_else_that_a_record_carries_is_written():
    """Django's own records carry the request, and with it the query and the cookies."""
    said = line("x", request="<WSGIRequest: GET '/search/?q=leg'>", status_code=400, sinfo="y")
    assert said.keys() == {"time", "level", "logger", "message"}


def test_a_traceback_is_one_field():
    said = line("It broke", exc_info=failing("what went wrong"))
    assert said["exception"].splitlines()[-1] == "ValueError: what went wrong"
    assert "failing(" not in said["message"]


def test_a_visitors_mistake_leaves_no_traceback():
    made = record("Too many fields", exc_info=failing("too many"))
    made.name = "django.security.TooManyFieldsSent"
    assert "exception" not in json.loads(logs.JsonLines().format(made))
    assert len(logs.TextLines().format(made).splitlines()) == 1


@pytest.mark.parametrize(
    "text", ["a\nb", "a\r\nb", "a\x0bb\x0cc", "a\x1cb\x1dc\x1ed", "a\x85b\u2028c\u2029d", "\ud800"]
)
def test_no_text_can_begin_a_line_of_its_own(text):
    assert line("said %s", text)["message"] == f"said {text}"
    plain = logs.TextLines().format(record("said %s", text))
    _first, *others = plain.splitlines()
    assert all(other.startswith("    ") for other in others)
    plain.encode()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"/review/{TOKEN}/", "/review/[hidden]/"),
        (f"Not Found: /review/{TOKEN}", "Not Found: /review/[hidden]"),
        (
            f"/accounts/password/reset/key/1f-{TOKEN}/",
            "/accounts/password/reset/key/[hidden]/",
        ),
        (f"/accounts/confirm-email/{TOKEN}:1u:x/", "/accounts/confirm-email/[hidden]/"),
        ("/search/?q=numb+leg&tag=foot", "/search/?[hidden]"),
        ("/search/%3Fq=numb", "/search/%3F[hidden]"),
        ("https://site.example/search/?q=numb.", "https://site.example/search/?[hidden]"),
        ("/search/q=numb leg/tag=foot/", "/search/q=[hidden]/tag=[hidden]/"),
        ("csrftoken=abcdef; sessionid=qwertz", "csrftoken=[hidden]; sessionid=[hidden]"),
        ("{'password': 'hunter2', 'x': 1}", "{'password': [hidden]', 'x': 1}"),
        ("Authorization: Bearer abc.def", "Authorization: [hidden]"),
        ("postgres://causes:hunter2@db/causes", "postgres://causes:[hidden]@db/causes"),
        ("/conditions/slipped-disc/", "/conditions/slipped-disc/"),
        ("Serving http://127.0.0.1:8000 to all", "Serving http://127.0.0.1:8000 to all"),
    ],
)  # fmt: skip
def test_what_is_private_in_a_text_is_masked_and_nothing_else(text, shown):
    assert logs.masked(text) == shown


@pytest.mark.parametrize("form", [logs.JsonLines, logs.TextLines])
def test_a_secret_is_kept_out_of_messages_and_tracebacks_in_every_spelling(form):
    logs.keep_out([SECRET, "", None, "short"])
    for said in (SECRET, logs.quote(SECRET, safe=""), repr(SECRET), f"x{SECRET}y"):
        text = form().format(record("I have %s here", said, exc_info=failing(f"no {said}")))
        for part in ("correct", "horse", "battery", "staple"):
            assert part not in text, text
    assert "short" in form().format(record("short"))


def test_what_a_reader_asked_for_is_in_no_line_while_they_are_answered():
    environ = {
        logs.ID: "abc-1",
        "QUERY_STRING": "q=pins+and%20needles&tag=foot%0Aleg&x=%FF",
        "HTTP_COOKIE": "sessionid=kqcookie; theme=dark-one",
        "HTTP_AUTHORIZATION": "Basic dXNlcjpwYXNz",
    }
    logs.asked.set(environ)
    text = "no pins and needles, pins+and%20needles, 'foot\\nleg', kqcookie, dark-one, dXNlcjpwYXNz"
    for form in (logs.JsonLines, logs.TextLines):
        said = form().format(record("%s", text, exc_info=failing(text)))
        for word in ("pins", "needles", "foot", "kqcookie", "dark-one", "dXNlcjpwYXNz"):
            assert word not in said
        assert "abc-1" in said


def test_a_path_is_short_printable_and_without_its_query():
    assert (
        logs.shown_path("/a\n\x1b[31m/?q=x")
        == "/a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}[31m/"
    )
    assert len(logs.shown_path("/" + "a" * 5000)) == logs.LONGEST_PATH
    assert logs.shown_path(f"/review/{TOKEN}/") == "/review/[hidden]/"


@pytest.mark.parametrize(
    ("address", "password"),
    [
        ("postgres://causes:p%40ss%2Fword@db/x", "p@ss/word"),
        ("submission://me:secret@mail.example", "secret"),
        ("sqlite:////var/lib/x", ""),
        ("console:", ""),
        ("", ""),
        ("http://[", ""),
    ],
)
def test_the_password_of_an_address(address, password):
    assert logs.password_of(address) == password


@pytest.mark.parametrize("form", ["json", "text"])
def test_only_lines_of_this_form_reach_stderr(form):
    made = logs.configuration(form, "INFO")
    assert made["root"]["handlers"] == ["stderr"]
    assert made["formatters"]["lines"]["()"].endswith(
        {"json": "JsonLines", "text": "TextLines"}[form]
    )
    assert all(not logger.get("handlers") for logger in made["loggers"].values())


@pytest.mark.parametrize(("given", "kind"), [("text", "TextLines"), ("json", "JsonLines")])
def test_the_servers_own_lines_have_the_form_that_it_was_started_with(given, kind, monkeypatch):
    monkeypatch.setenv("LOG_FORMAT", given)
    assert type(logs.formatter()).__name__ == kind

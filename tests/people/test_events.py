"""What the log and the person are told of signing in, and what neither ever holds."""

import json
import logging

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from tests.people.signing import (
    CODE,
    PASSWORD,
    WRONG,
    add_app,
    add_recovery_codes,
    at,
    code_of,
    got_in,
    guess,
    try_in,
)
from tests.people.test_links import choose, open_link


@pytest.fixture
def lines(caplog):
    """The events in the log, as a formatter has them."""
    caplog.set_level(logging.DEBUG)

    def read() -> list[tuple[str, str, str]]:
        records = [record for record in caplog.records if record.name == "causes.signin"]
        assert all(json.dumps(r.fields) in r.getMessage() for r in records)
        return [(r.fields["event"], r.fields["account"], r.fields["address"]) for r in records]

    return read


def test_signing_in_and_failing_are_in_the_log(ada, lines):
    client = at("203.0.113.9")
    guess(client, "ada", 1)
    guess(client, "nobody", 1)
    try_in(client, "ada")
    assert lines() == [
        ("failed", "ada", "203.0.113.9"),
        ("failed", "unknown", "203.0.113.9"),
        ("signed in", "ada", "203.0.113.9"),
        ("new browser", "ada", "203.0.113.9"),
    ]


def test_a_refused_try_is_in_the_log(ada, lines):
    guess(at("203.0.113.9"), "ada", 9)
    assert lines()[-1][:2] == ("locked", "ada")


def test_no_password_code_or_typed_name_is_in_any_log(ada, caplog):
    caplog.set_level(logging.DEBUG)
    secret = add_app(ada)
    codes = add_recovery_codes(ada)
    client = at("203.0.113.9")
    guess(client, "ada", 2)
    try_in(client, "my-password-as-a-name", "x")
    try_in(client, "ada")
    client.post(CODE, {"code": "123 999"})
    client.post(CODE, {"code": code_of(secret)})
    guess(at("192.0.2.1"), "ada", 9)
    loggers = ("causes", "axes", "allauth", "django.request", "django.security")
    text = "\n".join(
        logging.Formatter().format(record)
        for record in caplog.records
        if record.name.startswith(loggers)
    )
    for word in (PASSWORD, WRONG, "horse", "my-password", "123 999", secret, *codes):
        assert word not in text


def test_a_new_browser_is_told_and_a_known_one_is_not(ada, mails):
    client = at("203.0.113.9")
    (message,) = mails(lambda: try_in(client, "ada"))
    assert message.to == ["ada@causes.example"]
    assert "a sign-in from a new browser" in message.subject
    for words in ("ada", "203.0.113.9", "password/change/"):
        assert words in message.body
    client.post("/admin/logout/")
    assert mails(lambda: try_in(client, "ada")) == []
    assert len(mails(lambda: try_in(at("203.0.113.9"), "ada"))) == 1


def test_who_has_no_address_is_not_told_and_gets_in(make_person, mails):
    make_person("zoe")
    client = at("203.0.113.9")
    assert mails(lambda: try_in(client, "zoe")) == []
    assert client.session["_auth_user_id"]


def test_a_mail_server_that_is_gone_keeps_nobody_out(ada, mails, monkeypatch, caplog):
    def gone(*_: object, **__: object) -> None:
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.EmailMessage.send", gone)
    client = at("203.0.113.9")
    mails(lambda: try_in(client, "ada"))
    assert client.get("/admin/").status_code == 200
    assert "A message was not sent" in caplog.text


def test_an_administrator_is_recovered_from_the_shell(anna, capsys, lines):
    add_app(anna)
    add_recovery_codes(anna)
    call_command("recover", "anna")
    address = capsys.readouterr().out.split()[0]
    client = at("203.0.113.9")
    open_link(client, address)
    assert choose(client)["Location"] == CODE, "the second factor stays"
    anna.refresh_from_db()
    call_command("recover", "anna@causes.example", remove_second_factor=True)
    said = capsys.readouterr().out
    assert "removed" in said
    address = next(word for word in said.split() if word.startswith("http"))
    client = at("203.0.113.9")
    open_link(client, address)
    assert got_in(choose(client, "yet another password"))
    assert open_link(at("192.0.2.1"), address).status_code == 410
    events = [event for event, account, _ in lines() if account == "anna"]
    assert events.count("recovery link made") == 2
    assert "second factor removed" in events
    assert events[-1] == "new browser"


@pytest.mark.parametrize(("name", "said"), [("nobody", "no account"), ("off", "switched off")])
def test_recovering_nobody_says_so(ada, name, said):
    User.objects.create_user("off", is_active=False)
    with pytest.raises(CommandError, match=said):
        call_command("recover", name)

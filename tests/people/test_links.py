"""Links by which a password is set: one use, one person, a limited time; asked for by mail."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core import signing
from django.test import Client
from django.urls import reverse

from causes.people import known, links, throttle
from tests.people.signing import add_app, at, code_of, got_in, guess, is_in, try_in

NEW = "a long new password"
CHOOSE = "/accounts/password/choose/"
RESET = "/accounts/password/reset/"


def path_of(address: str) -> str:
    return re.sub(r"^https?://[^/]+", "", address)


def open_link(client: Client, address: str):
    return client.get(path_of(address), follow=True)


def choose(client: Client, password: str = NEW, again: str | None = None):
    return client.post(CHOOSE, {"password1": password, "password2": again or password})


def link_in(message) -> str:
    return re.search(r"https?://\S+/accounts/password/link/\S+", message.body)[0]


def ask(client: Client, email: str, mails) -> list:
    return mails(lambda: client.post(RESET, {"email": email}))


def test_a_link_lets_choose_a_password_and_in(ada):
    client = at("203.0.113.9")
    response = open_link(client, links.address_of(ada, links.RESET))
    assert response.redirect_chain == [(CHOOSE, 302)]
    assert "ada" in response.content.decode()
    assert got_in(choose(client))
    assert is_in(client)
    ada.refresh_from_db()
    assert ada.check_password(NEW)


def test_a_link_works_once(ada):
    address = links.address_of(ada, links.RESET)
    client, thief = at("203.0.113.9"), at("192.0.2.1")
    open_link(client, address)
    open_link(thief, address)
    choose(client)
    assert choose(thief, "the thief's password").status_code == 410
    assert open_link(at("192.0.2.2"), address).status_code == 410
    ada.refresh_from_db()
    assert ada.check_password(NEW)


@pytest.mark.parametrize("change", ["sign in", "email", "switched off", "password"])
def test_a_link_ends_when_the_account_changes(ada, change):
    address = links.address_of(ada, links.RESET)
    if change == "sign in":
        try_in(at("198.51.100.1"), "ada")
    elif change == "email":
        ada.email = "other@causes.example"
    elif change == "switched off":
        ada.is_active = False
    else:
        ada.set_password("another one by now")
    if change != "sign in":
        ada.save()
    assert open_link(at("203.0.113.9"), address).status_code == 410


@pytest.mark.parametrize(("kind", "words"), [("reset", "Ask"), ("invitation", "who invited you")])
def test_a_link_that_is_too_old_says_what_to_do(ada, kind, words, monkeypatch):
    address = links.address_of(ada, kind)
    monkeypatch.setitem(links.LIFETIMES, kind, timedelta(seconds=-1))
    response = open_link(at("203.0.113.9"), address)
    assert response.status_code == 410
    assert "too old" in response.content.decode()
    assert words in response.content.decode()


@pytest.mark.parametrize("kind", ["reset", "x"])
def test_a_forged_link_opens_nothing(ada, kind):
    state = path_of(links.address_of(ada, links.RESET)).split("/")[-2]
    for token in (
        *("x", state[:-1] + "x", "%00", "a" * 3000),
        signing.dumps([kind, ada.pk, "state"], salt="causes.review"),
        signing.dumps([kind, ada.pk, "state"], salt=links.SALT),
        signing.dumps({"a": 1}, salt=links.SALT),
    ):
        status = at("203.0.113.9").get(f"/accounts/password/link/{token}/").status_code
        assert status in {400, 410}, token


def test_a_link_does_not_replace_the_second_factor(ada):
    secret = add_app(ada)
    client = at("203.0.113.9")
    open_link(client, links.address_of(ada, links.RESET))
    assert choose(client)["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(client)
    assert got_in(client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}))


def test_who_is_signed_in_as_another_is_signed_out_first(ada, anna):
    client = at("203.0.113.9")
    try_in(client, "anna")
    open_link(client, links.address_of(ada, links.RESET))
    choose(client)
    assert client.session["_auth_user_id"] == str(ada.pk)


def test_a_new_password_ends_the_other_sessions_and_is_told(ada, mails):
    other, client = at("192.0.2.1"), at("203.0.113.9")
    try_in(other, "ada")
    ada.refresh_from_db()
    open_link(client, links.address_of(ada, links.RESET))
    sent = mails(lambda: choose(client))
    assert any("your password was changed" in message.subject for message in sent)
    assert not is_in(other)
    assert all(NEW not in message.body for message in sent)


def test_weak_passwords_are_refused(ada):
    client = at("203.0.113.9")
    open_link(client, links.address_of(ada, links.RESET))
    common = sorted(word for word in CommonPasswordValidator().passwords if len(word) >= 12)
    assert len(common) > 20
    weak = {"elevenchars": "at least 12", "ada@causes.example": "too similar"}
    for password, said in (weak | dict.fromkeys(common[::20], "too common")).items():
        response = choose(client, password)
        assert response.status_code == 200, password
        assert said in response.content.decode(), password
    ada.refresh_from_db()
    assert ada.check_password("correct horse")


@pytest.mark.parametrize(
    "password", ["only small letters here", "日本語のパスワードは長いです", "x" * 4000]
)
def test_no_kind_of_character_is_asked_for(ada, password):
    client = at("203.0.113.9")
    open_link(client, links.address_of(ada, links.RESET))
    assert got_in(choose(client, password))


def test_two_different_passwords_are_refused(ada):
    client = at("203.0.113.9")
    open_link(client, links.address_of(ada, links.RESET))
    assert b"same password" in choose(client, NEW, "another long one").content


def test_a_reset_by_mail(ada, mails):
    client = at("203.0.113.9")
    (message,) = ask(client, "Ada@causes.example", mails)
    assert message.to == ["ada@causes.example"]
    open_link(client, link_in(message))
    assert got_in(choose(client))


def test_the_answer_never_says_whether_there_is_an_account(ada, make_person, mails):
    make_person("off")
    type(ada).objects.filter(username="off").update(email="off@causes.example", is_active=False)
    answers = []
    for email in ("ada@causes.example", "nobody@causes.example", "off@causes.example"):
        client = at("203.0.113.9")
        response = client.post(RESET, {"email": email}, follow=True)
        answers.append((response.redirect_chain, response.status_code, response.content))
    strip = re.compile(rb'value="[^"]*"')
    assert len({strip.sub(b"", content) for _, _, content in answers}) == 1
    assert len({(str(chain), status) for chain, status, _ in answers}) == 1


def test_only_an_account_gets_a_mail(ada, mails):
    assert len(ask(at("203.0.113.1"), "ada@causes.example", mails)) == 1
    assert ask(at("203.0.113.1"), "nobody@causes.example", mails) == []
    assert ask(at("203.0.113.1"), "ada", mails) == []


def test_mails_are_few_an_account_and_an_address(ada, mails):
    sent = [len(ask(at(f"203.0.113.{n}"), "ada@causes.example", mails)) for n in range(1, 7)]
    assert sent == [1, 1, 1, 0, 0, 0]
    response = at("203.0.113.9").post(RESET, {"email": "ada@causes.example"})
    assert response.status_code == 429
    nobody = [
        at(f"203.0.113.{n}").post(RESET, {"email": "no@causes.example"}).status_code
        for n in range(1, 6)
    ]
    assert nobody == [302, 302, 302, 429, 429], "no account is slowed down alike"
    spray = [
        at("192.0.2.1").post(RESET, {"email": f"n{n}@causes.example"}).status_code
        for n in range(26)
    ]
    assert spray == [302] * 24 + [429] * 2


def test_a_link_gets_a_stranger_in_while_others_guess(ada, mails):
    for number in range(1, 40):
        guess(at(f"203.0.113.{number}"), "ada", 1)
    client = at("192.0.2.1")
    assert try_in(client, "ada").status_code == 429
    (message,) = ask(client, "ada@causes.example", mails)
    open_link(client, link_in(message))
    assert got_in(choose(client))
    client.post("/admin/logout/")
    assert got_in(try_in(client, "ada", NEW)), "the browser is known now"
    assert client.cookies[known.COOKIE]


def test_an_administrator_gets_no_link_by_mail(anna, mails):
    (message,) = ask(at("203.0.113.1"), "anna@causes.example", mails)
    assert "manage.py recover anna" in message.body
    assert "/accounts/" not in message.body


def test_without_a_mail_server_the_page_says_whom_to_ask(ada, settings):
    settings.HAS_MAIL_SERVER = False
    page = at("203.0.113.1").get(RESET).content.decode()
    assert "sends no mail" in page
    assert "<form method" not in page.partition("<main")[2]


def test_the_key_leaves_the_address_before_a_page_is_shown(ada):
    client = at("203.0.113.9")
    response = client.get(path_of(links.address_of(ada, links.RESET)))
    assert response["Location"] == reverse("account_choose_password")
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cache-Control"] == "no-store"


def test_the_state_in_a_link_tells_nothing_of_the_password(ada):
    token = path_of(links.address_of(ada, links.RESET)).split("/")[-2]
    said = signing.loads(token, salt=links.SALT)
    assert said[:2] == ["reset", ada.pk]
    assert re.fullmatch("[0-9a-f]{32}", said[2])
    assert throttle.person_named("ada") == ada

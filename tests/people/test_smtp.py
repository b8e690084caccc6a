"""Mail by a real server, as EMAIL_URL names it: what arrives is what a person needs."""

import gc
import logging
from collections.abc import Callable
from types import SimpleNamespace

import dj_email_url
import pytest
from django.contrib.auth.models import User

from causes.people import mail
from config.environment import mail_server
from tests.people.conftest import AtOnce
from tests.people.signing import at, got_in, is_in
from tests.people.smtp import Inbox
from tests.people.test_invitations import ADD, new_person, people  # noqa: F401 - a fixture
from tests.people.test_links import RESET, choose, link_in, open_link


@pytest.fixture
def mails_go_to(settings, monkeypatch) -> Callable[[str], None]:
    """Mail is sent as this EMAIL_URL says, at once."""

    def use(url: str) -> None:
        for name, value in mail_server(dj_email_url.parse(url)).items():
            setattr(settings, name, value)
        settings.HAS_MAIL_SERVER = True
        monkeypatch.setattr(mail, "sender", AtOnce())

    return use


def text(received) -> SimpleNamespace:
    return SimpleNamespace(body=received.message.get_content())


def test_an_invitation_arrives_and_its_link_lets_in(
    people,  # noqa: F811
    mails_go_to,
    settings,
    django_capture_on_commit_callbacks,
):
    with Inbox(accounts={"causes": "secret"}) as inbox:
        mails_go_to(f"smtp://causes:secret@127.0.0.1:{inbox.port}")
        with django_capture_on_commit_callbacks(execute=True):
            people.post(ADD, new_person())
        [received] = inbox.received
    assert received.account == "causes"
    assert received.envelope == [settings.DEFAULT_FROM_EMAIL, "nora@causes.example"]
    assert received.message["To"] == "nora@causes.example"
    assert received.message["Message-ID"]
    browser = at("203.0.113.9")
    open_link(browser, link_in(text(received)))
    assert got_in(choose(browser))
    assert is_in(browser)


def test_a_reset_arrives_and_its_link_lets_in(ada, mails_go_to, django_capture_on_commit_callbacks):
    User.objects.filter(pk=ada.pk).update(email="ada@causes.example")
    with Inbox() as inbox:
        mails_go_to(f"smtp://127.0.0.1:{inbox.port}")
        with django_capture_on_commit_callbacks(execute=True):
            at("203.0.113.9").post(RESET, {"email": "ada@causes.example"})
        [received] = inbox.received
    assert received.envelope[1:] == ["ada@causes.example"]
    browser = at("203.0.113.9")
    open_link(browser, link_in(text(received)))
    assert got_in(choose(browser))


# Django leaves a connection whose password was wrong to the garbage collector.
@pytest.mark.filterwarnings("ignore:Exception ignored in.*socket")
@pytest.mark.parametrize("why", ["nobody listens", "a wrong password", "an address it refuses"])
def test_what_cannot_be_sent_is_logged_without_its_link(
    ada, mails_go_to, django_capture_on_commit_callbacks, caplog, why
):
    User.objects.filter(pk=ada.pk).update(email="ada@causes.example")
    with Inbox(accounts={"causes": "secret"}, refused={"ada@causes.example"}) as inbox:
        password = "wrong" if why == "a wrong password" else "secret"
        port = 1 if why == "nobody listens" else inbox.port
        mails_go_to(f"smtp://causes:{password}@127.0.0.1:{port}")
        with (
            caplog.at_level(logging.ERROR, "causes.people.mail"),
            django_capture_on_commit_callbacks(execute=True),
        ):
            answer = at("203.0.113.9").post(RESET, {"email": "ada@causes.example"})
        assert inbox.received == []
    assert answer.status_code == 302  # nobody is told whether there is such an account
    assert "A message was not sent" in caplog.text
    assert "/password/link/" not in caplog.text
    assert f"causes:{password}" not in caplog.text
    gc.collect()

"""People are invited from the admin: account, roles, link, state; nobody types their password."""

import logging
import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, User
from django.db.models import F
from django.test import Client
from django.urls import reverse

from causes.models import Invitation
from causes.people import links
from tests.admin.screens import parsed
from tests.people.signing import add_app, add_recovery_codes, at, got_in, is_in
from tests.people.test_links import choose, link_in, open_link

ADD = "/admin/auth/user/add/"
LIST = "/admin/auth/user/"


@pytest.fixture
def people(client, anna, proven) -> Client:
    client.force_login(anna)
    return proven(client)


def new_person(**more: str) -> dict[str, object]:
    author = Group.objects.get(name="Author").pk
    return {"username": "nora", "email": "nora@causes.example", "groups": [author], **more}


def row_of(client: Client, name: str) -> str:
    rows = parsed(client.get(LIST)).query("#result_list tbody tr")
    return next(text for row in rows if (text := row.to_text()).split()[0] == name)


def test_an_invited_person_sets_their_password_and_is_in(people, mails):
    answers = []
    sent = mails(lambda: answers.append(people.post(ADD, new_person())))
    nora = User.objects.get(username="nora")
    assert answers[0]["Location"] == reverse("admin:auth_user_change", args=[nora.pk])
    assert (nora.is_staff, nora.is_superuser, nora.has_usable_password()) == (True, False, False)
    assert [group.name for group in nora.groups.all()] == ["Author"]
    (message,) = sent
    assert message.to == ["nora@causes.example"]
    assert "nora" in message.body
    assert "invited, until" in row_of(people, "nora")
    browser = at("203.0.113.9")
    open_link(browser, link_in(message))
    assert got_in(choose(browser))
    assert is_in(browser)
    assert " active " in row_of(people, "nora").replace("\n", " ")
    assert Invitation.objects.get(person=nora).accepted_at


def test_a_person_whose_role_needs_a_second_factor_is_led_there(people, mails, settings):
    settings.REQUIRE_MFA = "all"
    add_app(User.objects.get(username="anna"))
    sent = mails(lambda: people.post(ADD, new_person()))
    browser = at("203.0.113.9")
    open_link(browser, link_in(sent[0]))
    assert got_in(choose(browser))
    response = browser.get("/admin/", follow=True)
    assert response.redirect_chain == [("/accounts/2fa/", 302)]
    assert "Your role needs a second factor" in response.content.decode()
    page = browser.get(reverse("mfa_activate_totp"))
    assert page.status_code == 200, "who has just come in by a link is not asked again"


def test_without_a_mail_server_the_link_is_shown_once(people, settings, caplog):
    caplog.set_level(logging.INFO)
    settings.HAS_MAIL_SERVER = False
    page = people.post(ADD, new_person()).content.decode()
    address = re.search(r'value="(http[^"]+/password/link/[^"]+)"', page)[1]
    nora = User.objects.get(username="nora")
    again = people.get(f"/admin/auth/user/{nora.pk}/change/").content.decode()
    assert "/password/link/" not in again
    assert address not in caplog.text
    browser = at("203.0.113.9")
    open_link(browser, address)
    assert got_in(choose(browser))


def test_an_invitation_that_expired_is_seen_and_sent_again(people, mails):
    first = link_in(mails(lambda: people.post(ADD, new_person()))[0])
    nora = User.objects.get(username="nora")
    Invitation.objects.update(sent_at=F("sent_at") - timedelta(days=8))
    assert "invitation expired" in row_of(people, "nora")
    again = reverse("admin:auth_user_link", args=[nora.pk])
    assert "Invite again" in people.get(f"/admin/auth/user/{nora.pk}/change/").content.decode()
    assert people.get(again).status_code == 200
    (message,) = mails(lambda: people.post(again))
    assert "invited, until" in row_of(people, "nora")
    assert open_link(at("203.0.113.9"), first).status_code == 410, "the one before ends"
    assert open_link(at("203.0.113.9"), link_in(message)).status_code == 200


def test_an_administrator_sends_a_link_but_never_sees_it(people, ada, mails):
    url = reverse("admin:auth_user_link", args=[ada.pk])
    answers = []
    sent = mails(lambda: answers.append(people.post(url)))
    address = link_in(sent[0])
    assert address not in people.get(answers[0]["Location"]).content.decode()
    assert people.get(f"/admin/auth/user/{ada.pk}/password/").status_code == 200
    assert not parsed(people.get(f"/admin/auth/user/{ada.pk}/password/")).query("[type=password]")


def test_second_factors_that_were_lost_are_removed_and_it_is_told(people, ada, mails):
    add_app(ada)
    add_recovery_codes(ada)
    assert row_of(people, "ada").rstrip().endswith("yes")
    url = reverse("admin:auth_user_factors", args=[ada.pk])
    assert people.get(url).status_code == 200
    assert Authenticator.objects.count() == 2
    (message,) = mails(lambda: people.post(url))
    assert message.to == ["ada@causes.example"]
    assert "By: anna" in message.body
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize("name", ["auth_user_link", "auth_user_factors"])
def test_another_administrator_is_recovered_from_the_shell_only(people, make_person, name):
    root = User.objects.create_superuser("root", "root@causes.example", "correct horse")
    other = make_person("amy", "Administrator")
    for person in (root, other):
        for method in ("get", "post"):
            response = getattr(people, method)(reverse(f"admin:{name}", args=[person.pk]))
            assert response.status_code == 403
    page = people.get(reverse("admin:auth_user_change", args=[other.pk])).content.decode()
    assert "Send a link" not in page


@pytest.mark.parametrize("name", ["auth_user_link", "auth_user_factors"])
def test_who_is_no_administrator_sends_nothing(client, publisher, ada, proven, name):
    client.force_login(publisher)
    proven(client)
    assert client.post(reverse(f"admin:{name}", args=[ada.pk])).status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": ""},
        {"email": "ADA@causes.example"},
        {"email": "no address"},
        {"username": "ADA"},
        {"username": "ada@causes.example"},
        {"username": "a b"},
    ],
)
def test_an_account_without_or_with_anothers_name_is_refused(people, ada, wrong, mails):
    answers = []
    assert mails(lambda: answers.append(people.post(ADD, new_person() | wrong))) == []
    assert "errornote" in answers[0].content.decode()
    assert "@" not in wrong.get("username", "") or not User.objects.filter(**wrong).exists()


def test_the_list_of_people_asks_a_fixed_number_of_queries(
    people, make_person, django_assert_num_queries
):
    counts = []
    for names in (["one"], ["two", "three", "four"]):
        for name in names:
            person = make_person(name, "Author", "Publisher")
            Invitation.objects.create(person=person, by_name="anna")
        people.get(LIST)
        with django_assert_num_queries(9) as asked:
            people.get(LIST)
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_giving_roles_is_an_event(people, ada, caplog):
    caplog.set_level(logging.INFO, logger="causes.signin")
    url = reverse("admin:auth_user_change", args=[ada.pk])
    publisher = Group.objects.get(name="Publisher").pk
    data = {"username": "ada", "email": ada.email, "is_active": "on", "is_staff": "on"}
    assert people.post(url, data | {"groups": [publisher]}).status_code == 302
    assert '"roles changed", "account": "ada"' in caplog.text
    assert '"roles": "Publisher"' in caplog.text
    assert links.LIFETIMES["invitation"] == timedelta(days=7)

"""Managing people asks who one is, keeps what was typed, and counts wrong passwords."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from causes.people.recently import FIELD
from tests.admin.screens import form_data, parsed
from tests.people.signing import PASSWORD, WRONG, at, try_in

ADD = "/admin/auth/user/add/"
NEW = {"username": "nora", "email": "nora@causes.example", "first_name": "Nora <b>&"}


@pytest.fixture
def old_client(client, anna, proven) -> Client:
    """Anna signed in longer ago than 15 minutes."""
    client.force_login(anna)
    return proven(client, seconds_ago=16 * 60)


def confirmed(response, password: str) -> dict[str, str | list[str]]:
    """What the question sends on with this password."""
    data: dict[str, list[str]] = {}
    for field in parsed(response).query("#content form [name]"):
        data.setdefault(field.attrs["name"], []).append(field.attrs.get("value") or "")
    return data | {FIELD: password}


def test_a_form_of_people_asks_before_anything_is_typed(old_client, anna, ada):
    for url in (
        ADD,
        reverse("admin:auth_user_change", args=[ada.pk]),
        reverse("admin:auth_user_delete", args=[ada.pk]),
        reverse("admin:auth_user_link", args=[ada.pk]),
        reverse("admin:auth_user_factors", args=[ada.pk]),
        reverse("admin:auth_group_add"),
    ):
        response = old_client.get(url)
        assert response.status_code == 302, url
        assert response["Location"].startswith("/accounts/reauthenticate/?next=%2Fadmin"), url
    answer = old_client.post(response["Location"], {"password": PASSWORD})
    assert answer["Location"] == reverse("admin:auth_group_add")
    assert old_client.get(ADD).status_code == 200


def test_lists_of_people_are_read_without_a_question(old_client):
    assert old_client.get("/admin/auth/user/").status_code == 200
    assert old_client.get("/admin/causes/page/").status_code == 403


def test_signing_in_answers_the_question_for_a_while(anna):
    client = at("203.0.113.9")
    try_in(client, "anna")
    assert client.get(ADD).status_code == 200


def test_a_form_that_is_sent_too_late_loses_nothing(old_client, db):
    roles = [str(pk) for pk in Group.objects.order_by("pk").values_list("pk", flat=True)[:2]]
    response = old_client.post(ADD, NEW | {"groups": roles, "_save": "Save"})
    assert not User.objects.filter(username="nora").exists()
    data = confirmed(response, WRONG)
    assert data["groups"] == roles
    assert data["first_name"] == ["Nora <b>&"]
    again = old_client.post(ADD, data)
    assert b"This is not your password" in again.content
    assert not User.objects.filter(username="nora").exists()
    old_client.post(ADD, confirmed(again, PASSWORD))
    nora = User.objects.get(username="nora")
    assert nora.first_name == "Nora <b>&"
    assert {str(group.pk) for group in nora.groups.all()} == set(roles)


def test_the_password_in_between_is_counted_like_a_sign_in(old_client):
    statuses = [old_client.post(ADD, NEW | {FIELD: WRONG}).status_code for _ in range(9)]
    assert statuses == [200] * 8 + [429]
    assert old_client.post(ADD, NEW | {FIELD: PASSWORD}).status_code == 429


def test_deleting_many_asks_too(old_client, ada):
    bulk = {"action": "delete_selected", "_selected_action": [str(ada.pk)], "post": "yes"}
    response = old_client.post(reverse("admin:auth_user_changelist"), bulk)
    assert "Is it you?" in response.content.decode()
    assert User.objects.filter(pk=ada.pk).exists()
    old_client.post(reverse("admin:auth_user_changelist"), confirmed(response, PASSWORD))
    assert not User.objects.filter(pk=ada.pk).exists()


def test_who_may_not_is_told_so_and_not_asked(client, ada):
    client.force_login(ada)
    assert client.get(ADD).status_code == 403
    assert client.post(ADD, NEW).status_code == 403


def test_a_session_of_another_person_proves_nothing(client, anna, ada, proven):
    client.force_login(anna)
    proven(client)
    session = client.session
    session["account_authentication_methods_user"] = str(ada.pk)
    session.save()
    assert client.get(ADD).status_code == 302


def test_changing_ones_password_asks_for_the_old_one_and_counts(client, ada, mails):
    client.force_login(ada)
    change = reverse("account_change_password")
    new = {"password1": "a long new password", "password2": "a long new password"}
    assert client.get("/admin/password_change/")["Location"] == change
    assert b"not your password" in client.post(change, new | {"oldpassword": WRONG}).content
    sent = mails(lambda: client.post(change, new | {"oldpassword": PASSWORD}))
    assert ["your password was changed" in message.subject for message in sent] == [True]
    assert client.get("/admin/").status_code == 200, "one stays signed in here"
    statuses = [client.post(change, new | {"oldpassword": WRONG}).status_code for _ in range(9)]
    assert statuses[-1] == 429


def test_a_form_keeps_its_values_when_it_is_reached_at_once(client, anna, ada, proven):
    client.force_login(anna)
    proven(client)
    url = reverse("admin:auth_user_change", args=[ada.pk])
    data = form_data(client, url)
    assert data["username"] == "ada"
    assert "password" not in data

"""Whom REQUIRE_MFA makes have a second factor, and what opens without one."""

import pytest
from django.test import Client

from tests.people.signing import add_app, add_recovery_codes, at, is_in, try_in

ROLES = ["Author", "Clinical reviewer", "Publisher", "Administrator"]


@pytest.mark.parametrize(
    ("required", "must"),
    [
        ("none", []),
        ("publishers", ["Publisher", "Administrator", "superuser"]),
        ("all", [*ROLES, "superuser"]),
    ],
)
def test_the_setting_says_who(required, must, settings, make_person, django_user_model):
    settings.REQUIRE_MFA = required
    people = {role: make_person(role.replace(" ", ""), role) for role in ROLES}
    people["superuser"] = django_user_model.objects.create_superuser("root", password="x")
    for role, person in people.items():
        client = Client()
        client.force_login(person)
        assert (client.get("/admin/").status_code == 302) == (role in must), role
        add_app(person)
        assert client.get("/admin/").status_code == 200


def test_without_it_only_ones_account_opens(settings, make_person):
    settings.REQUIRE_MFA = "all"
    client = Client()
    client.force_login(make_person("paul", "Publisher"))
    for path in ("/admin/", "/admin/causes/page/", "/admin/auth/user/", "/admin/password_change/"):
        for method in ("get", "post"):
            assert getattr(client, method)(path)["Location"] == "/accounts/2fa/", path
    assert client.get("/accounts/2fa/").status_code == 200
    assert client.get("/").status_code == 200
    assert client.post("/admin/logout/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(settings, make_person):
    settings.REQUIRE_MFA = "publishers"
    paul = make_person("paul", "Publisher")
    add_recovery_codes(paul)
    client = at("203.0.113.9")
    try_in(client, "paul")
    assert not is_in(client)


def test_it_costs_nothing_where_it_is_off(settings, author, client, django_assert_max_num_queries):
    settings.REQUIRE_MFA = "none"
    client.force_login(author)
    client.get("/admin/guide/")
    with django_assert_max_num_queries(6) as asked:
        client.get("/admin/guide/")
    assert "mfa_authenticator" not in str([query["sql"] for query in asked])

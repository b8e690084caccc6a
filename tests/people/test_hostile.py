"""Junk in every field and parameter of the accounts' screens: never a 500, never a row too much."""

from itertools import count

import pytest
from django.test import Client

from tests.people.signing import CODE, add_app, try_in
from tests.public.test_hostile import JUNK

_addresses = count(1)
FINE = {200, 302, 400, 403, 404, 405, 410, 413, 429}
FORMS = {
    "login/": ["username", "password", "next"],
    "password/reset/": ["email"],
    "password/choose/": ["password1", "password2"],
    "logout/": ["next"],
    "2fa/webauthn/login/": ["credential", "next"],
}
INSIDE = {
    "reauthenticate/": ["password", "next"],
    "password/change/": ["oldpassword", "password1"],
    "2fa/reauthenticate/": ["code"],
    "2fa/totp/activate/": ["code"],
    "2fa/webauthn/add/": ["credential", "name"],
    "2fa/webauthn/reauthenticate/": ["credential"],
}


def visitor() -> Client:
    number = next(_addresses)
    address = f"2001:db8:{number // 65536:x}:{number % 65536:x}::1"
    return Client(REMOTE_ADDR=address, raise_request_exception=False)


@pytest.mark.parametrize("name", JUNK)
def test_junk_in_the_forms_of_strangers(db, name, settings):
    settings.HAS_MAIL_SERVER = True
    junk = JUNK[name].decode("utf-8", "replace")
    for path, fields in FORMS.items():
        for field in fields:
            data = {"username": "a", "password": "b", "email": "a@b.example", field: junk}
            assert visitor().post(f"/accounts/{path}", data).status_code in FINE, (path, field)
        for place in (f"/accounts/{path}", "/admin/login/"):
            assert visitor().get(place, {"next": junk}).status_code in FINE, path


@pytest.mark.parametrize("name", JUNK)
def test_junk_in_the_forms_of_who_is_signed_in(ada, name, proven):
    junk = JUNK[name].decode("utf-8", "replace")
    client = visitor()
    client.force_login(ada)
    proven(client)
    for path, fields in INSIDE.items():
        client.get(f"/accounts/{path}")
        for field in fields:
            data = {"name": "x", "password1": "y", "password2": "y", field: junk}
            assert client.post(f"/accounts/{path}", data).status_code in FINE, (path, field)


@pytest.mark.parametrize("name", JUNK)
def test_junk_as_a_code(ada, name):
    add_app(ada)
    client = visitor()
    try_in(client, "ada")
    for field in ("code", "credential"):
        data = {field: JUNK[name].decode("utf-8", "replace")}
        assert client.post(CODE, data).status_code == 200, field
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    "path", ["password/link/x/", "2fa/webauthn/keys/99999999999999999999/remove/", "2fa/x/"]
)
def test_odd_addresses(ada, path, proven):
    client = visitor()
    client.force_login(ada)
    proven(client)
    for method in ("get", "post", "head", "put", "delete", "options"):
        assert getattr(client, method)(f"/accounts/{path}").status_code in FINE, method

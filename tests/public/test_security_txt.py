"""/.well-known/security.txt (RFC 9116)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

ADDRESS = "/.well-known/security.txt"


@pytest.fixture
def contact(settings) -> str:
    settings.SECURITY_CONTACT = "mailto:security@example.org"
    settings.SITE_URL = "https://www.example.org"
    return settings.SECURITY_CONTACT


def fields(client) -> dict[str, str]:
    text = client.get(ADDRESS).content.decode()
    assert text.endswith("\n")
    return dict(line.split(": ", 1) for line in text.splitlines())


def test_it_names_whom_to_tell_until_when_and_where_it_stands(client, contact):
    said = fields(client)
    assert list(said) == ["Contact", "Expires", "Preferred-Languages", "Canonical"]
    assert said["Contact"] == contact
    assert said["Canonical"] == "https://www.example.org/.well-known/security.txt"
    assert client.get(ADDRESS)["Content-Type"] == "text/plain; charset=utf-8"


def test_it_expires_within_the_year_that_the_standard_allows_and_moves_on_by_days(client, contact):
    expires = datetime.fromisoformat(fields(client)["Expires"])
    assert expires.tzinfo == UTC
    assert expires.time().isoformat() == "00:00:00"
    left = expires - timezone.now()
    assert timedelta(days=170) < left < timedelta(days=365)


def test_caches_may_keep_it_and_it_needs_no_database(client, contact):
    first = client.get(ADDRESS)
    assert first["Cache-Control"].startswith("public")
    assert client.get(ADDRESS, headers={"if-none-match": first["ETag"]}).status_code == 304


def test_where_nobody_is_named_there_is_none(client, settings):
    settings.SECURITY_CONTACT = ""
    assert client.get(ADDRESS).status_code == 404

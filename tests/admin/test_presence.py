"""Who else has a page open is shown; nobody is locked out by it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from causes.admin.presence import STALE_AFTER
from causes.models import Presence
from tests.admin.screens import address, text_of


@pytest.fixture
def second_client(author) -> Client:
    client = Client()
    client.force_login(author)
    return client


def test_the_form_names_who_else_has_it_open(
    publishing_client, second_client, make_condition, make_person
):
    page = make_condition()
    url = address("change", page)
    assert text_of(publishing_client.get(url), "#presence") == ""
    since = timezone.localtime(Presence.objects.get().since)
    said = text_of(second_client.get(url), "#presence")
    assert f"paul (since {since:%H:%M}) has this page open too." in said
    third = Client()
    third.force_login(make_person("bea", "Author"))
    assert "paul" in text_of(third.get(url), "#presence")
    assert "ada" in text_of(publishing_client.get(url), "#presence")
    assert "paul" not in text_of(publishing_client.get(url), "#presence")


def test_the_browser_says_that_it_is_still_there(publishing_client, second_client, make_condition):
    page = make_condition()
    url = address("presence", page)
    assert second_client.post(url).json() == {"others": ""}
    first = Presence.objects.get().since
    assert "ada" in publishing_client.post(url).json()["others"]
    second_client.post(url)
    assert Presence.objects.get(person__username="ada").since == first


def test_who_is_silent_for_a_minute_has_left_and_comes_back_anew(
    publishing_client, second_client, make_condition
):
    page = make_condition()
    url = address("presence", page)
    second_client.post(url)
    long_ago = timezone.now() - STALE_AFTER - timedelta(seconds=1)
    Presence.objects.update(since=long_ago, seen_at=long_ago)
    assert publishing_client.post(url).json() == {"others": ""}
    second_client.post(url)
    assert Presence.objects.get(person__username="ada").since > long_ago
    assert "ada" in publishing_client.post(url).json()["others"]


def test_it_needs_a_post_a_token_and_the_permission(client, author, make_person, make_condition):
    page = make_condition()
    url = address("presence", page)
    assert client.post(url).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(author)
    assert strict.post(url).status_code == 403
    client.force_login(make_person("nobody"))
    assert client.post(url).status_code == 403
    client.force_login(author)
    assert client.get(url).status_code == 405
    page.delete()
    assert client.post(url).status_code == 403
    assert not Presence.objects.exists()

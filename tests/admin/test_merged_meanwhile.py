"""A tag that is merged at the very moment when somebody gives it to a page: said, nothing lost."""

import threading

import pytest
from django.db import IntegrityError, connection
from django.test import Client

from causes.admin.saving import SavingScreens
from causes.editorial.tagging import merge_tags
from causes.models import Tag, TaggedPage
from tests.admin.screens import address, errors, form_data, parsed

GONE = "A tag that was chosen is gone: somebody has merged or deleted it."


@pytest.fixture
def scene(publishing_client, make_condition, make_tag, published):
    """The form of a page to which somebody gives the tag "old", which is to become "new"."""
    page, old, new = make_condition(), make_tag("old"), make_tag("new")
    published(page)
    form = form_data(publishing_client, address("change", page))
    return page, old, new, form | {"title": "What I typed", "tags": [str(old.pk)]}


def assert_said(response) -> None:
    assert response.status_code == 200
    assert GONE in errors(response)
    assert parsed(response).query("[name=title]")[0].attrs["value"] == "What I typed"
    assert not parsed(response).query(".messagelist .success")


@pytest.mark.django_db(transaction=True)
def test_a_tag_that_is_merged_while_a_save_adds_it(
    scene, publishing_client, publisher, monkeypatch
):
    """SQLite lets the second wait for the first; PostgreSQL lets both go on, and finds out last."""
    page, old, new, form = scene
    saves = SavingScreens.save_related
    merged = threading.Event()

    def merge() -> None:
        try:
            merge_tags(old, into=new, actor=publisher)
        finally:
            merged.set()
            connection.close()

    other = threading.Thread(target=merge)

    def paused(self, *args: object) -> None:
        if not other.is_alive() and not merged.is_set():
            other.start()
            merged.wait(timeout=1)
        saves(self, *args)

    monkeypatch.setattr(SavingScreens, "save_related", paused)
    response = publishing_client.post(address("change", page), form)
    other.join()
    assert not Tag.objects.filter(slug="old").exists()
    if connection.vendor == "postgresql":
        assert_said(response)
        assert page.revisions.count() == 1
    else:
        assert response.status_code == 302
        assert TaggedPage.objects.get(content_object=page).tag == new
        assert page.revisions.in_line().first().document["title"] == "What I typed"


@pytest.mark.django_db
@pytest.mark.parametrize("accept", ["text/html", "application/json"])
def test_the_form_comes_back_with_what_was_typed(
    scene, publishing_client, publisher, monkeypatch, accept
):
    """As PostgreSQL has it: an error at the end of the transaction, and the tag is gone."""
    page, old, new, form = scene
    saves, failed = SavingScreens.response_change, []

    def fails_once(self, request: object, *args: object) -> object:
        response = saves(self, request, *args)
        if not failed:
            failed.append(response)
            raise IntegrityError("the tag is gone")
        return response

    monkeypatch.setattr(SavingScreens, "response_change", fails_once, raising=False)
    monkeypatch.setattr(SavingScreens, "_sent", _merging_between(old, new, publisher))
    response = publishing_client.post(address("change", page), form, headers={"accept": accept})
    assert failed
    assert_said(response)
    assert page.revisions.count() == 1


def _merging_between(old: Tag, new: Tag, publisher: object):
    sends = SavingScreens._sent

    def send(self, *args: object, **kwargs: object) -> object:
        try:
            return sends(self, *args, **kwargs)
        except IntegrityError:
            merge_tags(old, into=new, actor=publisher)
            raise

    return send


@pytest.mark.django_db(transaction=True)
def test_an_error_that_stays_is_not_hidden(scene, publishing_client, monkeypatch):
    page, _old, _new, form = scene
    calls = []

    def fails(self, *args: object) -> None:
        calls.append(args)
        raise IntegrityError("always")

    monkeypatch.setattr(SavingScreens, "save_related", fails)
    client = Client(raise_request_exception=False)
    client.cookies = publishing_client.cookies
    assert client.post(address("change", page), form).status_code == 500
    assert len(calls) == 2
    assert page.revisions.count() == 1

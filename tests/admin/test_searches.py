"""What readers looked for in vain: seen from the fifth time on, and made a name of a page."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from causes.models import AlternateName, Edition, MissedSearch, Revision
from tests.admin.screens import errors, parsed, text_of

LIST = reverse("admin:causes_missedsearch_changelist")


@pytest.fixture
def missed(db) -> MissedSearch:
    return MissedSearch.objects.create(words="ischias", count=5, last_seen=timezone.localdate())


def naming(search: MissedSearch) -> str:
    return reverse("admin:causes_missedsearch_name", args=[search.pk])


def test_what_was_searched_less_than_five_times_is_nobodys_business(publishing_client, missed):
    rare = MissedSearch.objects.create(words="rare", count=4, last_seen=timezone.localdate())
    seen = text_of(publishing_client.get(LIST), "#result_list")
    assert "ischias" in seen
    assert "rare" not in seen
    assert publishing_client.get(naming(rare)).status_code == 404


def test_the_list_leads_to_the_choice_of_a_page(publishing_client, missed):
    [button] = parsed(publishing_client.get(LIST)).query("#result_list a.button")
    assert button.attrs["href"] == naming(missed)
    screen = publishing_client.get(naming(missed))
    [select] = parsed(screen).query("select[name=page]")
    assert select.attrs["data-ajax--url"] == reverse("admin:autocomplete")


def test_the_words_become_a_name_in_a_new_draft(
    publishing_client, publisher, missed, make_condition, published
):
    page = make_condition()
    live = published(page)
    response = publishing_client.post(naming(missed), {"page": page.pk})
    assert response.status_code == 302
    assert response["Location"] == reverse("admin:causes_condition_change", args=[page.pk])
    name = AlternateName.objects.get(page=page)
    assert (name.name, name.kind, name.anchor) == ("ischias", "lay", "ischias")
    newest = Revision.objects.filter(page=page).first()
    assert newest.number == live.revision.number + 1
    assert newest.author == publisher
    assert [entry["name"] for entry in newest.document["names"]] == ["ischias"]
    assert Edition.objects.live().get(page=page) == live
    assert not MissedSearch.objects.exists()


def test_a_name_that_the_page_has_is_refused(publishing_client, missed, make_condition):
    page = make_condition("ischias", title="Ischias")
    response = publishing_client.post(naming(missed), {"page": page.pk})
    assert "The page has this name already" in errors(response)
    assert MissedSearch.objects.exists()


@pytest.mark.parametrize("page", ["", "x", "0", "99999999999999999999", "\0", "-1"])
def test_junk_for_a_page_is_refused(publishing_client, missed, page):
    assert publishing_client.post(naming(missed), {"page": page}).status_code == 200
    assert not AlternateName.objects.exists()


def test_a_page_about_the_site_takes_no_name(publishing_client, missed, make_information):
    response = publishing_client.post(naming(missed), {"page": make_information().pk})
    assert response.status_code == 200
    assert not AlternateName.objects.exists()


@pytest.mark.parametrize("number", ["x", "0", "99999999999999999999"])
def test_an_unknown_search_is_not_found(publishing_client, db, number):
    address = f"/admin/causes/missedsearch/{number}/name/"
    assert publishing_client.get(address).status_code == 404


def test_nobody_gives_a_name_without_the_permission(client, missed, make_condition, make_person):
    page = make_condition()
    client.force_login(make_person("nina"))
    assert client.get(naming(missed)).status_code == 403
    assert client.post(naming(missed), {"page": page.pk}).status_code == 403
    assert Client().post(naming(missed), {"page": page.pk}).status_code == 302
    assert not AlternateName.objects.exists()


def test_a_form_from_elsewhere_is_refused(missed, publisher, make_condition):
    client = Client(enforce_csrf_checks=True)
    client.force_login(publisher)
    assert client.post(naming(missed), {"page": make_condition().pk}).status_code == 403
    assert not AlternateName.objects.exists()


def test_only_a_publisher_deletes_a_search_and_nobody_adds_or_changes_one(
    client, publishing_client, missed, author
):
    add = reverse("admin:causes_missedsearch_add")
    delete = reverse("admin:causes_missedsearch_delete", args=[missed.pk])
    assert publishing_client.get(add).status_code == 403
    assert publishing_client.get(delete).status_code == 200
    client.force_login(author)
    assert client.get(delete).status_code == 403

"""Two editors with the same page open: the second save is refused, and its text is kept."""

import pytest
from django.test import Client

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record
from causes.models import Condition, Information, Section
from tests.admin.screens import address, errors, form_data, parsed, save


@pytest.fixture
def second_client(author) -> Client:
    client = Client()
    client.force_login(author)
    return client


def test_a_save_that_is_not_based_on_the_newest_version_is_refused_and_its_text_kept(
    publishing_client, second_client, make_condition, make_tag
):
    foot, hip = make_tag("foot"), make_tag("hip")
    page = make_condition(tags=(foot,))
    url = address("change", page)
    mine = form_data(second_client, url)
    save(publishing_client, page, title="Theirs")

    mine |= {"title": "Mine", "sections-0-body": "<p>My words.</p>", "tags": [str(hip.pk)]}
    response = second_client.post(url, mine)

    assert "paul saved version 1 while you were writing." in errors(response)
    form = parsed(response)
    assert form.query("[name=title]")[0].attrs["value"] == "Mine"
    assert "My words." in form.query("[name=sections-0-body]")[0].to_text()
    assert Condition.objects.get(pk=page.pk).title == "Theirs"
    assert Section.objects.get(page=page).body == "<p>A plain sentence.</p>"
    assert list(page.tags.all()) == [foot]
    assert page.revisions.count() == 1


def test_sending_the_refused_form_again_is_refused_again(
    publishing_client, second_client, make_condition
):
    page = make_condition()
    url = address("change", page)
    mine = form_data(second_client, url) | {"title": "Mine"}
    save(publishing_client, page, title="Theirs")
    refused = parsed(second_client.post(url, mine))
    again = mine | {"based_on": refused.query("[name=based_on]")[0].attrs["value"]}
    assert "while you were writing" in errors(second_client.post(url, again))
    assert Condition.objects.get(pk=page.pk).title == "Theirs"


@pytest.mark.parametrize("based_on", ["", "0", "-5", "abc", "1"])
def test_a_form_without_the_number_of_its_version_counts_as_stale(
    based_on, publishing_client, make_information
):
    page = make_information()
    record(page, actor=FIXTURE)
    Information.objects.filter(pk=page.pk).update(title="Second")
    record(page, actor=FIXTURE)
    url = address("change", page)
    data = form_data(publishing_client, url) | {"title": "Third", "based_on": based_on}
    response = publishing_client.post(url, data)
    assert response.status_code == 200
    assert Information.objects.get(pk=page.pk).title == "Second"


def test_the_same_person_saves_twice_in_a_row(publishing_client, make_information):
    page = make_information()
    save(publishing_client, page, title="First")
    save(publishing_client, page, title="Second")
    assert list(page.revisions.values_list("number", flat=True)) == [2, 1]


def test_a_save_on_top_of_a_page_that_someone_published_is_not_stale(
    publishing_client, second_client, make_condition, published
):
    page = make_condition()
    save(publishing_client, page, title="First")
    url = address("change", page)
    mine = form_data(second_client, url) | {"title": "Mine"}
    published(page)
    assert second_client.post(url, mine).status_code == 302
    assert page.revisions.first().number == 2

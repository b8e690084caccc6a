"""The picker of a page's tags: it finds tags by every name, and makes none."""

import pytest
from django.contrib import admin
from django.urls import reverse

from causes.models import Condition, Tag, TagAlias
from tests.admin.screens import address, errors, form_data, parsed, save


@pytest.fixture
def feet(make_tag) -> Tag:
    foot = make_tag("foot", name="Foot")
    TagAlias.objects.create(tag=foot, name="Pins and needles in the sole", slug="sole")
    make_tag("hip", name="Hip")
    return foot


def offered(client, page, term: str) -> list[str]:
    """What the picker offers for the words typed so far."""
    picker = parsed(client.get(address("change", page))).query("select[name=tags]")[0].attrs
    parameters = {
        "app_label": picker["data-app-label"],
        "model_name": picker["data-model-name"],
        "field_name": picker["data-field-name"],
        "term": term,
    }
    assert picker["data-ajax--url"] == reverse("admin:autocomplete")
    answer = client.get(picker["data-ajax--url"], parameters)
    assert answer.status_code == 200
    return [found["text"] for found in answer.json()["results"]]


@pytest.mark.parametrize(
    ("term", "names"),
    [
        ("foo", ["Foot"]),
        ("FOOT", ["Foot"]),
        ("sole", ["Foot"]),
        ("pins and needles", ["Foot"]),
        ("i", ["Foot", "Hip"]),
        ("elbow", []),
        ("%", []),
    ],
)
def test_the_picker_finds_tags_by_name_and_alias(term, names, client, author, make_condition, feet):
    client.force_login(author)
    assert offered(client, make_condition(), term) == names


@pytest.mark.parametrize("unknown", ["999999", "-1", "0"])
def test_an_unknown_tag_is_refused_and_none_is_made(
    unknown, publishing_client, make_condition, feet
):
    page = make_condition(tags=(feet,))
    url = address("change", page)
    data = form_data(publishing_client, url)
    response = publishing_client.post(url, data | {"tags": [str(feet.pk), unknown]})
    assert "A tag that was chosen is gone" in errors(response)
    assert list(page.tags.all()) == [feet]
    assert Tag.objects.count() == 2
    assert not page.revisions.exists()


@pytest.mark.parametrize("words", ["pins and needles", "foot", "Foot, Hip", "\0"])
def test_words_are_no_tags(words, rf, publisher, feet):
    request = rf.get("/")
    request.user = publisher
    form = admin.site.get_model_admin(Condition).get_form(request)({"tags": [words]})
    assert "tags" in form.errors


def test_the_chosen_tags_are_saved_and_shown_again(publishing_client, make_condition, feet):
    page, hip = make_condition(tags=(feet,)), Tag.objects.get(slug="hip")
    save(publishing_client, page, tags=[str(hip.pk)])
    assert list(page.tags.all()) == [hip]
    assert page.revisions.get().document["tags"] == ["hip"]
    assert form_data(publishing_client, address("change", page))["tags"] == [str(hip.pk)]


def test_a_refused_form_keeps_the_tags_that_were_chosen(publishing_client, make_condition, feet):
    page = make_condition()
    url = address("change", page)
    data = form_data(publishing_client, url) | {"title": "", "tags": [str(feet.pk)]}
    form = parsed(publishing_client.post(url, data))
    chosen = form.query("select[name=tags] option[selected]")
    assert [option.attrs["value"] for option in chosen] == [str(feet.pk)]
    assert not page.tags.exists()


@pytest.mark.parametrize("forged", ["99999999999999999999", "-1", "x", "1 OR 1", "\0", "²"])
def test_a_forged_choice_of_one_record_is_refused_in_words(
    forged, client, admin_user, make_condition
):
    """The single picker: a page's owner and original."""
    page = make_condition()
    client.force_login(admin_user)
    url = address("change", page)
    response = client.post(url, form_data(client, url) | {"owner": forged, "original": forged})
    assert errors(response).count("That choice is not one of the available choices") == 2
    assert not page.revisions.exists()

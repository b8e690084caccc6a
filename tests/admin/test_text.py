"""Text on its way through the editors' forms: put right, or refused beside its field."""

import pytest

from causes.models import AlternateName, Condition, Tag
from tests.admin.screens import address, errors, form_data, save

RLO = "\u202e"
REMOVE = "Remove the invisible character U+202E (right-to-left override)"


@pytest.fixture
def page(make_condition, published) -> Condition:
    page = make_condition()
    AlternateName.objects.create(page=page, anchor="n", name="Nerve pain")
    published(page)
    return page


@pytest.mark.parametrize(
    "field",
    [
        *("title", "summary", "alternatenames-0-name", "sections-0-heading"),
        *("carecards-0-heading", "carecards-0-items", "carecards-0-phrases"),
    ],
)
def test_a_hidden_character_is_refused_beside_its_field_and_the_text_stays(
    publishing_client, page, field
):
    url = address("change", page)
    form = form_data(publishing_client, url) | {field: f"leg{RLO}s"}
    response = publishing_client.post(url, form)
    assert f"{REMOVE} after “leg”." in errors(response)
    assert f"leg{RLO}s" in response.content.decode()
    assert page.revisions.count() == 1


def test_harmless_characters_are_put_right(publishing_client, page):
    values = {
        "title": "Cafe\u0301\u00a0 leg",
        "summary": "a\u2003b",
        "carecards-0-items": "x\u00a0y",
    }
    save(publishing_client, page, **values)
    newest = page.revisions.in_line().first().document
    assert (newest["title"], newest["summary"]) == ("Caf\u00e9 leg", "a b")
    assert newest["cards"][0]["items"] == ["x y"]


def test_a_pasted_character_leaves_rich_text_in_silence(publishing_client, page):
    save(publishing_client, page, **{"sections-0-body": "<p>num\u00adb\u200bness</p>"})
    assert page.revisions.in_line().first().document["sections"][0]["body"] == "<p>numbness</p>"


@pytest.mark.parametrize("slug", ["Sciatica", "sciatica-", "sci--atica", "sci_atica"])
def test_an_address_has_one_spelling(publishing_client, page, slug):
    url = address("change", page)
    form = form_data(publishing_client, url) | {"slug": slug}
    assert "Write the address in small letters" in errors(publishing_client.post(url, form))


def test_an_address_is_made_of_the_title(publishing_client, db):
    url = address("add", "condition")
    form = form_data(publishing_client, url) | {"title": "Leg_ pain\u2014Again-"}
    response = publishing_client.post(url, form)
    assert response.status_code == 302, errors(response)
    page = Condition.objects.get()
    assert (page.slug, page.key) == ("leg-painagain", "leg-painagain")


def test_a_group_cannot_take_the_address_of_its_symptoms_history(
    publishing_client, make_symptom, make_category
):
    group = make_category(make_symptom())
    url = address("change", group)
    form = form_data(publishing_client, url) | {"slug": "history"}
    said = errors(publishing_client.post(url, form))
    assert "Choose another address: “history” is where the history of the symptom is." in said


def test_tags_and_their_other_names_are_looked_at(publishing_client, make_tag):
    url = address("add", "tag")
    form = form_data(publishing_client, url) | {"name": f"F{RLO}oot", "slug": "Foot"}
    said = errors(publishing_client.post(url, form))
    assert f"{REMOVE} after “F”." in said
    assert "Write the address in small letters" in said
    tag = make_tag("toes")
    url = f"/admin/causes/tag/{tag.pk}/change/"
    form = form_data(publishing_client, url)
    form |= {"description": f"a{RLO}", "aliases-0-name": f"b{RLO}", "aliases-0-slug": "b-"}
    said = errors(publishing_client.post(url, form))
    assert f"{REMOVE} after “a”." in said
    assert f"{REMOVE} after “b”." in said
    form = {"name": f"Fe{RLO}et", "note": ""}
    response = publishing_client.post(f"/admin/causes/tag/{tag.pk}/rename/", form)
    assert f"{REMOVE} after “Fe”." in errors(response)
    assert Tag.objects.get().name == "Toes"


def test_notes_and_reasons_are_looked_at(publishing_client, page):
    response = publishing_client.post(address("withdraw", page), {"note": f"x{RLO}"})
    assert f"{REMOVE} after “x”." in errors(response)
    assert page.editions.live().exists()

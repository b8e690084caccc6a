"""The screens of tags: their list, their aliases, and that a change of them is public at once."""

import pytest
from django.urls import reverse

from causes.models import ContentVersion, Tag, TagAlias
from tests.admin.screens import errors, form_data, parsed

LIST = reverse("admin:causes_tag_changelist")


def version() -> int:
    return sum(ContentVersion.objects.values_list("number", flat=True))


def change(tag: Tag) -> str:
    return reverse("admin:causes_tag_change", args=[tag.pk])


def test_the_list_says_how_many_pages_carry_each_tag_at_a_fixed_number_of_queries(
    publishing_client, make_tag, make_condition, django_assert_num_queries
):
    foot, hip = make_tag("foot"), make_tag("hip")
    make_condition("one", tags=(foot, hip))
    with django_assert_num_queries(7):
        assert counts(publishing_client) == {"Foot": "1", "Hip": "1"}
    make_tag("unused")
    make_condition("two", tags=(foot,))
    with django_assert_num_queries(7):
        assert counts(publishing_client) == {"Foot": "2", "Hip": "1", "Unused": "0"}


def counts(client) -> dict[str, str]:
    rows = parsed(client.get(LIST)).query("#result_list tbody tr")
    return {
        row.query(".field-name")[0].to_text().strip(): row.query(".field-used_by")[0]
        .to_text()
        .strip()
        for row in rows
    }


def test_the_list_is_searched_by_alias(publishing_client, make_tag):
    foot = make_tag("foot")
    TagAlias.objects.create(tag=foot, name="Sole", slug="sole")
    make_tag("hip")
    response = publishing_client.get(LIST, {"q": "sole"})
    assert [row.to_text().strip() for row in parsed(response).query(".field-name")] == ["Foot"]


def test_a_renamed_tag_and_a_new_alias_are_public_at_once(
    publishing_client, make_tag, make_condition, published
):
    foot = make_tag("foot")
    published(make_condition(tags=(foot,)))
    before = version()
    data = form_data(publishing_client, change(foot)) | {"name": "The foot"}
    data |= {"aliases-0-name": "Sole", "aliases-0-slug": "sole"}
    response = publishing_client.post(change(foot), data)
    assert response.status_code == 302, errors(response)
    assert version() > before
    assert "The foot" in publishing_client.get("/tags/foot/").content.decode()
    assert publishing_client.get("/tags/sole/")["Location"] == "/tags/foot/"


def test_the_address_of_a_tag_is_chosen_once(publishing_client, make_tag):
    foot = make_tag("foot")
    data = form_data(publishing_client, change(foot))
    assert "slug" not in data
    publishing_client.post(change(foot), data | {"slug": "feet", "description": "New."})
    foot.refresh_from_db()
    assert (foot.slug, foot.description) == ("foot", "New.")


@pytest.mark.parametrize("taken", ["hip", "sole"])
def test_an_alias_cannot_take_the_address_of_another_tag_or_alias(
    taken, publishing_client, make_tag
):
    foot, hip = make_tag("foot"), make_tag("hip")
    TagAlias.objects.create(tag=hip, name="Sole", slug="sole")
    data = form_data(publishing_client, change(foot))
    data |= {"aliases-0-name": "Other", "aliases-0-slug": taken}
    assert "already" in errors(publishing_client.post(change(foot), data))
    assert not foot.aliases.exists()


def test_a_tag_cannot_take_the_address_of_an_alias(publishing_client, make_tag):
    TagAlias.objects.create(tag=make_tag("foot"), name="Sole", slug="sole")
    url = reverse("admin:causes_tag_add")
    data = form_data(publishing_client, url) | {"name": "Sole", "slug": "sole"}
    assert "already another name of a tag" in errors(publishing_client.post(url, data))
    assert Tag.objects.count() == 1


def test_a_tag_in_use_is_not_deleted_and_an_unused_one_is(
    publishing_client, make_tag, make_condition
):
    used, unused = make_tag("foot"), make_tag("hip")
    make_condition(tags=(used,))
    before = version()
    for tag in (used, unused):
        url = reverse("admin:causes_tag_delete", args=[tag.pk])
        publishing_client.post(url, {"post": "yes"})
    assert list(Tag.objects.all()) == [used]
    assert version() > before

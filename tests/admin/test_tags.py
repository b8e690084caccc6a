"""The screens of tags: their list, their aliases, and that only an unused one is deleted."""

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


@pytest.mark.parametrize("kind", ["add", "change"])
def test_a_tag_saved_together_with_an_alias_of_its_own_address_is_refused(
    kind, publishing_client, make_tag
):
    url = change(make_tag("sole")) if kind == "change" else reverse("admin:causes_tag_add")
    data = form_data(publishing_client, url) | {"name": "Sole", "facet": "where"}
    data |= {"slug": "sole", "aliases-0-name": "Sole", "aliases-0-slug": "sole"}
    assert "address already" in errors(publishing_client.post(url, data))
    assert not TagAlias.objects.exists()
    assert Tag.objects.count() == (1 if kind == "change" else 0)


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

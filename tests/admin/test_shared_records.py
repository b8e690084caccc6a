"""Sources and tags: shared by all pages, and not part of any page's draft."""

import pytest
from django.urls import reverse

from causes.models import ContentVersion, Source, Tag, TagAlias

pytestmark = pytest.mark.django_db

NO_ALIASES = {"aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}


@pytest.fixture
def editing_client(client, author):
    client.force_login(author)
    return client


def version() -> int:
    return ContentVersion.objects.values_list("number", flat=True).first() or 0


def test_an_author_adds_a_source(editing_client):
    form = {"key": "cdc-stroke", "publisher": "CDC", "title": "Stroke", "url": "www.cdc.gov/stroke"}
    url = reverse("admin:causes_source_add")
    assert editing_client.get(url).status_code == 200
    assert editing_client.post(url, form | {"checked": "text"}).status_code == 302
    assert Source.objects.get().url == "https://www.cdc.gov/stroke"


def test_a_source_that_a_live_edition_cites_changes_nothing_there(
    editing_client, make_condition, published, source
):
    published(make_condition())
    before = editing_client.get("/conditions/sciatica/").content
    form = {"key": source.key, "publisher": "NIH", "title": "New title", "url": source.url}
    url = reverse("admin:causes_source_change", args=[source.pk])
    assert editing_client.post(url, form | {"checked": "text"}).status_code == 302
    assert editing_client.get("/conditions/sciatica/").content == before


def test_an_author_adds_a_tag_with_an_alias(editing_client):
    form = {
        "name": "Tingling",
        "slug": "tingling",
        "facet": "with",
        "order": 1,
        "aliases-TOTAL_FORMS": 1,
        "aliases-INITIAL_FORMS": 0,
        "aliases-0-name": "Pins and needles",
        "aliases-0-slug": "pins-and-needles",
    }
    response = editing_client.post(reverse("admin:causes_tag_add"), form)
    assert response.status_code == 302
    assert TagAlias.objects.get().tag.slug == "tingling"
    assert version() == 1


@pytest.mark.parametrize("slug", ["feet", "foot"])
def test_a_tag_and_an_alias_never_share_an_address(editing_client, make_tag, slug):
    TagAlias.objects.create(tag=make_tag("foot"), name="Feet", slug="feet")
    form = NO_ALIASES | {"name": "Another", "slug": slug, "facet": "where", "order": 1}
    response = editing_client.post(reverse("admin:causes_tag_add"), form)
    assert response.status_code == 200
    assert Tag.objects.count() == 1


def test_a_tags_definition_is_a_publishers_public_at_once_and_its_name_and_address_stay(
    client, author, publisher, make_tag, make_condition, published
):
    tag = make_tag("foot")
    published(make_condition(tags=(tag,)))
    before = version()
    form = NO_ALIASES | {"name": "The foot", "slug": "other", "facet": "where", "order": 1}
    form["description"] = "The part that you stand on."
    url = reverse("admin:causes_tag_change", args=[tag.pk])
    client.force_login(author)
    assert client.post(url, form).status_code == 403
    client.force_login(publisher)
    assert client.post(url, form).status_code == 302
    tag.refresh_from_db()
    assert (tag.name, tag.slug) == ("Foot", "foot")
    assert b"The part that you stand on." in client.get("/tags/").content
    assert version() == before + 1


def test_a_tag_in_use_cannot_be_deleted(client, admin_user, make_tag, make_condition, published):
    tag = make_tag("foot")
    published(make_condition(tags=(tag,)))
    client.force_login(admin_user)
    client.post(reverse("admin:causes_tag_delete", args=[tag.pk]), {"post": "yes"})
    assert Tag.objects.count() == 1

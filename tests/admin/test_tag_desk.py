"""The tag desk: what it shows, that only publishers get there, and what its screens do."""

import pytest
from django.urls import reverse

from causes.models import Event, Tag, TagAlias
from tests.admin.screens import errors, form_data, parsed, text_of

DESK = reverse("admin:causes_tag_desk")


def screen(verb: str, tag: Tag) -> str:
    return reverse(f"admin:causes_tag_{verb}", args=[tag.pk])


@pytest.fixture
def tags(make_tag, make_condition, published) -> dict[str, Tag]:
    """One in use in public, one in a draft, one unused; one nearly the same as the first."""
    tags = {slug: make_tag(slug, "with") for slug in ("aching", "draft-only", "unused")}
    tags["near"] = make_tag("achings", "with")
    published(make_condition("sciatica", tags=(tags["aching"], tags["near"])))
    make_condition("stroke", tags=(tags["aching"], tags["draft-only"]))
    return tags


def rows(client) -> dict[str, tuple[str, str]]:
    """(drafts, live) of each tag."""
    found = {}
    for row in parsed(client.get(DESK)).query(".tag-desk tbody tr"):
        cells = [cell.to_text().strip() for cell in row.query("td")]
        found[row.query("th a")[0].to_text().strip()] = (cells[0], cells[1])
    return found


def test_the_desk_counts_drafts_and_live_pages_and_names_the_unused_and_the_alike(
    publishing_client, tags
):
    assert rows(publishing_client) == {
        "Aching": ("2", "1"),
        "Achings": ("1", "1"),
        "Draft only": ("1", "0"),
        "Unused": ("0", "0"),
    }
    page = parsed(publishing_client.get(DESK))
    [unused] = page.query("section[aria-labelledby=unused] li")
    assert "Unused" in unused.to_text()
    [alike] = page.query("section[aria-labelledby=alike] li")
    assert "“Aching” and “Achings”" in alike.to_text()
    assert screen("merge", tags["aching"]) in alike.to_html()


def test_the_desk_costs_the_same_queries_for_many_tags(
    publishing_client, tags, make_tag, make_condition, published, django_assert_num_queries
):
    with django_assert_num_queries(6):
        publishing_client.get(DESK)
    published(make_condition("third", tags=[make_tag(f"t-{number}") for number in range(5)]))
    with django_assert_num_queries(6):
        publishing_client.get(DESK)


def test_facets_and_places_are_saved_together_and_logged(publishing_client, tags, client):
    data = form_data(publishing_client, DESK)
    first, second = tags["aching"].pk, tags["unused"].pk
    data |= {f"{first}-order": "5", f"{second}-facet": "onset"}
    response = publishing_client.post(DESK, data, follow=True)
    assert "2 tag(s) moved." in response.content.decode()
    assert Tag.objects.get(pk=first).order == 5
    assert Tag.objects.get(pk=second).facet == "onset"
    assert "Facet or order changed." in str(
        publishing_client.get(reverse("admin:causes_tag_history", args=[first])).content
    )


@pytest.mark.parametrize(("name", "value"), [("order", "x"), ("order", "-1"), ("facet", "urgent")])
def test_a_place_that_makes_no_sense_is_refused_and_nothing_moves(
    name, value, publishing_client, tags
):
    data = form_data(publishing_client, DESK) | {f"{tags['aching'].pk}-{name}": value}
    data[f"{tags['unused'].pk}-order"] = "9"
    assert "correct the error" in errors(publishing_client.post(DESK, data))
    assert not Tag.objects.filter(order=9).exists()


def test_renaming_by_the_screen(publishing_client, tags, publisher):
    url = screen("rename", tags["aching"])
    data = form_data(publishing_client, url) | {"name": "Dull ache", "note": "Plainer."}
    response = publishing_client.post(url, data, follow=True)
    assert "is now called “Dull ache”" in response.content.decode()
    assert Tag.objects.get(slug="dull-ache").aliases.get().slug == "aching"
    assert Event.objects.get(page=None).actor == publisher


def test_a_name_that_is_taken_is_refused_in_the_form(publishing_client, tags):
    url = screen("rename", tags["aching"])
    response = publishing_client.post(url, {"name": "Unused"})
    assert "Merge the two tags instead." in errors(response)


def test_the_address_of_a_tag_on_the_picture_cannot_be_typed(publishing_client, make_tag):
    foot = make_tag("foot")
    data = form_data(publishing_client, screen("rename", foot))
    publishing_client.post(screen("rename", foot), data | {"name": "Sole", "slug": "sole"})
    foot.refresh_from_db()
    assert (foot.name, foot.slug) == ("Sole", "foot")


def test_merging_shows_every_page_first_and_changes_nothing_until_it_is_confirmed(
    publishing_client, tags
):
    url = screen("merge", tags["aching"])
    into = {"into": tags["unused"].pk, "note": ""}
    for response in (
        publishing_client.get(url, {"into": into["into"]}),
        publishing_client.post(url, into),
    ):
        shown = text_of(response, "section.usage")
        assert "Sciatica (condition) : carries it (draft and live)" in shown
        assert "Stroke (condition) : carries it (draft)" in shown
        assert "_confirm" in response.content.decode()
    assert Tag.objects.count() == 4
    assert not Event.objects.filter(verb="merge_tag").exists()
    response = publishing_client.post(url, into | {"_confirm": "1"}, follow=True)
    assert "is now another name of “Unused”" in response.content.decode()
    assert TagAlias.objects.get().slug == "aching"


@pytest.mark.parametrize("into", ["", "0", "x", "9" * 30, "itself"])
def test_a_merge_into_nothing_or_itself_is_refused(into, publishing_client, tags):
    tag = tags["aching"]
    data = {"into": tag.pk if into == "itself" else into, "_confirm": "1"}
    assert errors(publishing_client.post(screen("merge", tag), data))
    assert Tag.objects.count() == 4


@pytest.mark.parametrize("verb", ["rename", "merge"])
@pytest.mark.parametrize("number", ["0", "999999999", "x", "9" * 30])
def test_a_tag_that_does_not_exist_is_a_404(verb, number, publishing_client, tags):
    assert publishing_client.get(f"/admin/causes/tag/{number}/{verb}/").status_code == 404


def test_authors_have_no_tag_desk(client, author, tags):
    client.force_login(author)
    for url in (DESK, screen("rename", tags["aching"]), screen("merge", tags["aching"])):
        assert client.get(url).status_code == 403
        assert client.post(url, {"name": "x", "into": tags["unused"].pk}).status_code == 403
    listed = client.get(reverse("admin:causes_tag_changelist")).content.decode()
    assert DESK not in listed
    form = client.get(reverse("admin:causes_tag_change", args=[tags["aching"].pk]))
    assert screen("merge", tags["aching"]) not in form.content.decode()


def test_visitors_are_sent_to_sign_in(client, tags):
    for url in (DESK, screen("rename", tags["aching"]), screen("merge", tags["aching"])):
        assert client.get(url)["Location"].startswith("/admin/login/")


def test_the_list_is_filtered_by_use(publishing_client, tags):
    def names(use: str) -> list[str]:
        page = parsed(publishing_client.get(reverse("admin:causes_tag_changelist"), {"use": use}))
        return [row.to_text().strip() for row in page.query(".field-name")]

    assert names("none") == ["Unused"]
    assert names("drafts") == ["Draft only"]


def test_the_forms_of_a_tag_and_of_a_source_say_where_they_are_used(
    publishing_client, tags, source
):
    for url in (
        reverse("admin:causes_tag_change", args=[tags["aching"].pk]),
        reverse("admin:causes_source_change", args=[source.pk]),
        reverse("admin:causes_tag_delete", args=[tags["aching"].pk]),
    ):
        assert "Sciatica (condition)" in text_of(publishing_client.get(url), "section.usage")
    unused = publishing_client.get(reverse("admin:causes_tag_delete", args=[tags["unused"].pk]))
    assert "Nothing uses this tag." in text_of(unused, "section.usage")

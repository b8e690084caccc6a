"""`loaddata`: loading publishes, and twice changes nothing."""

import io

import pytest
from django.core.management import call_command

from causes.editorial.documents import document
from causes.models import Category, Edition, Page, Section
from causes.search.kept import content_version
from tests.loaddata.records import (
    FIXTURE,
    SOURCE,
    TAGS,
    everything,
    page_records,
    row,
    section,
    tagged,
)

pytestmark = pytest.mark.django_db


def test_loading_publishes(load):
    said = load(FIXTURE)
    edition = Edition.objects.live().get()
    assert edition.path == "/conditions/sciatica/"
    assert [section["anchor"] for section in edition.body["sections"]] == ["tests", "outlook"]
    assert {tag["slug"] for tag in edition.body["tags"]} == {"foot", "one-leg"}
    assert edition.page.events.filter(by_fixture=False).count() == 0
    assert "Published 1 of 1 page(s)" in said


def test_loading_again_changes_nothing(load):
    load(FIXTURE)
    before = everything()
    assert "Published 0 of 1 page(s)" in load(FIXTURE)
    assert everything() == before


def test_a_row_a_tag_and_a_citation_that_the_fixture_drops_are_dropped(load):
    load(FIXTURE)
    shorter = [r for r in FIXTURE if r["fields"].get("anchor") != "outlook"]
    shorter.remove(tagged("sciatica", "foot"))
    shorter[shorter.index(section("sciatica", "tests"))] = section(
        "sciatica", "tests", citations=[]
    )
    load(shorter)
    body = Edition.objects.live().get().body
    assert [section["anchor"] for section in body["sections"]] == ["tests"]
    assert body["sections"][0]["citations"] == []
    assert [tag["slug"] for tag in body["tags"]] == ["one-leg"]
    assert Edition.objects.count() == 2


def test_a_tags_new_name_is_public_at_once(load):
    """It stands in lists, whether or not a page was published with it."""
    load(FIXTURE)
    before = content_version()
    renamed = [tag | {"fields": tag["fields"] | {"name": "A new name"}} for tag in TAGS[:1]]
    load(renamed)
    assert content_version() > before
    before = content_version()
    load(renamed, "--keep-shared")
    assert content_version() == before


def test_pages_that_the_fixture_does_not_name_are_untouched(load, make_condition, published):
    other = make_condition("stroke")
    published(other)
    before = document(other)
    load(FIXTURE)
    assert document(other) == before
    assert other.editions.count() == 1


def test_records_may_name_what_comes_later_in_the_fixture(load):
    cause = {
        "model": "causes.cause",
        "fields": {
            "category": ["trapped"],
            "condition": ["sciatica"],
            "anchor": "sciatica",
            "citations": [["nih"]],
        },
    }
    category = page_records("trapped", "category")
    category[1]["fields"] |= {"symptom": ["numbness"], "order": 1}
    related = row("relatedlink", "numbness", "see", target=["sciatica"])
    load([*page_records("numbness", "symptom"), related, *category, cause, *FIXTURE])
    body = Edition.objects.get(key="trapped").body
    assert body["causes"][0]["condition"] == "sciatica"
    assert body["causes"][0]["citations"] == ["nih"]
    assert Category.objects.get().symptom.key == "numbness"


def test_a_fixture_with_history_is_loaded_as_django_does(load, author):
    load(FIXTURE)
    dump = io.StringIO()
    call_command("dumpdata", "causes", stdout=dump)
    before = everything()
    Edition.objects.all().delete()
    Page.objects.get().addresses.all().delete()
    Page.objects.all().delete()
    said = load(None, text=dump.getvalue())
    assert everything() == before
    assert "Published" not in said


def test_a_fixture_without_pages_is_loaded_as_django_does(load):
    said = load([SOURCE, *TAGS])
    assert "Installed 3 object(s)" in said
    assert "Published" not in said


def test_tags_survive_a_dump_by_natural_keys(load):
    """taggit's own through model loses them."""
    load(FIXTURE)
    dump = io.StringIO()
    models = ["causes.source", "causes.tag", "causes.page", "causes.condition", "causes.carecard"]
    call_command(
        "dumpdata",
        *models,
        "causes.section",
        "causes.taggedpage",
        natural_foreign=True,
        natural_primary=True,
        stdout=dump,
    )
    before = document(Page.objects.get())
    Edition.objects.all().delete()
    Page.objects.get().addresses.all().delete()
    Page.objects.all().delete()
    load(None, text=dump.getvalue())
    assert document(Page.objects.get()) == before
    assert before["tags"] == ["foot", "one-leg"]


def test_rich_text_from_a_fixture_is_sanitised(load):
    load([*FIXTURE, section("sciatica", "bad", body="<p onclick='x'>a<script>b</script></p>")])
    assert Section.objects.get(anchor="bad").body == "<p>a</p>"

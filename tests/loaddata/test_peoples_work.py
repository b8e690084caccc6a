"""`loaddata` leaves alone what people have edited, published or withdrawn."""

from datetime import timedelta

import pytest
from django.utils import timezone

from causes.editorial.archiving import archive
from causes.editorial.publishing import publish, record, withdraw
from causes.editorial.tagging import merge_tags, rename_tag
from causes.editorial.verification import problems
from causes.models import Condition, Edition, Page, Revision, Source, Tag
from tests.loaddata.records import FIXTURE, SOURCE, everything, page_records, section

pytestmark = pytest.mark.django_db


@pytest.fixture
def edited(load, author) -> Condition:
    """A loaded page whose title a person has changed since."""
    load(FIXTURE)
    condition = Condition.objects.get(key="sciatica")
    condition.title = "Edited by Ada"
    condition.save()
    record(condition, actor=author)
    return condition


def test_a_page_that_a_person_has_edited_is_left_alone_and_named(load, edited):
    before = everything()
    rival = [r for r in FIXTURE if r["fields"].get("anchor") != "outlook"]
    said = load([*rival, *page_records("stroke")])
    after = everything()
    assert after["pages"]["sciatica"] == before["pages"]["sciatica"]
    assert "Left alone: sciatica" in said
    assert Edition.objects.live().filter(key="stroke").exists()
    assert not Edition.objects.live().filter(title="Edited by Ada").exists()


def test_the_record_of_an_edited_pages_kind_is_left_alone_too(load, author):
    numbness = page_records("numbness", "symptom")
    load([SOURCE, *numbness])
    symptom = Page.objects.get(key="numbness").specific()
    symptom.in_sentence = "a numb leg"
    symptom.save()
    record(symptom, actor=author)
    load([SOURCE, *numbness])
    symptom.refresh_from_db()
    assert symptom.in_sentence == "a numb leg"
    assert not list(problems())


def test_a_group_that_only_moved_with_its_symptom_is_not_touched_by_a_person(load, publisher):
    category = page_records("trapped", "category")
    category[1]["fields"] |= {"symptom": ["numbness"], "order": 1}
    fixture = [SOURCE, *page_records("numbness", "symptom"), *category]
    load(fixture)
    symptom = Page.objects.get(key="numbness")
    symptom.slug = "moved"
    symptom.save()
    publish(symptom, actor=publisher, number=record(symptom, actor=publisher).number)
    said = load(fixture)
    assert "Left alone: numbness" in said
    assert "Left alone: trapped" not in said


def test_shared_records_can_be_kept_as_people_left_them(load):
    load(FIXTURE)
    Source.objects.update(title="Corrected")
    load(FIXTURE, "--keep-shared")
    assert Source.objects.get().title == "Corrected"
    load(FIXTURE)
    assert Source.objects.get().title == "Nerves"


def test_a_page_that_a_person_has_withdrawn_stays_withdrawn(load, publisher):
    load(FIXTURE)
    withdraw(Page.objects.get(), actor=publisher, note="unsafe")
    assert "Left alone: sciatica" in load(FIXTURE)
    assert Edition.objects.live().count() == 0


def test_overwrite_loads_an_edited_page_and_keeps_its_versions(load, edited):
    said = load(FIXTURE, "--overwrite")
    assert "Left alone" not in said
    edited.refresh_from_db()
    assert edited.title == "Sciatica"
    titles = edited.revisions.order_by("number").values_list("document__title", flat=True)
    assert list(titles) == ["Sciatica", "Edited by Ada", "Sciatica"]


def test_overwrite_replaces_a_schedule(load, edited, publisher):
    at = timezone.now() + timedelta(days=1)
    publish(edited, actor=publisher, number=2, at=at)
    load([*FIXTURE, section("sciatica", "more", order=3)], "--overwrite")
    assert edited.editions.scheduled().count() == 0
    assert edited.editions.live(at).get().body["sections"][-1]["anchor"] == "more"


def test_overwrite_takes_a_page_out_of_the_archive_and_says_so(load, publisher):
    load(FIXTURE)
    page = Page.objects.get()
    withdraw(page, actor=publisher, note="replaced")
    archive(page, actor=publisher)
    assert "Left alone: sciatica" in load(FIXTURE)
    load(FIXTURE, "--overwrite")
    assert page.editions.live().exists()
    assert page.events.filter(verb="unarchive", by_fixture=True).exists()
    assert not list(problems())


TAGS = [
    {"model": "causes.tag", "fields": {"slug": "ache", "name": "Ache", "facet": "with"}},
    {"model": "causes.tag", "fields": {"slug": "pain", "name": "Pain", "facet": "with"}},
    {"model": "causes.tagalias", "fields": {"tag": ["ache"], "slug": "sore", "name": "Sore"}},
]
TAGGED = {"model": "causes.taggedpage", "fields": {"content_object": ["sciatica"], "tag": ["ache"]}}


@pytest.mark.parametrize("options", [[], ["--keep-shared"]])
@pytest.mark.parametrize("verb", ["merge", "rename", "rename to its alias"])
def test_tags_that_people_have_renamed_or_merged_stay_so(verb, options, load, publisher):
    fixture = [*TAGS, *FIXTURE, TAGGED]
    load(fixture)
    ache, pain = Tag.objects.get(slug="ache"), Tag.objects.get(slug="pain")
    match verb:
        case "merge":
            merge_tags(ache, into=pain, actor=publisher)
        case "rename":
            rename_tag(ache, actor=publisher, name="Dull ache")
        case _:
            rename_tag(ache, actor=publisher, name="Sore")
    before = list(Tag.objects.values_list("slug", "name"))
    revisions = Revision.objects.count()
    load(fixture, *options)
    assert list(Tag.objects.values_list("slug", "name")) == before
    assert Revision.objects.count() == revisions
    assert Edition.objects.count() == 1
    assert Tag.objects.named(["ache"]).get().tagged_pages.count() == 1

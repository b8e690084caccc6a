"""`loaddata`: loading publishes, twice changes nothing, people's work is left alone."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from causes.editorial.documents import digest, document
from causes.editorial.publishing import publish, record, withdraw
from causes.editorial.verification import problems
from causes.models import (
    Category,
    Condition,
    Edition,
    Page,
    Revision,
    Section,
    Source,
    TaggedPage,
)

pytestmark = pytest.mark.django_db

SOURCE = {
    "model": "causes.source",
    "fields": {"key": "nih", "publisher": "NIH", "title": "Nerves", "url": "https://nih.gov/n"},
}
TAGS = [
    {"model": "causes.tag", "fields": {"slug": slug, "name": slug, "facet": "where"}}
    for slug in ("foot", "one-leg")
]


def page_records(key: str, kind: str = "condition", **fields) -> list[dict]:
    page = {"key": key, "kind": kind, "slug": key, "title": key.capitalize()}
    child = {"page_ptr": [key]}
    if kind == "symptom":
        child["in_sentence"] = key
    return [
        {"model": "causes.page", "fields": page | fields},
        {"model": f"causes.{kind}", "fields": child},
        row("carecard", key, "emergency", level="emergency", items=["help"], citations=[["nih"]]),
    ]


def row(model: str, key: str, anchor: str, **fields) -> dict:
    return {"model": f"causes.{model}", "fields": {"page": [key], "anchor": anchor} | fields}


def section(key: str, anchor: str, **fields) -> dict:
    text = {"heading": "Tests", "body": "<p>Blood tests.</p>", "citations": [["nih"]]}
    return row("section", key, anchor, **text | fields)


def tagged(key: str, slug: str) -> dict:
    return {"model": "causes.taggedpage", "fields": {"content_object": [key], "tag": [slug]}}


SCIATICA = [
    *page_records("sciatica"),
    section("sciatica", "tests"),
    section("sciatica", "outlook", order=2),
    tagged("sciatica", "foot"),
    tagged("sciatica", "one-leg"),
]
FIXTURE = [SOURCE, *TAGS, *SCIATICA]


@pytest.fixture
def load(tmp_path):
    """Load these records; returns what the command said."""

    def run(records, *arguments, text: str | None = None) -> str:
        file, output = tmp_path / "page.json", io.StringIO()
        file.write_text(text or json.dumps(records))
        call_command("loaddata", str(file), *arguments, stdout=output)
        return output.getvalue()

    return run


def everything() -> dict:
    """The database, as far as readers, editors and history are concerned."""
    pages = {page.key: digest(document(page)) for page in Page.objects.all()}
    editions = [  # a dump keeps milliseconds
        (edition.key, edition.digest, edition.live_from.isoformat(timespec="milliseconds"))
        for edition in Edition.objects.order_by("pk")
    ]
    counts = [model.objects.count() for model in (Page, Section, TaggedPage, Revision, Edition)]
    return {"pages": pages, "editions": editions, "counts": counts}


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


def test_pages_that_the_fixture_does_not_name_are_untouched(load, make_condition, published):
    other = make_condition("stroke")
    published(other)
    before = document(other)
    load(FIXTURE)
    assert document(other) == before
    assert other.editions.count() == 1


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


def test_a_row_of_a_page_that_the_fixture_does_not_name_is_refused(load):
    load(FIXTURE)
    before = everything()
    with pytest.raises(CommandError, match=r"causes\.section sciatica/stray"):
        load([*page_records("stroke"), section("sciatica", "stray")])
    assert everything() == before


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


def broken(change) -> list[dict]:
    """The fixture, with a second page whose records ``change`` has spoilt."""
    records = [*page_records("stroke"), section("stroke", "tests")]
    change(records)
    return [*FIXTURE, *records]


BROKEN = {
    "a field that does not exist": (
        lambda r: r[3]["fields"].update(headline="x"),
        ["record 14", "headline"],
    ),
    "an empty required field": (
        lambda r: r[3]["fields"].update(heading=""),
        ["record 14 (causes.section stroke/tests)", "heading"],
    ),
    "a text that is too long": (
        lambda r: r[0]["fields"].update(summary="x" * 161),
        ["record 11 (causes.page stroke)", "summary", "160"],
    ),
    "a choice that does not exist": (
        lambda r: r[2]["fields"].update(level="panic"),
        ["record 13 (causes.carecard stroke/emergency)", "level", "panic"],
    ),
    "a source that does not exist": (
        lambda r: r[3]["fields"].update(citations=[["nobody"]]),
        ["record 14 (causes.section stroke/tests)", "citations", "nobody"],
    ),
    "a page that does not exist": (
        lambda r: r[3]["fields"].update(page=["nowhere"]),
        ["record 14", "has no page"],
    ),
    "a model that does not exist": (
        lambda r: r.append({"model": "causes.post", "fields": {}}),
        ["record 15", "causes.post"],
    ),
    "a child with the page's fields": (
        lambda r: r[1]["fields"].update(title="Stroke"),
        ["record 12", "title", 'belongs in the record "causes.page"'],
    ),
    "a page without its child": (lambda r: r.pop(1), ["'stroke'", "causes.condition"]),
    "an unknown kind": (
        lambda r: r[0]["fields"].update(kind="post"),
        ["record 11", "kind", "symptom, category, condition, information"],
    ),
    "a reviewer without a date": (
        lambda r: r[0]["fields"].update(reviewed_by="Dr Who"),
        ["record 11", "page_reviewer_and_date_together"],
    ),
    "a list that is not one": (
        lambda r: r[2]["fields"].update(items="one text"),
        ["record 13 (causes.carecard stroke/emergency)", "items"],
    ),
    "a page that cannot be published": (lambda r: r.pop(2), ["emergency care card"]),
    "an address that is another page's": (
        lambda r: r[0]["fields"].update(slug="sciatica"),
        ["/conditions/sciatica/", "belongs to"],
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_fixture_changes_nothing_and_says_where_it_is_broken(load, what):
    change, expected = BROKEN[what]
    before = everything()
    with pytest.raises(CommandError) as refusal:
        load(broken(change))
    assert everything() == before
    for part in expected:
        assert part in str(refusal.value), str(refusal.value)


def test_a_fixture_that_is_not_json_says_where(load):
    with pytest.raises(CommandError, match=r"record 1: .* line 1 column 3"):
        load([], text="[{]")
    assert Page.objects.count() == 0


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

"""The verbs: what each does, refuses and leaves behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from causes.editorial.acting import FIXTURE, NewerVersion, NotPossible
from causes.editorial.publishing import cancel, publish, record, withdraw
from causes.models import (
    CareCard,
    ContentVersion,
    Edition,
    EditionLink,
    EditionName,
    RelatedLink,
    Revision,
    TaggedEdition,
)

pytestmark = pytest.mark.django_db


def retitle(page, title: str) -> None:
    page.title = title
    page.save()


def version() -> int:
    return ContentVersion.objects.values_list("number", flat=True).first() or 0


def intervals(page) -> list[tuple]:
    return list(page.editions.order_by("live_from").values_list("title", "live_from", "live_until"))


def verbs(page) -> list[str]:
    return list(page.events.order_by("id").values_list("verb", flat=True))


def test_recording_keeps_the_page_and_says_who_and_when(make_condition, author):
    condition = make_condition()
    revision = record(condition, actor=author, note="first words")
    assert (revision.number, revision.author, revision.note) == (1, author, "first words")
    assert revision.document["title"] == "Sciatica"
    assert verbs(condition) == ["record"]
    assert version() == 0


def test_recording_an_unchanged_page_makes_no_version(make_condition, author):
    condition = make_condition()
    assert record(condition, actor=author) == record(condition, actor=author)
    retitle(condition, "Sciatica, again")
    assert record(condition, actor=author).number == 2
    assert verbs(condition) == ["record", "record"]


def test_publishing_freezes_the_version_into_an_edition(
    make_condition, make_tag, published, source
):
    condition = make_condition(tags=(make_tag("foot"),))
    before = version()
    edition = published(condition)
    assert (edition.path, edition.title, edition.number) == ("/conditions/sciatica/", "Sciatica", 1)
    assert edition.live_until is None
    assert edition.body["tags"] == [{"slug": "foot", "name": "Foot", "facet": "where"}]
    assert edition.body["sources"][source.key]["publisher"] == "NIH"
    assert edition.revision.state == Revision.State.PUBLISHED
    assert verbs(condition) == ["record", "publish"]
    assert version() == before + 1


def test_an_edition_leaves_out_what_only_editors_see(
    make_symptom, make_category, make_condition, published, author
):
    symptom = make_symptom(owner=author)
    published(symptom)
    category = make_category(symptom, conditions=(make_condition(),), owner=author)
    category.causes.update(note="A doubt that stays among us.")
    body = published(category).body
    assert "owner" not in body
    assert "doubt" not in str(body)


def test_publishing_writes_the_rows_that_lists_read(make_condition, make_tag, published):
    stroke, sciatica = make_condition("stroke"), make_condition(tags=(make_tag("foot"),))
    RelatedLink.objects.create(page=sciatica, anchor="see", target=stroke)
    sciatica.alternatenames.create(anchor="hip", kind="lay", name="hip pain down the leg")
    sciatica.sections.update(body='<p><a href="page:stroke">Stroke</a></p>')
    edition = published(sciatica)
    links = EditionLink.objects.filter(edition=edition).values_list("kind", "target__key")
    assert set(links) == {("related", "stroke"), ("text", "stroke")}
    names = EditionName.objects.filter(edition=edition).values_list("name", "is_title")
    assert set(names) == {("Sciatica", True), ("hip pain down the leg", False)}
    assert TaggedEdition.objects.get(edition=edition).tag.slug == "foot"


def test_the_next_publication_ends_the_edition_before(make_condition, published):
    condition = make_condition()
    first = published(condition)
    retitle(condition, "Sciatic pain")
    second = published(condition)
    first.refresh_from_db()
    assert first.live_until == second.live_from
    assert first.title == "Sciatica"
    assert Edition.objects.live().get() == second
    assert Edition.objects.live(first.live_from).get() == first
    assert Edition.objects.live(first.live_from - timedelta(seconds=1)).count() == 0


def test_publishing_what_is_live_does_nothing(make_condition, published):
    condition = make_condition()
    first, before, events = published(condition), version(), verbs(condition)
    assert published(condition) == first
    assert (version(), verbs(condition)) == (before, events)


def test_a_source_that_changes_makes_a_new_edition_of_the_same_version(
    make_condition, published, source
):
    condition = make_condition()
    first = published(condition)
    source.title = "Nerves, revised"
    source.save()
    second = published(condition)
    assert second != first
    assert second.revision == first.revision
    assert second.body["sources"][source.key]["title"] == "Nerves, revised"
    first.refresh_from_db()
    assert first.body["sources"][source.key]["title"] == "Nerves"


def test_only_the_newest_version_can_be_published(make_condition, author, publisher):
    condition = make_condition()
    read = record(condition, actor=author)
    retitle(condition, "Changed meanwhile")
    record(condition, actor=author)
    with pytest.raises(NewerVersion, match="Version 2 was saved by ada after version 1"):
        publish(condition, actor=publisher, number=read.number)
    assert Edition.objects.count() == 0


@pytest.mark.parametrize("kind", ["symptom", "condition"])
def test_a_page_without_an_emergency_card_cannot_be_published(
    kind, make_symptom, make_condition, published
):
    page = make_symptom() if kind == "symptom" else make_condition()
    CareCard.objects.update(level="urgent")
    with pytest.raises(NotPossible, match="emergency care card"):
        published(page)


def test_a_page_that_cites_a_source_which_is_gone_cannot_be_published(
    make_condition, author, publisher, source
):
    condition = make_condition()
    number = record(condition, actor=author).number
    source.delete()
    with pytest.raises(NotPossible, match="nih-nerves"):
        publish(condition, actor=publisher, number=number)


def test_a_related_page_that_is_named_twice_is_linked_once(make_condition, published):
    stroke, sciatica = make_condition("stroke"), make_condition()
    for anchor in ("one", "two"):
        RelatedLink.objects.create(page=sciatica, anchor=anchor, target=stroke)
    assert published(sciatica).links.count() == 1


def test_nothing_may_stand_before_the_emergency_card(make_condition, published):
    condition = make_condition(lead='<p>See <a href="page:stroke">stroke</a>.</p>')
    with pytest.raises(NotPossible, match="out of the lead"):
        published(condition)
    condition.lead = "<p>Plain.</p>"
    condition.save()
    CareCard.objects.create(page=condition, anchor="u", order=0, level="urgent", items=["x"])
    with pytest.raises(NotPossible, match="emergency care card first"):
        published(condition)
    assert Edition.objects.count() == 0


@pytest.mark.parametrize("verb", ["publish", "schedule", "cancel", "withdraw"])
def test_an_author_may_save_and_no_more(verb, make_condition, published, author):
    condition = make_condition()
    published(condition)
    retitle(condition, "A draft")
    number = record(condition, actor=author).number
    later = timezone.now() + timedelta(days=1)
    before = intervals(condition)
    with pytest.raises(PermissionDenied):
        {
            "publish": lambda: publish(condition, actor=author, number=number),
            "schedule": lambda: publish(condition, actor=author, number=number, at=later),
            "cancel": lambda: cancel(condition, actor=author),
            "withdraw": lambda: withdraw(condition, actor=author, note="no"),
        }[verb]()
    assert intervals(condition) == before


def test_someone_without_a_role_may_not_even_record(make_condition, make_person):
    with pytest.raises(PermissionDenied):
        record(make_condition(), actor=make_person("visitor"))


def test_history_outlives_the_account(make_information, author, publisher):
    page = make_information()
    number = record(page, actor=author).number
    publish(page, actor=publisher, number=number)
    author.delete()
    publisher.delete()
    assert list(page.events.values_list("actor_name", "actor")) == [
        ("paul", None),
        ("ada", None),
    ]
    assert page.revisions.get().author_name == "ada"


def test_a_fixture_is_named_as_such(make_condition):
    condition = make_condition()
    record(condition, actor=FIXTURE)
    event = condition.events.get()
    assert (event.by_fixture, event.actor, event.actor_name) == (True, None, "fixture")

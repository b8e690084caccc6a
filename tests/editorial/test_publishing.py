"""The verbs: what each does, refuses and leaves behind."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from causes.editorial.publishing import (
    FIXTURE,
    NewerVersion,
    NotPossible,
    ScheduleStands,
    cancel,
    publish,
    record,
    withdraw,
)
from causes.models import (
    Address,
    CareCard,
    ContentVersion,
    Edition,
    EditionLink,
    EditionName,
    Event,
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


# --- Schedules ---------------------------------------------------------------------------


@pytest.fixture
def scheduled(make_condition, published):
    """A live page, a version that goes live tomorrow, and that moment."""
    condition = make_condition(title="Today")
    published(condition)
    tomorrow = timezone.now() + timedelta(days=1)
    retitle(condition, "Tomorrow")
    published(condition, at=tomorrow)
    return condition, tomorrow


def titles_over_time(page, *moments) -> list[str | None]:
    return [
        page.editions.live(moment).values_list("title", flat=True).first() for moment in moments
    ]


def test_a_scheduled_edition_goes_live_by_the_clock_alone(scheduled):
    condition, tomorrow = scheduled
    moments = [timezone.now(), tomorrow - timedelta(microseconds=1), tomorrow]
    assert titles_over_time(condition, *moments) == ["Today", "Today", "Tomorrow"]
    assert verbs(condition)[-1] == "schedule"


def test_a_cancelled_schedule_leaves_no_trace_for_patients(scheduled, publisher):
    condition, tomorrow = scheduled
    cancel(condition, actor=publisher, note="not yet")
    assert titles_over_time(condition, timezone.now(), tomorrow) == ["Today", "Today"]
    assert condition.editions.count() == 1
    assert condition.editions.get().live_until is None
    assert verbs(condition)[-1] == "cancel"
    with pytest.raises(NotPossible, match="Nothing is scheduled"):
        cancel(condition, actor=publisher)


def test_a_fix_while_a_schedule_stands_must_say_what_becomes_of_it(scheduled, published):
    condition, _ = scheduled
    retitle(condition, "Fixed")
    before = intervals(condition)
    with pytest.raises(ScheduleStands, match="Keep it or replace it"):
        published(condition)
    assert intervals(condition) == before


def test_a_fix_can_keep_the_schedule(scheduled, published):
    condition, tomorrow = scheduled
    retitle(condition, "Fixed")
    published(condition, scheduled="keep")
    assert titles_over_time(condition, timezone.now(), tomorrow) == ["Fixed", "Tomorrow"]


def test_a_fix_can_replace_the_schedule(scheduled, published):
    condition, tomorrow = scheduled
    retitle(condition, "Fixed")
    published(condition, scheduled="replace")
    assert titles_over_time(condition, timezone.now(), tomorrow) == ["Fixed", "Fixed"]
    assert condition.editions.filter(title="Tomorrow").count() == 0


@pytest.mark.parametrize("hours", [12, 48])
def test_a_schedule_can_be_moved_by_replacing_it(scheduled, published, hours):
    condition, _ = scheduled
    then = timezone.now() + timedelta(hours=hours)
    retitle(condition, "Moved")
    with pytest.raises(NotPossible, match="One edition at a time"):
        published(condition, at=then, scheduled="keep")
    published(condition, at=then, scheduled="replace")
    before = then - timedelta(seconds=1)
    assert titles_over_time(condition, timezone.now(), before, then) == ["Today", "Today", "Moved"]


def test_the_first_edition_of_a_page_can_be_a_scheduled_one(make_condition, published):
    condition, tomorrow = make_condition(), timezone.now() + timedelta(days=1)
    published(condition, at=tomorrow)
    assert titles_over_time(condition, timezone.now(), tomorrow) == [None, "Sciatica"]


def test_a_page_can_be_published_before_its_first_schedule(make_condition, published):
    condition, tomorrow = make_condition(), timezone.now() + timedelta(days=1)
    published(condition, at=tomorrow)
    retitle(condition, "Early")
    published(condition, scheduled="keep")
    assert titles_over_time(condition, timezone.now(), tomorrow) == ["Early", "Sciatica"]


def test_a_time_that_has_passed_is_refused(make_condition, published):
    with pytest.raises(NotPossible, match="has passed"):
        published(make_condition(), at=timezone.now() - timedelta(seconds=1))


# --- Withdrawal --------------------------------------------------------------------------


def test_a_withdrawn_page_is_gone_at_once_and_can_come_back(make_condition, published, publisher):
    condition = make_condition()
    published(condition)
    withdraw(condition, actor=publisher, note="a wrong dose")
    assert Edition.objects.live().count() == 0
    assert condition.events.first().note == "a wrong dose"
    published(condition)
    assert Edition.objects.live().count() == 1
    assert condition.editions.count() == 2


def test_withdrawing_takes_the_schedule_along(scheduled, publisher):
    condition, tomorrow = scheduled
    withdraw(condition, actor=publisher, note="unsafe")
    assert titles_over_time(condition, timezone.now(), tomorrow) == [None, None]


@pytest.mark.parametrize("note", ["", "  "])
def test_a_withdrawal_needs_a_reason(note, make_condition, published, publisher):
    condition = make_condition()
    published(condition)
    with pytest.raises(NotPossible, match="why"):
        withdraw(condition, actor=publisher, note=note)
    assert Edition.objects.live().count() == 1


def test_what_is_not_published_cannot_be_withdrawn(make_condition, publisher):
    with pytest.raises(NotPossible, match="not published"):
        withdraw(make_condition(), actor=publisher, note="why not")


# --- Addresses ---------------------------------------------------------------------------


def test_an_address_belongs_to_its_page_for_good(make_condition, published, publisher):
    first = make_condition("sciatica")
    published(first)
    first.slug = "sciatic-pain"
    first.save()
    published(first)
    withdraw(first, actor=publisher, note="merged")
    rival = make_condition("rival", slug="sciatica")
    with pytest.raises(NotPossible, match="belongs to “Sciatica” for good"):
        published(rival)
    assert Edition.objects.filter(page=rival).count() == 0
    assert Address.objects.get(path="/conditions/sciatica/").page_id == first.pk


def test_a_group_and_a_condition_of_one_name_stand_at_two_addresses(
    make_symptom, make_category, make_condition, published
):
    symptom, name = make_symptom(), "peripheral-neuropathy"
    published(symptom)
    condition = published(make_condition(name))
    group = published(make_category(symptom, f"leg-{name}", slug=name, title=condition.title))
    assert group.title == condition.title
    assert group.path == f"/symptoms/leg-numbness/{name}/"
    assert condition.path == f"/conditions/{name}/"


def test_a_page_in_another_language_has_its_own_address(make_condition, published):
    original = make_condition()
    published(original)
    translation = make_condition("sciatique", slug="sciatica", language="fr", original=original)
    assert published(translation).path == "/fr/conditions/sciatica/"


def test_a_group_cannot_be_published_before_its_symptom(make_symptom, make_category, published):
    with pytest.raises(NotPossible, match="Publish the symptom first"):
        published(make_category(make_symptom()))


def test_a_symptom_that_moves_takes_its_groups_along(make_symptom, make_category, published):
    symptom = make_symptom()
    published(symptom)
    group = make_category(symptom)
    before = published(group)
    symptom.slug = "numb-legs"
    symptom.save()
    published(symptom)
    now = Edition.objects.live().get(page=group)
    assert now.path == "/symptoms/numb-legs/trapped/"
    assert (now.digest, now.revision) == (before.digest, before.revision)
    assert {a.path for a in group.addresses.all()} == {before.path, now.path}
    assert verbs(group)[-1] == Event.Verb.MOVE


def test_a_symptom_cannot_move_later_or_under_a_waiting_group(
    make_symptom, make_category, published
):
    symptom, tomorrow = make_symptom(), timezone.now() + timedelta(days=1)
    published(symptom)
    group = make_category(symptom)
    published(group)
    symptom.slug = "numb-legs"
    symptom.save()
    with pytest.raises(NotPossible, match="cannot be scheduled"):
        published(symptom, at=tomorrow)
    retitle(group, "Changed")
    published(group, at=tomorrow)
    with pytest.raises(NotPossible, match="Cancel that first"):
        published(symptom)


def test_history_outlives_the_account(make_condition, author, publisher):
    condition = make_condition()
    number = record(condition, actor=author).number
    publish(condition, actor=publisher, number=number)
    author.delete()
    publisher.delete()
    assert list(condition.events.values_list("actor_name", "actor")) == [
        ("paul", None),
        ("ada", None),
    ]
    assert condition.revisions.get().author_name == "ada"


def test_a_fixture_is_named_as_such(make_condition):
    condition = make_condition()
    record(condition, actor=FIXTURE)
    event = condition.events.get()
    assert (event.by_fixture, event.actor, event.actor_name) == (True, None, "fixture")

"""Schedules and withdrawals: what patients see when, and what becomes of a standing schedule."""

from datetime import timedelta

import pytest
from django.utils import timezone

from causes.editorial.acting import NotPossible
from causes.editorial.publishing import ScheduleStands, cancel, withdraw
from causes.models import Edition

pytestmark = pytest.mark.django_db


def retitle(page, title: str) -> None:
    page.title = title
    page.save()


def intervals(page) -> list[tuple]:
    return list(page.editions.order_by("live_from").values_list("title", "live_from", "live_until"))


def verbs(page) -> list[str]:
    return list(page.events.order_by("id").values_list("verb", flat=True))


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


def test_the_schedule_is_replaced_also_where_the_text_is_live_already(scheduled, published):
    condition, tomorrow = scheduled
    retitle(condition, "Today")
    published(condition, scheduled="replace")
    assert titles_over_time(condition, timezone.now(), tomorrow) == ["Today", "Today"]
    assert verbs(condition)[-1] == "cancel"


def test_a_time_in_another_age_is_refused(make_condition, published):
    with pytest.raises(NotPossible, match="5 years"):
        published(make_condition(), at=timezone.now() + timedelta(days=6 * 365))


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


def test_a_withdrawn_symptom_takes_its_groups_along(
    make_symptom, make_category, published, publisher
):
    symptom = make_symptom()
    published(symptom)
    group, other = make_category(symptom, "trapped"), make_category(symptom, "other")
    published(group)
    published(other, at=timezone.now() + timedelta(days=1))
    withdraw(symptom, actor=publisher, note="unsafe")
    assert Edition.objects.live().count() == Edition.objects.scheduled().count() == 0
    assert [verbs(page)[-1] for page in (symptom, group, other)] == ["withdraw"] * 3


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

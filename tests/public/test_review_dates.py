"""After its review date a page says so, and claims no review in its structured data."""

from datetime import date

import pytest
from django.utils import timezone

from tests.conftest import go_live
from tests.public.seen import graph, page_at, words_of

PATH = "/conditions/sciatica/"


@pytest.fixture
def reviewed(clock, make_condition):
    """Reviewed on February 20, 2026, and again due on March 20."""
    page = make_condition(
        reviewed_by="Dr Ada Byron, neurologist", reviewed_on=date(2026, 2, 20), review_interval=1
    )
    go_live(page)
    return page


def reviewed_page(document) -> dict:
    return next(node for node in graph(document) if node["@type"] == "MedicalWebPage")


def test_a_reviewed_page_names_reviewer_and_date_and_when_the_next_review_is_due(client, reviewed):
    document = page_at(client, PATH)
    [status] = words_of(document, ".status")
    assert "Reviewed by Dr Ada Byron, neurologist on February 20, 2026." in status
    assert "The next review is due by March 20, 2026." in status
    assert "overdue" not in status
    assert reviewed_page(document)["lastReviewed"] == "2026-02-20"


@pytest.mark.parametrize(("day", "is_overdue"), [(18, False), (19, False), (20, True), (400, True)])
def test_from_the_day_after_the_review_was_due_the_page_says_so(
    client, clock, reviewed, day, is_overdue
):
    clock.to(day, 0 if is_overdue else 23)
    document = page_at(client, PATH)
    [status] = words_of(document, ".status")
    assert ("This page is overdue for review." in status) == is_overdue
    assert ("The next review is due by" in status) != is_overdue
    assert ("lastReviewed" in reviewed_page(document)) != is_overdue
    assert ("reviewedBy" in reviewed_page(document)) != is_overdue
    assert "Reviewed by Dr Ada Byron" in status  # that review did take place


def test_the_day_is_the_sites_day(client, clock, reviewed):
    clock.to(19, 23)
    with timezone.override("Pacific/Kiritimati"):
        assert "overdue" in words_of(page_at(client, PATH), ".status")[0]


def test_a_page_of_the_past_is_overdue_only_if_it_was_then(client, clock, reviewed):
    clock.to(40)
    assert "overdue" not in words_of(page_at(client, f"{PATH}?on=2026-03-10"), ".status")[0]
    assert "overdue" in words_of(page_at(client, f"{PATH}?on=2026-03-25"), ".status")[0]


def test_a_page_that_nobody_reviewed_is_never_overdue(client, clock, make_condition):
    go_live(make_condition())
    clock.to(4000)
    [status] = words_of(page_at(client, PATH), ".status")
    assert "overdue" not in status
    assert "Not yet reviewed by a clinician." in status

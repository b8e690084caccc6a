"""Several people at the same moment, each on a connection of their own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection, transaction

from causes.editorial.acting import FIXTURE, NotPossible
from causes.editorial.publishing import publish, record, withdraw
from causes.models import Category, ContentVersion, Edition, Page, Section

pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = 6


def at_once(act: Callable[[int], object], people: int = PEOPLE) -> list[object]:
    """Run ``act`` for each person at the same moment; a refusal is a result, an error is not."""
    barrier = Barrier(people)

    def run(person: int) -> object:
        barrier.wait()
        try:
            return act(person)
        except NotPossible as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(run, range(people)))


def test_nobodys_save_is_lost(make_condition):
    condition = make_condition()

    def save(person: int) -> int:
        with transaction.atomic():
            page = Page.objects.select_for_update().get(pk=condition.pk)
            Section.objects.create(
                page=page, anchor=f"by-{person}", heading=f"By {person}", body="<p>x</p>"
            )
            return record(page, actor=FIXTURE).number

    assert sorted(at_once(save)) == list(range(1, PEOPLE + 1))
    newest = condition.revisions.first().document
    written = {section["anchor"] for section in newest["sections"]}
    assert written == {"overview", *(f"by-{person}" for person in range(PEOPLE))}


def test_of_many_publications_exactly_one_edition_is_live(make_condition):
    condition = make_condition()
    number = record(condition, actor=FIXTURE).number
    editions = at_once(lambda _: publish(condition, actor=FIXTURE, number=number))
    assert len({edition.pk for edition in editions}) == 1
    assert Edition.objects.count() == 1
    assert ContentVersion.objects.get().number == 1


def test_two_pages_that_want_one_address_at_once_do_not_both_get_it(make_condition):
    pages = [make_condition(f"page-{number}", slug="wanted") for number in range(PEOPLE)]
    numbers = [record(page, actor=FIXTURE).number for page in pages]
    results = at_once(lambda n: publish(pages[n], actor=FIXTURE, number=numbers[n]))
    assert sum(isinstance(result, Edition) for result in results) == 1
    assert sum(isinstance(result, NotPossible) for result in results) == PEOPLE - 1
    assert Edition.objects.live().count() == 1


def test_a_moving_symptom_and_its_groups_do_not_wait_for_each_other(
    make_symptom, make_category, published
):
    symptom = make_symptom()
    published(symptom)
    groups = [make_category(symptom, f"group-{number}") for number in range(PEOPLE - 1)]
    for group in groups:
        published(group)

    def act(person: int) -> object:
        page = [symptom, *groups][person]
        with transaction.atomic():
            Page.objects.select_for_update().filter(pk=page.pk).update(
                **({"slug": "moved"} if person == 0 else {"title": f"Title {person}"})
            )
            number = record(page, actor=FIXTURE).number
        return publish(page, actor=FIXTURE, number=number)

    assert all(isinstance(result, Edition) for result in at_once(act))
    for group in Category.objects.all():
        live = group.editions.live().get()
        assert live.path == f"/symptoms/moved/{group.slug}/"
        assert live.title.startswith("Title")


def test_publishing_and_withdrawing_at_once_leave_a_whole_history(make_condition, publisher):
    condition = make_condition()
    number = record(condition, actor=FIXTURE).number
    publish(condition, actor=FIXTURE, number=number)

    def act(person: int) -> object:
        if person % 2:
            return withdraw(condition, actor=publisher, note="race")
        return publish(condition, actor=FIXTURE, number=number)

    at_once(act)
    assert Edition.objects.live().count() <= 1
    last = condition.events.exclude(verb="record").first().verb
    assert (Edition.objects.live().count() == 1) == (last == "publish")


def test_of_two_who_publish_one_address_at_once_one_is_told_what_to_do(make_condition):
    """Also where the two addresses differ only by who has them: the first keeps it for good."""
    pages = [make_condition("nerve"), make_condition("other", slug="nerve")]
    numbers = [record(page, actor=FIXTURE).number for page in pages]

    def go(person: int) -> object:
        return publish(pages[person], actor=FIXTURE, number=numbers[person])

    results = at_once(go, people=2)
    [refusal] = [result for result in results if isinstance(result, NotPossible)]
    assert str(refusal) == (
        f"The address /conditions/nerve/ belongs to “{Edition.objects.get().title}” for good. "
        "Choose another slug."
    )
    assert Edition.objects.count() == 1

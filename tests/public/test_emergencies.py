"""Whose phrases bring a card, and which cards are shown."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import CareCard
from causes.public.emergencies import LEVELS, MOST_ALIKE, _known_cards, cards_first, known_cards
from causes.search.kept import content_version
from tests.public.watched import Watched


@pytest.fixture
def symptom(make_symptom):
    page = make_symptom()
    CareCard.objects.filter(page=page).update(phrases=["green toes", "the of"])
    return page


def found(at=None, question: str = "my toes are green") -> list[str]:
    matches = cards_first(question, at or timezone.now(), content_version(), 2)
    return [match.card["anchor"] for match in matches]


def test_a_published_cards_phrases_count_and_a_drafts_do_not(symptom, published):
    assert found() == []
    published(symptom)
    assert found() == ["emergency"]
    CareCard.objects.filter(page=symptom).update(phrases=["purple toes"])
    assert found(question="purple toes") == []
    published(symptom)
    assert (found(question="purple toes"), found()) == (["emergency"], [])


def test_a_withdrawn_cards_phrases_do_not_count(symptom, published):
    published(symptom)
    assert found() == ["emergency"]
    withdraw(symptom, actor=FIXTURE, note="wrong")
    assert found() == []


def test_a_scheduled_cards_phrases_count_from_its_second_on(symptom, published):
    later = timezone.now() + timedelta(hours=1)
    published(symptom, at=later)
    assert found() == []
    assert found(later - timedelta(seconds=1)) == []
    assert found(later) == ["emergency"]


def test_the_phrases_are_read_once_a_content_version(symptom, published, django_assert_num_queries):
    published(symptom)
    found()
    with django_assert_num_queries(1):  # the content version
        assert found(question="blue fingers") == []
    with django_assert_num_queries(2):  # and the cards that are shown
        assert found() == ["emergency"]


def test_a_phrase_of_stop_words_brings_nothing(symptom, published):
    published(symptom)
    assert found(question="the of") == []


# --- Which of several cards are shown ----------------------------------------------------


def with_card(page, *phrases: str, **fields):
    CareCard.objects.filter(page=page).update(phrases=list(phrases), **fields)
    return page


def shown(question: str = "my toes are green", most: int = 2) -> list[tuple[str, str]]:
    """(title of the page, its card's first line)"""
    matches = cards_first(question, timezone.now(), content_version(), most)
    return [(match.title, match.card["items"][0]) for match in matches]


def test_every_level_has_its_place():
    assert CareCard.Level.values == LEVELS


def test_cards_that_say_the_same_are_one_named_by_the_broadest_page(
    make_condition, symptom, published
):
    for number in range(3):
        published(with_card(make_condition(f"c{number}"), "green toes", "the of"))
    published(symptom)
    assert shown() == [("Leg numbness", "you cannot move your leg")]
    withdraw(symptom, actor=FIXTURE, note="wrong")
    assert shown() == [("C0", "you cannot move your leg")]


def test_cards_with_the_same_phrases_that_say_something_else_are_both_shown(
    make_condition, symptom, published
):
    published(symptom)
    for number in range(2):
        published(with_card(make_condition(f"c{number}"), "green toes", "the of"))
    published(with_card(make_condition("other"), "green toes", items=["your toes turn green"]))
    assert shown() == [
        ("Leg numbness", "you cannot move your leg"),
        ("Other", "your toes turn green"),
    ]
    assert len(shown(most=1)) == 1


def test_the_most_urgent_comes_first_and_then_the_longest_phrase(make_condition, published):
    for level, phrase, items in (
        ("urgent", "green toes", ["urgent"]),
        ("emergency", "green", ["short"]),
        ("emergency", "toes green", ["long"]),
    ):
        page = with_card(make_condition(items[0]), phrase)
        CareCard.objects.create(
            page=page, anchor="more", order=2, level=level, items=items, phrases=[phrase]
        ).citations.set(CareCard.objects.get(page=page, anchor="emergency").citations.all())
        CareCard.objects.filter(page=page, anchor="emergency").update(phrases=[])
        published(page)
    assert [said for _, said in shown(most=3)] == ["long", "short", "urgent"]


def test_two_cards_of_a_page_with_the_same_phrases_are_both_shown(make_condition, published):
    page = with_card(make_condition("a"), "green toes")
    sources = CareCard.objects.get(page=page).citations.all()
    CareCard.objects.create(
        page=page, anchor="more", order=2, level="emergency", items=["b"], phrases=["green toes"]
    ).citations.set(sources)
    published(page)
    assert [said for _, said in shown()] == ["you cannot move your leg", "b"]


def test_many_pages_with_phrases_of_their_own_leave_room_for_another_card(
    make_condition, published
):
    for number in range(6):
        page = make_condition(f"c{number}")
        published(with_card(page, "green left toes", f"sign {'abcdef'[number] * 5}"))
    published(with_card(make_condition("other"), "blue fingers", items=["your fingers turn blue"]))
    assert shown("green toes on the left, and my fingers are blue") == [
        ("C0", "you cannot move your leg"),
        ("Other", "your fingers turn blue"),
    ]


def test_it_follows_each_change_as_if_read_anew(make_condition, make_information, published):
    watched = Watched(known_cards)
    pages = [with_card(make_condition(f"c{n}"), "green toes") for n in range(3)]
    published(make_information())
    for page in pages:
        published(page)
        assert watched.now() == _known_cards(timezone.now())
    published(with_card(pages[0], "purple toes", level="emergency"))
    assert watched.now() == _known_cards(timezone.now())
    for page in pages[1:]:
        withdraw(page, actor=FIXTURE, note="wrong")
        assert watched.now() == _known_cards(timezone.now())
    assert [sort.phrases for sort in watched.now().places] == [(("purple", "toes"),)]
    assert watched.made == 1


def test_of_many_pages_with_the_same_card_a_few_are_read(make_condition, published):
    for number in range(12):
        published(with_card(make_condition(f"c{number}"), "green toes"))
    known = known_cards.value(timezone.now(), content_version())
    assert [len(places) for places in known.places.values()] == [12]
    with CaptureQueriesContext(connection) as asked:
        assert len(shown()) == 1
    assert len(asked) == 2
    wanted = re.search(r'"id" IN \(([^)]*)\)', asked[-1]["sql"])[1]
    assert len(wanted.split(",")) == MOST_ALIKE

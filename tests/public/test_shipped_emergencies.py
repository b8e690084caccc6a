"""On the shipped site emergency words bring their card, and the search page shows it first."""

from urllib.parse import urlencode

import pytest
from django.utils import timezone

from causes.public.emergencies import cards_first
from causes.public.results import MOST_CARDS
from causes.search.kept import content_version
from tests.public.crawl import in_order
from tests.public.seen import page_at
from tests.search.test_emergencies import HARMLESS, SHIPPED


def shown_first(question: str) -> list[str]:
    """The anchors of the cards that the search page has room for."""
    matches = cards_first(question, timezone.now(), content_version(), MOST_CARDS)
    return [match.card["anchor"] for match in matches]


def test_every_shipped_phrase_brings_its_card_and_a_harmless_question_none(shipped):
    for card, phrase in sorted(SHIPPED):
        assert card in shown_first(phrase), phrase
    assert {question: shown_first(question) for question in HARMLESS if shown_first(question)} == {}


@pytest.mark.parametrize(
    ("asked", "card"),
    [
        ("cannot feel my face", "emergency"),
        ("can't hold my urine", "emergency"),
        ("cant fel my face", "emergency"),
        ("carnt hold my pee", "emergency"),
        ("chset pain and swolen leg", "emergency"),
        ("calf is swollen and painful", "urgent"),
    ],
)
def test_the_card_stands_before_the_results(shipped, client, asked, card):
    nodes = in_order(page_at(client, f"/search/?{urlencode({'q': asked})}"))
    classes = [set((node.attrs.get("class") or "").split()) for node in nodes]
    [place] = [place for place, found in enumerate(classes) if f"card-{card}" in found]
    [results] = [place for place, found in enumerate(classes) if "hits" in found]
    assert place < results

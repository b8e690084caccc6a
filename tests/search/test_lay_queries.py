"""Each of the questions that were written before the ranking was tuned finds its page."""

from django.utils import timezone

from causes import search
from tests.search.lay_queries import LAY_QUERIES


def first_three(asked: str) -> list[str]:
    return [hit.key for hit in search.find(asked, at=timezone.now(), limit=3).hits]


def test_every_lay_question_finds_a_page_of_its_own_among_the_first_three(shipped):
    """One test: the index of the shipped site is made once for all of them."""
    missed = {
        asked: found
        for asked, answers in LAY_QUERIES.items()
        if not answers & set(found := first_three(asked))
    }
    assert missed == {}
    assert len(LAY_QUERIES) >= 60

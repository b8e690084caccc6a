"""Each of the questions that were written before the ranking was tuned finds its page."""

import pytest
from django.utils import timezone

from causes import search
from tests.search.lay_queries import LAY_QUERIES


@pytest.mark.parametrize(("asked", "answers"), LAY_QUERIES.items())
def test_a_lay_question_finds_its_page_among_the_first_three(shipped, asked, answers):
    first_three = [hit.key for hit in search.find(asked, at=timezone.now(), limit=3).hits]
    assert answers & set(first_three), first_three

"""What readers get while there is no index: names and summaries, from the database."""

import pytest
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Page
from causes.search import fallback
from tests.conftest import go_live


@pytest.fixture
def found(db):
    return lambda question, **options: fallback.find(question, at=timezone.now(), **options)


@pytest.fixture
def keys(found):
    return lambda question, **options: [hit.key for hit in found(question, **options).hits]


def test_it_says_that_it_is_the_fallback(make_page, found):
    make_page("a", title="Alpha")
    answer = found("alpha")
    assert (answer.engine, answer.version, answer.corrected) == (False, None, "")


def test_a_page_is_found_by_title_other_name_and_summary(make_page, found):
    make_page("disc", title="Herniated disc", names=["slipped cushion"], summary="In the back.")
    for question in ("HERNIATED", "cushion", "back", "herni", "discs"):
        assert [hit.key for hit in found(question).hits] == ["disc"], question
    assert found("slipped cushion").hits[0].name == "slipped cushion"
    assert found("herniated disc").hits[0].name == ""


def test_a_word_inside_another_is_not_found(make_page, keys):
    make_page("legend", title="Legend")
    assert keys("gend") == []


def test_any_of_the_words_is_enough_and_none_is_nothing(make_page, keys):
    make_page("a", title="Alpha")
    assert keys("alpha zzzzzz") == ["a"]
    assert keys("zzzzzz qqqqqq") == []
    assert keys("") == []


def test_the_very_name_comes_first_and_a_name_before_a_summary(make_page, keys):
    make_page("about", title="Aaa", summary="About a stroke.")
    make_page("after", title="Life after a stroke at home")
    make_page("stroke", title="Stroke")
    assert keys("stroke") == ["stroke", "about", "after"]


def test_on_a_tie_the_broader_page_comes_first(make_symptom, make_page, keys):
    make_page("condition", title="Leg numbness")
    go_live(make_symptom())
    assert keys("leg numbness") == ["leg-numbness", "condition"]


def test_tags_and_counts_are_as_the_engines(make_page, make_tag, found):
    one, both, sudden = make_tag("one-leg"), make_tag("both-legs"), make_tag("sudden", "onset")
    make_page("a", title="Ache alpha", tags=(one,))
    make_page("b", title="Ache beta", tags=(both, sudden))
    make_page("c", title="Ache gamma", tags=(one, sudden))
    for tags, total, counts in (
        ([], 3, {"one-leg": 2, "both-legs": 1, "sudden": 2}),
        (["one-leg"], 2, {"one-leg": 2, "both-legs": 1, "sudden": 1}),
        (["both-legs", "sudden"], 1, {"one-leg": 1, "both-legs": 1, "sudden": 1}),
        (["nonsense"], 3, {"one-leg": 2, "both-legs": 1, "sudden": 2}),
    ):
        answer = found("ache", tags=tags)
        assert (answer.total, answer.tag_counts) == (total, counts), tags


def test_only_live_pages(make_page, keys):
    make_page("a", title="Alpha")
    withdraw(Page.objects.get(), actor=FIXTURE, note="wrong")
    assert keys("alpha") == []
    assert fallback.suggest("alp", at=timezone.now(), limit=8) == []


def test_names_that_begin_so_are_suggested(make_page):
    make_page("a", title="Alphabet", names=["alpha"])
    make_page("b", title="Beta")
    found = fallback.suggest(" AL ", at=timezone.now(), limit=8)
    assert [(s.name, s.title) for s in found] == [("alpha", "Alphabet")]


@pytest.mark.parametrize(
    "question", ["%", "_", "%%%", "her%ted", "her_iated", "\\", "'", '"', "\0"]
)
def test_a_sign_of_the_databases_own_finds_nothing(make_page, keys, question):
    make_page("disc", title="Herniated disc")
    assert keys(question) == []
    assert fallback.suggest(question, at=timezone.now(), limit=8) == []


def test_it_costs_two_queries(make_page, found, django_assert_num_queries):
    make_page("a", title="Alpha")
    make_page("b", title="Alpha too")
    with django_assert_num_queries(2):
        found("alpha")

"""Searching by words and by tags: what is found, in which order, and what a page of it says."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from causes.models import AlternateName
from causes.public.forms import LONGEST_QUERY, MOST_TAGS, MOST_WORDS, SearchForm, words
from causes.public.search import search
from tests.public import seen
from tests.public.seen import links, page_at, words_of


@pytest.fixture
def keys(small_site):
    return lambda query: [hit.key for hit in search(query, timezone.now())]


@pytest.fixture
def names(small_site, published):
    """Gives a page other names and publishes it."""

    def give(page, *names: str) -> None:
        for text in names:
            anchor = f"n{page.alternatenames.count()}"
            AlternateName.objects.create(page=page, anchor=anchor, name=text)
        published(page)

    return give


# --- The words of a question -------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("My leg is NUMB", ["leg", "numb"]),
        ("what is it", ["what", "is", "it"]),
        ("B12 deficiency", ["b12", "deficiency"]),
        ("leg leg Leg", ["leg"]),
        ("Guillain-Barré", ["guillain", "barré"]),
        ('"leg* NEAR(numb) -pain"', ["leg", "near", "numb", "pain"]),
        ("", []),
        ("?!  \t", []),
    ],
)
def test_a_question_is_reduced_to_its_words(question, expected):
    assert words(question) == expected


def test_the_number_of_words_is_capped():
    assert len(words(" ".join(f"word{n}" for n in range(1000)))) == MOST_WORDS


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("page=2", 2),
        ("page=0002", 2),
        ("", 1),
        ("page=", 1),
        ("page=-3", 1),
        ("page=two", 1),
        ("page=1e3", 1),
        ("page=%C2%B2", 1),
        ("page=999999999999999999999", 1),
        ("page=2&page=3", 3),
    ],
)
def test_a_page_number_that_is_none_is_the_first(query, page):
    form = SearchForm(QueryDict(query))
    assert form.is_valid()
    assert form.cleaned_data["page"] == page


def test_tags_are_slugs_sorted_each_once_and_few():
    form = SearchForm(QueryDict("tag=b&tag=a&tag=b&tag=a%20b&tag=<x>&tag=&tag=%C3%A9"))
    assert form.is_valid()
    assert form.cleaned_data["tag"] == ["a", "b"]
    many = SearchForm(QueryDict("&".join(f"tag=t{n}" for n in range(500))))
    assert many.is_valid()
    assert len(many.cleaned_data["tag"]) == MOST_TAGS


def test_a_long_question_is_cut_and_not_refused():
    form = SearchForm(QueryDict("q=" + "leg+" * 5000))
    assert form.is_valid()
    assert 0 < len(form.cleaned_data["q"]) <= LONGEST_QUERY


# --- What is found -----------------------------------------------------------------------


def test_a_page_is_found_by_a_word_of_its_title(keys):
    assert keys("herniated") == ["disc"]
    assert keys("HERNIATED") == ["disc"]


def test_a_page_is_found_by_another_of_its_names(keys, small_site, names):
    names(small_site.disc, "slipped cushion")
    assert keys("slipped cushion") == ["disc"]


def test_a_page_is_found_by_its_summary(keys):
    assert keys("nothing") == ["leg-numbness"]


def test_every_kind_of_page_is_found(keys):
    assert keys("privacy") == ["privacy"]
    assert keys("circulation") == ["flow"]


def test_the_beginning_of_a_word_and_its_plural_are_found(keys):
    assert keys("herni") == ["disc"]
    assert keys("clots") == ["clot"]


def test_a_word_inside_another_is_not_found(keys, make_condition, published):
    published(make_condition("legend", title="Legend", summary="Nothing."))
    assert "legend" not in keys("gend")


def test_one_unknown_word_does_not_empty_the_answer(keys):
    assert keys("sciatica zzzzzz") == ["sciatica"]


def test_a_question_of_nothing_known_finds_nothing(keys):
    assert keys("zzzzzz qqqqqq") == []
    assert keys("") == []


def test_the_page_with_the_very_name_comes_first(keys, make_condition, published):
    published(make_condition("stroke", title="Stroke"))
    published(make_condition("after", title="Life after a stroke at home"))
    published(make_condition("mini", title="Ministroke", summary="Not a stroke."))
    assert keys("stroke")[0] == "stroke"
    assert set(keys("stroke")) == {"stroke", "after", "mini"}


def test_a_name_counts_more_than_a_summary(keys, make_condition, published):
    published(make_condition("a", title="Aaa", summary="About shingles."))
    published(make_condition("z", title="Shingles", summary="Zzz."))
    assert keys("shingles") == ["z", "a"]


def test_on_a_tie_the_broader_page_comes_first(keys, make_condition, published):
    published(make_condition("leg-condition", title="Leg numbness", summary=""))
    assert keys("leg numbness")[:2] == ["leg-numbness", "leg-condition"]


@pytest.mark.parametrize("query", ["%", "_", "%%%", "her%ted", "her_iated", "\\", "'", '"'])
def test_a_sign_of_the_databases_own_finds_nothing(keys, query):
    assert keys(query) == []


# --- The page ----------------------------------------------------------------------------


def results(document) -> list[str]:
    return words_of(document, "ul.page-list > li > a")


def test_the_page_lists_what_was_found_and_repeats_the_question(client, small_site):
    document = page_at(client, "/search/?q=herniated")
    assert results(document) == ["Herniated disc"]
    assert "Results for “herniated”" in words_of(document, "h2")
    assert [node.attrs["value"] for node in document.query("input[name='q']")] == ["herniated"]


def test_a_page_found_by_another_name_says_by_which(client, small_site, names):
    names(small_site.disc, "slipped cushion")
    line = words_of(page_at(client, "/search/?q=slipped+cushion"), "ul.page-list > li")[0]
    assert line.startswith("Herniated disc, also called slipped cushion")
    line = words_of(page_at(client, "/search/?q=herniated+disc"), "ul.page-list > li")[0]
    assert "also called" not in line


def test_words_and_tags_work_together(client, small_site):
    both = page_at(client, "/search/?q=herniated+blood")
    assert set(results(both)) == {"Herniated disc", "Blood clot"}
    document = page_at(client, "/search/?q=herniated+blood&tag=sudden")
    assert results(document) == ["Blood clot"]


def test_tags_alone_find_the_conditions_that_carry_them(client, small_site):
    assert results(page_at(client, "/search/?tag=both-legs")) == ["Herniated disc"]


def test_nothing_found_helps(client, small_site):
    document = page_at(client, "/search/?q=zzzzzz")
    assert results(document) == []
    text = seen.words(document.query_one("main"))
    assert "No page was found" in text
    assert {"/conditions/", "/tags/"} < links(document, "main a").keys()


def test_an_empty_question_offers_the_tags(client, small_site):
    for address in ("/search/", "/search/?q=", "/search/?q=+++"):
        document = page_at(client, address)
        assert results(document) == []
        assert "/search/?tag=sudden#results" in links(document)


def test_a_question_with_markup_is_shown_as_text(client, small_site):
    document = page_at(client, "/search/?q=%3Cscript%3Ealert(1)%3C/script%3E%22%3E%3Cb%3E")
    assert len(document.query("script:not([src])")) == 1
    assert not document.query("main b")
    assert "<script>alert(1)</script>" in seen.words(document.query_one("main"))


def test_long_answers_come_in_pages_that_keep_question_and_tags(
    client, small_site, make_condition, published
):
    for number in range(43):
        published(make_condition(f"ache-{number:02}", tags=(small_site.sudden,)))
    found = []
    address = "/search/?q=ache&tag=sudden"
    for number in (1, 2, 3):
        document = page_at(client, address)
        found += results(document)
        assert f"Page {number} of 3" in seen.words(document)
        following = [href for href, text in links(document).items() if text == "Next page"]
        if number < 3:
            assert "q=ache" in following[0]
            assert "tag=sudden" in following[0]
            address = f"/search/{following[0]}"
    assert following == []
    assert len(found) == len(set(found)) == 43


@pytest.mark.parametrize("number", ["0", "99", "-1", "x"])
def test_a_page_beyond_the_answer_is_the_nearest_one(client, small_site, number):
    assert results(page_at(client, f"/search/?q=herniated&page={number}")) == ["Herniated disc"]

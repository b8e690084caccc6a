"""The search page: what may be asked for, and what it says."""

import pytest
from django.http import QueryDict

from causes.models import AlternateName
from causes.public.forms import LONGEST_QUERY, MOST_TAGS, SearchForm
from tests.public import seen
from tests.public.seen import links, page_at, words_of


@pytest.fixture
def names(small_site, published):
    """Gives a page other names and publishes it."""

    def give(page, *names: str) -> None:
        for text in names:
            anchor = f"n{page.alternatenames.count()}"
            AlternateName.objects.create(page=page, anchor=anchor, name=text)
        published(page)

    return give


# --- What may be asked for ------------------------------------------------------------------


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
            address = following[0].partition("#")[0]
    assert following == []
    assert len(found) == len(set(found)) == 43


@pytest.mark.parametrize("number", ["0", "99", "-1", "x"])
def test_a_page_beyond_the_answer_is_the_nearest_one(client, small_site, number):
    assert results(page_at(client, f"/search/?q=herniated&page={number}")) == ["Herniated disc"]

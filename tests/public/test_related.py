"""Conditions that share tags: the rarer the tag the more it counts, each explained, few."""

import pytest

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Edition, RelatedLink
from causes.public.bitsets import bits
from causes.public.related import SAMPLE, by_shared_tags
from causes.public.tagged import TaggedConditions
from tests.public.seen import is_heading, page_at, section_under, words, words_of

HEADING = "Conditions with the same tags"


def related(own: str, *pages: tuple[str, str], left_out=()) -> list[tuple[str, list[str]]]:
    """Pages are (key, tags), in the order of lists; the page itself carries ``own``."""
    pages = [("own", own), *pages]
    carriers = {
        slug: bits([place for place, (_, tags) in enumerate(pages) if slug in tags])
        for slug in "abcdef"
    }
    conditions = TaggedConditions([key for key, _ in pages], carriers, {})
    return list(by_shared_tags(set(own), conditions, left_out={"own", *left_out}).items())


def test_a_rare_tag_in_common_counts_more_than_a_common_one():
    everywhere = [(f"x{number}", "ab") for number in range(4)]
    rare = ("z", "bc")
    assert related("abc", *everywhere, rare)[0] == ("z", ["c", "b"])


def test_more_tags_in_common_come_first_and_then_the_title():
    pages = [("all", "ab"), ("one", "ab"), ("two", "abc")]
    assert [key for key, _ in related("abc", *pages)] == ["two", "all", "one"]


def test_one_tag_in_common_is_a_coincidence():
    assert related("abc", ("one", "ad"), ("none", "def")) == []


def test_the_page_itself_and_those_shown_already_are_left_out():
    assert related("ab", ("seen", "ab"), left_out={"seen"}) == []


def test_at_most_five_are_shown_each_with_at_most_three_tags():
    found = related("abcd", *((f"x{number}", "abcd") for number in range(9)))
    assert len(found) == 5
    assert {len(shared) for _, shared in found} == {3}


# --- On the page -------------------------------------------------------------------------


@pytest.fixture
def twins(small_site, make_condition, published):
    """The disc and two more have both of its tags; one of them is among its related pages."""
    tags = (small_site.one_leg, small_site.both_legs)
    twin, seen = make_condition("twin", tags=tags), make_condition("seen", tags=tags)
    for page in (twin, seen):
        published(page)
    RelatedLink.objects.create(page=small_site.disc, anchor="seen", target=seen)
    published(small_site.disc)
    return twin


def test_a_condition_shows_those_that_share_its_tags_and_says_which(client, small_site, twins):
    section = section_under(page_at(client, "/conditions/disc/"), HEADING)
    assert [words(item) for item in section.query("li")] == ["Twin Also both legs, one leg."]


def test_a_withdrawn_or_unpublished_condition_is_not_shown(
    client, small_site, twins, make_condition
):
    make_condition("draft", tags=(small_site.one_leg, small_site.both_legs))
    withdraw(twins, actor=FIXTURE, note="wrong")
    headings = page_at(client, "/conditions/disc/").query("h2")
    assert not [node for node in headings if is_heading(node, HEADING)]


def test_of_thousands_those_with_most_tags_in_common_are_weighed():
    many = [(f"x{number}", "ab") for number in range(2000)]
    found = related("abc", *many, ("z", "abc"))
    assert found == [("z", ["c", "a", "b"]), *((f"x{n}", ["a", "b"]) for n in range(4))]


def test_what_left_out_pages_take_of_the_sample_is_made_up_for():
    seen = [(f"x{number}", "ab") for number in range(SAMPLE)]
    found = related("ab", *seen, ("z", "ab"), left_out={key for key, _ in seen})
    assert found == [("z", ["a", "b"])]


def test_the_shipped_conditions_have_neighbours_by_their_tags(client, shipped):
    """Most have some; each names at least two tags."""
    paths = Edition.objects.live().filter(kind="condition").values_list("path", flat=True)
    lines = [words_of(page_at(client, path), ".shared-tags li") for path in paths]
    assert sum(map(bool, lines)) > len(lines) / 2
    assert all(", " in line.split("Also ")[1] for found in lines for line in found)

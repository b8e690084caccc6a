"""Conditions that share tags: the rarer the tag the more it counts, each explained, few."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Edition, RelatedLink
from causes.public import reading
from causes.public.narrowing import LinkedPage, TagLabel
from causes.public.related import by_shared_tags
from tests.public.seen import is_heading, page_at, section_under, words, words_of

TAGS = {slug: TagLabel(slug, slug.capitalize(), "with") for slug in "abcdef"}
HEADING = "Conditions with the same tags"


def condition(key: str, tags: str, kind: str = "condition") -> LinkedPage:
    carried = frozenset(TAGS[slug] for slug in tags)
    return LinkedPage(key, kind, f"/conditions/{key}/", key.upper(), tags=carried)


def related(own: str, *pages: LinkedPage, left_out=()) -> list[tuple[str, tuple[str, ...]]]:
    found = by_shared_tags(set(own), pages, left_out={"own", *left_out})
    return [(shares.page.key, shares.shared) for shares in found]


def test_a_rare_tag_in_common_counts_more_than_a_common_one():
    everywhere = [condition(f"x{number}", "ab") for number in range(4)]
    rare = condition("z", "bc")
    assert related("abc", *everywhere, rare)[0] == ("z", ("C", "B"))


def test_more_tags_in_common_come_first_and_then_the_title():
    pages = [condition("one", "ab"), condition("two", "abc"), condition("all", "ab")]
    assert [key for key, _ in related("abc", *pages)] == ["two", "all", "one"]


def test_one_tag_in_common_is_a_coincidence():
    assert related("abc", condition("one", "ad"), condition("none", "def")) == []


def test_pages_of_other_kinds_and_those_shown_already_are_left_out():
    pages = [condition("own", "ab"), condition("seen", "ab"), condition("s", "ab", "symptom")]
    assert related("ab", *pages, left_out={"seen"}) == []


def test_at_most_five_are_shown_each_with_at_most_three_tags():
    found = related("abcd", *(condition(f"x{number}", "abcd") for number in range(9)))
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


def test_a_tag_on_thousands_of_pages_costs_a_few_rows(
    client, small_site, make_condition, published, monkeypatch
):
    monkeypatch.setattr(reading, "SAMPLE", 3)
    for number in range(8):
        tags = (small_site.one_leg, small_site.both_legs)
        published(make_condition(f"ache-{number}", tags=tags))
    with CaptureQueriesContext(connection) as captured:
        page_at(client, "/conditions/disc/")
    assert len(captured) == 3
    at = Edition.objects.latest("live_from").live_from
    found = reading.linked_pages(at, wanted=reading.sharing_tags(["one-leg", "both-legs"], at))
    assert 3 <= len([page for page in found.values() if page.kind == "condition"]) <= 6


def test_the_shipped_conditions_have_neighbours_by_their_tags(client, shipped):
    """Most have some; each names at least two tags."""
    paths = Edition.objects.live().filter(kind="condition").values_list("path", flat=True)
    lines = [words_of(page_at(client, path), ".shared-tags li") for path in paths]
    assert sum(map(bool, lines)) > len(lines) / 2
    assert all(", " in line.split("Also ")[1] for found in lines for line in found)

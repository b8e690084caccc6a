"""Words are narrowed by the index, tags alone by the database: both give the same answer."""

from itertools import combinations
from random import Random

import pytest
from django.utils import timezone

from causes import search
from causes.models import Edition, Kind, Tag, TaggedEdition
from causes.public import catalog
from causes.public.narrowing import matches_and_counts
from causes.search.kept import content_version

SOME_TRIPLES = 500
SEED = 5

Answer = tuple[set[str], dict[str, int]]


def by_index(tags: tuple[str, ...]) -> Answer:
    """The keys of the pages with the tags, and how many each tag would leave."""
    found = search.find("", at=timezone.now(), tags=tags, limit=1000)
    assert found.engine
    assert found.total == found.reachable == len(found.hits)
    return {hit.key for hit in found.hits}, found.tag_counts


def by_database(tags: tuple[str, ...]) -> Answer:
    at, version = timezone.now(), content_version()
    conditions = catalog.tagged_conditions.value(at, version)
    facets = catalog.known_tags.value(at, version).facets
    left, counts = matches_and_counts(conditions.carriers, facets, tags)
    return set(conditions.keys_of(left or 0)), without_zeros(counts)


def without_zeros(counts: dict[str, int]) -> dict[str, int]:
    """A tag that would leave no page is offered by neither, whether it is counted or not."""
    return {slug: count for slug, count in counts.items() if count}


def differing(combinations_of_tags) -> dict[tuple[str, ...], tuple[Answer, Answer]]:
    answers = {tags: (by_index(tags), by_database(tags)) for tags in combinations_of_tags}
    return {tags: both for tags, both in answers.items() if both[0] != both[1]}


@pytest.fixture
def slugs(shipped) -> list[str]:
    return sorted(Tag.objects.values_list("slug", flat=True))


@pytest.mark.parametrize("size", [1, 2])
def test_the_same_pages_and_counts_under_every_tag_and_every_two(slugs, size):
    assert len(slugs) > 30
    assert differing(combinations(slugs, size)) == {}


def test_the_same_pages_and_counts_under_some_of_every_three(slugs):
    every_three = list(combinations(slugs, 3))
    assert differing(Random(SEED).sample(every_three, SOME_TRIPLES)) == {}


def test_the_same_under_tags_that_nothing_carries(slugs):
    Tag.objects.create(slug="unused", name="Unused", facet="onset")
    known = slugs[0]
    assert differing([(known, "unused"), (known, "nonsense"), (known, "unused", "nonsense")]) == {}


def test_only_conditions_carry_tags(shipped):
    """The lists of the database are of conditions; the index would find every kind."""
    tagged = TaggedEdition.objects.filter(edition__in=Edition.objects.live(timezone.now()))
    assert set(tagged.values_list("edition__kind", flat=True)) == {Kind.CONDITION}

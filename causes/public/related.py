"""Conditions that share tags with another: the fewer carry a tag, the more it says. No database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from causes.public.bitsets import membership, numbers_in
from causes.public.narrowing import LinkedPage
from causes.public.tagged import TaggedConditions

MOST_SHOWN = 5
MOST_NAMED = 3
FEWEST_SHARED = 2  # one tag in common is a coincidence
SAMPLE = 60  # are weighed; where more share as many tags, those that come first in lists


@dataclass(frozen=True)
class SharesTags:
    """A condition, and the names of the tags that it shares, the most telling first."""

    page: LinkedPage
    shared: tuple[str, ...]


def by_shared_tags(
    slugs: Collection[str], conditions: TaggedConditions, *, left_out: Collection[str]
) -> dict[str, list[str]]:
    """The keys of the conditions that share most with a page of these tags, best first, and the
    slugs that each shares, the most telling first.

    ``left_out`` are keys. A tag weighs the less, the more of the conditions carry it.
    """
    carriers = {slug: conditions.carriers[slug] for slug in slugs if slug in conditions.carriers}
    counts = conditions.counts
    rarest = sorted(carriers, key=lambda slug: (counts[slug], slug))
    carries = {slug: membership(carriers[slug]) for slug in rarest}
    found = []
    for place in _most_in_common(carriers, SAMPLE + len(left_out)):
        key = conditions.keys[place]
        if key not in left_out:
            shared = [slug for slug in rarest if carries[slug](place)]
            found.append((-sum(1 / counts[slug] for slug in shared), place, key, shared))
    best = sorted(found, key=lambda entry: entry[:2])[:MOST_SHOWN]
    return {key: shared[:MOST_NAMED] for _, _, key, shared in best}


def _most_in_common(carriers: Mapping[str, int], most: int) -> list[int]:
    """The places of the conditions that share most of the tags, at least FEWEST_SHARED."""
    at_least = [0] * (len(carriers) + 1)  # the conditions that share one tag, two tags …
    for pages in carriers.values():
        for many in range(len(carriers) - 1, 0, -1):
            at_least[many] |= at_least[many - 1] & pages
        at_least[0] |= pages
    found, seen = [], 0
    for level in reversed(at_least[FEWEST_SHARED - 1 :]):
        found += numbers_in(level & ~seen, 0, most - len(found))
        if len(found) == most:
            break
        seen |= level
    return found

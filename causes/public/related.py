"""Conditions that share tags with another: the fewer carry a tag, the more it says. No database."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from causes.models import Kind
from causes.public.narrowing import LinkedPage, TagLabel

MOST_SHOWN = 5
MOST_NAMED = 3
FEWEST_SHARED = 2  # one tag in common is a coincidence


@dataclass(frozen=True)
class SharesTags:
    """A condition, and the names of the tags that it shares, the most telling first."""

    page: LinkedPage
    shared: tuple[str, ...]


def by_shared_tags(
    slugs: Collection[str], pages: Iterable[LinkedPage], *, left_out: Collection[str]
) -> list[SharesTags]:
    """The conditions among ``pages`` that share most with a page of these tags, best first.

    ``left_out`` are keys. A tag weighs the less, the more of the conditions carry it.
    """
    conditions = [page for page in pages if page.kind == Kind.CONDITION]
    carried = Counter(tag for page in conditions for tag in page.tags if tag.slug in slugs)

    def telling(tag: TagLabel) -> tuple[int, str]:
        return carried[tag], tag.name

    found = []
    for page in conditions:
        shared = sorted((tag for tag in page.tags if tag in carried), key=telling)
        if len(shared) >= FEWEST_SHARED and page.key not in left_out:
            weight = sum(1 / carried[tag] for tag in shared)
            names = tuple(tag.name for tag in shared[:MOST_NAMED])
            found.append((-weight, page.title, SharesTags(page, names)))
    return [shares for _, _, shares in sorted(found, key=lambda entry: entry[:2])[:MOST_SHOWN]]

"""Tags that may be one and the same: near-duplicates for the tag desk. No database."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import combinations

from causes.models import Tag
from causes.models.text import look_alike

ALIKE = 0.9  # of 1; "stinging" and "stingin" are 0.93, "stinging" and "tingling" 0.88
BEGINNING = 3  # letters
FILLERS = {"a", "an", "and", "in", "of", "or", "the", "with"}


@dataclass(frozen=True)
class Pair:
    """Two tags, and the names by which they are alike."""

    first: Tag
    second: Tag
    names: tuple[str, str]


def near_duplicates(tags: Iterable[tuple[Tag, Iterable[str]]]) -> list[Pair]:
    """The pairs whose names are nearly the same; takes each tag with the names of its aliases.

    Names without a word that begins alike are not compared: of hundreds of tags that are most.
    """
    named = [(tag, name, _plain(name)) for tag, others in tags for name in (tag.name, *others)]
    begins = [(*entry, {word[:BEGINNING] for word in entry[2].split()}) for entry in named]
    pairs: dict[tuple[str, str], Pair] = {}
    matcher = SequenceMatcher(autojunk=False)
    for (first, name, plain, begin), (second, other, other_plain, other_begin) in combinations(
        begins, 2
    ):
        key = first.slug, second.slug
        if first.slug == second.slug or key in pairs or begin.isdisjoint(other_begin):
            continue
        matcher.set_seqs(plain, other_plain)
        if (
            matcher.real_quick_ratio() >= ALIKE
            and matcher.quick_ratio() >= ALIKE
            and matcher.ratio() >= ALIKE
        ):
            pairs[key] = Pair(first, second, (name, other))
    return list(pairs.values())


def _plain(name: str) -> str:
    """The words without small ones and plurals, in order of the alphabet."""
    words = [word for word in re.findall(r"\w+", look_alike(name)) if word not in FILLERS]
    return " ".join(sorted(word.removesuffix("s") for word in words))

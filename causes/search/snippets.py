"""The best passage of an edition's text for the words of a question."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from causes.search.entries import Passage, passages
from causes.search.lay_words import SAME_STEMS
from causes.search.words import WORD, stems

LONGEST_SNIPPET = 240
MOST_KNOWN_WORDS = 50_000
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
_WORD_OR_END = re.compile(f"{WORD.pattern}|{_SENTENCE_END.pattern}")
_END = "."


@dataclass(frozen=True)
class Snippet:
    """Plain text. ``marks`` are the (start, end) of the words that were asked for.

    ``anchor`` leads to the passage on the page ("": its start), under ``heading``.
    """

    text: str
    marks: tuple[tuple[int, int], ...]
    anchor: str
    heading: str


def snippet(body: dict[str, Any], words: Sequence[str]) -> Snippet | None:
    """The first sentence with all of the words, or that with most. None if none has any."""
    asked = {stem for word in words for stem in stems(word)}
    same = {other for stem in asked for other in SAME_STEMS.get(stem, ())} - asked
    best, best_score = None, 0.0
    for passage in passages(body):
        # A heading says what its sentences are about, but is no match by itself.
        under = 0.25 * len(set().union(*_wanted_by_sentence(passage.heading, asked).values()))
        for number, found in _wanted_by_sentence(passage.text, asked | same).items():
            score = len(found & asked) + 0.5 * len(found - asked) + under
            if asked <= found:
                return _cut(passage, number, asked | same)
            if score > best_score:
                best, best_score = (passage, number), score
    return _cut(*best, asked | same) if best else None


def _wanted_by_sentence(text: str, wanted: set[str]) -> dict[int, set[str]]:
    """{number of a sentence: the wanted stems in it}, of those that have any.

    A search looks at every word of twenty pages: only what is wanted reaches a loop of ours.
    """
    steps = map(_stem_of.__getitem__, _WORD_OR_END.findall(text))
    number, found = 0, defaultdict(set)
    for step in filter((wanted | {_END}).__contains__, steps):
        if step == _END:
            number += 1
        else:
            found[number].add(step)
    return found


class _StemOf(dict[str, str]):
    """The stem of a word; _END of what ends a sentence. Pages share their words."""

    def __missing__(self, word: str) -> str:
        if len(self) >= MOST_KNOWN_WORDS:
            self.clear()
        self[word] = _END if word.isspace() else next(iter(stems(word)), "")
        return self[word]


_stem_of = _StemOf()


def _marks(text: str, wanted: set[str]) -> list[tuple[int, int]]:
    return [match.span() for match in WORD.finditer(text) if _stem_of[match[0]] in wanted]


def _cut(passage: Passage, number: int, wanted: set[str]) -> Snippet:
    """A long sentence begins a little before its first marked word."""
    sentence = _SENTENCE_END.split(passage.text)[number].strip()
    start = 0
    if len(sentence) > LONGEST_SNIPPET:
        first = _marks(sentence, wanted)[0][0]
        start = max(0, min(first - LONGEST_SNIPPET // 4, len(sentence) - LONGEST_SNIPPET))
        start = sentence.rfind(" ", 0, start) + 1
    text = sentence[start:]
    before = "… " if start else ""
    if len(text) > LONGEST_SNIPPET:
        text = text[:LONGEST_SNIPPET].rsplit(" ", 1)[0] + " …"
    text = before + text
    return Snippet(text, tuple(_marks(text, wanted)), passage.anchor, passage.heading)

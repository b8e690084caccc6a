"""The best passage of an edition's text for the words of a question."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from causes.search.entries import Passage, passages
from causes.search.lay_words import SAME_STEMS
from causes.search.words import WORD, stems

LONGEST_SNIPPET = 240
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")


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
    """The sentence with most of the words, the first of equals. None if none has any."""
    asked = {stem for word in words for stem in stems(word)}
    same = {other for stem in asked for other in SAME_STEMS.get(stem, ())} - asked
    best, best_score = None, 0.0
    for passage in passages(body):
        under = {stem for stem in stems(passage.heading) if stem in asked}
        for sentence in _sentences(passage.text):
            found = {stem for _, _, stem in _marked(sentence, asked | same)}
            score = len(found & asked) + 0.5 * len(found - asked)
            # A heading says what its sentences are about, but is no match by itself.
            score += 0.25 * len(under) if found else 0
            if score > best_score:
                best, best_score = (passage, sentence), score
    return _cut(*best, asked | same) if best else None


def _sentences(text: str) -> Iterator[str]:
    yield from filter(None, (part.strip() for part in _SENTENCE_END.split(text)))


@lru_cache(maxsize=50_000)
def _stems_of(word: str) -> tuple[str, ...]:
    """Pages share their words: asking the analyzer for each took most of a search's time."""
    return tuple(stems(word))


def _marked(text: str, wanted: set[str]) -> Iterator[tuple[int, int, str]]:
    for match in WORD.finditer(text):
        for stem in _stems_of(match[0]):
            if stem in wanted:
                yield match.start(), match.end(), stem


def _cut(passage: Passage, sentence: str, wanted: set[str]) -> Snippet:
    """A long sentence begins a little before its first marked word."""
    start = 0
    if len(sentence) > LONGEST_SNIPPET:
        first = next(begin for begin, _, _ in _marked(sentence, wanted))
        start = max(0, min(first - LONGEST_SNIPPET // 4, len(sentence) - LONGEST_SNIPPET))
        start = sentence.rfind(" ", 0, start) + 1
    text = sentence[start:]
    before = "… " if start else ""
    if len(text) > LONGEST_SNIPPET:
        text = text[:LONGEST_SNIPPET].rsplit(" ", 1)[0] + " …"
    text = before + text
    marks = tuple(dict.fromkeys((begin, end) for begin, end, _ in _marked(text, wanted)))
    return Snippet(text, marks, passage.anchor, passage.heading)

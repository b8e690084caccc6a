"""Unknown words corrected from the index's own: mistakes, half words, two words written as one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from copy import copy
from itertools import pairwise

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tantivy import Query

from causes.search.entries import Entry
from causes.search.index import PAGES_SCHEMA, Searchers, engine_errors
from causes.search.lay_words import LAY_WORDS
from causes.search.parameters import (
    ANOTHER_FIRST_LETTER_FROM,
    COMMON_WORD,
    MOST_CORRECTIONS,
    NAME_WORD,
    SHORTEST_CORRECTED,
    TWO_MISTAKES_FROM,
)
from causes.search.words import STOP_WORDS, WRITTEN, plain, stems

# {(first letter, length): words}
_ByStart = defaultdict[tuple[str, int], list[str]]


def mistakes(said: Sequence[str], searchers: Searchers) -> list[int]:
    """The places of the words that no page has and that may be corrected, a few at most."""
    with engine_errors():
        unknown = [
            place
            for place, word in enumerate(said)
            if word.isalpha()
            and len(word) >= SHORTEST_CORRECTED
            and word not in STOP_WORDS
            and word not in LAY_WORDS
            and not searchers.pages.doc_freq("word", word)
        ]
    return unknown[:MOST_CORRECTIONS]


class Vocabulary:
    """The words of all live pages as they are written, with how many texts and names have them.

    What it follows to a later index may be out of date in two ways, which do no harm: a word may
    count a little too often, and one that no page has any more is never what a reader meant.
    """

    def __init__(self, searchers: Searchers) -> None:
        self._searchers = searchers
        with engine_errors():
            self._in_names = dict(searchers.names.terms_with_prefix("word", ""))
            self._in_texts = dict(searchers.pages.terms_with_prefix("word", ""))
        self._by_start: _ByStart = defaultdict(list)
        for word in self._in_texts:
            self._by_start[word[0], len(word)].append(word)
        self._names_by_start: _ByStart = defaultdict(list)
        for word in self._in_names:
            self._names_by_start[word[0], len(word)].append(word)

    def with_words_of(self, entries: Iterable[Entry], searchers: Searchers) -> "Vocabulary":
        """The same for a later index, which also has those entries. This one learns them too."""
        for entry in entries:
            in_names = {word for name in entry.names for word in WRITTEN.analyze(plain(name))}
            for word in in_names:
                if word not in self._in_names:
                    self._names_by_start[word[0], len(word)].append(word)
                self._in_names[word] = self._in_names.get(word, 0) + 1
            for word in set(WRITTEN.analyze(plain(entry.text))):
                if word not in self._in_texts:
                    self._by_start[word[0], len(word)].append(word)
                self._in_texts[word] = self._in_texts.get(word, 0) + 1
        later = copy(self)
        later._searchers = searchers
        return later

    def corrected(self, said: Sequence[str], unknown: Sequence[int]) -> dict[int, list[str]]:
        """{place: the words meant} for each of the unknown words that can be guessed."""
        found: dict[int, list[str]] = {}
        for place in unknown:
            word = said[place]
            candidates = self._live(self._neighbours(word)) or self._live(self._completions(word))
            if candidates:
                around = [*said[max(0, place - 1) : place], None, *said[place + 1 : place + 2]]
                found[place] = [self._best(candidates, around)]
            elif halves := self._halves(word):
                found[place] = halves
        return found

    def _neighbours(self, word: str) -> list[str]:
        """The nearest words with the same first letter, which few mistake; then with any other."""
        near = self._near(word, {word[0]})
        if not near and len(word) >= ANOTHER_FIRST_LETTER_FROM:
            near = self._near(word, {letter for letter, _ in list(self._by_start)})
        fewest = min((mistakes for _, mistakes in near), default=0)
        return [other for other, mistakes in near if mistakes == fewest]

    def _near(self, word: str, letters: set[str]) -> list[tuple[str, int]]:
        """(word, mistakes): one mistake; two only in a long word that a name has."""
        near = self._within(self._by_start, word, letters, 1)
        if not near and len(word) >= TWO_MISTAKES_FROM:
            near = self._within(self._names_by_start, word, letters, 2)
        return near

    def _within(
        self, by_start: _ByStart, word: str, letters: set[str], most: int
    ) -> list[tuple[str, int]]:
        """(word, mistakes) of those with one of the first letters and so many mistakes at most."""
        lengths = range(max(SHORTEST_CORRECTED, len(word) - most), len(word) + most + 1)
        alike = (
            found
            for letter in sorted(letters)
            for length in lengths
            for found in process.extract(
                word,
                by_start.get((letter, length), []),
                scorer=OSA.distance,
                score_cutoff=most,
                limit=10,
            )
        )
        return [(other, int(mistakes)) for other, mistakes, _ in alike]

    def _completions(self, word: str) -> list[str]:
        """Words of names that begin with it: half a word was typed."""
        with engine_errors():
            found = self._searchers.names.terms_with_prefix("word", word, limit=20)
        return [other for other, _ in found]

    def _live(self, candidates: list[str]) -> list[str]:
        """Those that a page has: the engine keeps words of what was taken out for a while."""
        with engine_errors():
            return [
                word
                for word in candidates
                if self._searchers.pages.search(
                    Query.term_query(PAGES_SCHEMA, "word", word, "basic"), 1, count=True
                ).count
            ]

    def _best(self, candidates: list[str], around: list[str | None]) -> str:
        """The one that stands beside the neighbouring words in most texts; then the commonest."""

        def fits(candidate: str) -> tuple[int, int]:
            pairs = [candidate if near is None else near for near in around]
            beside = sum(
                self._texts_with(*pair)
                for pair in pairwise(pairs)
                if all(part in self._in_texts for part in pair)
            )
            common = self._in_texts.get(candidate, 0) + NAME_WORD * self._in_names.get(candidate, 0)
            return beside, common

        return max(candidates, key=fits) if len(candidates) > 1 else candidates[0]

    def _texts_with(self, *phrase: str) -> int:
        with engine_errors():
            parts = [stem for word in phrase for stem in stems(word)]
            query = Query.phrase_query(PAGES_SCHEMA, "text", parts)
            return self._searchers.pages.search(query, 1, count=True).count

    def _halves(self, word: str) -> list[str]:
        """Two common words written as one."""
        for cut in range(3, len(word) - 2):
            halves = [word[:cut], word[cut:]]
            if all(self._in_texts.get(half, 0) >= COMMON_WORD for half in halves):
                return halves
        return []

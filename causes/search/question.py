"""What a reader typed, as the words that are looked for."""

from collections import Counter
from dataclasses import dataclass

from causes.search.catching_up import Reading
from causes.search.index import engine_errors
from causes.search.lay_words import SAME_STEMS, in_pages_words
from causes.search.parameters import (
    LONGEST_NAME,
    LONGEST_QUESTION,
    MOST_WORDS,
    REPEATED,
    SAME_WORDS_UP_TO,
)
from causes.search.spelling import mistakes
from causes.search.words import STOP_WORDS, WORD, plain, stems


@dataclass(frozen=True)
class Question:
    """``words`` are looked for; ``weights`` their stems; ``corrected`` "" if nothing was."""

    words: tuple[str, ...]
    weights: dict[str, float]
    corrected: str

    def same(self, stem: str) -> frozenset[str]:
        """The stems that mean the same; none in a long message."""
        is_short = len(self.weights) <= SAME_WORDS_UP_TO
        return SAME_STEMS.get(stem, frozenset()) if is_short else frozenset()


def understand(typed: str, reading: Reading, *, exact: bool) -> Question:
    """Reduce to words, correct, say it as pages do, leave out what tells nothing apart."""
    said = WORD.findall(plain(typed[:LONGEST_QUESTION]))[: 5 * MOST_WORDS]
    meant, corrected = said, ""
    # The vocabulary is read only for those who need it.
    if not exact and (unknown := mistakes(said, reading.searchers)):
        corrections = reading.vocabulary.corrected(said, unknown)
        meant = [word for n, old in enumerate(said) for word in corrections.get(n, [old])]
        corrected = " ".join(meant) if corrections else ""
    looked_for = _telling(in_pages_words(meant), reading)[:MOST_WORDS]
    counts = Counter(stem for word in looked_for for stem in stems(word))
    weights = {stem: REPEATED if count > 1 else 1.0 for stem, count in counts.items()}
    return Question(tuple(dict.fromkeys(looked_for)), weights, corrected)


def _telling(words: list[str], reading: Reading) -> list[str]:
    """Without stop words, except within a name that stands there in full: "hepatitis A"."""
    within = _within_names(words, reading)
    kept = [word for n, word in enumerate(words) if n in within or word not in STOP_WORDS]
    return kept or words


def _within_names(words: list[str], reading: Reading) -> set[int]:
    """The places of the words that, with their neighbours, are a whole name of several words."""
    found: set[int] = set()
    stops = {n for n, word in enumerate(words) if word in STOP_WORDS}
    with engine_errors():
        for start in range(len(words)):
            for end in range(min(len(words), start + LONGEST_NAME), start + 1, -1):
                span = range(start, end)
                has_stop = not stops.isdisjoint(span)
                if has_stop and reading.searchers.names.doc_freq(
                    "whole", " ".join(words[start:end])
                ):
                    found.update(span)
                    break
    return found

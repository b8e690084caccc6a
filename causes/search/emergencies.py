"""Words that bring a care card before the results: "cannot feel my face", misspelt too.

Editors keep the phrases on the cards. Nothing here needs the search engine: a reader in danger
finds the card also while the index is built or broken.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import groupby

from rapidfuzz.distance import OSA

# A phrase has to stand within so many words of a long message: about one sentence.
WINDOW = 14
# "cannot" belongs to the word that comes next, or soon after ("cannot really feel").
REACH_OF_NO = 3
# In shorter words a letter more or less makes another word ("leg", "lego"; "numb", "dumb").
SHORTEST_MISSPELT = 5
MOST_WORDS = 2000
MOST_KEPT, LONGEST_KEPT = 5000, 40  # words that readers asked with, and their letters

Words = tuple[str, ...]

NO = {"cannot", "no", "not"}
_CANNOT = re.compile(
    r"\b(?:ca(?:n ?no|nn?|rn)t|can['’ʼ`´]t|could ?n['’ʼ`´]?o?t"
    r"|unable to|not able to|not be able to)\b"
)
_WORD = re.compile(r"[^\W_]+")
_STOP_WORDS = {
    *("a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "do", "does", "for", "from"),
    *("get", "gets", "getting", "got", "had", "has", "have", "he", "her", "him", "his", "i", "if"),
    *("in", "is", "it", "its", "me", "my", "of", "on", "or", "our", "she", "so", "that", "the"),
    *("their", "them", "there", "they", "this", "to", "us", "was", "we", "were", "what", "when"),
    *("where", "which", "who", "will", "with", "you", "your"),
}
# Common words that one slip would turn into a word of a phrase ("right", "white", "waist").
OTHER_WORDS = {
    *("bright", "eight", "fight", "light", "might", "night", "sight", "tight", "tightness"),
    *("while", "write", "wrist", "wrists", "wait", "waiting", "waste", "wasted", "wasting"),
    *("getting", "letting", "setting", "doing", "rise", "shot", "shots", "shirt", "sort", "sport"),
    *("state", "states", "stated", "star", "smart", "wards", "warts", "worms", "works", "cords"),
    *("blow", "blows", "towel", "towels", "crest", "massage", "pants", "grain", "grown", "tool"),
    *("blurred", "blurring", "shallow", "smelling", "spelling", "instead", "drool", "drooling"),
    *("lots", "fell"),
}
_ENDINGS = ("nesses", "ness", "ing", "ings", "edly", "ed", "ies", "es", "s", "ly", "er", "e", "y")


class Phrases:
    """Editors' phrases, each by its `content_words`, to be looked for in what readers ask."""

    def __init__(self, phrases: Iterable[Words]) -> None:
        self._phrases = [words for words in dict.fromkeys(phrases) if words]
        self._words = list(dict.fromkeys(word for words in self._phrases for word in words))
        # {a word that was asked: the words of phrases that it may stand for}
        self._meant: dict[str, list[str]] = {}

    def in_question(self, question: str) -> list[Words]:
        """The phrases all of whose words are there; those with most words first.

        In any order and near each other; endings, accents and one slip in a longer word do not
        matter.
        """
        places: dict[str, list[int]] = {}
        for place, word in enumerate(_words(question)):
            for meant in self._meant_by(word):
                places.setdefault(meant, []).append(place)
        found = (words for words in self._phrases if _holds(places, words))
        return sorted(found, key=len, reverse=True)

    def _meant_by(self, word: str) -> list[str]:
        """Kept: readers ask with the same words."""
        meant = self._meant.get(word)
        if meant is None:
            meant = [wanted for wanted in self._words if same_word(wanted, word)]
            if len(self._meant) >= MOST_KEPT:
                self._meant.clear()
            if len(word) <= LONGEST_KEPT:
                self._meant[word] = meant
        return meant


def content_words(text: str) -> Words:
    """The distinct words of a phrase that a question must have, in order."""
    return tuple(dict.fromkeys(word for word in _words(text) if word not in _STOP_WORDS))


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text[: MOST_WORDS * 20].casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _WORD.findall(_CANNOT.sub(" cannot ", plain))[:MOST_WORDS]


def _holds(places: dict[str, list[int]], wanted: Words) -> bool:
    """Whether all wanted words stand within WINDOW words of each other, at these places."""
    if not all(map(places.__contains__, wanted)):
        return False
    for start in sorted({place for word in wanted for place in places[word]}):
        near = [
            [place for place in places[word] if start <= place < start + WINDOW] for word in wanted
        ]
        if all(near) and _negations_fit(wanted, near):
            return True
    return False


def _negations_fit(wanted: Words, near: Sequence[Sequence[int]]) -> bool:
    """Each "cannot" of the phrase stands shortly before the word that it stands before there."""
    return all(
        any(0 < after - before <= REACH_OF_NO for before in befores for after in afters)
        for word, befores, afters in zip(wanted, near, near[1:], strict=False)
        if word in NO
    )


def same_word(wanted: str, other: str) -> bool:
    """Whether two words differ at most in their endings, or in one slip of the typist."""
    stem, other_stem = _stem(wanted), _stem(other)
    if wanted == other or stem == other_stem or _is_exchanged(wanted, other):
        return True
    if len(wanted) == 4 and other not in OTHER_WORDS and _singly(wanted) == _singly(other):
        return True
    if len(wanted) < SHORTEST_MISSPELT or other in OTHER_WORDS:
        return False
    if OSA.distance(wanted, other, score_cutoff=1) <= 1:
        return True
    return len(stem) >= SHORTEST_MISSPELT and OSA.distance(stem, other_stem, score_cutoff=1) <= 1


def _is_exchanged(wanted: str, other: str) -> bool:
    """Whether two letters side by side changed places in a word of 4: "chest pian"."""
    is_slip = len(wanted) == 4 and sorted(wanted) == sorted(other) and other not in OTHER_WORDS
    return is_slip and OSA.distance(wanted, other) == 1


@lru_cache(maxsize=10_000)
def _singly(word: str) -> str:
    """With each double letter once: "fel" is a slip for "feel"."""
    return "".join(letter for letter, _ in groupby(word))


@lru_cache(maxsize=10_000)
def _stem(word: str) -> str:
    """The word without its ending: "numbness" and "numb", "slurred" and "slurring"."""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word

"""Words that bring a care card before the results: "cannot feel my face", misspelt too.

Editors keep the phrases on the cards. Nothing here needs the search engine: a reader in danger
finds the card also while the index is built or broken.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from itertools import groupby
from typing import Any

from rapidfuzz.distance import OSA

from causes.models import CareCard, Edition, EditionPhrase
from causes.search.kept import Kept, end_of_what_is_live

# A phrase has to stand within so many words of a long message: about one sentence.
WINDOW = 14
# "cannot" belongs to the word that comes next, or soon after ("cannot really feel").
REACH_OF_NO = 3
# In shorter words a letter more or less makes another word ("leg", "lego"; "numb", "dumb").
SHORTEST_MISSPELT = 5
MOST_WORDS = 2000
AT_ONCE = 1000  # editions read at once
LEVELS = CareCard.Level.values  # the most urgent first

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


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of an editor's phrase, and the edition (its id) and card that they bring."""

    words: tuple[str, ...]
    edition: int
    card: str


@dataclass(frozen=True)
class LiveCard:
    """A care card as its live edition has it, and the page that it stands on."""

    card: dict[str, Any]
    path: str
    title: str


@dataclass(frozen=True)
class LiveCards:
    phrases: list[Phrase]
    cards: dict[tuple[int, str], LiveCard]


def _live_cards(at: datetime) -> tuple[LiveCards, datetime | None]:
    """The cards with phrases that patients see at that moment."""
    live = Edition.objects.live(at).order_by()
    found = EditionPhrase.objects.filter(edition__in=live).order_by("edition_id", "card", "id")
    rows = found.values_list("phrase", "edition_id", "card").iterator(AT_ONCE)
    words_of = cache(content_words)  # many pages have the same phrases
    phrases = [Phrase(words_of(phrase), edition, card) for phrase, edition, card in rows]
    wanted = {(phrase.edition, phrase.card) for phrase in phrases}
    with_phrases = live.filter(pk__in=EditionPhrase.objects.values("edition"))
    columns = ("pk", "path", "title", "body__cards")
    cards = {
        (pk, card["anchor"]): LiveCard(card, path, title)
        for pk, path, title, cards in with_phrases.values_list(*columns).iterator(AT_ONCE)
        for card in cards
        if (pk, card["anchor"]) in wanted
    }
    return LiveCards([phrase for phrase in phrases if phrase.words], cards), end_of_what_is_live(at)


live_cards = Kept(_live_cards)


def cards_first(question: str, at: datetime, version: int) -> list[LiveCard]:
    """The live cards that the question's words bring: emergencies first, the best fitting first.

    No query, except after a change of what the public sees.
    """
    live = live_cards.value(at, version)
    found = [live.cards[card] for card in cards_for(question, live.phrases) if card in live.cards]
    return sorted(found, key=lambda match: LEVELS.index(match.card["level"]))


def cards_for(question: str, phrases: Iterable[Phrase]) -> list[tuple[int, str]]:
    """(id of an edition, anchor of its card) for each card with a phrase in the question.

    All words of the phrase must be there, in any order and near each other; endings, accents
    and one slip in a longer word do not matter. The best fitting card comes first.
    """
    holds = cache(_Asked(question).holds)
    best: dict[tuple[int, str], int] = {}
    for phrase in phrases:
        if holds(phrase.words):
            card = (phrase.edition, phrase.card)
            best[card] = max(best.get(card, 0), len(phrase.words))
    return sorted(best, key=lambda card: -best[card])


def content_words(text: str) -> tuple[str, ...]:
    """The distinct words of a phrase that a question must have, in order."""
    return tuple(dict.fromkeys(word for word in _words(text) if word not in _STOP_WORDS))


def _words(text: str) -> list[str]:
    decomposed = unicodedata.normalize("NFKD", text[: MOST_WORDS * 20].casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _WORD.findall(_CANNOT.sub(" cannot ", plain))[:MOST_WORDS]


class _Asked:
    """The words of a question, and where each word of a phrase stands among them."""

    def __init__(self, question: str) -> None:
        self._words: dict[str, list[int]] = {}
        for place, word in enumerate(_words(question)):
            self._words.setdefault(word, []).append(place)
        self._places: dict[str, list[int]] = {}

    def places(self, wanted: str) -> list[int]:
        """Where the word stands, in order; looked for once."""
        if wanted not in self._places:
            same = (places for word, places in self._words.items() if same_word(wanted, word))
            self._places[wanted] = sorted(place for places in same for place in places)
        return self._places[wanted]

    def holds(self, wanted: Sequence[str]) -> bool:
        """Whether all wanted words stand within WINDOW words of each other."""
        if not all(map(self.places, wanted)):
            return False
        for start in sorted({place for word in wanted for place in self.places(word)}):
            near = [
                [place for place in self.places(word) if start <= place < start + WINDOW]
                for word in wanted
            ]
            if all(near) and _negations_fit(wanted, near):
                return True
        return False


def _negations_fit(wanted: Sequence[str], near: Sequence[Sequence[int]]) -> bool:
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

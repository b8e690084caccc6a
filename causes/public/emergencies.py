"""The care cards that a reader's words bring before the results of a search.

Pages share their cards, or at least their phrases: each process keeps those once, with the pages
that they stand on, and reads a card when it is shown.
"""

import json
from array import array
from bisect import bisect_left, insort
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from heapq import nsmallest
from typing import Any, NamedTuple

from django.db.models import QuerySet

from causes.models import Edition, EditionPhrase, Kind
from causes.public.following import Following
from causes.public.ranked import OutOfOrder
from causes.search.emergencies import Phrases, Words, content_words

AT_ONCE = 1000  # editions read at once
LEVELS = ["emergency", "urgent", "non_urgent"]
KINDS: list[str] = [
    Kind.SYMPTOM,
    Kind.CATEGORY,
    Kind.CONDITION,
    Kind.INFORMATION,
]  # the broadest first
MOST_ALIKE = 5  # cards that the same words bring, looked at for one that says something else

# The place of a card's level in LEVELS, and those of its phrases that were asked, longest first.
Brought = tuple[int, tuple[Words, ...]]

_content_words = lru_cache(10_000)(content_words)


class CardSort(NamedTuple):
    """What tells cards apart, here: the place of their level in LEVELS, and their phrases."""

    level: int
    phrases: tuple[Words, ...]


@dataclass(frozen=True)
class LiveCard:
    """A care card as its live edition has it, and the page that it stands on."""

    card: dict[str, Any]
    path: str
    title: str


@dataclass(frozen=True)
class KnownCards:
    """The live editions with cards of each sort, as `_place` of them, in order."""

    places: dict[CardSort, array]

    @cached_property
    def by_phrase(self) -> dict[Words, list[CardSort]]:
        found: dict[Words, list[CardSort]] = {}
        for sort in self.places:
            for phrase in sort.phrases:
                found.setdefault(phrase, []).append(sort)
        return found

    @cached_property
    def phrases(self) -> Phrases:
        return Phrases(self.by_phrase)


def cards_first(question: str, at: datetime, version: int, most: int) -> list[LiveCard]:
    """The live cards that the question's words bring: the most urgent first, of those the ones
    whose phrase has most words, of those the broadest page's. Cards that say the same come once.

    One query if there is any, and none otherwise, except after a change of what the public sees.
    """
    known = known_cards.value(at, version)
    asked = known.phrases.in_question(question)
    places: dict[Brought, list[int]] = {}
    for sort in {sort for phrase in asked for sort in known.by_phrase[phrase]}:
        places.setdefault(_brought(sort, asked), []).extend(known.places[sort][:MOST_ALIKE])

    def order(brought: Brought) -> tuple[int, int, int]:
        level, phrases = brought
        return level, -len(phrases[0]), min(places[brought])

    editions = {
        brought: list(map(_edition, nsmallest(MOST_ALIKE, places[brought])))
        for brought in sorted(places, key=order)[: 2 * most]
    }
    cards = _cards({pk for ids in editions.values() for pk in ids})
    shown: dict[str, LiveCard] = {}
    for brought, ids in editions.items():
        for match in (match for pk in ids for match in cards.get(pk, ())):
            if _brought(_sort(match.card), asked) == brought:
                shown.setdefault(_says(match.card), match)
    return list(shown.values())[:most]


def _brought(sort: CardSort, asked: Sequence[Words]) -> Brought:
    """Pages may share a card and have phrases of their own: those that were asked count."""
    return sort.level, tuple(phrase for phrase in asked if phrase in sort.phrases)


def _cards(editions: Collection[int]) -> dict[int, list[LiveCard]]:
    """{edition: its cards}"""
    if not editions:
        return {}
    columns = ("pk", "path", "title", "body__cards")
    rows = Edition.objects.filter(pk__in=editions).values_list(*columns)
    return {
        pk: [LiveCard(card, path, title) for card in cards or ()] for pk, path, title, cards in rows
    }


def _says(card: dict[str, Any]) -> str:
    """What a reader sees of a card here."""
    return json.dumps([card["level"], card.get("heading"), card["items"]])


def _sort(card: dict[str, Any]) -> CardSort:
    phrases = filter(None, map(_content_words, card.get("phrases", [])))
    return CardSort(LEVELS.index(card["level"]), tuple(sorted(set(phrases))))


# --- What is kept ------------------------------------------------------------------------


def _place(kind: str, edition: int) -> int:
    """Of an edition among others with the same card: those of the broadest kind come first."""
    return KINDS.index(kind) << 56 | edition


def _edition(place: int) -> int:
    return place & ((1 << 56) - 1)


def _known_cards(at: datetime) -> KnownCards:
    live = Edition.objects.live(at).filter(pk__in=EditionPhrase.objects.values("edition"))
    places: dict[CardSort, array] = {}
    for _, place, sorts in _rows(live):
        for sort in sorts:
            places.setdefault(sort, array("q")).append(place)
    return KnownCards({sort: array("q", sorted(found)) for sort, found in places.items()})


def _without_and_with(
    known: KnownCards, ended: Collection[int], begun: Collection[int]
) -> KnownCards:
    rows = list(_rows(Edition.objects.filter(pk__in=[*ended, *begun])))
    if len(rows) < len(ended) + len(begun):
        raise OutOfOrder  # one of them was deleted
    places = dict(known.places)
    for pk, place, sorts in rows:
        for sort in sorts:
            changed = places.get(sort, array("q"))[:]
            if pk in ended:
                changed.pop(bisect_left(changed, place))
            else:
                insort(changed, place)
            places[sort] = changed
    return KnownCards({sort: found for sort, found in places.items() if found})


def _rows(editions: QuerySet[Edition]) -> Iterator[tuple[int, int, set[CardSort]]]:
    """(id, place, sorts of its cards that have phrases) of each edition."""
    rows = editions.order_by().values_list("pk", "kind", "body__cards")
    for pk, kind, cards in rows.iterator(AT_ONCE):
        sorts = {_sort(card) for card in cards or ()}
        yield pk, _place(kind, pk), {sort for sort in sorts if sort.phrases}


# `known_cards.value(at, version)`: it follows the live editions.
known_cards = Following(tuple(Kind), _known_cards, _without_and_with)

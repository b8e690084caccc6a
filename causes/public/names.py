"""The names of the live conditions and symptoms in the order of the A to Z."""

import unicodedata
from array import array
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from heapq import merge

from django.db.models import QuerySet
from django.db.models.functions import Lower

from causes.models import Edition, EditionName
from causes.public.following import LISTED
from causes.public.ranked import OutOfOrder, SortKey, steps
from causes.public.tagged import AT_ONCE, collated


@dataclass(frozen=True)
class Names:
    """Rows of EditionName by id, and where each letter begins and ends."""

    ids: array
    letters: dict[str, range]

    def __len__(self) -> int:
        return len(self.ids)


def sort_key(name: str) -> str:
    """The name without accents and in lower case."""
    decomposed = unicodedata.normalize("NFKD", name)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _letter(key: str) -> str:
    return key[:1].upper()


def _rows() -> QuerySet:
    return EditionName.objects.order_by()


def names(at: datetime) -> Names:
    """Two passes, so that no process holds all the names at once.

    The database sorts plain names; those with an accent, which it would sort elsewhere, are few.
    """
    live = Edition.objects.live(at).filter(kind__in=LISTED).order_by().values("pk")
    rows = _rows().filter(edition__in=live).values_list("name", "pk")
    every = rows.iterator(chunk_size=AT_ONCE)
    accented = sorted((sort_key(name), pk) for name, pk in every if not name.isascii())
    plain = rows.order_by(collated(Lower("name")), "pk").iterator(chunk_size=AT_ONCE)
    ids, letters = array("q"), {}
    for key, pk in merge(((n.lower(), pk) for n, pk in plain if n.isascii()), accented):
        start = letters.setdefault(_letter(key), range(len(ids), len(ids))).start
        ids.append(pk)
        letters[_letter(key)] = range(start, len(ids))
    return Names(ids, letters)


def without_and_with(names: Names, ended: Collection[int], begun: Collection[int]) -> Names:
    """Those without the names of the editions that ended and with those of the ones that began."""
    rows = _rows().filter(edition__in=[*ended, *begun]).values_list("pk", "edition_id", "name")
    old, new = {}, {}
    carrying = set()
    for pk, edition, name in rows:
        (old if edition in ended else new)[pk] = (sort_key(name), pk)
        carrying.add(edition)
    if len(carrying) < len(ended) + len(begun):  # each has a title at least
        raise OutOfOrder
    ids, letters = names.ids[:], dict(names.letters)
    for place, pk in steps(names.ids, old, new, _sort_keys):
        if pk is None:
            del ids[place]
            letters = _moved(letters, place)
        else:
            ids.insert(place, pk)
            letters = _moved(letters, place, _letter(new[pk][0]))
    return Names(ids, letters)


def _sort_keys(ids: Collection[int]) -> dict[int, SortKey]:
    found = _rows().filter(pk__in=ids).values_list("pk", "name")
    return {pk: (sort_key(name), pk) for pk, name in found}


def _moved(letters: dict[str, range], place: int, letter: str | None = None) -> dict[str, range]:
    """The letters after a name with that first ``letter`` came to the place, or one left it."""
    found = {}
    for other, places in letters.items():
        start, stop = places.start, places.stop
        if letter is None:
            start, stop = start - (start > place), stop - (stop > place)
        elif other == letter:
            start, stop = min(start, place), stop + 1
        else:
            start, stop = start + (start >= place), stop + (stop > place)
        if start < stop:
            found[other] = range(start, stop)
    if letter is not None:
        found.setdefault(letter, range(place, place + 1))
    return dict(sorted(found.items(), key=lambda entry: entry[1].start))

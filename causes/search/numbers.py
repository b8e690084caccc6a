"""Whole numbers by whole numbers, in 16 bytes an entry, where a dict takes over a hundred.

Each process of a server keeps some for all live pages, for as long as it runs.
"""

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

SIGNED_64 = "q"


class Numbers(Mapping[int, int]):
    """A mapping that does not change, in the order of its keys. To find one takes a microsecond.

    All are signed, of 64 bits at most.
    """

    __slots__ = ("_keys", "_values")

    def __init__(self, entries: Iterable[tuple[int, int]] = ()) -> None:
        """``entries`` are (key, value), no key twice."""
        in_order = sorted(entries)
        self._keys = array(SIGNED_64, [key for key, _ in in_order])
        self._values = array(SIGNED_64, [value for _, value in in_order])

    def __getitem__(self, key: int) -> int:
        return self._values[self._place_of(key)]

    def __iter__(self) -> Iterator[int]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)

    def __eq__(self, other: Any) -> bool:
        if isinstance(other, Numbers):
            return self._keys == other._keys and self._values == other._values
        return super().__eq__(other)

    __hash__ = None

    def in_order(self) -> Iterator[tuple[int, int]]:
        """The entries; sooner than one by one."""
        return zip(self._keys, self._values, strict=True)

    def without_and_with(self, gone: Collection[int], new: Mapping[int, int]) -> "Numbers":
        """The same without the keys ``gone`` and then with the entries ``new``.

        Raises KeyError if one is not there.
        """
        if len(gone) + len(new) > len(self):  # to move the others for each would take longer
            left = dict(self.in_order())
            for key in gone:
                del left[key]
            return Numbers((left | new).items())
        changed = object.__new__(Numbers)
        keys, values = changed._keys, changed._values = self._keys[:], self._values[:]
        for key in gone:
            place = changed._place_of(key)
            del keys[place], values[place]
        for key, value in new.items():
            place = bisect_left(keys, key)
            if key in changed:
                values[place] = value
            else:
                keys.insert(place, key)
                values.insert(place, value)
        return changed

    def _place_of(self, key: int) -> int:
        place = bisect_left(self._keys, key)
        if place == len(self._keys) or self._keys[place] != key:
            raise KeyError(key)
        return place

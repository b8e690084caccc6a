"""Sets of small numbers as the bits of one integer.

50,000 pages are 6 kB, and two such sets meet in a microsecond; as sets of Python's they were
twenty times the memory and a thousand times the work.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, compress, count, islice

BLOCK = 64  # octets, looked at together: most of a sparse set is passed over, and many end early
_AS_BITS = bytes.maketrans(b"01", b"\x00\x01")


def bits(numbers: Collection[int]) -> int:
    """The set of these numbers."""
    octets = bytearray(max(numbers, default=0) // 8 + 1)
    for number in numbers:
        octets[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(octets, "little")


def numbers_in(found: int, start: int = 0, stop: int | None = None) -> Iterator[int]:
    """The numbers in the set, in order; only those between two places of that order."""
    octets = _octets(found)
    starts = range(0, len(octets), BLOCK)
    blocks = (int.from_bytes(octets[n : n + BLOCK], "little") for n in starts)
    numbers = (_bits_of(block, n * 8) for block, n in zip(blocks, starts, strict=True) if block)
    return islice(chain.from_iterable(numbers), start, stop)


def _bits_of(block: int, first: int) -> Iterator[int]:
    return compress(count(first), bin(block)[:1:-1].encode().translate(_AS_BITS))


def _octets(numbers: int) -> bytes:
    return numbers.to_bytes(numbers.bit_length() // 8 + 1, "little")


def membership(numbers: int) -> Callable[[int], bool]:
    """Says of many numbers whether they are in the set: without a copy of it for each."""
    octets = _octets(numbers)
    size = len(octets) * 8
    return lambda number: number < size and bool(octets[number >> 3] >> (number & 7) & 1)


def in_all(sets: Iterable[int]) -> int | None:
    """What is in every one of the sets; None if there is none."""
    found = None
    for numbers in sets:
        found = numbers if found is None else found & numbers
    return found


def taken_out(numbers: int, place: int) -> int:
    """The set without that number; those above it are one less."""
    return numbers & ((1 << place) - 1) | numbers >> place + 1 << place


def put_in(numbers: int, place: int, is_in: bool) -> int:
    """The set where a number has come before those from ``place`` on: they are one more."""
    return numbers & ((1 << place) - 1) | int(is_in) << place | numbers >> place << place + 1

"""The mapping of whole numbers is a dict in all that is asked of it."""

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causes.search.numbers import Numbers

SIGNED = st.integers(-(2**63), 2**63 - 1)
ENTRIES = st.dictionaries(st.one_of(st.integers(0, 20), SIGNED), SIGNED)


@given(ENTRIES, SIGNED)
def test_it_holds_what_a_dict_would(entries, other):
    numbers = Numbers(entries.items())
    assert numbers == entries
    assert list(numbers.in_order()) == sorted(entries.items())
    assert list(numbers) == sorted(entries)
    assert len(numbers) == len(entries)
    assert all(numbers[key] == value for key, value in entries.items())
    assert (other in numbers) == (other in entries)
    assert numbers.get(other) == entries.get(other)


@given(ENTRIES, ENTRIES)
def test_two_are_equal_as_dicts_are(one, other):
    assert (Numbers(one.items()) == Numbers(other.items())) == (one == other)
    assert Numbers(one.items()) == Numbers(reversed(one.items()))


@given(ENTRIES, ENTRIES, st.data())
def test_a_changed_one_is_what_a_dict_would_be(entries, new, data):
    """However much changes; the one that it was made of stays as it was."""
    gone = data.draw(st.sets(st.sampled_from(sorted(entries)))) if entries else set()
    before = Numbers(entries.items())
    after = before.without_and_with(gone, new)
    assert after == {k: v for k, v in entries.items() if k not in gone} | new
    assert after == Numbers(after.in_order())
    assert before == entries


@pytest.mark.parametrize("size", [0, 30])
def test_what_is_not_there_cannot_be_taken_out(size):
    numbers = Numbers((n * 2, 0) for n in range(size))
    with pytest.raises(KeyError, match="7777"):
        numbers.without_and_with([7777], {})
    with pytest.raises(KeyError, match="1"):
        numbers[1]


def test_an_entry_takes_sixteen_bytes():
    numbers = Numbers((n, n) for n in range(1000))
    parts = (getattr(numbers, name) for name in Numbers.__slots__)
    assert sum(map(sys.getsizeof, parts)) < 1000 * 16 + 500

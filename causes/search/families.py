"""Names that differ by a number: "Ataxia 2", "Ataxia type 10", "Glycogen storage disease III"."""

import re

from causes.search.words import words

UNTOLD = {"type"}  # "ataxia type 2" is a sibling of "ataxia 3"
_ARABIC = re.compile(r"(\d{1,9})([a-z]?\d{0,4})")
_ROMAN = re.compile(r"(?!x$)(x{0,3})(ix|iv|v?i{0,3})([a-d]?)")  # "X" alone is a chromosome
_ROMAN_ENDS = {"ix": 9, "iv": 4}

# Sorts siblings side by side, in the order of their numbers.
FamilyOrder = tuple[str, list[tuple[int, str]]]


def family_order(name: str) -> FamilyOrder:
    """(the name with "#" for each of its numbers, the numbers): III comes before 4, 2 before 10.

    A number may go on with a letter: "1b", "2b2", "IIIc".
    """
    told = [word for word in words(name) if word not in UNTOLD]
    numbers = [_number(word) for word in told]
    signs = (word if number is None else "#" for word, number in zip(told, numbers, strict=True))
    return " ".join(signs), [number for number in numbers if number is not None]


def name_length(name: str) -> int:
    """In letters, each number as one: siblings are as long as each other."""
    return len(family_order(name)[0])


def _number(word: str) -> tuple[int, str] | None:
    if arabic := _ARABIC.fullmatch(word):
        return int(arabic[1]), arabic[2]
    roman = _ROMAN.fullmatch(word)
    if roman is None or not roman[1] + roman[2]:
        return None
    tens, end, letter = roman.groups()
    return 10 * len(tens) + _ROMAN_ENDS.get(end, 5 * ("v" in end) + end.count("i")), letter

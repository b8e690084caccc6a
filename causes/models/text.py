"""Plain text as it is kept: one spelling of each letter, and nothing that nobody can see.

What is harmless is put right in silence: Unicode's composed form (NFC), other kinds of spaces,
runs of them, line ends. What hides or turns text is refused by name: control characters, marks of
direction, characters without a shape, private ones and halves of a pair.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.utils.text import slugify

WORDS_BEFORE = 3  # and at most …
CHARACTERS_BEFORE = 40  # of what stands before the character that a message names
NOTHING_TO_LOOK_AT = re.compile(r"[\n\r\t -~]*\Z")
ADDRESS = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")

# Between them letters of some scripts, and the parts of an emoji, take another shape.
JOINERS = {"\u200c", "\u200d"}
JOINED = {"Lo", "Mc", "Mn", "So", "Sk"}
EMOJI_STYLE = {"\ufe0e", "\ufe0f"}
# Signs of numbers and verses that stand before what they mark, and are seen (Unicode 23.2).
SEEN_FORMATS = {chr(code) for code in (*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2)}
# Letters and marks by their class that have no shape (Default_Ignorable_Code_Point), a blank one.
NO_SHAPE = {
    *("\u034f", "\u115f", "\u1160", "\u17b4", "\u17b5", "\u2800", "\u3164", "\uffa0"),
    *(chr(code) for code in (*range(0x180B, 0x1810), *range(0xFE00, 0xFE10))),
    *(chr(code) for code in range(0xE0100, 0xE01F0)),
} - EMOJI_STYLE

# Greek and Cyrillic letters that look like a Latin one, and that one.
_FOREIGN = "αενορτυχΑΒΕΖΗΙΚΜΝΟΡΤΥΧаеорсухіјѕԁһԛԝАВЕКМНОРСТУХІЈЅ"
_LATIN = "aevoptuxABEZHIKMNOPTYXaeopcyxijsdhqwABEKMHOPCTYXIJS"
LOOKS_LIKE = str.maketrans(_FOREIGN, _LATIN)
_LOOKING_LIKE = set(_FOREIGN)
_LATIN_LETTER = re.compile(r"[A-Za-z\u00c0-\u024f]")
_WORD = re.compile(r"[^\W\d_]+")


def tidy(text: str, *, lines: bool = False) -> str:
    """``text`` in one spelling; with ``lines`` it keeps its line ends (as "\\n") and its spaces."""
    composed = unicodedata.normalize("NFC", text)
    if not lines:
        return " ".join(composed.split())
    composed = re.sub("\r\n?|[\u2028\u2029\x85]", "\n", composed)
    return re.sub(r"[^\S\n\t ]", " ", composed)


def refuse_unseen(text: str) -> None:
    """Raises ValidationError that names the first character that nobody can see."""
    for place in unseen(text):
        raise ValidationError(
            f"Remove the {named(text[place])}{_where(text, place)}.", code="unseen"
        )


def unseen(text: str) -> Iterator[int]:
    """The places of the characters that nobody can see, in order."""
    if NOTHING_TO_LOOK_AT.match(text):
        return
    for place, character in enumerate(text):
        if not _is_unseen(character):
            continue
        if character in JOINERS and _joins(text, place):
            continue
        if character in EMOJI_STYLE and place and _has_styles(text[place - 1]):
            continue
        yield place


def without_unseen(text: str) -> str:
    """``text`` without the characters that nobody can see."""
    places = set(unseen(text))
    return "".join(c for n, c in enumerate(text) if n not in places) if places else text


def named(character: str) -> str:
    """ "invisible character U+202E (right-to-left override)"."""
    code = f"U+{ord(character):04X}"
    match unicodedata.category(character):
        case "Cc":
            return f"control character {code}"
        case "Cs":
            return f"half of a character {code}"
        case "Co":
            return f"private character {code}, which only some fonts know"
    name = unicodedata.name(character, "").lower()
    return f"invisible character {code}" + (f" ({name})" if name else "")


def refuse_odd_address(slug: str) -> None:
    """One spelling of each address: raises ValidationError that proposes it."""
    if not slug or ADDRESS.match(slug):
        return
    proposed = address_of(slug)
    like = f": “{proposed}”" if proposed else ""
    raise ValidationError(
        f"Write the address in small letters and digits, with single hyphens between them{like}.",
        code="odd_address",
    )


def address_of(words: str) -> str:
    """The last part of an address, made of words; "" where they have no Latin letter or digit."""
    return re.sub(r"[^a-z0-9]+", "-", slugify(words)).strip("-")


def look_alike(text: str) -> str:
    """What the text looks like: two texts with the same one are told apart by no reader."""
    if NOTHING_TO_LOOK_AT.match(text):
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKC", without_unseen(text)).translate(LOOKS_LIKE)
    return " ".join(plain.casefold().split())


def mixed_word(text: str) -> str:
    """The first word of Latin letters among which are others that only look like them; or ""."""
    if text.isascii():
        return ""
    for word in _WORD.findall(text):
        if _LOOKING_LIKE & set(word) and _LATIN_LETTER.search(word):
            return word
    return ""


@lru_cache(maxsize=4096)
def _is_unseen(character: str) -> bool:
    if character in NO_SHAPE or character in EMOJI_STYLE:
        return True
    match unicodedata.category(character):
        case "Cc":
            return character not in "\n\r\t"
        case "Cf":
            return character not in SEEN_FORMATS
        case "Cs" | "Co":
            return True
        case "Cn":  # what this Python does not know yet may be a letter; these will never be
            code = ord(character)
            return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or 0xFFF0 <= code <= 0xFFF8
    return False


def _joins(text: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + 1 : place + 2]
    return (
        not before.isascii()
        and not after.isascii()
        and unicodedata.category(before) in JOINED
        and unicodedata.category(after) in JOINED
    )


def _has_styles(character: str) -> bool:
    """Whether it is a sign with a plain and a colored style."""
    kind = unicodedata.category(character)
    return character in "#*0123456789" or kind in {"So", "Sm", "Po", "Sk"}


def _where(text: str, place: int) -> str:
    words = without_unseen(text[:place]).split()
    shown = " ".join(words[-WORDS_BEFORE:])[-CHARACTERS_BEFORE:]
    return f" after “{shown}”" if shown else " at the beginning"

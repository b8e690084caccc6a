"""Whatever is typed is reduced to words: no engine, no database and no person is harmed by it."""

import random
import time

import pytest
from django.utils import timezone

from causes import search
from causes.models import Kind
from causes.search import fallback
from causes.search.index import KINDS
from causes.search.lay_words import LAY_WORDS, SAME_STEMS, in_pages_words
from causes.search.parameters import KIND_FACTOR
from causes.search.words import STOP_WORDS, plain, stems, words


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("My leg is NUMB", ["my", "leg", "is", "numb"]),
        ("B12 deficiency", ["b12", "deficiency"]),
        ("Guillain-Barré", ["guillain", "barre"]),
        ("can't, Paget’s", ["cant", "pagets"]),
        ('"leg* NEAR(numb) -pain"', ["leg", "near", "numb", "pain"]),
        ("snake_case", ["snake", "case"]),
        ("ﬁbula ＦＵＬＬ", ["fibula", "full"]),
        ("\ud800half", ["half"]),
        ("нога болит", ["нога", "болит"]),
        ("🦵", []),
        ("", []),
    ],
)
def test_text_is_reduced_to_its_words(typed, expected):
    assert words(typed) == expected


def test_endings_make_no_difference():
    assert stems("numbness") == stems("numb")
    assert stems("swelling legs") == stems("swell leg")


def test_what_readers_say_becomes_what_pages_say():
    assert in_pages_words(["i", "cant", "feel", "my", "legs"]) == ["i", "numb", "my", "legs"]
    assert in_pages_words(["legs", "asleep"]) == ["legs", "numb", "tingling", "asleep"]
    assert in_pages_words(["baby", "asleep"]) == ["baby", "asleep"]
    assert in_pages_words([]) == []


def test_the_lists_of_words_are_plain():
    for word in [*STOP_WORDS, *LAY_WORDS]:
        assert plain(word) == word
    for stem, others in SAME_STEMS.items():
        assert stem not in others


def test_every_kind_of_page_has_its_place():
    assert [*KINDS] == [*Kind] == list(KIND_FACTOR)
    assert list(KIND_FACTOR.values()) == sorted(KIND_FACTOR.values(), reverse=True)


HOSTILE = {
    "nothing": "",
    "a NUL byte": "leg\0numb",
    "half a character": "leg \ud800 \udfff",
    "10,000 words": " ".join(f"word{n}" for n in range(10_000)),
    "10,000 times the same": "numb " * 10_000,
    "10,000 unknown words": "qzxw " * 10_000,
    "one endless word": "a" * 100_000,
    "stop words alone": "what is it",
    "operators": '"leg" AND (numb OR NOT pain) NEAR/3 leg^2 ~1 leg* +leg -pain title:leg [a TO b]',
    "engine syntax": "page:[0 TO *] IN [1 2] /le.*/ \\ {!x} 'leg",
    "SQL": "'; DROP TABLE causes_edition; --",
    "markup": "<script>alert(1)</script>",
    "emoji": "🦵🦶 numb 👩🏽‍⚕️",
    "right to left": "\u202egel ‮خدر في الساق",
    "combining marks": "n" + "\u0301" * 5000,
    "letters without case": "脚がしびれる",
    "numbers": "1e309 -1 ２０２６ ½",
    "control characters": "leg\x01\x1b[31m\x7f",
}


@pytest.mark.parametrize("question", HOSTILE.values(), ids=HOSTILE.keys())
def test_any_question_is_answered(make_page, question):
    make_page("a", title="Numb leg")
    at = timezone.now()
    for options in ({}, {"exact": True}, {"tags": [question[:50]]}, {"offset": 10**6}):
        assert search.find(question, at=at, **options).engine
        assert not fallback.find(question, at=at).engine
    search.suggest(question, at=at)
    search.snippet({"lead": "<p>A numb leg.</p>"}, search.find(question, at=at).words)


def test_generated_questions_are_all_answered_and_soon(make_page):
    make_page("a", title="Numb leg", text="It hurts.")
    make_page("b", title="Hepatitis A", names=["infection of the liver"])
    chance, at = random.Random(5), timezone.now()
    known = ["leg", "numb", "hepatitis", "a", "of", "the", "liver", "asleep", "cant", "feel"]
    signs = [*" -'\"*()[]{}:^~/\\%_<>&|!?+.,;\0\n\t", "\u0301", "\u202e", "é", "ß", "İ", "脚", "🦵"]
    search.find("leg", at=at)
    for _ in range(400):
        parts = [
            chance.choice(known) if chance.random() < 0.5 else chance.choice(signs)
            for _ in range(chance.randrange(60))
        ]
        typed = "".join(part + chance.choice(["", " "]) for part in parts)
        start = time.process_time()
        assert search.find(typed, at=at, tags=parts[:2], exact=chance.random() < 0.2).engine
        search.suggest(typed, at=at)
        assert time.process_time() - start < 1, typed

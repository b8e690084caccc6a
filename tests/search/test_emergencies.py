"""Emergency words bring their card: as editors wrote them, misspelt, and in a long message."""

import json

import pytest
from django.conf import settings

from causes.search import emergencies
from causes.search.emergencies import Phrases, content_words, same_word

SHIPPED = {
    (record["fields"]["anchor"], phrase)
    for file in (settings.BASE_DIR / "fixtures").rglob("*.json")
    for record in json.loads(file.read_text("utf-8"))
    if record["model"] == "causes.carecard"
    for phrase in record["fields"].get("phrases", [])
}
CARDS_OF: dict[tuple[str, ...], list[str]] = {}
for card, phrase in sorted(SHIPPED):
    CARDS_OF.setdefault(content_words(phrase), []).append(card)
PHRASES = Phrases(CARDS_OF)
# A name of a condition, a history, a part of the body: nobody is in danger by asking.
HARMLESS = [
    "what is a stroke",
    "stroke history in my family",
    "life after a stroke",
    "numb feet",
    "numb leg",
    "both legs numb",
    "cold feet at night",
    "chest infection",
    "swollen ankles in pregnancy",
    "leg pain when walking",
    "slipped disc",
    "face cream",
    "cannot sleep at night",
    "numb wrist",
    "numb at night when I lie on my side",
    "my leg is cold while I sleep",
    "pins and needles",
    "can my tablets make my legs tingle",
    "how do I hold a baby",
    "I can feel my legs again",
    "can you feel your legs with MS",
    "bladder infection",
    "one leg is shorter than the other",
    "I cannot sleep and all night I feel hot in my face",
    "who can see what I do on this site",
]


def cards(question: str) -> list[str]:
    found = (CARDS_OF[words] for words in PHRASES.in_question(question))
    return list(dict.fromkeys(card for cards in found for card in cards))


# One slip of the typist at a place of a word.
SLIPS = {
    "exchanged": lambda word, n: word[:n] + word[n + 1] + word[n] + word[n + 2 :],
    "left out": lambda word, n: word[:n] + word[n + 1 :],
    "twice": lambda word, n: word[:n] + word[n] + word[n:],
    "another": lambda word, n: word[:n] + "x" + word[n + 1 :],
}


def with_a_slip(phrase: str, slip: str) -> str | None:
    """The phrase with a slip in its longest word that makes no other word of it ("blow").

    None where no word is long enough.
    """
    longest = max(phrase.split(), key=len)
    if len(longest) < emergencies.SHORTEST_MISSPELT:
        return None
    slips = (SLIPS[slip](longest, place) for place in range(1, len(longest) - 1))
    others = {longest, *emergencies.OTHER_WORDS}
    return phrase.replace(longest, next(word for word in slips if word not in others))


def test_the_cards_of_leg_numbness_have_phrases():
    assert {card for card, _ in SHIPPED} == {
        "emergency-brain-and-blood-supply",
        "emergency-spine",
        "urgent",
    }
    assert len(SHIPPED) >= 40


@pytest.mark.parametrize(("card", "phrase"), sorted(SHIPPED))
def test_every_phrase_brings_its_card(card, phrase):
    assert card in cards(phrase)
    assert card in cards(f"Please help!! {phrase.upper()}, since this morning?")
    words = content_words(phrase)
    if not emergencies.NO & set(words):
        assert card in cards(" ".join(reversed(words)))


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize(("card", "phrase"), sorted(SHIPPED))
def test_every_phrase_brings_its_card_with_a_slip(card, phrase, slip):
    if misspelt := with_a_slip(phrase, slip):
        assert misspelt != phrase
        assert card in cards(misspelt), misspelt


@pytest.mark.parametrize("question", HARMLESS)
def test_a_harmless_question_brings_no_card(question):
    assert cards(question) == []


@pytest.mark.parametrize(
    "no",
    ["cannot", "can't", "can’t", "cant", "can not", "Cannot", "couldn't", "could not", "unable to"],
)
def test_every_spelling_of_cannot_is_the_same(no):
    assert cards(f"I {no} feel my face") == ["emergency-brain-and-blood-supply"]
    assert cards(f"i {no} hold my urine") == ["emergency-spine"]


def test_cannot_belongs_to_the_word_after_it():
    assert cards("I cannot really feel my face")
    assert cards("I cannot find out why I feel so hot in the face") == []
    assert cards("I feel that my face cannot be seen") == []


def test_the_words_of_a_phrase_stand_near_each_other():
    far = "I was cold yesterday. " + "Then I went to see my aunt. " * 5 + "My leg is blue."
    assert cards(far) == []
    near = "Then I went to see my aunt. " * 5 + "My left leg is so cold and it looks all blue."
    assert cards(near) == ["emergency-brain-and-blood-supply"]


def test_the_card_that_fits_best_comes_first():
    question = "one side of my body is numb and I cannot pee"
    assert cards(question) == ["emergency-brain-and-blood-supply", "emergency-spine"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("numb", "numbness", True),
        ("slurred", "slurring", True),
        ("swollen", "swolen", True),
        ("urine", "urin", True),
        ("breathing", "breathe", True),
        ("leg", "legs", True),
        ("pain", "pian", True),
        ("feel", "fel", True),
        ("feel", "fell", False),
        ("leg", "lego", False),
        ("lost", "lots", False),
        ("numb", "dumb", False),
        ("waist", "wrist", False),
        ("right", "night", False),
        ("chest", "cheese", False),
    ],
)
def test_words_are_the_same_up_to_their_endings_and_one_slip(one, other, same):
    assert same_word(one, other) is same


@pytest.mark.parametrize(
    "question",
    ["", "?!", "🦵" * 500, "a" * 100_000, "cannot " * 10_000, "\0\ud800 cannot feel", "n" * 9],
    ids=["empty", "signs", "emoji", "letters", "one word", "half a character", "short"],
)
def test_any_text_is_answered(question):
    assert cards(question) == []


def test_the_words_that_readers_ask_with_are_kept_within_bounds(monkeypatch):
    monkeypatch.setattr(emergencies, "MOST_KEPT", 3)
    phrases = Phrases([("green", "toes")])
    for asked in ("my toe is green", "a toe of greens", "y" * 41, "toes greens", "green toe"):
        assert bool(phrases.in_question(asked)) is (asked[0] != "y")
        assert len(phrases._meant) <= 3
    assert not any(len(word) > emergencies.LONGEST_KEPT for word in phrases._meant)

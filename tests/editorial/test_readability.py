"""The reading measure, against texts whose grade can be worked out by hand."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from causes.editorial.readability import (
    Terms,
    _simplify,
    explained_terms,
    grade,
    long_paragraphs,
    long_sentences,
    possible_terms,
    sentences,
    syllables,
    text_blocks,
)


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *[("leg", 1), ("care", 1), ("makes", 1), ("helped", 1), ("whole", 1), ("nerves", 1)],
        *[("table", 2), ("people", 2), ("needed", 2), ("started", 2), ("changes", 2)],
        *[("numbness", 2), ("muscles", 2), ("being", 2), ("safely", 2), ("useful", 2)],
        *[("medicine", 3), ("usually", 4), ("serious", 3), ("circulation", 4), ("doctor", 2)],
        *[("a", 1), ("B12", 1), ("999", 1)],
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count


def test_the_grade_is_kincaids():
    """3 sentences of 5 words, 1 syllable each: 0.39 × 5 + 11.8 × 1 - 15.59."""
    html = "<p>The cat sat on it. The dog ran from it.</p><p>The man left with it.</p>"
    assert grade(html) == pytest.approx(0.39 * 5 + 11.8 - 15.59)


def test_harder_words_and_longer_sentences_have_a_higher_grade():
    plain = "<p>Your leg may feel numb. Call a doctor.</p>"
    hard = "<p>Peripheral sensory abnormalities necessitate immediate consultation.</p>"
    long = "<p>Your leg may feel numb so that you should call a doctor or go and see one now.</p>"
    assert grade(plain) < grade(long) < grade(hard)
    assert grade(hard) > 12


def test_known_and_explained_words_count_as_one_plain_word():
    html = "<p>You may have peripheral neuropathy.</p>"
    assert grade(html, known=["Peripheral neuropathy"]) < grade(html) - 5
    explained = (
        "<p>Nerves outside the brain (peripheral nerves) may hurt. Peripheral nerves heal.</p>"
    )
    assert explained_terms(explained) == {"peripheral nerves"}
    assert grade(explained) < grade(explained.replace("(", "").replace(")", ""))


def test_no_words_have_grade_0():
    assert grade("") == grade("<p> </p>") == 0.0


def test_a_text_falls_into_blocks_and_sentences():
    html = "<p>One  two.\nThree &amp; four!</p><ul><li>five</li><li>six</li></ul>"
    assert text_blocks(html) == ["One two. Three & four!", "five", "six"]
    assert [s for block in text_blocks(html) for s in sentences(block)] == [
        "One two.",
        "Three & four!",
        "five",
        "six",
    ]


def test_numbers_and_brackets_do_not_end_a_sentence():
    assert len(sentences("It takes 2.5 hours (or 3) each day.")) == 1


def test_long_sentences_and_paragraphs_are_found():
    words = "word " * 20
    assert long_sentences(f"<p>{words}.</p>") == []
    assert len(long_sentences(f"<p>{words} more.</p>")) == 1
    assert long_paragraphs("<p>A b. C d. E f.</p>") == []
    assert len(long_paragraphs("<p>A b. C d. E f. G h.</p>")) == 1


PIECES = st.sampled_from(
    [
        *("leg", "legs", "loss", "s", "es", "a", "foot-drop", "9/11", "nerve,", "nerves.", "(GBS)"),
        *("—", "’s", "Guillain–Barré", "Ménière's", "İzmir", "ﬁne", "ÉCOLE"),
    ]
)
WORDS = st.lists(PIECES, min_size=1, max_size=7).map(" ".join)


@given(html=st.lists(WORDS, min_size=1, max_size=4), terms=st.lists(WORDS, max_size=12))
@example(html=["legs numb"], terms=["leg", "Numb "])
@example(html=["the Guillain–Barré syndromes (GBS)."], terms=["guillain–barré syndrome"])
def test_a_term_that_is_found_in_a_text_is_among_its_possible_terms(html, terms):
    html = f"<p>{'</p><p>'.join(html)}</p>"
    known = Terms(terms)
    longest = max(map(len, terms), default=0)
    possible = possible_terms(html, longest)
    standing = Terms([term for term in terms if term.lower().strip() in possible])
    for block in text_blocks(html):
        assert _simplify(block, known, Terms()) == _simplify(block, standing, Terms())


def test_possible_terms_begin_with_a_word_and_are_no_longer_than_asked():
    found = possible_terms("<p>Leg (MS) pains</p>", 4)
    assert found == {"leg", "ms", "m", "ms)", "pains", "pain"}

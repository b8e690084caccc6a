"""Unknown words are corrected, known ones never, and the reader is told."""

import pytest


@pytest.fixture
def pages(make_page):
    make_page("neuropathy", title="Peripheral neuropathy", text="Numbness in both feet.")
    make_page("sciatica", title="Sciatica", text="The sciatic nerve hurts. A sciatic nerve.")
    make_page("sialic", title="Sialic acid storage", names=["sialic storage disease"])
    for n in range(5):
        make_page(f"rash-{n}", title=f"Rash {n}", text="Like the eye of a bulls head.")


@pytest.mark.parametrize(
    ("typed", "corrected"),
    [
        ("numbnes in feet", "numbness in feet"),
        ("perpheral neuropthy", "peripheral neuropathy"),
        ("neuorpathy", "neuropathy"),
        ("periphrl", "peripheral"),
        ("peripheralneuropathy", ""),
        ("scia", "sciatica"),
        ("bullseye", "bulls eye"),
        ("feet numbness", ""),
        ("tummy", ""),
        ("can't feel feet", ""),
        ("xqzw", ""),
        ("b12x", ""),
        ("leh", ""),
    ],
)
def test_an_unknown_word_is_corrected_and_said(pages, found, typed, corrected):
    answer = found(typed)
    assert answer.corrected == corrected
    if corrected:
        assert answer.total


def test_the_neighbouring_words_decide_between_corrections(pages, found):
    assert found("siatic nerve").corrected == "sciatic nerve"
    assert found("siatic acid").corrected == "sialic acid"


def test_spelling_is_left_alone_where_the_reader_insists(pages, found):
    answer = found("numbnes", exact=True)
    assert (answer.corrected, answer.total) == ("", 0)


def test_many_unknown_words_are_not_all_looked_up(pages, found, monkeypatch):
    from causes.search.spelling import Vocabulary

    asked = []
    original = Vocabulary._neighbours
    monkeypatch.setattr(
        Vocabulary, "_neighbours", lambda self, word: asked.append(word) or original(self, word)
    )
    found(" ".join(f"qx{chr(97 + n % 26)}{chr(97 + n // 26)}wz" for n in range(300)))
    assert len(asked) <= 8

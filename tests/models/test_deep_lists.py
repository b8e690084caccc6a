"""Lists within lists: an editor is told where they are too deep, and reading them stays cheap."""

import time

import pytest
from django.core.exceptions import ValidationError

from causes.models.fields import (
    LONGEST_RICH_TEXT,
    MOST_LISTS,
    RichTextField,
    clean_rich_text,
    depth_of_lists,
)


def nested(depth: int, of: str = "ul") -> str:
    return f"<{of}><li><p>x</p>" * depth + f"</li></{of}>" * depth


def test_lists_as_deep_as_allowed_stay_as_they_are():
    assert clean_rich_text(nested(MOST_LISTS)) == nested(MOST_LISTS)
    assert RichTextField().clean(nested(MOST_LISTS), None) == nested(MOST_LISTS)


@pytest.mark.parametrize("of", ["ul", "ol", "UL", "ul class='a'"])
def test_an_editor_is_told_that_lists_are_too_deep(of):
    with pytest.raises(ValidationError, match="more than 10 deep here: make them flatter"):
        RichTextField().clean(f"<{of}><li>x" * (MOST_LISTS + 1), None)


def test_a_deeper_list_that_is_stored_already_keeps_its_words_and_order():
    words = [f"word{number}" for number in range(40)]
    text = "".join(f"<ul><li><p>{word}</p>" for word in words) + "</li></ul>" * len(words)
    cleaned = clean_rich_text(text)
    assert depth_of_lists(cleaned) == MOST_LISTS
    places = [cleaned.index(f"<p>{word}</p>") for word in words]
    assert places == sorted(places)


def test_many_lists_beside_each_other_are_not_deep():
    text = nested(2) * 50
    assert depth_of_lists(text) == 2
    assert clean_rich_text(text) == text


@pytest.mark.parametrize("text", ["</ul>" * 20 + "<p>x</p>", "<ul" * 20, "<ul>" * 20 + "</ul>x"])
def test_tags_without_their_fellows_do_no_harm(text):
    assert "script" not in clean_rich_text(text + "<ul><script>alert(1)</script>")


@pytest.mark.parametrize("unit", ["<ul>", "<ul><li>", "<ol><li><p>x</p>", "<UL x='y'><li>"])
def test_the_longest_and_deepest_text_takes_about_what_a_flat_one_takes(unit):
    """Quadratic reading took forty times as long; here, 15 times leaves room for a busy machine."""
    flat = ("<p>some words</p>" * LONGEST_RICH_TEXT)[:LONGEST_RICH_TEXT]
    deep = (unit * LONGEST_RICH_TEXT)[:LONGEST_RICH_TEXT]
    assert seconds(deep) < 15 * seconds(flat)


def seconds(text: str) -> float:
    began = time.process_time()
    for _ in range(3):
        clean_rich_text(text)
    return time.process_time() - began

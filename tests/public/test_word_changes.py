"""Words that were added and removed, and that nothing else is claimed."""

import random
import time

import pytest

from causes.public.word_changes import (
    ADDED,
    REMOVED,
    SAME,
    Run,
    Text,
    blocks_of_html,
    blocks_of_lines,
    blocks_of_text,
    compare_blocks,
    compare_words,
)


def shown(before: str, after: str) -> str:
    """The two rich texts as one line: [-removed-], {+added+}."""
    marks = {SAME: "{}", ADDED: "{{+{}+}}", REMOVED: "[-{}-]"}
    blocks = compare_blocks(blocks_of_html(before), blocks_of_html(after))
    lines = ("".join(marks[r.mark].format(r.text.strip()) for r in b.runs) for b in blocks)
    return " | ".join(lines)


def side(blocks, left_out: str) -> list[tuple[str, str]]:
    """What the comparison says that one of the texts was."""
    found = []
    for block in blocks:
        if block.change != left_out:
            words = "".join(run.text for run in block.runs if run.mark != left_out)
            kind = block.was if left_out == ADDED and block.was else block.kind
            found.append((kind, words.strip()))
    return found


WORDS = ["call", "112", "now", "a", "leg", "numb", "1.5", "15", "mg", "(rare)", "don't", "“x”", "."]


def random_text(chance: random.Random) -> list[Text]:
    kinds = ["paragraph", "heading", "bullet point", "numbered point"]
    return [
        Text(chance.choice(kinds), " ".join(chance.choices(WORDS, k=chance.randint(1, 9))))
        for _ in range(chance.randint(0, 6))
    ]


@pytest.mark.parametrize("seed", range(300))
def test_what_is_shown_as_old_and_new_is_exactly_the_old_and_the_new_text(seed):
    chance = random.Random(seed)
    old, new = random_text(chance), random_text(chance)
    if seed % 2:  # an edited text
        new = [Text(t.kind, t.words.replace("leg", "foot")) for t in old if chance.random() > 0.2]
    blocks = compare_blocks(old, new)
    assert side(blocks, ADDED) == [(text.kind, text.words) for text in old]
    assert side(blocks, REMOVED) == [(text.kind, text.words) for text in new]
    assert all(run.text for block in blocks for run in block.runs)


def test_only_the_word_that_changed_is_marked():
    assert compare_words("Call your doctor today.", "Call your nurse today.") == (
        Run(SAME, " Call your"),
        Run(REMOVED, " doctor"),
        Run(ADDED, " nurse"),
        Run(SAME, " today."),
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [("Take 1.5 mg.", "Take 15 mg."), ("At most 1,000 a day.", "At most 100 a day.")],
)
def test_a_number_is_never_taken_apart(before, after):
    runs = compare_words(before, after)
    assert [run.text.strip() for run in runs if run.mark != SAME] == [
        before.split()[-2 if "mg" in before else 2],
        after.split()[-2 if "mg" in after else 2],
    ]


def test_a_single_word_between_two_changes_is_no_island():
    runs = compare_words(
        "You may feel cold or very numb there today", "You may be hot or weak there today"
    )
    assert [run.mark for run in runs] == [SAME, REMOVED, ADDED, SAME]


def test_two_lines_with_little_in_common_are_shown_whole():
    runs = compare_words("One thing about the leg.", "Quite another matter altogether.")
    assert [run.mark for run in runs] == [REMOVED, ADDED]


def test_the_sign_for_the_emergency_number_is_one_word():
    [_, removed, added, _] = compare_words("Call 112 now.", "Call {emergency number} now.")
    assert (removed.text, added.text) == (" 112", " {emergency number}")


def test_a_paragraph_that_was_added_leaves_the_others_alone():
    assert shown("<p>One.</p><p>Two.</p>", "<p>One.</p><p>New.</p><p>Two.</p>") == (
        "One. | {+New.+} | Two."
    )


def test_an_edited_paragraph_beside_a_new_one_is_compared_word_by_word():
    before = "<p>Rest the leg for a day.</p><p>Last.</p>"
    after = "<p>This is new here.</p><p>Rest the leg for a week.</p><p>Last.</p>"
    assert (
        shown(before, after) == "{+This is new here.+} | Rest the leg for a[-day-]{+week+}. | Last."
    )


def test_a_list_that_becomes_numbered_says_so():
    [block] = compare_blocks(
        blocks_of_html("<ul><li><p>Rest</p></li></ul>"),
        blocks_of_html("<ol><li><p>Rest</p></li></ol>"),
    )
    assert (block.was, block.kind, block.change) == ("bullet point", "numbered point", "changed")
    assert block.runs == (Run(SAME, " Rest"),)


def test_items_of_inner_lists_and_paragraphs_behind_a_list_keep_their_kind():
    html = "<ol><li><p>One</p><ul><li><p>in</p></li></ul></li><li><p>Two</p></li></ol><p>End</p>"
    assert [(text.kind, text.words) for text in blocks_of_html(html)] == [
        ("numbered point", "One"),
        ("bullet point", "in"),
        ("numbered point", "Two"),
        ("paragraph", "End"),
    ]


def test_a_link_that_leads_elsewhere_shows_where_to():
    before = '<p>See <a href="page:sciatica">this page</a>, please.</p>'
    after = '<p>See <a href="https://nhs.uk/a b">this page</a>, please.</p>'
    assert shown(before, after) == (
        "See this page[-(link to the page “sciatica”)-]{+(link to https://nhs.uk/a b)+}, please."
    )


def test_a_link_that_was_added_is_one_change():
    after = '<p>See <a href="page:sciatica">this page</a> now.</p>'
    assert shown("<p>See this page now.</p>", after) == (
        "See this page{+(link to the page “sciatica”)+}now."
    )


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<",
        "<p",
        "<a>x</a></ul></li></h3></a>",
        "<li>x",
        "<p>a<p>b<h3>c<li>d</ol>e",
        "\u2060a\u2060",
    ],
)
def test_broken_markup_loses_no_word_and_raises_nothing(html):
    words = "".join(text.words for text in blocks_of_html(html))
    for letter in "xabcde":
        assert (letter in html.replace("<a>", "").replace("</a>", "")) == (letter in words)


def test_plain_texts_and_lists_are_read_line_by_line():
    assert [text.words for text in blocks_of_text("One\n\n two  three\n")] == ["One", "two three"]
    assert [text.kind for text in blocks_of_lines(["a", "b"])] == ["bullet point"] * 2


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 25_000, "b a " * 12_000),
        ("<p>a</p>" * 6_000, "<p>b</p><p>a</p>" * 3_000),
        ("<p>a b</p>" * 5_000, "<p>a c</p>" * 5_000),
        (" ".join(map(str, range(9_000))), " ".join(map(str, range(9_000, 0, -1)))),
    ],
    ids=["words", "blocks", "pairs", "numbers"],
)
def test_the_longest_texts_are_compared_in_a_bearable_time(before, after):
    started = time.process_time()
    blocks = compare_blocks(blocks_of_html(before), blocks_of_html(after))
    assert time.process_time() - started < 20
    assert side(blocks, ADDED) == [(text.kind, text.words) for text in blocks_of_html(before)]

"""The shipped texts keep the house rules of writing; and the checker finds a text that does not."""

import json
import textwrap

import pytest

from causes.editorial import readability
from tests import fixture_texts

HIGHEST_GRADE = 8
AIM = 6
LONG_SENTENCE = "You may see that " + "and ".join(["your leg is numb "] * 8) + "."
HARD_TEXT = (
    "<p>Neurophysiological investigation characteristically demonstrates demyelination. "
    "Electromyographic abnormalities necessitate multidisciplinary rehabilitation.</p>"
)


def section(**fields) -> dict:
    """A good section of the page on sciatica, with these fields put in."""
    good = {
        "page": ["sciatica"],
        "anchor": "x",
        "heading": "What it is",
        "body": "<p>Your leg may hurt.</p>",
        "citations": [["nhs-sciatica"]],
    }
    return {"model": "causes.section", "fields": good | fields}


def page(**fields) -> dict:
    good = {"key": "sciatica", "kind": "condition", "title": "Sciatica", "summary": "A sore leg."}
    return {"model": "causes.page", "fields": good | fields}


def row(model: str, **fields) -> dict:
    return {"model": f"causes.{model}", "fields": {"page": ["sciatica"], "anchor": "x"} | fields}


def test_no_shipped_text_breaks_a_rule():
    assert fixture_texts.problems(fixture_texts.all_fixture_files()) == []


def test_every_page_is_easy_to_read(capsys):
    grades = fixture_texts.page_grades(fixture_texts.all_fixture_files())
    hardest_first = sorted(grades.items(), key=lambda item: -item[1])
    listed = ", ".join(f"{key} {grade:.1f}" for key, grade in hardest_first)
    with capsys.disabled():
        print(f"\nReading grades (aim {AIM}, limit {HIGHEST_GRADE}):")
        print(textwrap.fill(listed, 100, break_on_hyphens=False))
    assert len(grades) >= 46
    assert {key: grade for key, grade in grades.items() if not 0 < grade <= HIGHEST_GRADE} == {}


# --- The checker itself ------------------------------------------------------------------


@pytest.fixture
def problems(tmp_path, monkeypatch):
    """The problems of one record, as if it were a fixture file of the shipped ones."""

    def check(record: dict) -> list[str]:
        path = tmp_path / "one.json"
        path.write_text(json.dumps([record]), "utf-8")
        return fixture_texts.problems([path])

    shipped = fixture_texts.all_fixture_files()
    monkeypatch.setattr(fixture_texts, "all_fixture_files", lambda: shipped)
    monkeypatch.setattr(fixture_texts, "FIXTURES", tmp_path)
    return check


@pytest.mark.parametrize("record", [section(), page(), row("alternatename", name="x")])
def test_a_good_text_has_no_problem(problems, record):
    assert problems(record) == []


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (section(body=f"<p>{LONG_SENTENCE}</p>"), "more than 20 words"),
        (section(body="<p>" + "Your leg is numb. " * 4 + "</p>"), "more than 3 sentences"),
        (section(body=HARD_TEXT), "reading grade"),
        (row("carecard", items=["comprehensive multidisciplinary rehabilitation"]), "grade"),
        (section(citations=[]), "no source whose text was checked"),
        (section(citations=[["no-such-source"]]), "unknown source no-such-source"),
        (section(citations=[["mayo-numbness"]]), "no source whose text was checked"),
        (section(heading="What is it?"), "headings are not questions"),
        (section(body="Bare words."), "wrap the text in <p>"),
        (section(body="<p><b>Bold.</b></p>"), "<b> is not allowed"),
        (section(body="<p>You don't feel it.</p>"), "write the word in full"),
        (section(body="<p>Don't move it.</p>"), "write the word in full"),
        (section(body="<p>It’s numb.</p>"), "write the word in full"),
        (section(body="<p>Some nerves, e.g. this one.</p>"), "no eg, ie or etc"),
        (section(body="<p>It lasts 3-5 days.</p>"), "write ranges with 'to'"),
        (section(body="<p>It is numb — very.</p>"), "no dashes"),
        (section(body="<p>A nerve disorder.</p>"), "write condition"),
        (section(body="<p>A drug may help.</p>"), "write medicine"),
        (section(body="<p>You suffer from it.</p>"), "stigmatizing"),
        (section(body="<p>A tumour.</p>"), "American spelling"),
        (section(body="<p>Seen on 2024-03-09.</p>"), "dates in full"),
        (section(body='<p>Look <a href="page:stroke">here</a>.</p>'), "where the link goes"),
        (page(title="T" * 66), "more than 65 characters"),
        (page(summary="Your leg is numb. " * 10), "at most 160"),
        (page() | {"pk": 1}, "natural keys only"),
        (
            {
                "model": "causes.taggedpage",
                "fields": {"content_object": ["sciatica"], "tag": ["urgent"]},
            },
            "unknown tag urgent",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_text_that_breaks_a_rule_is_found(problems, record, said):
    found = problems(record)
    assert any(said in problem for problem in found), found


def test_a_problem_names_the_file_the_page_and_the_field(problems):
    [problem] = problems(section(heading="What is it?"))
    assert problem.startswith("one.json: causes.section sciatica x: heading: ")


# --- The measure -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "number"),
    [
        *{"leg": 1, "nerve": 1, "numb": 1, "tingle": 2, "doctor": 2, "stopped": 1}.items(),
        *{"needed": 2, "surgery": 3, "emergency": 4, "spreads": 1, "muscle": 2, "B12": 1}.items(),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word, number):
    assert readability.syllables(word) == number


def test_the_grade_is_kincaids():
    """Two sentences, ten words, ten syllables."""
    html = "<p>Your leg may go numb. It may hurt you here.</p>"
    expected = 0.39 * 10 / 2 + 11.8 * 10 / 10 - 15.59
    assert readability.grade(html) == pytest.approx(expected)


def test_a_hard_text_has_a_higher_grade_than_a_plain_one():
    assert readability.grade(HARD_TEXT) > 15 > 4 > readability.grade("<p>Your leg may hurt.</p>")
    assert readability.grade("") == 0


def test_a_known_term_and_one_that_the_text_explains_count_as_plain_words():
    html = "<p>You may have meralgia paresthetica.</p>"
    assert readability.grade(html, {"meralgia paresthetica"}) < readability.grade(html)
    explained = "<p>The nerves act (paresthesia). Paresthesia passes.</p>"
    assert readability.grade(explained) < readability.grade(explained.replace("(paresthesia)", ""))


def test_list_items_and_paragraphs_are_sentences_of_their_own():
    items = "<ul>" + "<li>your leg is numb</li>" * 10 + "</ul>"
    assert readability.long_sentences(items) == []
    assert len(readability.long_sentences("<p>" + "your leg is numb " * 10 + "</p>")) == 1

"""The passage that a hit shows."""

from causes.search.snippets import LONGEST_SNIPPET, snippet

BODY = {
    "lead": "<p>Sciatica is leg pain from a nerve.</p>",
    "cards": [{"anchor": "emergency", "heading": "", "items": ["you cannot move your leg"]}],
    "sections": [
        {
            "anchor": "causes",
            "heading": "Causes",
            "body": "<p>Many. A <a href='page:disc'>slipped disc</a> presses on it. Rest.</p>",
        },
        {"anchor": "care", "heading": "Self-care", "body": "<ul><li>Keep moving</li></ul>"},
    ],
}


def marked(found):
    return [found.text[start:end] for start, end in found.marks]


def test_the_sentence_with_most_of_the_words_and_where_it_stands():
    found = snippet(BODY, ["discs", "press"])
    assert found.text == "A slipped disc presses on it."
    assert marked(found) == ["disc", "presses"]
    assert (found.anchor, found.heading) == ("causes", "Causes")


def test_the_first_sentence_with_all_of_the_words_is_taken():
    body = {
        "lead": "<p>A leg may tire. A leg may go numb. It passes.</p>",
        "sections": [
            {"anchor": "a", "heading": "Numb leg", "body": "<p>A numb leg and tingling.</p>"}
        ],
    }
    assert snippet(body, ["numb", "leg"]).text == "A leg may go numb."
    assert snippet(body, ["leg", "tingling"]).text == "A numb leg and tingling."


def test_accents_and_case_do_not_hide_a_word():
    found = snippet({"lead": "<p>Dry mouth. SJÖGREN’s syndrome dries it.</p>"}, ["sjogren"])
    assert marked(found) == ["SJÖGREN"]


def test_the_lead_is_the_start_of_the_page():
    assert snippet(BODY, ["nerve"]).anchor == ""


def test_a_care_card_has_its_own_anchor():
    found = snippet(BODY, ["move", "leg"])
    assert (found.anchor, marked(found)) == ("card-emergency", ["move", "leg"])


def test_other_words_for_the_same_are_marked_but_weigh_less():
    found = snippet(BODY, ["herniated"])
    assert marked(found) == ["slipped"]


def test_nothing_without_a_word_of_the_question():
    assert snippet(BODY, ["kidney"]) is None
    assert snippet(BODY, []) is None
    assert snippet({}, ["leg"]) is None


def test_a_long_sentence_is_cut_around_the_first_word():
    text = "word " * 200 + "needle " + "word " * 200
    found = snippet({"lead": f"<p>{text}</p>"}, ["needle"])
    assert len(found.text) <= LONGEST_SNIPPET + 4
    assert found.text.startswith("… ")
    assert found.text.endswith(" …")
    assert marked(found) == ["needle"]


def test_text_is_given_as_text():
    found = snippet({"lead": "<p>1 &lt; 2 &amp; a <a href='x'>leg</a></p>"}, ["leg"])
    assert found.text == "1 < 2 & a leg"

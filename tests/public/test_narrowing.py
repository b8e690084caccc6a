"""Narrowing by tags: the rule itself, and what it makes of a symptom's page."""

import pytest

from causes.public.narrowing import LinkedPage, Narrowed, TagLabel, narrow
from tests.public.seen import add_card, links, page_at, words, words_of

ONE_LEG = TagLabel("one-leg", "One leg", "where", 1)
BOTH_LEGS = TagLabel("both-legs", "Both legs", "where", 2)
SUDDEN = TagLabel("sudden", "Sudden", "onset", 1)
GRADUAL = TagLabel("gradual", "Gradual", "onset", 2)
NERVES = TagLabel("nerves", "Nerves", "system", 1)
PATTERNS = {
    "stroke": {ONE_LEG, SUDDEN},
    "sciatica": {ONE_LEG, GRADUAL, NERVES},
    "diabetes": {BOTH_LEGS, GRADUAL, NERVES},
    "cord": {ONE_LEG, BOTH_LEGS, SUDDEN, NERVES},
    "unknown": set(),
}
PAGES = [
    LinkedPage(key, "condition", f"/conditions/{key}/", key.title(), tags=frozenset(tags))
    for key, tags in PATTERNS.items()
]


def narrowed(*chosen: str, **options) -> Narrowed:
    return narrow(PAGES, chosen, path="/symptoms/leg/", **options)


def counts(result: Narrowed) -> dict[str, int]:
    return {option.tag.slug: option.count for facet in result.facets for option in facet.options}


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ((), {"stroke", "sciatica", "diabetes", "cord", "unknown"}),
        (("one-leg",), {"stroke", "sciatica", "cord"}),
        (("one-leg", "both-legs"), {"stroke", "sciatica", "diabetes", "cord"}),
        (("one-leg", "sudden"), {"stroke", "cord"}),
        (("one-leg", "both-legs", "gradual"), {"sciatica", "diabetes"}),
        (("one-leg", "sudden", "nerves"), {"cord"}),
        (("one-leg", "no-such-tag"), {"stroke", "sciatica", "cord"}),
        (("no-such-tag",), {"stroke", "sciatica", "diabetes", "cord", "unknown"}),
    ],
)
def test_tags_are_or_within_a_facet_and_and_across_facets(chosen, left):
    assert narrowed(*chosen).keys == left
    assert narrowed(*reversed(chosen), *chosen).keys == left


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ((), ""),
        (("one-leg",), "one leg"),
        (("sudden", "one-leg"), "one leg, sudden"),
        (("both-legs", "one-leg", "gradual"), "one leg or both legs, gradual"),
        (("nerves", "one-leg"), "one leg, nerves"),
        (("no-such-tag",), ""),
    ],
)
def test_what_was_chosen_is_said_in_words(chosen, sentence):
    assert narrowed(*chosen).in_words == sentence


def test_a_name_in_capitals_keeps_them_in_a_sentence():
    pages = [
        LinkedPage("a", "condition", "/a/", "A", tags=frozenset({TagLabel("ms", "MS", "with")}))
    ]
    assert narrow(pages, ["ms"], path="/").in_words == "MS"


def test_what_readers_notice_is_asked_first():
    result = narrowed()
    assert [facet.question for facet in result.questions] == ["Where is it?", "How did it start?"]
    assert [facet.name for facet in result.more_questions] == ["system"]
    assert not result.more_is_answered
    assert not narrowed("one-leg").more_is_answered
    assert narrowed("nerves").more_is_answered


def test_the_other_questions_are_asked_at_once_where_there_are_no_first_ones():
    result = narrowed(hidden={"one-leg", "both-legs", "sudden", "gradual"})
    assert [facet.name for facet in result.questions] == ["system"]
    assert result.more_questions == ()


def test_the_pages_keep_their_order():
    assert [page.key for page in narrowed("one-leg").pages] == ["stroke", "sciatica", "cord"]


def test_a_count_says_how_many_pages_the_tag_would_leave_in_place_of_its_facets_choice():
    assert counts(narrowed()) == {
        **{"one-leg": 3, "both-legs": 2},
        **{"sudden": 2, "gradual": 2},
        "nerves": 3,
    }
    assert counts(narrowed("sudden")) == {
        **{"one-leg": 2, "both-legs": 1},
        **{"sudden": 2, "gradual": 2},
        "nerves": 1,
    }


def test_each_count_is_what_a_reader_then_finds():
    for option in (o for f in narrowed("nerves").facets for o in f.options if not o.chosen):
        assert len(narrowed("nerves", option.tag.slug).pages) == option.count


def test_a_tag_that_would_leave_nothing_is_not_offered():
    pages = [page for page in PAGES if page.key in {"stroke", "diabetes"}]
    result = narrow(pages, ["sudden"], path="/")
    assert counts(result) == {"one-leg": 1, "sudden": 1, "gradual": 1}


def test_a_chosen_tag_stays_on_offer_even_where_nothing_is_left():
    pages = [page for page in PAGES if page.key in {"stroke", "diabetes"}]
    result = narrow(pages, ["sudden", "nerves"], path="/")
    assert result.pages == ()
    assert [option.tag.slug for option in result.chosen] == ["sudden", "nerves"]
    assert {"nerves", "sudden"} <= counts(result).keys()


def test_facets_and_tags_stand_in_their_order_and_empty_facets_are_left_out():
    result = narrowed()
    assert [facet.question for facet in result.facets] == [
        "Where is it?",
        "How did it start?",
        "Which part of the body is behind it?",
    ]
    assert list(counts(result)) == ["one-leg", "both-legs", "sudden", "gradual", "nerves"]


def test_each_link_adds_its_tag_or_takes_it_away_and_keeps_the_question():
    result = narrowed("one-leg", query=[("q", "num b&")])
    hrefs = {option.tag.slug: option.href for facet in result.facets for option in facet.options}
    assert hrefs["one-leg"] == "/symptoms/leg/?q=num+b%26"
    assert hrefs["both-legs"] == "/symptoms/leg/?q=num+b%26&tag=both-legs&tag=one-leg"
    assert result.clear_href == "/symptoms/leg/?q=num+b%26"
    assert narrowed("one-leg").clear_href == "/symptoms/leg/"


def test_what_no_page_carries_never_comes_back_in_a_link():
    result = narrowed("one-leg", "junk")
    hrefs = [option.href for facet in result.facets for option in facet.options]
    assert not [href for href in [*hrefs, result.clear_href] if "junk" in href]
    assert [option.tag.slug for option in result.chosen] == ["one-leg"]


def test_a_hidden_tag_is_neither_offered_nor_chosen():
    result = narrowed("one-leg", "sudden", hidden={"one-leg"})
    assert "one-leg" not in counts(result)
    assert result.keys == {"stroke", "cord"}
    assert [option.tag.slug for option in result.chosen] == ["sudden"]


# --- On the page -------------------------------------------------------------------------


def listed(document) -> list[str]:
    """The conditions in the list of causes, group by group."""
    return words_of(document, ".group .page-list > li > a")


def test_a_symptom_page_lists_every_cause_in_each_of_its_groups(client, small_site):
    document = page_at(client, "/symptoms/leg-numbness/")
    assert listed(document) == ["Sciatica", "Herniated disc", "Blood clot", "Herniated disc"]
    assert words_of(document, ".group h3") == ["Trapped nerves", "Poor circulation"]


def test_choosing_tags_shortens_the_list_and_drops_empty_groups(client, small_site):
    document = page_at(client, "/symptoms/leg-numbness/?tag=sudden&tag=one-leg")
    assert listed(document) == ["Blood clot"]
    assert words_of(document, ".group h3") == ["Poor circulation"]
    assert "1 of 3 causes" in words(document.query_one("main"))


def test_the_offered_links_lead_to_what_they_count(client, small_site):
    document = page_at(client, "/symptoms/leg-numbness/?tag=one-leg")
    offered = {
        href: text
        for href, text in links(document).items()
        if href.startswith("/symptoms/leg-numbness/?") and text.endswith("1 cause")
    }
    assert {text for text in offered.values()} == {"Both legs 1 cause", "Sudden 1 cause"}
    both = next(href for href, text in offered.items() if text == "Both legs 1 cause")
    assert set(listed(page_at(client, both))) == {"Sciatica", "Herniated disc", "Blood clot"}
    sudden = next(href for href, text in offered.items() if text == "Sudden 1 cause")
    assert set(listed(page_at(client, sudden))) == {"Blood clot"}


@pytest.mark.parametrize("query", ["", "?tag=sudden", "?tag=both-legs&tag=sudden", "?tag=junk"])
def test_emergency_cards_and_the_warning_stay_whatever_is_chosen(
    client, small_site, published, query
):
    add_card(small_site.symptom, "emergency", "your leg is cold and pale", anchor="cold")
    published(small_site.symptom)
    document = page_at(client, f"/symptoms/leg-numbness/{query}")
    cards = words_of(document, ".card-emergency li")
    assert cards == ["you cannot move your leg", "your leg is cold and pale"]
    assert "This is not a diagnosis" in words(document.query_one("main"))


def test_one_sentence_says_what_is_shown(client, small_site):
    document = page_at(client, "/symptoms/leg-numbness/?tag=both-legs&tag=one-leg")
    assert words_of(document, ".shown") == ["3 of 3 causes: one leg or both legs."]
    document = page_at(client, "/tags/one-leg/?tag=sudden")
    assert words_of(document, ".shown") == ["1 of 3 conditions: sudden."]
    assert not page_at(client, "/symptoms/leg-numbness/").query(".shown")


def test_more_questions_wait_in_a_details_element_that_opens_for_a_chosen_tag(
    client, small_site, make_tag, published
):
    small_site.clot.tags.add(make_tag("blood-vessels", facet="system"))
    published(small_site.clot)
    [closed] = page_at(client, "/symptoms/leg-numbness/").query("main details")
    assert words_of(closed, "summary, h3, li") == [
        *("More questions", "Which part of the body is behind it?", "Blood vessels 1 cause")
    ]
    assert "open" not in closed.attrs
    [opened] = page_at(client, "/symptoms/leg-numbness/?tag=blood-vessels").query("main details")
    assert "open" in opened.attrs
    assert words_of(opened, "[aria-current=true]") == ["Blood vessels, chosen, press to remove"]


def test_what_can_be_removed_stands_in_the_order_of_the_sentence():
    result = narrow(PAGES, ["nerves", "one-leg", "sudden"], path="/")
    in_sentence = ["one leg", "sudden", "nerves"]
    assert result.in_words == ", ".join(in_sentence)
    assert [option.tag.name.lower() for option in result.chosen] == in_sentence


def test_a_symptom_without_causes_says_so(client, make_symptom, published):
    published(make_symptom("dizziness", title="Dizziness", in_sentence="dizziness"))
    document = page_at(client, "/symptoms/dizziness/")
    assert "There is no page about its causes yet." in words(document.query_one("main"))
    assert not document.query(".contents .parts")


def test_a_pattern_that_fits_nothing_says_so_and_offers_the_way_back(client, small_site):
    document = page_at(client, "/symptoms/leg-numbness/?tag=both-legs&tag=sudden")
    assert listed(document) == []
    assert "None of the causes has all of these tags" in words(document.query_one("main"))
    assert "/symptoms/leg-numbness/#causes" in links(document)


def test_a_visitors_junk_never_stands_in_a_link_of_the_page(client, small_site):
    address = "/symptoms/leg-numbness/?tag=one-leg&tag=junkjunk&utm_source=junkjunk&page=7"
    document = page_at(client, address)
    assert "One leg" in words_of(document, ".chips a")[0]
    assert "junkjunk" not in document.to_html()


def test_an_alias_of_a_tag_leads_to_the_same_list_by_the_tag_itself(client, small_site):
    small_site.one_leg.aliases.create(name="Single leg", slug="single-leg")
    response = client.get("/symptoms/leg-numbness/?tag=sudden&tag=single-leg")
    assert response.status_code == 301
    assert response["Location"] == "/symptoms/leg-numbness/?tag=one-leg&tag=sudden"


def test_an_alias_beside_a_tags_own_page_leads_to_the_tag_itself(client, small_site):
    small_site.both_legs.aliases.create(name="Legs", slug="legs")
    response = client.get("/tags/one-leg/?tag=legs&tag=sudden&tag=junk")
    assert response.status_code == 301
    assert response["Location"] == "/tags/one-leg/?tag=both-legs&tag=sudden"
    assert client.get("/tags/one-leg/?tag=junk").status_code == 200

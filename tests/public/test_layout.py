"""How pages are laid out: "On this page", direction, numbers to call, what only paper shows."""

import pytest

from causes.models import SourceStatement
from causes.templatetags.reading import direction, telephone
from tests.public.seen import links, page_at, section_under, words, words_of

SYMPTOM = "/symptoms/leg-numbness/"
GROUP = "/symptoms/leg-numbness/trapped/"
EDITIONS = [SYMPTOM, GROUP, "/conditions/disc/", "/about/privacy/"]


@pytest.mark.parametrize("address", EDITIONS)
def test_on_this_page_names_parts_by_their_headings_in_their_order(
    client, small_site, published, address
):
    SourceStatement.objects.create(
        page=small_site.symptom, anchor="s01", text="Original.", change="Changed."
    )
    published(small_site.symptom)
    document = page_at(client, address)
    [contents] = document.query("nav.contents")
    listed = links(contents, ".contents > ol > li > a")
    headings = {f"#{node.attrs['id']}": words(node) for node in document.query(".beside h2[id]")}
    assert listed
    assert list(listed.items()) == [
        (anchor, text) for anchor, text in headings.items() if anchor in listed
    ]
    for section in document.query(".beside > .flow > section > h2"):
        text = words(section)
        assert text in {*listed.values(), "Related pages", "Tags", "Report a mistake on this page"}


def test_on_this_page_of_a_symptom_leads_to_each_group_of_causes(client, small_site):
    [contents] = page_at(client, SYMPTOM).query("nav.contents")
    assert links(contents, ".parts a") == {
        "#group-trapped": "Trapped nerves",
        "#group-flow": "Poor circulation",
    }
    [narrowed] = page_at(client, f"{SYMPTOM}?tag=sudden").query("nav.contents")
    assert links(narrowed, ".parts a") == {"#group-flow": "Poor circulation"}


def test_on_this_page_stands_after_the_emergency_card(client, small_site):
    main = page_at(client, "/conditions/disc/").query_one("main").to_html()
    assert main.index("card-emergency") < main.index("On this page") < main.index("What it is")


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en-us", "ltr"), ("de", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("fa-ir", "rtl")],
)
def test_a_language_is_written_in_its_direction(language, expected):
    assert direction(language) == expected


def test_a_page_in_arabic_runs_from_right_to_left_on_any_site(client, make_condition, published):
    published(make_condition("shingles", language="ar"))
    html = page_at(client, "/conditions/shingles/").query_one("html")
    assert (html.attrs["lang"], html.attrs["dir"]) == ("ar", "rtl")
    assert page_at(client, "/").query_one("html").attrs["dir"] == "ltr"


@pytest.mark.parametrize(
    ("number", "address"),
    [
        ("112", "tel:112"),
        ("+1 800-555 0100", "tel:+1-800-555-0100"),
        ("999 or 112", ""),
        ("your local emergency number (911, 112, 999 or 000)", ""),
        ("112;phone-context=x", ""),
        ("", ""),
    ],
)
def test_a_number_can_be_called_and_words_cannot(number, address):
    assert telephone(number) == address


def test_the_emergency_number_can_be_called_from_the_card_and_from_the_line(
    client, settings, small_site
):
    settings.EMERGENCY_NUMBER = "112"
    document = page_at(client, "/conditions/disc/")
    assert links(document, ".card-emergency h2 a") == {"tel:112": "112"}
    assert links(document, ".emergency-line a") == {"tel:112": "112"}
    settings.EMERGENCY_NUMBER = ""
    assert not page_at(client, "/conditions/disc/").query("[href^='tel:']")


@pytest.mark.parametrize("address", EDITIONS)
def test_on_paper_a_page_names_its_own_address_beside_its_edition(client, small_site, address):
    document = page_at(client, address)
    assert words_of(document, ".status .print-only") == [
        f"Read the newest edition at http://127.0.0.1:8000{address}"
    ]
    assert not document.query("main .screen-only h1, .screen-only .card, .screen-only .rows")


def test_home_offers_what_readers_notice_as_tags_under_its_question(client, small_site, make_tag):
    small_site.disc.tags.add(make_tag("kidneys", facet="linked-to"))
    document = page_at(client, "/")
    assert links(section_under(document, "Start from what you notice")) == {
        "/tags/one-leg/": "One leg",
        "/tags/both-legs/": "Both legs",
        "/tags/sudden/": "Sudden",
    }


def test_every_letter_of_the_a_to_z_leads_back_to_the_letters(client, small_site):
    document = page_at(client, "/conditions/")
    assert words_of(document, ".letter h2") == ["B", "H", "L", "S"]
    assert [link.attrs["href"] for link in document.query(".letter > p a")] == ["#letters"] * 3

"""The search box suggests names while a reader types, for every way of using it, or stays plain."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import axe

pytestmark = pytest.mark.browser

PLACES = {
    "head": "/conditions/",
    "home": "/",
    "search": "/search/",
    "not-found": "/conditions/none/",
}
PHONE = {"width": 390, "height": 844}
NARROW_PHONE = {"width": 320, "height": 640}
LONGEST_WAIT = 500  # milliseconds: more than the box waits before it asks
# Answers come when a test says so, in any order; the words that were asked for, oldest first.
HOLD = """
    window.asked = [];
    window.held = {};
    window.fetch = (address) => new Promise((resolve) => {
        const words = new URL(address).searchParams.get("q");
        asked.push(words);
        held[words] = (title) => resolve(
            Response.json({ results: [{ title, name: title, path: "/tags/" }] })
        );
    });
    window.isAsked = async (words) => {
        while (!held[words]) await new Promise((soon) => setTimeout(soon, 10));
    };
"""
# What a browser gives a script, as functions, when the endpoint is not well.
UNWELL = {
    "gone": "async () => { throw new TypeError('Failed to fetch') }",
    "broken": "async () => new Response('An error', { status: 503 })",
    "not-json": "async () => new Response('<p>Sign in to this hotel.</p>')",
    "other-json": "async () => Response.json({})",
    "silent": "() => new Promise(() => {})",
}


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", name="Symptom, condition or question")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def status(page: Page) -> Locator:
    return page.locator("form[role=search]").get_by_role("status")


def type_words(page: Page, words: str) -> None:
    box(page).focus()
    box(page).press_sequentially(words)


def chosen(page: Page) -> str | None:
    """The words of the option that the box points at."""
    pointed, marked = (
        box(page).evaluate("it => document.getElementById(it.ariaActiveDescendantElement?.id)?.id"),
        [option.get_attribute("id") for option in options(page).all() if _is_selected(option)],
    )
    assert marked == ([pointed] if pointed else [])
    return page.locator(f"#{pointed}").inner_text() if pointed else None


def _is_selected(option: Locator) -> bool:
    return option.get_attribute("aria-selected") == "true"


@pytest.fixture
def suggested(open_page: Callable[..., Page]) -> Page:
    """The search page with "nerve" in its box, and what is suggested for it."""
    page = open_page()
    page.goto("/search/")
    type_words(page, "nerve")
    expect(options(page).first).to_be_visible()
    return page


@pytest.mark.parametrize("place", PLACES)
def test_a_name_is_suggested_wherever_there_is_a_box(place, open_page):
    page = open_page()
    page.goto(PLACES[place])
    type_words(page, "slip")
    expect(options(page)).to_have_text(["Herniated disc, also called slipped disc"])
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    expect(status(page)).to_have_text("1 suggestion")
    options(page).first.click()
    expect(page).to_have_url(re.compile("/conditions/slipped-disc/$"))


def test_a_condition_and_its_group_of_the_same_name_can_be_told_apart(open_page):
    page = open_page()
    page.goto("/search/")
    type_words(page, "peripheral neuropathy")
    expect(options(page).nth(1)).to_be_visible()
    names = options(page).all_inner_texts()
    assert "Peripheral neuropathy" in names
    assert "Peripheral neuropathy (group of causes)" in names


def test_the_arrow_keys_go_round_the_names_and_the_box(suggested):
    page, names = suggested, options(suggested).all_inner_texts()
    assert len(names) > 2
    assert chosen(page) is None
    for key, others in (("ArrowDown", names), ("ArrowUp", names[::-1])):
        for name in [*others, None]:
            page.keyboard.press(key)
            assert chosen(page) == name
    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("nerve")


@pytest.mark.parametrize("key", ["Home", "End", "ArrowLeft", "ArrowRight", "x", "Backspace"])
def test_keys_that_edit_leave_the_list(key, suggested):
    suggested.keyboard.press("ArrowDown")
    assert chosen(suggested)
    suggested.keyboard.press(key)
    assert chosen(suggested) is None


def test_enter_opens_the_chosen_name(suggested):
    suggested.keyboard.press("ArrowDown")
    name = re.split(r", also called| \(group", chosen(suggested))[0]
    suggested.keyboard.press("Enter")
    expect(suggested.get_by_role("heading", level=1)).to_have_text(name)


def test_enter_without_a_choice_searches_for_what_is_typed(suggested):
    suggested.keyboard.press("Enter")
    expect(suggested).to_have_url(re.compile(r"/search/\?q=nerve$"))


def test_enter_searches_for_what_was_typed_after_a_choice(open_page):
    page = open_page()
    page.add_init_script(HOLD)
    page.goto("/search/")
    type_words(page, "ta")
    page.evaluate("isAsked('ta')")
    page.evaluate("held.ta('Tags')")
    expect(options(page)).to_have_text(["Tags"])
    page.keyboard.press("ArrowDown")
    page.keyboard.type("r")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=tar$"))


def test_escape_closes_the_list_and_an_arrow_opens_it_again(suggested):
    page, names = suggested, options(suggested).all_inner_texts()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(box(page)).to_have_value("nerve")
    expect(status(page)).to_be_empty()
    page.keyboard.press("ArrowDown")
    expect(options(page)).to_have_text(names)
    assert chosen(page) == names[0]


def test_the_list_goes_with_the_focus_and_with_the_words(suggested):
    page = suggested
    page.keyboard.press("Tab")
    expect(options(page)).to_have_count(0)
    type_words(page, "s")
    expect(status(page)).not_to_be_empty()
    box(page).fill("n")
    expect(options(page)).to_have_count(0)
    expect(status(page)).to_be_empty()
    page.keyboard.press("ArrowDown")
    expect(options(page)).to_have_count(0)


def test_the_number_of_names_is_said_also_when_there_is_none(open_page):
    page = open_page()
    page.goto("/search/")
    type_words(page, "nerve")
    expect(status(page)).to_have_text(re.compile(r"^[2-9] suggestions$"))
    box(page).fill("xyzzy")
    expect(status(page)).to_have_text("No suggestions")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_attribute("aria-expanded", "false")


def test_it_asks_once_for_words_typed_in_one_go_and_never_twice(open_page):
    page = open_page()
    page.add_init_script(HOLD)
    page.goto("/search/")
    type_words(page, "n")
    page.wait_for_timeout(LONGEST_WAIT)
    assert page.evaluate("asked") == []
    box(page).fill("nerve")
    page.evaluate("isAsked('nerve')")
    page.evaluate("held.nerve('Nerve injury')")
    expect(options(page)).to_have_text(["Nerve injury"])
    box(page).fill("")
    box(page).fill("nerve")
    expect(options(page)).to_have_text(["Nerve injury"])
    assert page.evaluate("asked") == ["nerve"]


@pytest.mark.parametrize("order", [("nu", "numb"), ("numb", "nu")])
def test_an_answer_that_comes_late_never_takes_the_place_of_a_newer_one(order, open_page):
    page = open_page()
    page.add_init_script(HOLD)
    page.goto("/search/")
    type_words(page, "nu")
    page.evaluate("isAsked('nu')")
    type_words(page, "mb")
    page.evaluate("isAsked('numb')")
    for words in order:
        page.evaluate(f"held.{words}('Names with {words}')")
        page.wait_for_timeout(100)
        assert options(page).all_inner_texts() in ([], ["Names with numb"])
    expect(options(page)).to_have_text(["Names with numb"])


@pytest.mark.parametrize("key", ["Escape", "Tab"])
def test_an_answer_that_nobody_waits_for_any_more_opens_nothing(key, open_page):
    page = open_page()
    page.add_init_script(HOLD)
    page.goto("/search/")
    type_words(page, "nu")
    page.evaluate("isAsked('nu')")
    page.keyboard.press(key)
    page.evaluate("held.nu('Too late')")
    page.wait_for_timeout(100)
    expect(options(page)).to_have_count(0)
    expect(status(page)).to_be_empty()


@pytest.mark.parametrize("how", UNWELL)
def test_the_plain_form_works_when_nothing_can_be_suggested(how, open_page):
    page = open_page()
    page.add_init_script(f"window.fetch = {UNWELL[how]}")
    page.goto("/conditions/")
    type_words(page, "slipped disk")
    page.wait_for_timeout(LONGEST_WAIT)
    expect(options(page)).to_have_count(0)
    expect(status(page)).to_be_empty()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=slipped\+disk$"))
    expect(page.get_by_role("main").get_by_role("link", name="Herniated disc")).to_be_visible()


@pytest.mark.parametrize("place", PLACES)
def test_without_a_script_the_box_is_a_plain_search_box(place, open_page):
    page = open_page(java_script_enabled=False)
    page.goto(PLACES[place])
    page.get_by_role("searchbox", name="Symptom, condition or question").fill("slipped disk")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile(r"/search/\?q=slipped\+disk$"))
    expect(page.get_by_role("main").get_by_role("link", name="Herniated disc")).to_be_visible()


@pytest.mark.parametrize("window", [NARROW_PHONE, PHONE, {"width": 1280, "height": 800}], ids=str)
@pytest.mark.parametrize("place", PLACES)
def test_every_name_lies_within_the_window_above_all_else_and_fits_a_finger(
    place, window, open_page
):
    page = open_page(viewport=window)
    page.goto(PLACES[place])
    type_words(page, "numb")
    expect(options(page).first).to_be_visible()
    for option in options(page).all():
        option.scroll_into_view_if_needed()
        area = option.bounding_box()
        assert area["height"] >= 44
        assert area["x"] >= 0
        assert area["x"] + area["width"] <= window["width"]
        assert option.evaluate(
            """(option) => {
                const { left, top, width, height } = option.getBoundingClientRect();
                const at = document.elementFromPoint(left + width / 2, top + height / 2);
                return option.contains(at);
            }"""
        ), option.inner_text()
    widths = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    assert page.evaluate(widths) == [window["width"]] * 2


@pytest.mark.parametrize("place", ["head", "home"])
def test_the_open_list_has_no_barrier(place, open_page):
    page = open_page(bypass_csp=True)
    page.goto(PLACES[place])
    type_words(page, "numb")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    found = axe.failures_in_every_look(page)
    expect(options(page).first).to_be_visible()
    # What lies under the list is measured on a picture, as if its words were to be read there.
    found = [line for line in found if ": contrast of" not in line]
    assert not found, "\n".join(found)


def test_the_chosen_name_shows_in_forced_colors(open_page):
    page = open_page(forced_colors="active")
    page.goto("/search/")
    type_words(page, "nerve")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("ArrowDown")
    outline = "it => [getComputedStyle(it).outlineStyle, getComputedStyle(it).outlineColor]"
    style, color = options(page).first.evaluate(outline)
    assert style == "solid"
    assert not color.startswith("rgba"), color  # it is seen
    assert options(page).nth(1).evaluate(outline)[0] == "none"

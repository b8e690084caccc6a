"""The picture of the legs in a real browser: pressed, walked through with Tab, and measured."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser

SYMPTOM = "/symptoms/leg-numbness/"
PRESSED = {  # where a finger lands, in the drawing's own units
    "Below a level": [(46, 60), (234, 55)],
    "Saddle area": [(46, 100), (224, 95), (244, 100)],
    "Outer thigh": [(16, 130), (75, 135), (204, 130), (263, 130)],
    "One leg": [(64, 205), (28, 205), (60, 140)],
    "Both legs": [(216, 215), (252, 215), (222, 140)],
    "One side of the body": [(97, 225)],
    "Foot": [(26, 282), (66, 282), (212, 282), (254, 282)],
}
DARK = {"color_scheme": "dark"}
LOOKS = {"light": {}, "dark": DARK, "forced": {"forced_colors": "active"}}
# The colors of the words and of what lies behind them, as the browser paints them.
PAINTED = """link => {
    const chosen = link.hasAttribute("aria-current");
    const panel = getComputedStyle(link.closest(".panel")).backgroundColor;
    const box = getComputedStyle(link.querySelector("rect")).fill;
    return [getComputedStyle(link.querySelector("text")).fill, chosen ? box : panel];
}"""


def areas(page: Page) -> Locator:
    return page.locator(".legs svg a")


def area(page: Page, name: str) -> Locator:
    picture = page.get_by_role("group", name="Picture of the legs")
    return picture.get_by_role("link", name=re.compile(f"^{name}, "))


def listed(page: Page) -> list[str]:
    return page.get_by_role("main").locator(".page-list > li > a").all_inner_texts()


def contrast(one: str, other: str) -> float:
    """WCAG's contrast ratio of two colors as a browser writes them: rgb(1, 2, 3)."""

    def luminance(color: str) -> float:
        parts = [int(part) / 255 for part in re.findall(r"\d+", color)[:3]]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(p * share for p, share in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))

    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_pressing_an_area_narrows_the_causes_without_a_script(open_page):
    page = open_page(java_script_enabled=False)
    page.goto(SYMPTOM)
    everything = listed(page)
    area(page, "Outer thigh").get_by_text("Outer thigh").click()
    expect(page).to_have_url(re.compile(r"\?tag=outer-thigh#causes$"))
    assert listed(page) == ["Meralgia paresthetica"]
    assert len(everything) > 20
    area(page, "Outer thigh").get_by_text("Outer thigh").click()
    assert listed(page) == everything


@pytest.mark.parametrize("name", PRESSED)
def test_a_finger_on_the_body_presses_what_it_points_at(name, open_page):
    page = open_page(viewport={"width": 320, "height": 800}, has_touch=True)
    page.goto(SYMPTOM)
    drawing = page.locator(".legs svg")
    drawing.scroll_into_view_if_needed()
    for point in PRESSED[name]:
        found = drawing.evaluate(
            """(svg, [x, y]) => {
                const at = new DOMPoint(x, y).matrixTransform(svg.getScreenCTM());
                return document.elementFromPoint(at.x, at.y).closest("a")?.ariaLabel;
            }""",
            point,
        )
        assert found, (name, point)
        assert found.startswith(f"{name}, "), (name, point, found)


def test_tab_reaches_each_area_once_and_shows_where_it_is(open_page):
    page = open_page()
    page.goto(f"{SYMPTOM}?tag=one-leg")
    names = [link.get_attribute("aria-label") for link in areas(page).all()]
    assert len(names) == len(set(names)) == len(PRESSED)
    page.locator(".legs > a").focus()
    expect(page.locator(".legs > a")).to_be_in_viewport()
    for name in names:
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        assert focused.get_attribute("aria-label") == name
        ring = focused.locator("rect").evaluate(
            "box => [getComputedStyle(box).stroke, getComputedStyle(box).strokeWidth]"
        )
        assert ring[1] == "3px"
        behind = page.locator(".panel").first.evaluate("it => getComputedStyle(it).backgroundColor")
        assert contrast(ring[0], behind) >= 3
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('#questions .chip')")


def test_the_link_before_the_picture_leads_past_it(open_page):
    page = open_page()
    page.goto(SYMPTOM)
    page.locator(".legs > a").press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('#questions .chip')")


def test_every_area_is_big_enough_for_a_finger_on_a_narrow_phone(open_page):
    page = open_page(viewport={"width": 320, "height": 640}, is_mobile=True, has_touch=True)
    page.goto(SYMPTOM)
    for link in areas(page).all():
        box = link.locator("rect").bounding_box()
        assert min(box["width"], box["height"]) >= 24, link.get_attribute("aria-label")
    boxes = [link.locator("rect").bounding_box() for link in areas(page).all()]
    for above, below in pairwise(boxes):
        assert above["y"] + above["height"] <= below["y"] + 0.5


@pytest.mark.parametrize("look", LOOKS)
def test_the_words_of_the_picture_can_be_read_in_every_look(look, open_page):
    page = open_page(**LOOKS[look])
    page.goto(f"{SYMPTOM}?tag=one-leg&tag=foot")
    painted = [link.evaluate(PAINTED) for link in areas(page).all()]
    assert len({tuple(colors) for colors in painted}) == 2
    for words, behind in painted:
        assert contrast(words, behind) >= 4.5, (words, behind)


def test_a_chosen_area_is_known_by_its_pattern_and_its_line_too(open_page):
    page = open_page()
    page.goto(f"{SYMPTOM}?tag=foot")
    how = "it => [getComputedStyle(it).fill, parseFloat(getComputedStyle(it).strokeWidth)]"
    fill, line = area(page, "Foot").locator(".mark").evaluate(how)
    other_fill, other_line = area(page, "Outer thigh").locator(".mark").evaluate(how)
    assert "#legs-hatch" in fill
    assert "#legs-hatch" not in other_fill
    assert line > other_line


def test_the_picture_is_not_printed_but_where_a_condition_is_felt_is(open_page):
    page = open_page()
    page.emulate_media(media="print")
    page.goto(SYMPTOM)
    expect(page.locator(".legs")).to_be_hidden()
    page.goto("/conditions/meralgia-paraesthetica/")
    expect(page.locator(".felt svg")).to_be_visible()

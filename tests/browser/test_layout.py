"""Every page fits a narrow window, a window zoomed to 400 %, and wider-set text."""

import pytest

from tests.browser.layout import NARROW, ZOOMED, misfits, space_text
from tests.browser.pages import PUBLIC, open_public

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", PUBLIC)
def test_a_public_page_fits(kind, open_page):
    page = open_page(viewport=NARROW)
    open_public(page, kind)
    found = {"at 320 pixels": misfits(page)}
    page.set_viewport_size(ZOOMED)
    found["at 400 %"] = misfits(page)
    space_text(page)
    found["at 400 %, text spaced"] = misfits(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    found["at 1280 pixels, text spaced"] = misfits(page)
    assert {look: misfit for look, misfit in found.items() if misfit} == {}


BAD = {
    "the page scrolls sideways": "<div style='width: 400px'>Wide.</div>",
    "text outside of the window": "<div style='position: relative; left: -40px'>Out.</div>",
    "text cut off": "<div style='height: 1.2em; overflow: hidden'>Words on two lines " * 9,
    "text on text": "<p>One.</p><p style='margin-top: -2em'>Two.</p>",
}


@pytest.mark.parametrize("misfit", BAD)
def test_a_misfit_is_found(misfit, open_page):
    page = open_page(viewport=NARROW)
    page.set_content(f"<!doctype html><p>Good.</p>{BAD[misfit]}")
    assert any(line.startswith(misfit) for line in misfits(page))


def test_a_box_that_is_too_small_once_text_is_spaced_is_found(open_page):
    page = open_page(viewport=NARROW)
    page.set_content(
        "<!doctype html><p style='height: 2.4em; line-height: 1.2; overflow: hidden'>"
        "Just about two lines of words in a box with a height."
    )
    assert misfits(page) == []
    space_text(page)
    assert any(line.startswith("text cut off") for line in misfits(page))


def test_the_policy_of_the_site_does_not_keep_the_text_from_being_spaced(open_page):
    page = open_page(viewport=NARROW)
    open_public(page, "home")
    height = page.evaluate("document.body.scrollHeight")
    space_text(page)
    assert page.evaluate("document.body.scrollHeight") > height
    spacing = page.locator("h1").evaluate("node => getComputedStyle(node).letterSpacing")
    assert float(spacing.removesuffix("px")) > 1

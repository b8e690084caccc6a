"""The admin's screens fit a phone, can be walked through with Tab, and have no barrier."""

import pytest

from tests.browser import axe
from tests.browser.keyboard import walk
from tests.browser.pages import ADMIN

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 800}
# The other forms, lists and questions are made of the same parts.
WALKED = ["login", "index", "list-of-pages", "condition", "tag", "tag-desk", "publish"]
# What is not ours to mend: the widget with which Django's admin picks records.
SELECT2 = "select2 builds it so, and Django 5.2 and 6.1 ship select2"
EXCUSES: list[axe.Excuse] = [
    ("label", ".select2-search__field", SELECT2),
    ("list", ".select2-selection__rendered", SELECT2),
    ("aria-input-field-name", ".select2-selection--single", SELECT2),
    ("aria-input-field-name", ".select2-selection__rendered", SELECT2),
]


@pytest.mark.parametrize("kind", ADMIN)
def test_a_screen_fits_a_phone_and_has_no_barrier(kind, open_screen):
    page = open_screen(kind, viewport=PHONE, bypass_csp=True)
    page.wait_for_load_state("networkidle")
    widths = page.evaluate("[document.scrollingElement.scrollWidth, innerWidth]")
    assert widths == [PHONE["width"]] * 2
    found = axe.failures_in_every_look(page, EXCUSES)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("kind", WALKED)
def test_tab_walks_through_a_screen_from_its_skip_link(kind, open_screen):
    page = open_screen(kind, viewport=DESKTOP, reduced_motion="reduce")
    page.wait_for_load_state("networkidle")
    found = walk(page)
    assert not found.troubles, "\n".join(found.troubles)
    assert found.reached[0].startswith("a “Skip to main content”")

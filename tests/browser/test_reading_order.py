"""A screen reader says the title, then the emergency, then the causes; every control has a name."""

import pytest

from tests.browser.pages import KINDS, open_public
from tests.browser.reading_order import headings, nameless, reading_order

pytestmark = pytest.mark.browser

FIRST_HEADINGS = {
    "symptom": ("Leg numbness", "now if", "Possible causes"),
    "symptom-narrowed": ("Leg numbness", "now if", "Possible causes"),
    "category": ("", "now if", ""),
    "search-emergency": ("Search", "now if", "Results for"),
    "condition": ("Herniated disc", "now if", "How it can cause leg numbness"),
    "condition-no-cause-here": (
        "Carpal tunnel syndrome",
        "now if",
        "Not usually a cause of leg numbness",
    ),
}


def places(nodes, parts: tuple[str, ...]) -> list[int]:
    """Where the first heading with each of these parts stands."""
    found = headings(nodes)
    return [next(i for i, name in enumerate(found) if part in name) for part in parts]


@pytest.mark.parametrize("kind", FIRST_HEADINGS)
def test_title_then_emergency_then_causes(kind, open_page):
    page = open_page()
    open_public(page, kind)
    nodes = reading_order(page)
    title, emergency, causes = FIRST_HEADINGS[kind]
    assert [node.name for node in nodes if node.role == "heading" and node.level == 1]
    assert places(nodes, (title, emergency)) == [0, 1]
    assert places(nodes, (causes,)) > [1] or kind == "category"


@pytest.mark.parametrize("kind", KINDS)
def test_every_control_of_a_public_page_has_a_name(kind, open_page):
    page = open_page()
    open_public(page, kind)
    nodes = reading_order(page)
    assert nameless(nodes) == []
    assert len([node for node in nodes if node.role == "link"]) > 5


def test_a_control_without_a_name_is_found(open_page):
    page = open_page()
    page.set_content("<h1>Title</h1><button></button><a href=/><svg></svg></a><input>")
    assert [node.role for node in nameless(reading_order(page))] == ["button", "link", "textbox"]


def test_a_card_that_comes_too_late_is_found(open_page):
    page = open_page()
    page.set_content("<h1>Leg</h1><h2>Possible causes</h2><h2>Call 112 now if</h2>")
    assert places(reading_order(page), ("Leg", "now if", "Possible causes")) == [0, 2, 1]

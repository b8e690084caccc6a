"""A page says the same with and without JavaScript."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pages import KINDS, open_public

pytestmark = pytest.mark.browser

# What a script may add to a page: words for screen readers, which appear as things happen.
CONTENT = """() => {
    const main = document.querySelector("main");
    main.querySelectorAll("[role=status], [aria-live]").forEach((node) => node.remove());
    const words = main.innerText.split(/\\s+/).join(" ").trim();
    return [words, ...[...document.links].map((a) => `${a.textContent.trim()} ${a.href}`)];
}"""


def both(open_page: Callable[..., Page], show: Callable[[Page], None]) -> list[list[str]]:
    """The words of the main part, and all links: with JavaScript, then without."""
    contents = []
    for javascript in (True, False):
        page = open_page(java_script_enabled=javascript)
        show(page)
        contents.append(page.evaluate(CONTENT))
    return contents


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_has_the_same_words_and_links_without_javascript(kind, open_page):
    with_javascript, without = both(open_page, lambda page: open_public(page, kind))
    assert len(without) > 5
    assert with_javascript == without


@pytest.mark.parametrize(
    "script", ["document.querySelector('p').textContent = 'Words.'", "document.links[0].remove()"]
)
def test_a_page_that_needs_its_script_is_found(script, open_page):
    html = f"<main><a href=/>Home</a><p></p></main><script>{script}</script>"
    with_javascript, without = both(open_page, lambda page: page.set_content(html))
    assert with_javascript != without

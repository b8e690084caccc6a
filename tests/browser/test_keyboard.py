"""Everything can be reached with the keyboard, in order, and one always sees where one is."""

import pytest

from tests.browser.keyboard import walk
from tests.browser.pages import KINDS, open_public

pytestmark = pytest.mark.browser

QUIET = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 800}}
SAME_HEAD = ["home", "symptom", "not-found"]


@pytest.mark.parametrize("kind", KINDS)
def test_tab_walks_through_a_page_from_its_skip_link(kind, open_page):
    page = open_page(**QUIET)
    open_public(page, kind)
    found = walk(page)
    assert not found.troubles, "\n".join(found.troubles)
    assert found.reached[0].startswith("a “Skip to the main content” #main")


@pytest.mark.parametrize("kind", SAME_HEAD)
def test_the_skip_link_leads_past_the_head_of_the_page(kind, open_page):
    page = open_page(**QUIET)
    open_public(page, kind)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('header')") is None


def with_links(style: str = "", more: str = "") -> str:
    return f"""<!doctype html><html lang="en"><title>A page</title><style>{style}</style>
    <p><a href="#one">One</a></p><p><a class="two" href="#two">Two</a></p>{more}</html>"""


BAD = {
    "cannot be seen": with_links("a:focus { outline: none }"),
    "covered by div “Cookies!”": with_links(
        "div { position: fixed; inset: 0; background: #fff }", "<div>Cookies!</div>"
    ),
    "positive tabindex": with_links(more='<a href="#three" tabindex="1">Three</a>'),
    "never reached: a “Two”": with_links(
        more="<script>document.links[1].onfocus = (event) => event.target.blur()</script>"
    ),
    "the focus is trapped": with_links(
        more="""<script>document.links[1].onkeydown = (event) =>
        event.preventDefault()</script>"""
    ),
    "the focus does not follow": with_links(
        more="""<p><a id="three" href="#three">Three</a></p><script>
        const [one, two, three] = document.links;
        const leads = (from, to) => (from.onkeydown = (event) => {
            event.preventDefault();
            to.focus();
        });
        leads(one, three);
        leads(three, two);
        two.onkeydown = (event) => {
            event.preventDefault();
            two.blur();
        };</script>"""
    ),
}


@pytest.mark.parametrize("trouble", BAD)
def test_a_bad_page_is_found_out(trouble, open_page):
    page = open_page(**QUIET)
    page.set_content(BAD[trouble])
    assert any(trouble in line for line in walk(page).troubles)


@pytest.mark.parametrize(
    "style",
    [
        "",
        "a:focus { outline: none; box-shadow: 0 0 0 3px #00f }",
        "a:focus { outline: 0 } p:focus-within { background: #ff0 }",
    ],
    ids=["as-browsers-show-it", "shadow", "around"],
)
def test_a_page_whose_focus_shows_passes(style, open_page):
    page = open_page(**QUIET)
    page.set_content(with_links(style))
    found = walk(page)
    assert found.troubles == []
    assert [name.split()[1] for name in found.reached] == ["“One”", "“Two”"]

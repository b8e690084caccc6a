"""Pages stand still while they load, answer keys at once, and keep what they have fetched."""

import re
import urllib.request
from collections.abc import Iterator
from email.message import Message

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import KINDS, PUBLIC
from tests.browser.slow import pieces, slow

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 820, "height": 1180}
DESKTOP = {"width": 1280, "height": 800}
HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
WORDS = "numb foot"
# What a browser itself notices: text that moved, tasks that kept it from answering; changes to
# the page outside of the search form.
WATCH = """
    window.shifts = [];
    window.longTasks = [];
    const moved = ({ node, previousRect: before, currentRect: after }) =>
        [node?.outerHTML ?? node?.textContent, JSON.stringify(before), JSON.stringify(after)];
    new PerformanceObserver((list) => shifts.push(
        ...list.getEntries().map((e) => [e.value, ...e.sources.map(moved)])
    )).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((e) => e.duration)))
        .observe({ type: "longtask", buffered: true });
"""
COUNT_CHANGES = """() => {
    window.changes = { form: 0, elsewhere: 0 };
    new MutationObserver((records) => {
        for (const { target } of records) {
            const element = target.closest ? target : target.parentElement;
            changes[element.closest("form[role=search]") ? "form" : "elsewhere"] += 1;
        }
    }).observe(document.body, {
        attributes: true, characterData: true, childList: true, subtree: true,
    });
}"""


def settled(page: Page, address: str) -> Page:
    """The page after it was read to its end."""
    page.add_init_script(WATCH)
    page.goto(address)
    page.evaluate("document.fonts.ready")
    page.mouse.wheel(0, 20_000)
    page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
    return page


@pytest.fixture(scope="module")
def slow_site(site: str) -> Iterator[str]:
    with slow(site) as address:
        yield address


@pytest.mark.parametrize("window", [PHONE, TABLET, DESKTOP], ids=["phone", "tablet", "desktop"])
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_moves_while_a_page_arrives(kind, window, open_page, slow_site):
    page = open_page(viewport=window, base_url=slow_site)
    assert settled(page, PUBLIC[kind]).evaluate("shifts") == []


def test_a_slow_page_comes_in_many_pieces(html_of_every_page):
    for html in html_of_every_page.values():
        assert b"".join(pieces(html)) == html
        assert len(pieces(html)) > 10


def test_something_that_moves_is_found(open_page):
    page = settled(open_page(viewport=PHONE), PUBLIC["condition"])
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(
        """() => new Promise((done) => setTimeout(() => {
            document.querySelector("h1").before(Object.assign(
                document.createElement("div"), { innerHTML: "<br>".repeat(9) }));
            setTimeout(done, 300);
        }, 600))"""
    )
    assert page.evaluate("shifts") != []


def test_typing_in_the_search_box_is_little_work(open_page, record_testsuite_property):
    """How long a task takes depends on the machine, so it is reported only; what a key makes the
    page do does not: one question for the last of quick keys, and changes in the form alone."""
    page, asked = open_page(), []
    page.on("request", lambda request: asked.append(request.url))
    settled(page, PUBLIC["condition"])
    asked.clear()
    page.evaluate(COUNT_CHANGES)
    box = page.get_by_role("combobox", name="Symptom, condition or question")
    box.press_sequentially(WORDS, delay=10)
    expect(page.get_by_role("option").first).to_be_visible()
    changes = page.evaluate("changes")
    assert changes["elsewhere"] == 0
    assert 0 < changes["form"] < 20 * len(WORDS)
    assert 1 <= len([url for url in asked if "/search/suggest/" in url]) <= len(WORDS) // 2
    assert len(page.get_by_role("option").all()) <= 8
    longest = max(page.evaluate("longTasks"), default=0)
    record_testsuite_property("longest task while typing (ms)", longest)
    print(f"longest task while typing: {longest:.0f} ms")


def head(url: str, encoding: str) -> Message:
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - our own server
        return answer.headers


@pytest.fixture(scope="module")
def static_files(site, html_of_every_page) -> list[str]:
    """Every style, script, icon and picture that any page asks for."""
    found = {
        address
        for html in html_of_every_page.values()
        for address in re.findall(r'(?:href|src|content)="([^"]*/static/[^"]+)"', html.decode())
    }
    return sorted(address if "://" in address else f"{site}{address}" for address in found)


def test_static_files_have_hashed_names_and_are_kept_for_good(static_files):
    assert len(static_files) >= 4
    for url in static_files:
        assert HASHED.search(url), url
        assert "immutable" in head(url, "identity")["Cache-Control"]


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_styles_scripts_and_drawings_come_compressed(static_files, encoding):
    texts = [url for url in static_files if url.endswith((".css", ".js", ".svg"))]
    assert {url.rsplit(".", 1)[1] for url in texts} == {"css", "js", "svg"}
    assert {url: head(url, encoding)["Content-Encoding"] for url in texts} == dict.fromkeys(
        texts, encoding
    )


@pytest.mark.parametrize("suffix", [".br", ".gz"])
def test_they_were_compressed_when_they_were_collected(static_files, site_folder, suffix):
    for url in static_files:
        if url.endswith((".css", ".js", ".svg")):
            path = site_folder / "static" / url.split("/static/")[1]
            assert path.with_name(path.name + suffix).is_file(), path

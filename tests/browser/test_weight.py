"""A page is light: what it weighs on the wire, how often it asks, and whom."""

import os

import pytest
from playwright.sync_api import Page

from causes.public.weight import MOST_HTML
from causes.public.weight import html_weight as weight
from tests.browser.pages import KINDS, PUBLIC

pytestmark = pytest.mark.browser

KILOBYTE = 1000
MOST_BESIDE = 10 * KILOBYTE  # stylesheet, scripts, icon and pictures together
MOST_REQUESTS = 4


def parts(page: Page, address: str) -> dict[str, int]:
    """What a page asks for beside its HTML, with its weight."""
    asked = []
    page.on("requestfinished", lambda request: asked.append(request))
    page.goto(address)  # until all of it has loaded
    beside = [request for request in asked if request.url != page.url]
    return {request.url: weight(request.response().body()) for request in beside}


@pytest.fixture(scope="module")
def weights(html_of_every_page) -> dict[str, int]:
    return {address: weight(html) for address, html in html_of_every_page.items()}


def test_the_html_of_every_page_comes_in_the_first_answer(weights):
    assert len(weights) > 80
    assert {a: size for a, size in weights.items() if size > MOST_HTML} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_asks_seldom_and_for_little(kind, open_page, site):
    page = open_page()
    sizes = parts(page, PUBLIC[kind])
    assert 1 + len(sizes) <= MOST_REQUESTS, sizes
    assert all(url.startswith(f"{site}/") for url in sizes)
    assert 0 < sum(sizes.values()) <= MOST_BESIDE, sizes


def test_a_page_that_asks_often_and_for_much_is_found(open_page):
    scripts = "".join(f"<script src=/{number}.js></script>" for number in range(4))
    page = open_page()
    page.route("**/bad", lambda route: route.fulfill(body=scripts, content_type="text/html"))
    page.route(
        "**/*.js",
        lambda route: route.fulfill(
            body=f"// {os.urandom(3000).hex()}", content_type="text/javascript"
        ),
    )
    sizes = parts(page, "/bad")
    assert 1 + len(sizes) > MOST_REQUESTS
    assert sum(sizes.values()) > MOST_BESIDE
    assert weight(os.urandom(MOST_HTML + 1)) > MOST_HTML

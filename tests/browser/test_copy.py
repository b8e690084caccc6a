"""The exported copy in a real browser: readable, without barriers, and asking nobody else."""

import functools
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe
from tests.browser.layout import NARROW, misfits
from tests.browser.served import environment_of, manage

pytestmark = pytest.mark.browser

KINDS = {
    "home": "/",
    "narrowed": "/symptoms/leg-numbness/tag=foot/",
    "search": "/search/?q=numb+foot",
    "not-found": "/404.html",
}


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a copy of the shipped site."""
    folder: Path = tmp_path_factory.mktemp("copy")
    environment = environment_of(folder, EMERGENCY_NUMBER="112", SITE_URL="https://clinic.example")
    manage(environment, "prepare")
    manage(environment, "export", str(folder / "site"))
    handler = functools.partial(Quiet, directory=folder / "site")
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def page(copy: str, browser: Browser) -> Iterator[Page]:
    """A page that may ask only the copy, and only for what it has."""
    context = browser.new_context(base_url=copy, viewport=NARROW)
    troubles: list[str] = []
    context.on("request", lambda asked: asked.url.startswith(copy) or troubles.append(asked.url))
    context.on(
        "response",
        lambda got: got.ok or got.status == 304 or troubles.append(f"{got.status} {got.url}"),
    )
    context.on("console", lambda message: troubles.append(message.text))
    yield context.new_page()
    context.close()
    assert troubles == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_a_copy_has_no_barrier_and_fits(kind, page):
    page.goto(KINDS[kind])
    expect(page.get_by_text("This is a copy of Causes, made on")).to_be_visible()
    assert misfits(page) == []
    found = axe.failures(page)
    assert not found, "\n".join(found)


def test_a_reader_narrows_by_a_press_on_the_picture_and_by_another_answer(page):
    page.goto("/symptoms/leg-numbness/")
    page.get_by_role("link", name="Foot, ").click()
    expect(page).to_have_url("/symptoms/leg-numbness/tag=foot/#causes")
    expect(page.locator(".shown")).to_contain_text("foot")
    page.locator(".facets").get_by_role("link", name="Burning").first.click()
    expect(page).to_have_url("/symptoms/leg-numbness/tag=burning/#causes")
    page.get_by_role("link", name="Remove Burning").click()
    expect(page).to_have_url("/symptoms/leg-numbness/#causes")


def test_an_earlier_name_of_a_tag_leads_to_the_tag(page):
    page.goto("/tags/groin/")
    expect(page).to_have_url("/tags/saddle-area/")

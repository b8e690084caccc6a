"""The real site, served as in production, and a real browser that watches what pages do.

Playwright's event loop runs while its browser is open, so these tests never touch the ORM,
and the browser is closed after each module.
"""

import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    StorageState,
    expect,
    sync_playwright,
)

from tests.browser.pages import ADMIN, MAKE_WITHDRAWN, PUBLIC
from tests.browser.served import PASSWORD, QUIET, served
from tests.environment import chromium

PATIENCE = 20_000  # milliseconds, for a busy machine
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def site_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the data of `site` lie."""
    return tmp_path_factory.mktemp("site")


@pytest.fixture(scope="session")
def site(site_folder: Path) -> Iterator[str]:
    """The address of the site, prepared and served in a folder of its own."""
    settings = {"EMERGENCY_NUMBER": "112", "CONTACT_EMAIL": "editor@causes.example"}
    settings["FOUR_EYES"] = "off"  # one person writes and publishes; a second has tests of its own
    with served(site_folder, script=MAKE_WITHDRAWN, **settings) as address:
        yield address


@pytest.fixture(scope="session")
def html_of_every_page(site: str) -> dict[str, bytes]:
    """What the server sends for every shipped page and every kind of page, by address."""

    def get(address: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{site}{address}", timeout=30) as answer:  # noqa: S310
                return answer.read()
        except urllib.error.HTTPError as error_page:
            return error_page.read()

    listed = re.findall(r"<loc>[a-z]+://[^/]+([^<]+)</loc>", get("/sitemap.xml").decode())
    tags = re.findall(r'href="(/tags/[^"]+/)"', get("/tags/").decode())
    return {address: get(address) for address in [*listed, *tags, *PUBLIC.values()]}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(site: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own (cookies, window). Its site-relative addresses work,
    those of the site or of the ``base_url`` that is given.

    The test fails if any of its pages writes an error or a warning to the console (a breach of
    the Content-Security-Policy among them), raises one, or asks another host for anything.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []
    ours = {site}

    def heard(message: ConsoleMessage) -> None:
        # A page that is an error page on purpose is reported too; its test looks at the status.
        is_the_page = message.location["url"] == message.page.url
        if is_the_page and message.text.startswith("Failed to load resource"):
            return
        if message.type in {"error", "warning"}:
            troubles.append(f"{message.type}: {message.text} ({message.location})")

    def asked(request: Request) -> None:
        if not request.url.startswith((*(f"{host}/" for host in ours), "data:")):
            troubles.append(f"another host was asked: {request.url}")

    def open_one(**options: object) -> Page:
        context = browser.new_context(**{"base_url": site, **options})
        ours.add(options.get("base_url", site))
        context.set_default_timeout(PATIENCE)
        context.on("console", heard)
        context.on("weberror", lambda error: troubles.append(f"exception: {error.error}"))
        context.on("request", asked)
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()
    assert troubles == []


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """The cookies of the ACCOUNTS that have signed in, for all tests."""
    return {}


@pytest.fixture
def sign_in(
    open_page: Callable[..., Page], signed_in: dict[str, StorageState]
) -> Callable[..., Page]:
    """Opens a page in which one of ACCOUNTS has signed in."""

    def sign_in(name: str, **options: object) -> Page:
        page = open_page(storage_state=signed_in.get(name), **options)
        page.goto("/admin/")
        if name not in signed_in:
            page.fill("[name=username]", name)
            page.fill("[name=password]", PASSWORD)
            page.click("[type=submit]")
            page.wait_for_url("**/admin/")
            signed_in[name] = page.context.storage_state()
        return page

    return sign_in


@pytest.fixture
def open_screen(sign_in: Callable[..., Page], open_page: Callable[..., Page]) -> Callable:
    """Opens one of the admin's screens, as a publisher."""

    def open_screen(kind: str, **options: object) -> Page:
        page = open_page(**options) if kind == "login" else sign_in("paula", **options)
        ADMIN[kind](page)
        return page

    return open_screen

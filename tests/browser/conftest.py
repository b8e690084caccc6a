"""The real site, served as in production, and a real browser that watches what pages do.

Playwright's event loop runs while its browser is open, so these tests never touch the ORM,
and the browser is closed after each module.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    expect,
    sync_playwright,
)

from tests.environment import chromium

PASSWORD = "correct horse"
ACCOUNTS = {"paula": "Publisher", "ada": "Author"}
MAKE_ACCOUNTS = f"""
from django.contrib.auth.models import Group, User
for name, role in {ACCOUNTS!r}.items():
    person = User.objects.create_user(name, password={PASSWORD!r}, is_staff=True)
    person.groups.add(Group.objects.get(name=role))
"""
QUIET = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # milliseconds, for a busy machine
expect.set_options(timeout=PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site, prepared and served in a folder of its own."""
    folder, port = tmp_path_factory.mktemp("site"), free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(folder),
        "SECRET_KEY": "only-for-the-browser-" * 3,
        "PORT": str(port),
    }
    address, log = f"http://127.0.0.1:{port}", folder / "log"

    def manage(*arguments: str) -> None:
        command = [sys.executable, "manage.py", *arguments]
        options = {"cwd": settings.BASE_DIR, "env": environment, "timeout": 120}
        done = subprocess.run(command, capture_output=True, text=True, **options)
        assert done.returncode == 0, done.stderr

    manage("prepare")
    manage("shell", "-c", MAKE_ACCOUNTS)
    with log.open("w") as output:
        server = subprocess.Popen(
            [sys.executable, "manage.py", "serve"],
            cwd=settings.BASE_DIR,
            env=environment,
            stdout=output,
            stderr=output,
        )
        try:
            wait_for(f"{address}/healthz", server, log)
            yield address
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
    said = log.read_text()
    assert "Traceback" not in said, said


def wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    """Until the server answers; it has 30 seconds."""
    for _attempt in range(300):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - our own address
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"The site did not start: {log.read_text()}")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(site: str, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own (cookies, window). Its site-relative addresses work.

    The test fails if any of its pages writes an error or a warning to the console (a breach of
    the Content-Security-Policy among them), raises one, or asks another host for anything.
    """
    contexts: list[BrowserContext] = []
    troubles: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            troubles.append(f"{message.type}: {message.text} ({message.location})")

    def asked(request: Request) -> None:
        if not request.url.startswith((f"{site}/", "data:")):
            troubles.append(f"another host was asked: {request.url}")

    def open_one(**options: object) -> Page:
        context = browser.new_context(base_url=site, **options)
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


@pytest.fixture
def sign_in(open_page: Callable[..., Page]) -> Callable[[str], Page]:
    """Opens a page in which one of ACCOUNTS has signed in."""

    def sign_in(name: str) -> Page:
        page = open_page()
        page.goto("/admin/")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.click("[type=submit]")
        page.wait_for_url("**/admin/")
        return page

    return sign_in

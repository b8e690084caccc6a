"""The shipped site's copy behind a static server, with the site and its database gone.

By nginx; where there is none, by Python's own server, which sends no compressed variants.
"""

import gzip
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin

import brotli
import pytest

from tests.browser.pages import MAKE_WITHDRAWN
from tests.browser.served import ROOT, environment_of, free_port, manage
from tests.environment import nginx
from tests.public.export.copied import files_in

HOST = "https://clinic.example"
MAKE_MOVED = """
from causes.models import Condition
page = Condition.objects.get(key="slipped-disc")
page.slug = "herniated-disc"
page.save()
publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)
"""
NGINX = """
daemon off;
master_process off;
pid {folder}/pid;
error_log stderr;
events {{}}
http {{
    types {{ text/html html; text/css css; image/svg+xml svg; image/png png; }}
    access_log off;
    client_body_temp_path {folder}/temporary;
    proxy_temp_path {folder}/temporary;
    fastcgi_temp_path {folder}/temporary;
    uwsgi_temp_path {folder}/temporary;
    scgi_temp_path {folder}/temporary;
    server {{
        listen 127.0.0.1:{port};
        root {site};
        gzip_static on;
        error_page 404 /404.html;
        location / {{ try_files $uri $uri/index.html =404; }}
    }}
}}
"""


def start_export(environment: dict[str, str], site: Path) -> subprocess.Popen:
    command = [sys.executable, "manage.py", "export", str(site), "--jobs=2"]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, start_new_session=True, stderr=subprocess.DEVNULL
    )


def lines_written(site: Path) -> int:
    journals = site.with_name("site.copies").glob("*.jsonl")
    return sum(len(journal.read_bytes().splitlines()) for journal in journals)


def kill_at(process: subprocess.Popen, site: Path, lines: int) -> None:
    """Kill -9 when so many files are written; its other processes end by themselves."""
    deadline = time.monotonic() + 60
    while lines_written(site) < lines:
        assert process.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    process.kill()
    process.wait()
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    pytest.fail("The other processes did not end.")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy by several processes, which were killed once before and then left to finish.

    The site's database is away afterwards.
    """
    folder = tmp_path_factory.mktemp("exported")
    site = folder / "site"
    environment = environment_of(folder, SITE_URL=HOST, EMERGENCY_NUMBER="112")
    manage(environment, "prepare")
    manage(environment, "shell", "-c", MAKE_WITHDRAWN + MAKE_MOVED)
    kill_at(start_export(environment, site), site, 100)
    assert not site.exists()
    said = manage(environment, "export", str(site), "--jobs=2")
    assert "broken off had written was used" in said
    assert "is as the site is now" in manage(environment, "export", str(site), "--check")
    (folder / "causes.sqlite3").rename(folder / "away.sqlite3")
    return site


@pytest.fixture(scope="module")
def address(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    if program := nginx():
        folder = tmp_path_factory.mktemp("nginx")
        (folder / "conf").write_text(NGINX.format(folder=folder, port=port, site=site))
        command = [program, "-p", str(folder), "-c", "conf", "-e", "stderr"]
    else:
        command = [sys.executable, "-m", "http.server", str(port), "-b", "127.0.0.1", "-d", site]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _attempt in range(200):
        try:
            answer(f"{address}/robots.txt")
            break
        except urllib.error.URLError:
            time.sleep(0.05)
    yield address
    server.terminate()
    server.wait(timeout=30)


class Answer(NamedTuple):
    status: int
    content: bytes
    encoding: str | None


def answer(url: str, accept: str = "identity") -> Answer:
    request = urllib.request.Request(url, headers={"Accept-Encoding": accept})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - our own address
            return Answer(response.status, response.read(), response.headers["Content-Encoding"])
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read(), error.headers["Content-Encoding"])


class Page(HTMLParser):
    """The ids of a page, and where its links lead: from here, and as search engines are told."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.canonical = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "id" in found:
            self.ids.add(found["id"])
        if found.get("rel") == "canonical":
            self.canonical = found["href"]
        elif link := found.get("href") or found.get("src") or found.get("action"):
            self.links.add(link)


@pytest.fixture(scope="module")
def pages(address: str) -> dict[str, Page]:
    """Every page that links lead to from home, by path; all that they ask for is there."""
    pages: dict[str, Page] = {}
    seen, waiting, dead = {"/", "/404.html", "/search/"}, ["/", "/404.html", "/search/"], []
    while waiting:
        path = waiting.pop()
        status, content, _encoding = answer(address + path)
        if status != 200:
            dead.append(path)
        elif path.endswith(("/", ".html")):
            pages[path] = Page(content.decode())
            links = (urldefrag(urljoin(path, link)).url for link in pages[path].links)
            new = {link for link in links if link.startswith("/")} - seen
            seen |= new
            waiting += new
    assert dead == []
    return pages


def test_every_page_of_the_copy_is_reached_and_every_link_leads_to_its_part(pages, site):
    in_copy = {f"/{name.removesuffix('index.html')}" for name in files_in(site, "*.html")}
    unreached = in_copy - set(pages)
    # Addresses of yesterday, and other names of tags: they are in bookmarks, not in links.
    assert all("This page has moved" in read(site, path) for path in unreached)
    assert "/conditions/slipped-disc/" in unreached
    for path, page in pages.items():
        for link in page.links:
            target, fragment = urldefrag(urljoin(path, link))
            if fragment and target.startswith("/"):
                assert fragment in pages[target].ids, f"{link} on {path}"


def read(site: Path, path: str) -> str:
    return (site / path.strip("/") / "index.html").read_text("utf-8")


def test_no_link_has_parameters_or_leads_to_the_site_that_is_down(pages):
    assert len(pages) > 100
    for path, page in pages.items():
        assert not [link for link in page.links if link[0] in "/?" and "?" in link], path
        assert not [link for link in page.links if link.startswith(HOST)], path
        if path != "/404.html":
            assert page.canonical.startswith(f"{HOST}/"), path


def test_every_file_has_its_variants(site):
    for name, path in files_in(site).items():
        content = path.read_bytes()
        assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == content, name
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == content, name


def test_a_reader_with_an_old_address_gets_the_nearest_page(address, pages):
    whole = answer(f"{address}/symptoms/leg-numbness/")
    assert answer(f"{address}/symptoms/leg-numbness/?tag=foot&tag=burning") == whole
    assert b"This copy cannot search" in answer(f"{address}/search/?q=numb+foot").content
    assert b"0; url=/conditions/herniated-disc/" in (
        answer(f"{address}/conditions/slipped-disc/").content
    )
    for gone in ("/about/withdrawn/", "/symptoms/leg-numbness/history/", "/admin/", "/nothing"):
        assert answer(address + gone).status == 404, gone


def test_a_server_that_knows_variants_sends_them_and_our_page_for_what_is_not_there(address, site):
    knows = bool(nginx())
    sent = answer(f"{address}/conditions/", accept="gzip")
    assert sent.encoding == ("gzip" if knows else None)
    assert sent.content == (site / f"conditions/index.html{'.gz' * knows}").read_bytes()
    assert (b"In an emergency, call" in answer(f"{address}/nothing/").content) == knows

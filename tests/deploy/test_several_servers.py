"""Two app servers on one PostgreSQL behind nginx, as shipped: they share all that counts.

The tests build upon each other: what one kills it starts again.
"""

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.admin.screens import form_data
from tests.benchmarks._drill import MAKE, Load, wait_until
from tests.browser.served import MAKE_ACCOUNTS, PASSWORD, Site, manage
from tests.deploy.front import Front
from tests.deploy.test_nginx import SECURITY
from tests.drills._browser import Browser, change_address
from tests.environment import nginx
from tests.public.pagecache.test_drill import on_postgres
from tests.with_postgres import cluster, find_programs

pytestmark = pytest.mark.skipif(
    not on_postgres or find_programs() is None or nginx() is None,
    reason="runs with the tests on PostgreSQL, and needs nginx",
)
ROOMY = 30  # seconds in which a busy machine does what takes a quiet one less than one


@dataclass
class Place:
    """Two app servers and nginx."""

    first: Site
    second: Site
    front: Front

    @property
    def addresses(self) -> list[str]:
        return [self.first.address, self.second.address, self.front.address]


def port_of(site: Site) -> int:
    return int(site.address.rpartition(":")[2])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("place")
    for above in (folder, folder.parent):
        above.chmod(0o755)  # nginx's workers are not root
    with cluster(find_programs()) as url:
        sites = []
        for name in ("first", "second"):
            (folder / name).mkdir()
            sites.append(Site(folder / name, DATABASE_URL=url, WEB_WORKERS="1", FOUR_EYES="off"))
        first, second = sites
        ports = [port_of(site) for site in sites]
        front = Front(folder / "nginx", ports, folder / "first", crowd=True)
        for site in sites:
            site.environment |= {"SITE_URL": front.address, "TRUSTED_PROXIES": "127.0.0.1"}
        manage(first.environment, "collectstatic", "--no-input", "-v0")
        shutil.copytree(folder / "first/static", folder / "second/static")
        manage(first.environment, "shell", "-c", MAKE + MAKE_ACCOUNTS)
        manage(first.environment, "export", str(folder / "first/copy"), "--jobs=1")
        started = []
        try:
            for server in (*sites, front):
                server.start()
                started.append(server)
            yield Place(first, second, front)
        finally:
            for server in reversed(started):
                server.stop()


@pytest.fixture(scope="module")
def publisher(place: Place) -> Browser:
    """Signed in at the first server."""
    browser = Browser(place.first.address)
    browser.sign_in("paula", PASSWORD)
    return browser


def at(server: Site | Front, browser: Browser) -> Browser:
    """The same person, cookies and all, at another server."""
    return Browser(server.address, cookies=browser.cookies)


def test_who_signed_in_at_one_server_is_signed_in_at_all(place, publisher):
    for address in place.addresses:
        answer = Browser(address, cookies=publisher.cookies).get("/admin/causes/condition/")
        assert (answer.status_code, "Ache 1 number" in answer.text) == (200, True)
        assert Browser(address).get("/admin/causes/condition/").status_code == 302


def publish(browser: Browser, key: str, title: str) -> None:
    """By the screens, as a publisher does it."""
    change = change_address(browser, key)
    form = form_data(browser, change) | {"title": title, "_publish": "1"}
    del form["_continue"]
    screen = browser.post(change, form).headers["Location"]
    answer = browser.post(screen, form_data(browser, screen) | {"change": "wording"})
    assert answer.status_code == 302, answer.text


def test_what_one_server_publishes_the_others_show_within_a_second(place, publisher):
    for turn, server in enumerate((place.first, place.second, place.front), start=1):
        title = f"Ache 1 number {turn}"
        for address in place.addresses:
            assert title not in Browser(address).get("/conditions/ache-1/").text
        publish(at(server, publisher), "ache-1", title)
        began, shown = time.monotonic(), {}
        while len(shown) < len(place.addresses):
            for address in place.addresses:
                if title in Browser(address).get("/conditions/ache-1/").text:
                    shown.setdefault(address, time.monotonic() - began)
            assert time.monotonic() - began < ROOMY, shown
        print(f"published by {server.address}, shown after {max(shown.values()):.2f} s")
        assert max(shown.values()) < 5  # 1 s, and what a busy machine adds


@pytest.mark.parametrize("which", ["first", "second"])
def test_no_reader_notices_that_a_server_is_killed_and_started_again(place, which):
    site: Site = getattr(place, which)
    load = Load(place.front.port)
    load.begin(readers=4)
    try:
        for change in (lambda: None, site.kill, site.start, lambda: None):
            change()
            seen = load.requests
            wait_until(lambda seen=seen: load.requests > seen + 300)
    finally:
        load.end()
    assert dict(load.bad) == {}
    print(f"{load.requests} requests; p99 {load.p99(0, time.monotonic()):.0f} ms")
    wait_until(lambda: Browser(site.address).get("/conditions/ache-1/").status_code == 200)


def test_nginx_gives_static_files_with_the_headers_that_the_site_gives_them(place):
    page = Browser(place.front.address).get("/").text
    path = page.partition('rel="stylesheet" href="')[2].partition('"')[0]
    assert path.startswith("/static/")
    ours, nginxs = (Browser(s.address).get(path) for s in (place.first, place.front))
    assert ours.content == nginxs.content
    comes_with_the_server = {"date", "server", "connection", "etag", "last-modified", "vary"}
    comes_with_the_server |= {"reporting-endpoints", "x-request-id"}
    headers = [
        {name.lower(): value for name, value in answer.headers.items()} for answer in (ours, nginxs)
    ]
    for found in headers:
        found["content-security-policy"] = sorted(
            part.strip()
            for part in found["content-security-policy"].split(";")
            if not part.strip().startswith("report-")
        )
        found["content-type"] = found["content-type"].replace('"', "")
    for name in headers[0].keys() - comes_with_the_server:
        assert headers[1].get(name) == headers[0][name], name


def test_while_all_servers_are_dead_readers_read_and_editors_are_told(place, publisher):
    front = Browser(place.front.address)
    seen = front.get("/conditions/ache-1/")
    wait_until(lambda: "cache=REVALIDATED" in front_log_of(place, front, "/conditions/ache-1/"))
    place.first.kill()
    place.second.kill()
    try:
        assert front.get("/conditions/ache-1/").content == seen.content
        from_the_copy = front.get("/conditions/ache-7/?page=1")
        assert (from_the_copy.status_code, "This is a copy of" in from_the_copy.text) == (200, True)
        refused = at(place.front, publisher).post("/admin/causes/condition/add/", {"title": "x"})
        assert refused.status_code == 503
        assert "What you typed is still in your browser" in refused.text
        for answer in (from_the_copy, refused):
            assert all(answer.headers[name] for name in SECURITY)
    finally:
        place.first.start()
        place.second.start()
    began = time.monotonic()
    wait_until(lambda: at(place.front, publisher).get("/admin/").status_code == 200, ROOMY)
    print(f"editors are back {time.monotonic() - began:.1f} s after the servers")


def front_log_of(place: Place, front: Browser, path: str) -> str:
    """What nginx's log says of one more request."""
    written = len(place.front.log)
    front.get(path)
    return place.front.log[written:]

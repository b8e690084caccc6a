"""The site as in production, with several processes: they count guesses together."""

import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar

import pytest
from django.db import connection

from tests.browser.served import PASSWORD, Site
from tests.people.signing import WRONG

pytestmark = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="the served site has a SQLite database of its own"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("served"), WEB_WORKERS="3", TRUSTED_PROXIES="127.0.0.1")
    site.prepare()
    site.start()
    yield site
    site.stop()


def status(site: Site, password: str, forwarded: str) -> int:
    """Of one try at ada's account by a new browser; ``forwarded`` is X-Forwarded-For."""
    cookies = urllib.request.HTTPCookieProcessor(CookieJar())
    browser = urllib.request.build_opener(cookies)
    browser.addheaders = [("X-Forwarded-For", forwarded)]
    address = f"{site.address}/accounts/login/"
    with browser.open(address, timeout=60) as page:
        token = re.search(rb'name="csrfmiddlewaretoken" value="(\w+)"', page.read())[1].decode()
    form = {"username": "ada", "password": password, "csrfmiddlewaretoken": token}
    try:
        with browser.open(address, urllib.parse.urlencode(form).encode(), timeout=60) as answer:
            return 302 if answer.url.endswith("/admin/") else answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_hundred_guesses_at_once_get_eight_tries_and_home_gets_in(site):
    """The proxy is trusted for the last address it has seen; what a guesser claims comes first."""
    assert status(site, PASSWORD, "198.51.100.1") == 302
    with ThreadPoolExecutor(12) as pool:
        found = list(
            pool.map(lambda n: status(site, WRONG, f"192.0.2.{n}, 203.0.113.9"), range(100))
        )
    assert found.count(200) == 8
    assert found.count(429) == 92
    assert status(site, PASSWORD, "203.0.113.9") == 429
    assert status(site, PASSWORD, "198.51.100.1") == 302

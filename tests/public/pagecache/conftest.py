"""The page cache in front of the real site, or of an application that a test writes."""

from types import SimpleNamespace

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from causes.public.pagecache import PageCache, counters
from causes.public.pagecache.parameters import _by_route, _remembered
from config.wsgi import site as real_site
from tests.public.pagecache.wsgi import Known, RendersAtOnce, ask


@pytest.fixture
def known() -> Known:
    return Known()


class Asked:
    """Readers of one cache. ``rendered`` are the addresses that its application was asked for."""

    def __init__(self, application, known, **options) -> None:
        self.rendered: list[str] = []
        self.application, self.known, self.renders = application, known, RendersAtOnce()
        self._options = {"megabytes": 4} | options
        self.begin()

    def begin(self) -> None:
        """As after a start: the cache is empty, and reads its settings."""
        self.cache = PageCache(
            self._noted, freshness=self.known, renders=self.renders, **self._options
        )

    def _noted(self, environ, start_response):
        query = environ["QUERY_STRING"]
        self.rendered.append(environ["PATH_INFO"] + (f"?{query}" if query else ""))
        return self.application(environ, start_response)

    def get(self, address, **asked):
        return ask(self.cache, address, **asked)


@pytest.fixture
def real_application(small_site):
    """The site's own application, which leaves the test's connection open between requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield real_site
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def site(real_application, known) -> Asked:
    """The small site behind a cache."""
    return Asked(real_application, known)


@pytest.fixture
def scripted(known) -> Asked:
    """An application that says what ``says`` holds, behind a cache."""
    says = SimpleNamespace(
        status="200 OK",
        body=b"<p>one</p>" * 50,
        headers={
            "Content-Type": "text/html; charset=utf-8",
            "Cache-Control": "public, max-age=0, s-maxage=1, stale-if-error=86400",
            "Vary": "Accept-Encoding",
            "ETag": '"one"',
        },
        environ={},
    )

    def application(environ, start_response):
        says.environ = environ
        start_response(
            says.status, [*says.headers.items(), ("Content-Length", str(len(says.body)))]
        )
        return [says.body]

    asked = Asked(application, known)
    asked.says = says
    return asked


@pytest.fixture
def counted():
    """How much each counter has risen since the test began."""
    before = counters()
    return lambda: {name: value - before[name] for name, value in counters().items()}


@pytest.fixture(autouse=True)
def routes_are_looked_up_anew():
    _by_route.cache_clear()
    _remembered.cache_clear()

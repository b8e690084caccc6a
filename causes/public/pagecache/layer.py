"""The WSGI layer: answers from a copy that is still true, or asks Django for one.

What is not a plain question for a page of the table in `causes.public.urls` goes to Django as it
came. A page is rendered from its key alone, so that nothing else in a reader's request can get
into a copy that others are given.
"""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from typing import Any

from django.conf import settings
from django.db import connections

from causes.public.middleware import UNAVAILABLE
from causes.public.pagecache.answers import Page, Rendered, StartResponse, preferred
from causes.public.pagecache.counts import CACHED, counts
from causes.public.pagecache.freshness import Freshness, State
from causes.public.pagecache.keys import Environ, Key, Keys, environ_of
from causes.public.pagecache.renders import Renders
from causes.public.pagecache.sqlite import SqliteFreshness
from causes.public.pagecache.store import Store

Application = Callable[[Environ, StartResponse], Iterable[bytes]]

STALE_IF_ERROR = 86400  # seconds, as the pages say
# Seconds that a reader waits for a render: nobody is given an old text only because a machine is
# busy. Where the database stops answering meanwhile, an old copy is given at once.
LONGEST_WAIT = 5.0
COLD_IN_DOUBT = 1.0  # while it does not answer, for a page of which there is no copy
GLANCE = 0.1  # between two looks at whether it answers


class PageCache:
    """Django, with copies of its pages in front. Without room for any, every page is rendered."""

    def __init__(
        self,
        application: Application,
        *,
        freshness: Freshness | None = None,
        renders: Renders | None = None,
        megabytes: float | None = None,
    ) -> None:
        room = settings.PAGE_CACHE_MB if megabytes is None else megabytes
        self._application = application
        self.freshness = freshness or freshness_of_the_database()
        self._renders = renders or Renders()
        self._store = Store(int(room * 1_000_000))
        self._key_of = Keys()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = self._key_of(environ)
        if key is None:
            return self._application(environ, start_response)
        answer = (
            self._answer(key, environ) if self._store.limit else self._rendered_for(environ, key)
        )
        if isinstance(answer, Page):
            parts = answer.send(environ, start_response, time.time())
            return self._application(environ, start_response) if parts is None else parts
        if answer is None:
            counts.unavailable += 1
            return self._application(environ | {UNAVAILABLE: True}, start_response)
        if not answer.is_for_everyone:
            return self._application(environ, start_response)
        start_response(answer.status, list(answer.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def true_copy(self, environ: Environ) -> Page | None:
        """The copy that answers the request, if there is one that is surely true."""
        if (key := self._key_of(environ)) is None:
            return None
        state, page = self.freshness.read(), self._store.get(key)
        if page is None or state is None or not page.is_true(state, now := time.time()):
            return None
        page.checked = now
        counts.hits += 1
        return page

    def renew(self, key: Key) -> None:
        """Have a true copy of the page, or none if it is gone."""
        state, page = self.freshness.read(), self._store.get(key)
        if state is not None and not (page and page.is_true(state, time.time())):
            self._rendered(key, state, page)

    def _answer(self, key: Key, environ: Environ) -> Page | Rendered | None:
        """A copy (the environ then says so), what Django says, or None if it cannot say anything
        now."""
        # Before the page is rendered: what happens meanwhile belongs to the next state.
        state, page, now = self.freshness.read(), self._store.get(key), time.time()
        if page is not None:
            if state is None and now - page.checked < STALE_IF_ERROR:
                counts.stale += 1
                environ[CACHED] = True
                return page
            if state is not None and page.is_true(state, now):
                page.checked = now
                counts.hits += 1
                environ[CACHED] = True
                return page
        counts.misses += 1
        answer = self._rendered(key, state, page)
        if answer is page and page is not None:
            environ[CACHED] = True
        return answer

    def _rendered_for(self, environ: Environ, key: Key) -> Page | Rendered:
        """Without room for copies: for this reader alone, packed as this reader wants it."""
        counts.renders += 1
        rendered = _call(self._application, environ_of(key))
        if not rendered.may_be_kept:
            return rendered
        coding = preferred(environ.get("HTTP_ACCEPT_ENCODING", ""))
        return Page(rendered, None, time.time(), codings={coding})

    def _rendered(
        self, key: Key, state: State | None, previous: Page | None
    ) -> Page | Rendered | None:
        answer = None
        if not self._renders.are_stuck(LONGEST_WAIT if state else COLD_IN_DOUBT):
            # In the reader's context: what is logged of the render names the request.
            render = partial(copy_context().run, self._render, key, state, previous)
            flight = self._renders.submit((key, state), render)
            answer = self._outcome(flight, in_reserve=previous is not None)
        failed = answer is None or (isinstance(answer, Rendered) and answer.code >= 500)
        if failed and previous is not None and time.time() - previous.checked < STALE_IF_ERROR:
            counts.stale += 1
            return previous
        return answer

    def _outcome(self, flight: Future, *, in_reserve: bool) -> Page | Rendered | None:
        """What the render brings, if it does so in time."""
        began = time.monotonic()
        in_doubt = 0.0 if in_reserve else COLD_IN_DOUBT
        while (waited := time.monotonic() - began) < LONGEST_WAIT:
            try:
                return flight.result(timeout=GLANCE)
            except TimeoutError:
                if waited >= in_doubt and self.freshness.read() is None:
                    return None
        return None

    def _render(self, key: Key, state: State | None, previous: Page | None) -> Page | Rendered:
        """Ask Django, and keep or drop the copy."""
        counts.renders += 1
        rendered = _call(self._application, environ_of(key))
        if rendered.may_be_kept:
            page = Page(rendered, state, time.time(), previous=previous)
            if state is not None:
                self._store.put(key, page, newest=self.freshness.epoch)
            return page
        # An old copy of what is no longer there must not come back when the database is gone.
        if rendered.code in {301, 404, 410} and not key[3]:
            self._store.drop_path(key[2])
        elif rendered.code < 500:
            self._store.drop(key)
        return rendered


def freshness_of_the_database() -> Freshness:
    if connections["default"].vendor == "postgresql":
        # Its library takes 5 MB of each process; on SQLite nothing needs it.
        from causes.public.pagecache.postgres import PostgresFreshness, PostgresQuestion

        return PostgresFreshness(PostgresQuestion(lambda: connections["default"]))
    return SqliteFreshness(lambda: connections["default"].settings_dict["NAME"])


def _call(application: Application, environ: Environ) -> Rendered:
    """Django's whole answer."""
    begun: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        begun[:] = [status, list(headers)]

    parts = application(environ, start_response)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return Rendered(*begun, body)

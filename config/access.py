"""The outer WSGI layers: each request gets an id, and its answer is counted and maybe logged.

It does little for every answer (3 microseconds): an id, plain numbers without a lock, and a line
only where ACCESS_LOG asks for one. Unless that is for all, true copies are answered before it.
"""

import logging
import os
import re
from collections.abc import Callable, Iterable
from itertools import count
from time import perf_counter, time
from typing import Any

from causes.monitoring.counts import Counts
from causes.monitoring.middleware import ACCOUNT
from causes.public.middleware import UNAVAILABLE
from causes.public.pagecache import PageCache
from causes.public.pagecache.counts import CACHED
from config.logs import ID, asked, shown_path
from config.proxies import Application, Environ

logger = logging.getLogger("causes.access")

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")
SLOW = 1.0  # seconds from which an answer is logged, unless ACCESS_LOG=none

LAST_WORDS = b"This page cannot be shown right now. Please try again in a minute.\n"
LAST_HEADERS = (
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(LAST_WORDS))),
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)


class Access:
    """``application`` with ids, counts and the access log.

    ``wanted`` is ACCESS_LOG: "none"; "errors" (status 400 and above, and slow answers); "all".
    ``in_trouble`` is Django alone: it says so where what stands before it fails.
    """

    def __init__(
        self, application: Application, counts: Counts, *, wanted: str, in_trouble: Application
    ) -> None:
        self._application, self._in_trouble = application, in_trouble
        self._cached, self._rendered = counts.cached, counts.rendered
        self._is_never, self._is_always = wanted == "none", wanted == "all"
        # Unique, and cheaper than chance for each request.
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        self._prefix, self._numbers = os.urandom(8).hex() + "-", count(1)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = perf_counter()
        # Only a trusted proxy's has come this far.
        if "HTTP_X_REQUEST_ID" in environ and REQUEST_ID.fullmatch(environ["HTTP_X_REQUEST_ID"]):
            identity = environ["HTTP_X_REQUEST_ID"]
        else:
            identity = f"{self._prefix}{next(self._numbers):x}"
        environ[ID] = identity
        status = "000"

        def start(
            said: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[..., Any]:
            nonlocal status
            status = said
            headers.append(("X-Request-ID", identity))
            return start_response(said, headers)

        asked.set(environ)  # of this thread, until its next request
        try:
            parts = self._application(environ, start)
        except Exception:
            logger.exception("No answer could be made.")
            parts = self._say_so(environ, start)
        answers = self._cached if CACHED in environ else self._rendered
        answers[ord(status[0]) - 49] += 1  # "1xx" to "5xx"
        seconds = perf_counter() - began
        if (status >= "4" or seconds >= SLOW or self._is_always) and not self._is_never:
            _log(environ, int(status[:3]), seconds)
        return parts

    def _say_so(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Django's page for it, with every header; a bare line where even that fails."""
        try:
            return self._in_trouble(environ | {UNAVAILABLE: True}, start)
        except Exception:
            logger.exception("The page that says so could not be made either.")
            start("503 Service Unavailable", list(LAST_HEADERS))
            return [LAST_WORDS]


def copies_first(cache: PageCache, otherwise: Application, counts: Counts) -> Application:
    """True copies at once, without an id or a line: the rest is ``otherwise``'s.

    That saves most answers a third of what they would cost. `Access` still sees them where every
    answer is to be logged.
    """
    cached = counts.cached

    def layer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        try:
            page = cache.true_copy(environ)
        except Exception:
            return otherwise(environ, start_response)  # which meets it again, and says so
        parts = None if page is None else page.send(environ, start_response, time())
        if parts is None:
            return otherwise(environ, start_response)
        cached[1 if parts or environ["REQUEST_METHOD"] == "HEAD" else 2] += 1  # 2xx or 304
        return parts

    return layer


def timed(application: Application, counts: Counts) -> Application:
    """Django, with the time that its answers take."""

    def layer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = perf_counter()
        try:
            return application(environ, start_response)
        finally:
            counts.took(perf_counter() - began)

    return layer


def _log(environ: Environ, status: int, seconds: float) -> None:
    level = logging.ERROR if status >= 500 else logging.INFO
    if not logger.isEnabledFor(level):
        return
    method = environ.get("REQUEST_METHOD", "")
    said = {
        "method": method if method.isalpha() and len(method) < 10 else "?",
        "path": shown_path(_text(environ.get("PATH_INFO", ""))),
        "status": status,
        "ms": round(seconds * 1000, 1),
        "cached": CACHED in environ,
    }
    if ACCOUNT in environ:
        said["account"] = environ[ACCOUNT]
    logger.log(level, "%s %s %s", said["method"], said["path"], status, extra=said)


def _text(path: str) -> str:
    """WSGI's latin-1 as the UTF-8 that it stands for."""
    return path.encode("latin-1", "replace").decode("utf-8", "replace")

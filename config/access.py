"""The outermost WSGI layer: each request gets an id, and its answer is counted and maybe logged.

It stands before the page cache, so what it does for every answer is a few hundred nanoseconds:
an id, plain numbers without a lock, and a line only where ACCESS_LOG asks for one.
"""

import logging
import os
import re
import time
from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from causes.monitoring.counts import Counts
from causes.monitoring.middleware import ACCOUNT
from causes.public.pagecache.counts import CACHED
from config.logs import Asked, asked, shown_path
from config.proxies import Application, Environ

logger = logging.getLogger("causes.access")

REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{1,32}")

SLOW = 1.0  # seconds from which an answer is logged, unless ACCESS_LOG=none


class Access:
    """``application`` with ids, counts and the access log.

    ``wanted`` is ACCESS_LOG: "none"; "errors" (status 400 and above, and slow answers); "all".
    """

    def __init__(self, application: Application, counts: Counts, *, wanted: str) -> None:
        self._application, self._counts = application, counts
        self._is_never, self._is_always = wanted == "none", wanted == "all"
        self._begin()

    def _begin(self) -> None:
        """A prefix of this process's own: unique, and cheaper than chance for each request."""
        self._pid, self._prefix = os.getpid(), os.urandom(8).hex()
        self._numbers = count(1)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        given = environ.pop("HTTP_X_REQUEST_ID", "")  # only a trusted proxy's has come this far
        if given and REQUEST_ID.fullmatch(given):
            identity = given
        else:
            if self._pid != os.getpid():
                self._begin()
            identity = f"{self._prefix}-{next(self._numbers):x}"
        said = ""

        def start(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Callable[..., Any]:
            nonlocal said
            said = status
            headers.append(("X-Request-ID", identity))
            return start_response(status, headers)

        token = asked.set(Asked(identity, environ))
        try:
            parts = self._application(environ, start)
            status = int(said[:3] or 0)
            seconds = time.perf_counter() - began
            self._counts.answered(status, CACHED in environ)
            if self._is_always or (not self._is_never and (status >= 400 or seconds >= SLOW)):
                _log(environ, status, seconds)
            return parts
        finally:
            asked.reset(token)


def timed(application: Application, counts: Counts) -> Application:
    """Django, with the time that its answers take."""

    def layer(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        began = time.perf_counter()
        try:
            return application(environ, start_response)
        finally:
            counts.took(time.perf_counter() - began)

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

"""What an answer depends on, taken from a request; and a request that holds nothing else."""

import io
import sys
from typing import Any

from django.conf import settings

from causes.public.pagecache.parameters import spelling

Environ = dict[str, Any]
Key = tuple[str, str, str, str]  # scheme, host, path, query

READING = {"GET", "HEAD"}
NO_BODY = {"", "0"}  # as Content-Length
# Only Django knows what these mean for the answer.
UNUSUAL = (
    *("HTTP_AUTHORIZATION", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"),
    *("HTTP_TRANSFER_ENCODING", "CONTENT_TYPE", "SCRIPT_NAME"),
)


class Keys:
    """Makes keys. It reads the settings once: each look costs a third of a microsecond."""

    def __init__(self) -> None:
        self._cookie = settings.SESSION_COOKIE_NAME
        self._redirects = settings.SECURE_SSL_REDIRECT
        self._reported = settings.SECURE_PROXY_SSL_HEADER

    def __call__(self, environ: Environ) -> Key | None:
        """None where the answer depends on more than a key holds, or on what is not known here."""
        if environ["REQUEST_METHOD"] not in READING or any(map(environ.get, UNUSUAL)):
            return None
        if environ.get("CONTENT_LENGTH", "0") not in NO_BODY:
            return None
        host, scheme = environ.get("HTTP_HOST"), environ["wsgi.url_scheme"]
        if self._reported:
            scheme = _reported_scheme(environ, *self._reported)
        if not host or (self._redirects and scheme != "https"):
            return None
        if "HTTP_COOKIE" in environ and self._cookie in environ["HTTP_COOKIE"]:
            return None
        path = environ.get("PATH_INFO", "")
        query = spelling(path, environ.get("QUERY_STRING", ""))
        return None if query is None else (scheme, host, path, query)


def _reported_scheme(environ: Environ, header: str, secure: str) -> str:
    """As Django's `request.scheme`."""
    if (said := environ.get(header)) is None:
        return environ["wsgi.url_scheme"]
    return "https" if said.split(",", 1)[0].strip() == secure else "http"


def environ_of(key: Key) -> Environ:
    """A request that holds what the key holds."""
    scheme, host, path, query = key
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "causes",
        "SERVER_PORT": "443" if scheme == "https" else "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }

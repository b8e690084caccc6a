"""A reader in front of the WSGI application, where Django's test client cannot stand."""

import gzip
import io
import sys
from collections.abc import Callable, Hashable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes

import brotli

from causes.public.pagecache.freshness import State


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes
    fields: list[str]  # the headers' names, as often as they were sent

    @property
    def plain(self) -> bytes:
        """The body without its content coding."""
        if not self.body:
            return b""
        unpack = {"br": brotli.decompress, "gzip": gzip.decompress}
        return unpack.get(self.headers.get("content-encoding"), bytes)(self.body)

    @property
    def text(self) -> str:
        return self.plain.decode()


def environ_for(
    address: str, *, method: str = "GET", scheme: str = "http", **headers: str
) -> dict[str, Any]:
    """What granian hands over. ``host`` and other headers with "_" for "-"; None leaves one out."""
    path, _, query = address.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8000",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.7",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scheme,
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in ({"host": "testserver"} | headers).items():
        if value is not None:
            name = name.upper()
            environ[name if name.startswith("CONTENT_") else f"HTTP_{name}"] = value
    return environ


def ask(application: Callable, address: str, **asked: Any) -> Answer:
    return answer_to(application, environ_for(address, **asked))


def answer_to(application: Callable, environ: dict[str, Any]) -> Answer:
    said: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        said[:] = [status, headers]

    parts: Iterable[bytes] = application(environ, start_response)
    body = b"".join(parts)
    if hasattr(parts, "close"):
        parts.close()
    status, headers = said
    names = [name.lower() for name, _ in headers]
    return Answer(int(status[:3]), {n.lower(): v for n, v in headers}, body, names)


class RendersAtOnce:
    """In the reader's own thread, which alone sees what a test's transaction holds."""

    stuck = False

    def submit(self, key: Hashable, render: Callable[[], Any]) -> Future:
        flight: Future = Future()
        flight.set_result(render())
        return flight

    def are_stuck(self, seconds: float) -> bool:
        return self.stuck


class Known:
    """A freshness that a test sets: ``state`` is what is known now, None if nothing is."""

    def __init__(self) -> None:
        self.epoch, self.until, self.answers = 1, float("inf"), True

    def read(self) -> State | None:
        return State(self.epoch, self.until) if self.answers else None

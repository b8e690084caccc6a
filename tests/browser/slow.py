"""The site behind a slow connection: each page arrives in pieces, and is drawn in between."""

import re
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAUSE = 0.04  # seconds between two pieces: more than the browser needs to draw
PIECE = 700  # bytes at least, after the head of the page
END_OF_ELEMENT = re.compile(rb"</(\w+)>")
PHRASING = {b"a", b"b", b"code", b"em", b"mark", b"span", b"strong", b"time"}
PASSED_ON = ("Content-Type", "Content-Security-Policy")


def pieces(html: bytes) -> list[bytes]:
    """A page cut after elements: after each in the header, which is drawn first; then more rarely.

    There not within a line of text, whose end may be what takes a word to the next line.
    """
    header, cuts = html.find(b"</header>"), [html.find(b"<header")]
    for found in END_OF_ELEMENT.finditer(html, cuts[0]):
        end = found.end()
        if end <= header or (end >= cuts[-1] + PIECE and found[1] not in PHRASING):
            cuts.append(end)
    return [html[start:end] for start, end in zip([0, *cuts], [*cuts, len(html)], strict=True)]


@contextmanager
def slow(site: str) -> Iterator[str]:
    """The address of a server that hands on what ``site`` answers, its pages slowly."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            try:
                answer = urllib.request.urlopen(f"{site}{self.path}", timeout=30)  # noqa: S310
            except urllib.error.HTTPError as error_page:
                answer = error_page
            with answer:
                body = answer.read()
            is_page = answer.headers["Content-Type"].startswith("text/html")
            self.send_response(answer.status)
            for name in PASSED_ON:
                if name in answer.headers:
                    self.send_header(name, answer.headers[name])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for piece in pieces(body) if is_page else [body]:
                self.wfile.write(piece)
                time.sleep(PAUSE if is_page else 0)

        def log_message(self, *_arguments: object) -> None:
            """Says nothing in the tests' output."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()

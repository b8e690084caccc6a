"""An app server that says what it is told to say, and remembers what it was asked."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Headers = dict[str, str]
KEPT = "public, max-age=0, s-maxage=1, stale-if-error=86400"
PAGE = {
    "Cache-Control": KEPT,
    "X-Accel-Expires": "@1",
    "ETag": '"1"',
    "Vary": "Accept-Encoding",
    "Content-Type": "text/html",
}


@dataclass
class Asked:
    method: str
    path: str
    headers: Headers
    body: bytes


@dataclass
class Upstream:
    """``says`` is the answer to each path that is not in ``pages``: status, headers, body.

    A status of 0 closes the connection without a word.
    """

    pages: dict[str, tuple[int, Headers, bytes]] = field(default_factory=dict)
    says: tuple[int, Headers, bytes] = (200, {}, b"something else")
    asked: list[Asked] = field(default_factory=list)

    def __enter__(self) -> "Upstream":
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self.end()

    def end(self) -> None:
        """Nobody listens any more."""
        self.server.shutdown()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        upstream = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                upstream.asked.append(Asked(self.command, self.path, dict(self.headers), body))
                status, headers, content = upstream.pages.get(self.path, upstream.says)
                if not status:
                    self.close_connection = True
                    return
                if (tag := headers.get("ETag")) and self.headers.get("If-None-Match") == tag:
                    status, content = 304, b""
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_POST = do_HEAD = do_GET

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler

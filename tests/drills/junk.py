"""Junk from outside against a real server, by hand: ``python tests/drills/junk.py [--requests N]``

Prepares a site of its own (on SQLite; on PostgreSQL inside ``tests/with_postgres.py``), serves it
as in production, and sends requests that no browser sends, from a seed, over raw sockets.
Fails where the site answers 5xx or takes longer than LONGEST seconds, and lists what it answered.
Two answers are the server's own and right: 501 and 505, for a method or a version of HTTP that it
does not speak. A connection that it closes without a word is no answer, and counted apart. So are
empty lines and no more: a server waits for what comes after them (RFC 9112, 2.2). Whatever else
gets no answer in time is wrong.
"""

import argparse
import contextlib
import os
import random
import signal
import socket
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.attacks import ATTACKS  # noqa: E402 - the folder above is known from here on
from tests.browser.served import Site  # noqa: E402

LONGEST = 1.5  # seconds
WAITS = 3.0  # seconds for an answer; a slower one counts as none
ALLOWED = {501, 505}

PATHS = [
    *("/", "/symptoms/", "/symptoms/leg-numbness/", "/symptoms/leg-numbness/history/"),
    *("/symptoms/leg-numbness/nerve-damage/", "/conditions/", "/conditions/sciatica/"),
    *("/conditions/sciatica/history/", "/about/privacy/", "/tags/", "/tags/foot/", "/search/"),
    *("/search/suggest/", "/opensearch.xml", "/changes.atom", "/sitemap.xml", "/sitemap-1.xml"),
    *("/manifest.webmanifest", "/favicon.ico", "/robots.txt", "/healthz", "/review/x:y:z/"),
    *("/symptoms/leg-numbness/tag=foot/", "/static/causes/site.css", "/static/../manage.py"),
    *("/admin/", "/admin/login/", "/admin/logout/", "/admin/causes/page/", "/admin/jsi18n/"),
    *("/admin/causes/condition/1/change/", "/admin/causes/condition/add/", "/admin/autocomplete/"),
    *("/admin/causes/tag/desk/", "/admin/causes/condition/1/preview/", "/admin/guide/"),
    *("/accounts/", "/accounts/login/", "/accounts/logout/", "/accounts/inactive/", "/readyz"),
    *("/accounts/reauthenticate/", "/accounts/password/change/", "/accounts/password/reset/"),
    *("/accounts/password/link/x:y:z/", "/accounts/password/choose/", "/accounts/password/set/"),
    *("/accounts/2fa/", "/accounts/2fa/authenticate/", "/accounts/2fa/totp/activate/"),
    *("/accounts/2fa/totp/qr.svg", "/accounts/2fa/webauthn/login/", "/accounts/2fa/webauthn/add/"),
    *("/accounts/2fa/recovery-codes/", "/accounts/2fa/webauthn/keys/1/remove/"),
    *("/admin/password_change/", "/admin/auth/user/", "/admin/auth/user/1/invite/"),
    *("/metrics", "/csp-report", "/.well-known/security.txt"),
]
PARAMETERS = ["q", "tag", "page", "on", "letter", "exact", "format", "next", "p", "o", "_popup", ""]
METHODS = [
    *("GET", "GET", "GET", "HEAD", "POST", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"),
    *("CONNECT", "PROPFIND", "get", "G\x00T", "X" * 300, "BREW", "", "GET\t", "\u00e9"),
]
PLACES = ["method", "version", "target", "target", "headers", "headers", "body", "bytes"]
VERSIONS = ["HTTP/1.1"] * 2 + ["HTTP/1.0", "HTTP/2.0", "HTTP/0.9", "HTTP/9.9", "HTTQ/1.1", ""]
NUMBERS = ["-1", "0", "1e9", "9" * 400, "NaN", "0x1", "\u0661", "1;2", " "]
ENCODINGS = ["zlib", "utf-7", "utf-16", "idna", "no-such", "utf-8", "\x00", "punycode", "x" * 900]
FORM = "application/x-www-form-urlencoded"


class Junk:
    """Requests as bytes, the same ones for the same seed."""

    def __init__(self, seed: int, host: str) -> None:
        self.random, self.host = random.Random(seed), host

    def text(self) -> str:
        pick = self.random
        match pick.randrange(8):
            case 0:
                return pick.choice(ATTACKS)[:3000]
            case 1:
                return "".join(chr(pick.randrange(1, 0xD7FF)) for _ in range(pick.randrange(40)))
            case 2:
                return pick.choice(NUMBERS)
            case 3:
                return pick.choice("ab%\0'\" ") * pick.randrange(6000)
            case 4:
                return "../" * pick.randrange(30) + "etc/passwd"
            case 5:
                return pick.choice(
                    ["leg numb", "cant fel my face", "sciatica OR *", "\ud7ff\ufeff"]
                )
            case 6:
                return pick.choice(["2026-01-01", "9999-12-31", "0000-00-00", "foot", "one-leg"])
        return "z" + "\u0302" * pick.randrange(2000)

    def quoted(self) -> str:
        text = self.text()
        how = self.random.randrange(4)
        if how == 0:
            return quote(text.encode("utf-16", "surrogatepass"), safe="")
        if how == 1:
            return "%" + quote(text.encode("utf-8", "surrogatepass")) + "%zz%ff%c3%28%u0041"
        safe = "" if how == 2 else "/?&=;"
        return quote(text.encode("utf-8", "surrogatepass"), safe=safe)

    def target(self) -> str:
        pick = self.random
        path = pick.choice(PATHS)
        match pick.randrange(9):
            case 0:
                path += self.quoted()[:4000]
            case 1:
                path = f"/{self.quoted()[:4000]}"
            case 2:
                path = pick.choice(["//", "*", "", "?", "#", "/%00", "/\\", "/.//", "/%2e%2e/."])
            case 3:
                path = pick.choice(
                    [f"http://{self.host}{path}", f"ftp://evil.invalid{path}", "a:b"]
                )
            case 4:
                path = path.replace("/", "//").upper()
        if pick.random() < 0.6:
            pairs = (
                f"{pick.choice(PARAMETERS)}={self.quoted()}"
                for _ in range(pick.choice([1, 1, 2, 3, 40, 1200]))
            )
            path += "?" + pick.choice("&;&")[0].join(pairs)[:30_000]
        return path

    def headers(self) -> list[tuple[str, str]]:
        pick = self.random
        host = (
            self.host
            if pick.random() < 0.8
            else pick.choice(
                [
                    "",
                    "evil.invalid",
                    "\u00e4.example",
                    "a b",
                    "127.0.0.1:99999",
                    "[::1",
                    "x" * 3000,
                    "\0",
                ]
            )
        )
        found = [("Host", host)] if pick.random() < 0.97 else []
        for _ in range(pick.choice([0, 1, 2, 3, 5])):
            found.append(self.header())
        if pick.random() < 0.02:
            found += [(f"X-{number}", "y" * 50) for number in range(pick.choice([90, 900]))]
        return found

    def header(self) -> tuple[str, str]:
        pick = self.random
        junk = self.text().replace("\r", "").replace("\n", "")[:4000]
        return pick.choice(
            [
                ("Content-Type", f"text/plain; charset={pick.choice(ENCODINGS)}"),
                ("Content-Type", f"multipart/form-data; boundary={junk[:90]}"),
                ("Content-Type", junk),
                ("Cookie", f"sessionid={junk}; csrftoken={junk[:64]}"),
                ("Cookie", f"sessionid={'a' * 32}; messages={junk}"),
                ("Cookie", "=;=;" * pick.randrange(900)),
                ("Accept-Encoding", pick.choice(["br;q=x", "*;q=0", "gzip;q=9", junk, ",,,"])),
                ("Accept-Language", junk),
                ("Accept", junk),
                ("Range", pick.choice(["bytes=9-1", "bytes=-", "bytes=0-,1-,2-" * 99, junk])),
                ("If-None-Match", pick.choice(["*", '"' * 999, 'W/"x"', junk])),
                ("If-Modified-Since", junk),
                ("If-Match", junk),
                ("Authorization", f"Basic {junk}"),
                ("X-Forwarded-For", junk),
                ("X-Forwarded-Proto", pick.choice(["https", "ftp", junk])),
                ("X-Forwarded-Host", "evil.invalid"),
                ("Forwarded", junk),
                ("Origin", pick.choice(["null", "http://evil.invalid", junk])),
                ("Referer", junk),
                ("Expect", pick.choice(["100-continue", "x"])),
                ("Upgrade", "h2c"),
                ("Connection", pick.choice(["close", "keep-alive", "upgrade", junk])),
                ("Host", "evil.invalid"),
                ("Transfer-Encoding", pick.choice(["gzip", "identity", "chunked, chunked", "x"])),
                ("Content-Length", pick.choice(["-1", "1, 2", "0x5", "9" * 30])),
                ("X-HTTP-Method-Override", "DELETE"),
                (junk[:50] or "X", junk),
                ("Script-Name", "/x"),
                ("Proxy", "http://evil.invalid"),
            ]
        )

    def body(self, headers: list[tuple[str, str]], *, lies: bool) -> bytes:
        """And the header that says how long it is, or lies."""
        pick = self.random
        match pick.randrange(7 if lies else 2):
            case 0:
                pairs = (f"{pick.choice(PARAMETERS)}={self.quoted()}" for _ in range(9))
                body = "&".join(pairs).encode()
                headers.append(("Content-Type", FORM))
            case 1:
                body = pick.randbytes(pick.randrange(5000))
            case 2:
                body = b"a=1&" * pick.choice([10, 3000, 20_000])
                headers.append(("Content-Type", FORM))
            case 3:
                body = b'--b\r\nContent-Disposition: form-data; name="x\0"\r\n\r\n' + b"y" * 900
                headers.append(("Content-Type", "multipart/form-data; boundary=b"))
            case 4:
                headers.append(("Transfer-Encoding", "chunked"))
                size = pick.choice([b"4", b"zz", b"ffffffffffffffff", b"-1", b"4;x=y", b"0x4"])
                return size + b"\r\nabcd\r\n0\r\n" + pick.choice([b"\r\n", b"X: y\r\n\r\n"])
            case 5:
                body = b"[" * 50_000
                headers.append(("Content-Type", "application/json"))
            case _:
                body = self.text().encode("utf-8", "replace")
        length = len(body)
        if lies and pick.random() < 0.2:
            length = pick.choice([0, 1, length // 2, length + 9])
        headers.append(("Content-Length", str(length)))
        return body

    def request(self) -> bytes:
        pick = self.random
        if pick.random() < 0.04:
            return pick.choice(
                [
                    *(pick.randbytes(pick.randrange(1, 3000)), b"\x16\x03\x01\x02\x00\x01\x00\x01"),
                    *(
                        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
                        b"GET /\r\n\r\n",
                        b"\r\n" * 99,
                        b"\0" * 99,
                    ),
                    b"GET / HTTP/1.1\nHost: x\n\n",
                    b"GET / HTTP/1.1\r\nHost : x\r\n folded\r\n\r\n",
                ]
            )
        # Most requests are HTTP as it should be, but for one or two places: else none would get
        # past the server's own reader.
        places = pick.sample(PLACES, pick.choice([1, 1, 1, 2, 2, len(PLACES)]))
        method = pick.choice(METHODS if "method" in places else ["GET", "GET", "GET", "POST"])
        version = pick.choice(VERSIONS) if "version" in places else "HTTP/1.1"
        headers = self.headers() if "headers" in places else [("Host", self.host)]
        body = b""
        if "body" in places or method == "POST":
            body = self.body(headers, lies="body" in places)
        headers.append(("Connection", "close"))
        pick.shuffle(headers)
        target = self.target() if "target" in places else pick.choice(PATHS)
        if "bytes" in places:  # that nobody has quoted
            target += self.text().replace(" ", "")[:200]
        lines = [f"{method} {target} {version}".rstrip()]
        lines += [f"{name}: {value}" for name, value in headers]
        head = "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n\r\n"
        return (head + body) * (pick.choice([2, 5]) if pick.random() < 0.03 else 1)


def asked(port: int, request: bytes) -> tuple[int | None, float]:
    """The status of the first answer to it, None without one; the seconds until it began.

    A server may wait for the rest of a body that was promised: then we say that none will come.
    """
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=WAITS) as connection:
        with contextlib.suppress(OSError):  # it has answered and closed before the end
            connection.sendall(request)
        answer = b""
        for _twice in range(2):
            try:
                answer = connection.recv(4096)
                break
            except TimeoutError:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_WR)
            except OSError:
                break
    status = answer[9:12]
    is_answer = answer.startswith(b"HTTP/") and status.isdigit()
    return (int(status) if is_answer else None), time.monotonic() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    settings = {name: os.environ[name] for name in ("DATABASE_URL",) if name in os.environ}
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder), **settings)
        site.prepare()
        site.start()
        try:
            return attack(site, options.requests, options.seed)
        finally:
            site.server.send_signal(signal.SIGTERM)
            site.server.wait(timeout=30)


def attack(site: Site, count: int, seed: int) -> int:
    port = int(site.address.rsplit(":", 1)[1])
    junk = Junk(seed, f"127.0.0.1:{port}")
    for path in PATHS * 3:  # the first answers of each worker load what they need
        asked(port, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    statuses: Counter[int | None] = Counter()
    times: list[float] = []
    wrong: list[str] = []
    waited: list[str] = []
    for number in range(count):
        request = junk.request()
        status, took = asked(port, request)
        statuses[status] += 1
        if status is not None:
            times.append(took)
        if (status and status >= 500 and status not in ALLOWED) or (status and took > LONGEST):
            wrong.append(f"{number}: {status} in {took:.2f} s: {request[:300]!r}")
        if status is None and took > LONGEST:
            said = f"{number}: none in {took:.2f} s: {len(request)} bytes: {request[:300]!r}"
            (wrong if request.strip(b"\r\n") else waited).append(said)
    alive, _ = asked(port, f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    times.sort()
    median, slowest = times[len(times) // 2] * 1000, times[-1]
    print(f"{count} requests, seed {seed}:", dict(sorted(statuses.items(), key=str)))
    print(f"median {median:.1f} ms, slowest answer {slowest:.2f} s; then {alive}")
    print(f"{len(waited)} were empty lines, after which the server waits for a request")
    print("\n".join(wrong[:40]))
    for said in site.log.read_text().split("Internal Server Error: ")[1:4]:
        print(said[:4000])
    return 1 if wrong or alive != 200 else 0


if __name__ == "__main__":
    sys.exit(main())

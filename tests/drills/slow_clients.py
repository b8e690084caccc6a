"""150 slow clients of each kind, directly and through nginx as shipped: what others wait.

    python -m tests.drills.slow_clients [--clients 150] [--seconds 20]

They come from 127.0.0.2, the readers from 127.0.0.1. The kinds: headers that never end, a body
that comes byte by byte, an answer that is read byte by byte.
"""

import argparse
import contextlib
import socket
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.benchmarks._drill import Load, wait_until
from tests.browser.served import Site
from tests.deploy.front import Front
from tests.drills._site import percentile, site_on

SLOWNESS = 0.5  # seconds between two bytes


def headers(_site: Site) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "


def body(_site: Site) -> bytes:
    length = b"Content-Length: 100000\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
    return b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n" + length


def reading(site: Site) -> bytes:
    """Large answers, asked for again and again on one connection."""
    path = max((Path(site.environment["DATA_DIR"]) / "static").rglob("*.js"), key=_size)
    name = path.relative_to(Path(site.environment["DATA_DIR"]))
    request = f"GET /{name} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: identity\r\n\r\n"
    return request.encode() * 20


def _size(path: Path) -> int:
    return path.stat().st_size


class SlowClients:
    """Each sends its beginning, then a byte at a time, or reads one; who is let go comes again."""

    def __init__(self, port: int, begin: bytes, count: int, *, reads: bool) -> None:
        self.port, self.begin, self.reads = port, begin, reads
        self.let_go = self.connected = 0
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._be_slow) for _ in range(count)]

    def __enter__(self) -> "SlowClients":
        for thread in self._threads:
            thread.start()
        wait_until(lambda: self.connected >= len(self._threads))
        return self

    def __exit__(self, *_problem: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _be_slow(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(OSError), socket.socket() as client:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                client.settimeout(5)
                client.bind(("127.0.0.2", 0))
                client.connect(("127.0.0.1", self.port))
                client.sendall(self.begin)
                self.connected += 1
                while not self._stop.wait(SLOWNESS):
                    if self.reads:
                        if client.recv(1) == b"":
                            break
                    else:
                        client.sendall(b"x")
            self.let_go += not self._stop.is_set()


def measure(name: str, port: int, seconds: float, slow: SlowClients | None = None) -> float:
    load = Load(port)
    load.begin(readers=4)
    began = time.monotonic()
    time.sleep(seconds)
    load.end()
    taken = [taken for at, taken in load.seconds if at >= began]
    p95 = percentile(taken, 0.95)
    print(
        f"{name}: {len(taken)} reads, p50 {percentile(taken, 0.5):.1f} ms, p95 {p95:.1f} ms, "
        f"longest {max(taken, default=0) * 1000:.0f} ms, {sum(load.bad.values())} bad "
        f"{dict(load.bad) or ''}" + (f"; {slow.let_go} slow ones were let go" if slow else ""),
        flush=True,
    )
    return p95 if taken and not load.bad else float("inf")


KINDS: dict[str, tuple[Callable[[Site], bytes], bool]] = {
    "headers": (headers, False),
    "body": (body, False),
    "reading": (reading, True),
}


def drill(clients: int, seconds: float) -> list[float]:
    """The 95th percentiles, in milliseconds, of readers beside each kind of slow client."""
    found = []
    with site_on("sqlite") as site, tempfile.TemporaryDirectory(prefix="causes-front-") as folder:
        data = Path(site.environment["DATA_DIR"])
        for above in (Path(folder), data):
            above.chmod(0o755)
        port = int(site.address.rpartition(":")[2])
        with Front(Path(folder) / "nginx", [port], data, crowd=True) as front:
            for way, at in {"directly": port, "through nginx": front.port}.items():
                measure(f"{way}, nobody slow", at, seconds)
                for kind, (begin, reads) in KINDS.items():
                    with SlowClients(at, begin(site), clients, reads=reads) as slow:
                        name = f"{way}, {clients} slow {kind}"
                        found.append(measure(name, at, seconds, slow))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=150)
    parser.add_argument("--seconds", type=float, default=20)
    asked = parser.parse_args()
    raise SystemExit(max(drill(asked.clients, asked.seconds)) >= 300)


if __name__ == "__main__":
    main()

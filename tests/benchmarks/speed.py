"""How fast the site is, beside a bare Django view under the same server.

    [SIZES="100 5000 50000"] [SECONDS=5] [ROUNDS=3] [GROWN=folder] python tests/benchmarks/speed.py

Prepares sites in a throwaway folder, serves them, and prints tables for the README: requests a
second, latency and processor time for each page and their ratio to hello; the same page on sites
of other sizes; how long a publication takes to be seen; memory; start. It asserts nothing.
Sites of other sizes are made in ``GROWN``, if given, and used again the next time.
"""

import os
import platform
import shutil
import tempfile
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.benchmarks._publisher import publish, publisher_of
from tests.benchmarks._servers import (
    CONNECTIONS,
    PACKED,
    PLAIN,
    ROUNDS,
    SECONDS,
    SITE,
    UNCACHED,
    WORKERS,
    Load,
    Server,
    get,
    granian,
    load,
    manage,
    nginx,
)
from tests.benchmarks._sizes import growth
from tests.benchmarks._tables import heading, row

PAGES = {
    "symptom": "/symptoms/leg-numbness/",
    "condition": "/conditions/slipped-disc/",
    "home": "/",
    "A to Z": "/conditions/",
    "search": "/search/?q=numb+foot",
}
MANY_PUBLICATIONS = 10


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="causes-bench-"))
    try:
        print(f"{_machine()}, {datetime.now(UTC):%d %B %Y}")
        print(f"granian, {WORKERS} workers, {CONNECTIONS} connections; processor time of all of a")
        print("server's processes, for each request. The median of", ROUNDS, "rounds.\n")
        shipped = folder / "shipped"
        manage(shipped, "prepare")
        side_by_side(folder, shipped)
        start_and_publication(shipped)
        growth(folder, shipped)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _machine() -> str:
    info = Path("/proc/cpuinfo").read_text()
    names = [line.split(": ")[1] for line in info.splitlines() if line.startswith("model name")]
    return f"{names[0] if names else platform.machine()}, {os.cpu_count()} cores"


# --- Side by side ------------------------------------------------------------------------


class Target(NamedTuple):
    server: Server
    path: str
    encoding: str = PACKED


def side_by_side(folder: Path, shipped: Path) -> None:
    with ExitStack() as running:
        hello = running.enter_context(granian("tests.benchmarks._hello:application", folder))
        targets = {"hello (bare Django view)": Target(hello, "/")}
        uncached = running.enter_context(granian(SITE, shipped, **UNCACHED))
        cached = running.enter_context(granian(SITE, shipped))
        targets |= {f"{name}, cached": Target(cached, path) for name, path in PAGES.items()}
        for words, encoding in {"uncached": PLAIN, "uncached, packed each time": PACKED}.items():
            targets |= {
                f"{name}, {words}": Target(uncached, path, encoding) for name, path in PAGES.items()
            }
        exported = folder / "exported"
        manage(shipped, "export", str(exported))
        files = running.enter_context(
            granian("tests.benchmarks._files:application", folder, EXPORTED=str(exported))
        )
        targets["symptom, exported, WhiteNoise"] = Target(files, PAGES["symptom"])
        if shutil.which("nginx"):
            web = running.enter_context(nginx(exported, folder))
            targets["symptom, exported, nginx"] = Target(web, PAGES["symptom"])
        figures = _interleaved(targets)
    heading("", "requests/s", "p50 ms", "p99 ms", "processor µs", "ratio to hello")
    base = figures["hello (bare Django view)"].processor_time
    for name, it in figures.items():
        ratio = f"{it.processor_time / base:.2f}"
        rate, time_used = f"{it.requests_a_second:,.0f}", f"{it.processor_time:,.0f}"
        row(name, rate, f"{it.p50:.1f}", f"{it.p99:.1f}", time_used, ratio)
        if it.errors:
            row(f"{name}: {it.errors} errors", *[""] * 5)


def _interleaved(targets: dict[str, Target]) -> dict[str, Load]:
    """Each target in turn, round after round, so that a busy moment meets all of them."""
    for server, path, encoding in targets.values():
        load(server, path, seconds=1, encoding=encoding)
    rounds: dict[str, list[Load]] = {name: [] for name in targets}
    for _ in range(ROUNDS):
        for name, (server, path, encoding) in targets.items():
            rounds[name].append(load(server, path, seconds=SECONDS, encoding=encoding))
    return {
        name: sorted(found, key=lambda it: it.processor_time)[len(found) // 2]
        for name, found in rounds.items()
    }


# --- Start, publication, memory ----------------------------------------------------------


def start_and_publication(shipped: Path) -> None:
    with granian(SITE, shipped) as server:
        get(server.address + PAGES["symptom"])
        start = time.monotonic() - server.started
        delays, costs = _publications(server, shipped)
    heading("start and publication", "")
    row("from the start of the server to its first page", f"{start:.1f} s")
    row("from a publication to the last old answer, median", f"{median(delays) * 1000:.0f} ms")
    row(f"the same, the slowest of {MANY_PUBLICATIONS}", f"{max(delays) * 1000:.0f} ms")
    row("processor time of a publication", f"{median(costs) * 1000:.0f} ms")


def _publications(server: Server, folder: Path) -> tuple[list[float], list[float]]:
    """How long after each an old answer was still given, while readers keep asking all workers."""
    answers: list[tuple[float, bytes]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            asked = time.time()
            answers.append((asked, get(f"{server.address}/conditions/sciatica/")))

    readers = [threading.Thread(target=read) for _ in range(4)]
    publisher = publisher_of(folder)
    delays, costs = [], []
    try:
        publish(publisher, "Edition zero.")
        for reader in readers:
            reader.start()
        for number in range(MANY_PUBLICATIONS):
            text = f"Edition number {number}."
            published, cost, _ = publish(publisher, text)
            time.sleep(1.5)
            old = [at for at, html in answers if at > published and text.encode() not in html]
            delays.append(max(old, default=published) - published)
            costs.append(cost)
            answers.clear()
    finally:
        stop.set()
        publisher.stdin.close()
        publisher.wait(20)
    return delays, costs


if __name__ == "__main__":
    main()

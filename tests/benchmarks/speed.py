"""How fast the site is, beside a bare Django view under the same server.

    [SIZES="100 5000 50000"] [SECONDS=5] [ROUNDS=3] [GROWN=folder] python tests/benchmarks/speed.py

Prepares sites in a throwaway folder, serves them, and prints tables for the README: requests a
second, latency and processor time for each page and their ratio to hello; the same page on sites
of other sizes; how long a publication takes to be seen; memory; start. It asserts nothing.
Sites of other sizes are made in ``GROWN``, if given, and used again the next time.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from math import nan
from pathlib import Path
from statistics import median
from typing import NamedTuple

from tests.benchmarks._servers import (
    CONNECTIONS,
    ROOT,
    WORKERS,
    Load,
    Server,
    cost_of,
    get,
    granian,
    load,
    manage,
    nginx,
    settings_of,
)

SECONDS = int(os.environ.get("SECONDS") or 5)
ROUNDS = int(os.environ.get("ROUNDS") or 3)
SIZES = [int(size) for size in (os.environ.get("SIZES") or "100 5000 50000").split()]
GROWN = Path(os.environ["GROWN"]).absolute() if os.environ.get("GROWN") else None
SITE = "config.wsgi:warm_application"
PAGES = {
    "symptom": "/symptoms/leg-numbness/",
    "condition": "/conditions/slipped-disc/",
    "home": "/",
    "A to Z": "/conditions/",
    "search": "/search/?q=numb+foot",
}
GROWING = {
    **{"condition": PAGES["condition"], "symptom": PAGES["symptom"], "home": "/"},
    **{"A to Z": "/conditions/?letter=S", "tag": "/tags/foot/", "tags": "/tags/"},
}
UNCACHED = {"PAGE_CACHE_MB": "0"}
# What a page costs is measured as it comes; to pack it for each reader costs what packing costs.
PACKED, PLAIN = "br, gzip", "identity"
HAS_CACHE = "PAGE_CACHE_MB" in (ROOT / "config/wsgi.py").read_text() + (
    ROOT / "config/settings.py"
).read_text("utf-8")
HAS_EXPORT = (ROOT / "causes/management/commands/export.py").exists()
MANY_PUBLICATIONS = 10
MOST_PAGES_READ = 3000  # fill a cache of 32 MB
VERIFIED = 500  # pages; with 50,000 conditions, all of them would take a quarter of an hour
LARGEST_EXPORT = 5_000  # conditions, for the same reason
VERIFY = f"""
import time
from itertools import islice
from causes.editorial.verification import _page_problems
from causes.models import Page
pages = list(Page.objects.order_by("-pk")[:{VERIFIED}])
start = time.process_time()
if problems := [problem for page in pages for problem in _page_problems(page)]:
    raise SystemExit(problems[0])
print((time.process_time() - start) / len(pages) * 1000)
"""
# Publishes a page whenever a line comes, and says when that was done and what it took.
PUBLISHER = """
import sys, time
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record
from causes.models import Condition
page = Condition.objects.get(key="sciatica")
for line in sys.stdin:
    page.lead = f"<p>{line.strip()}</p>"
    page.save()
    start = time.process_time()
    number = record(page, actor=FIXTURE).number
    saved = time.process_time()
    publish(page, actor=FIXTURE, number=number)
    print(time.time(), time.process_time() - saved, saved - start, flush=True)
"""
FIXTURES = """
from causes.management.commands.prepare import shipped_fixtures
print(*shipped_fixtures())
"""


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


def row(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def heading(*cells: str) -> None:
    print()
    row(*cells)
    row(*(["---"] + ["---:"] * (len(cells) - 1)))


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
        if HAS_CACHE:
            cached = running.enter_context(granian(SITE, shipped))
            targets |= {f"{name}, cached": Target(cached, path) for name, path in PAGES.items()}
        for words, encoding in {"uncached": PLAIN, "uncached, packed each time": PACKED}.items():
            targets |= {
                f"{name}, {words}": Target(uncached, path, encoding) for name, path in PAGES.items()
            }
        if HAS_EXPORT:
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
    if not HAS_CACHE:
        row("cached pages", *["not available"] * 5)
    if not HAS_EXPORT:
        row("exported page", *["not available"] * 5)


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


def _publisher(folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", PUBLISHER],
        cwd=ROOT,
        env=settings_of(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _publish(publisher: subprocess.Popen, text: str) -> tuple[float, float, float]:
    """When it was published, and the processor time of publishing and of saving the version."""
    publisher.stdin.write(f"{text}\n")
    publisher.stdin.flush()
    done, publishing, saving = map(float, publisher.stdout.readline().split())
    return done, publishing, saving


def _publications(server: Server, folder: Path) -> tuple[list[float], list[float]]:
    """How long after each an old answer was still given, while readers keep asking all workers."""
    answers: list[tuple[float, bytes]] = []
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            asked = time.time()
            answers.append((asked, get(f"{server.address}/conditions/sciatica/")))

    readers = [threading.Thread(target=read) for _ in range(4)]
    publisher = _publisher(folder)
    delays, costs = [], []
    try:
        _publish(publisher, "Edition zero.")
        for reader in readers:
            reader.start()
        for number in range(MANY_PUBLICATIONS):
            text = f"Edition number {number}."
            published, cost, _ = _publish(publisher, text)
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


# --- Growth ------------------------------------------------------------------------------


def growth(folder: Path, shipped: Path) -> None:
    figures: dict[int, dict[str, float]] = {}
    for size in SIZES:
        site = (GROWN or folder) / f"grown-{size}"
        if not site.exists():
            _make(site, shipped, size)
        figures[size] = _of_a_size(site)
        shutil.rmtree(f"{site}-copy.copies", ignore_errors=True)
        if not GROWN:
            shutil.rmtree(site)
    heading("processor time in ms, uncached", *(f"{size} conditions" for size in SIZES), "ratio")
    for name in figures[SIZES[0]]:
        ratio = figures[SIZES[-1]][name] / figures[SIZES[0]][name]
        row(name, *(f"{figures[size][name]:.1f}" for size in SIZES), f"{ratio:.2f}")


def _make(site: Path, shipped: Path, size: int) -> None:
    begun, unready = time.monotonic(), site.with_suffix(".part")
    shutil.rmtree(unready, ignore_errors=True)
    shutil.copytree(shipped, unready, ignore=shutil.ignore_patterns("search", "exported"))
    grown = f"from tests.benchmarks._growth import grow; grow({size})"
    manage(unready, "shell", "-v0", "-c", grown)
    manage(unready, "rebuild_search")
    unready.rename(site)
    print(f"\n{size} conditions made in {time.monotonic() - begun:.0f} s", flush=True)


def _of_a_size(site: Path) -> dict[str, float]:
    """Milliseconds of processor time; the memory is of a worker that has shown every list."""
    with granian(SITE, site, **UNCACHED) as server:
        for path in GROWING.values():
            load(server, path, seconds=1, encoding=PLAIN)
        found = {
            f"{name}, uncached": median(
                load(server, path, seconds=SECONDS, encoding=PLAIN).processor_time / 1000
                for _ in range(ROUNDS)
            )
            for name, path in GROWING.items()
        }
    publisher = _publisher(site)
    costs = [_publish(publisher, f"Edition {number}.")[1:] for number in range(8)]
    publisher.stdin.close()
    publisher.wait(20)
    found["publication"] = median(publishing for publishing, _ in costs) * 1000
    found["saving a version"] = median(saving for _, saving in costs) * 1000
    found |= _of_commands(site)
    with granian(SITE, site, workers=1) as server:
        for path in [*GROWING.values(), PAGES["search"], *_addresses(server)[:MOST_PAGES_READ]]:
            get(server.address + path)
        found["memory of a worker (MB), cache filled"] = max(server.memory_of_workers())
    return found


def _of_commands(site: Path) -> dict[str, float]:
    """Of those that read or write many pages. Export is per file, with nothing there before."""
    found = {"verify, a page": float(manage(site, "shell", "-v0", "-c", VERIFY))}
    fixtures = manage(site, "shell", "-v0", "-c", FIXTURES).split()
    seconds, memory = cost_of(site, "loaddata", *fixtures)
    found |= {"loaddata, nothing new": seconds * 1000, "loaddata, memory (MB)": memory}
    found |= dict.fromkeys(("export, a file", "export, memory of its first process (MB)"), nan)
    if HAS_EXPORT and _conditions(site) <= LARGEST_EXPORT:
        copy = Path(f"{site}-copy")
        seconds, memory = cost_of(site, "export", str(copy))
        files = sum(1 for file in copy.rglob("*.html"))
        found["export, a file"] = seconds * 1000 / files
        found["export, memory of its first process (MB)"] = memory
        copy.unlink()
    return found


def _conditions(site: Path) -> int:
    return int(site.name.rsplit("-", 1)[1])


def _addresses(server: Server) -> list[str]:
    """Those of the sitemap, or of its first part."""

    def listed(path: str) -> list[str]:
        xml = get(server.address + path).decode()
        return re.findall(r"<loc>[a-z]+://[^/]+([^<]+)</loc>", xml)

    whole = listed("/sitemap.xml")
    return listed(whole[0]) if whole[0].startswith("/sitemap-") else whole


if __name__ == "__main__":
    main()

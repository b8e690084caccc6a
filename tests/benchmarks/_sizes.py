"""The same pages and commands on sites of several sizes."""

import os
import re
import shutil
import time
from math import nan
from pathlib import Path
from statistics import median
from urllib.error import HTTPError

from tests.benchmarks._publisher import publish, publisher_of
from tests.benchmarks._servers import (
    PLAIN,
    ROUNDS,
    SECONDS,
    SITE,
    UNCACHED,
    Server,
    cost_of,
    get,
    granian,
    load,
    manage,
)
from tests.benchmarks._tables import heading, row

SIZES = [int(size) for size in (os.environ.get("SIZES") or "100 5000 50000").split()]
GROWN = Path(os.environ["GROWN"]).absolute() if os.environ.get("GROWN") else None
GROWING = {
    **{"condition": "/conditions/slipped-disc/", "symptom": "/symptoms/leg-numbness/", "home": "/"},
    **{"A to Z": "/conditions/?letter=S", "tag": "/tags/foot/", "tags": "/tags/"},
    "search": "/search/?q=numb+foot",
}
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
# A page of results is made of the index's answer once, while the index is the same.
FIND = """
import time
from django.utils import timezone
from causes import search
questions = ["numb foot", "legs asleep all the time", "slipped disk", "burning feet at night",
             "my leg gives way and my back hurts since I lifted a box"]
def find_all():
    for question in questions:
        assert search.find(question, at=timezone.now()).hits
find_all()
start = time.process_time()
for _ in range(20):
    find_all()
print((time.process_time() - start) / 20 / len(questions) * 1000)
"""
FIXTURES = """
from causes.management.commands.prepare import shipped_fixtures
print(*shipped_fixtures())
"""


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
    publisher = publisher_of(site)
    costs = [publish(publisher, f"Edition {number}.")[1:] for number in range(8)]
    publisher.stdin.close()
    publisher.wait(20)
    found["publication"] = median(publishing for publishing, _ in costs) * 1000
    found["saving a version"] = median(saving for _, saving in costs) * 1000
    found |= _of_commands(site)
    with granian(SITE, site, workers=1) as server:
        found["start of a worker to its first page"] = _first_page(server) * 1000
        for path in [*GROWING.values(), *_addresses(server)[:MOST_PAGES_READ]]:
            get(server.address + path)
        found["memory of a worker (MB), cache filled"] = max(server.memory_of_workers())
    return found


def _first_page(server: Server) -> float:
    """Seconds from the start; until it has read what lists know, a large site may answer 503."""
    while True:
        try:
            get(server.address + GROWING["condition"])
        except HTTPError:
            if time.monotonic() - server.started > 60:
                raise
        else:
            return time.monotonic() - server.started


def _of_commands(site: Path) -> dict[str, float]:
    """Of those that read or write many pages. Export is per file, with nothing there before."""
    found = {"a question to the index": float(manage(site, "shell", "-v0", "-c", FIND))}
    found["verify, a page"] = float(manage(site, "shell", "-v0", "-c", VERIFY))
    fixtures = manage(site, "shell", "-v0", "-c", FIXTURES).split()
    seconds, memory = cost_of(site, "loaddata", *fixtures)
    found |= {"loaddata, nothing new": seconds * 1000, "loaddata, memory (MB)": memory}
    found |= dict.fromkeys(("export, a file", "export, memory of its first process (MB)"), nan)
    if _conditions(site) <= LARGEST_EXPORT:
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

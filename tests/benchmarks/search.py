"""How well and how fast search finds real pages for real questions.

    QUERIES=folder [MANY=50000] python tests/benchmarks/search.py

The folder holds `pages.jsonl.gz`, the questions with their judgments, and `evaluate.py`, which
scores them. The pages are published through the verbs into a throwaway database, indexed, and
asked of the real server. Prints each figure beside its goal; asserts nothing.
"""

import gzip
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
GOALS = {
    "liveqa-summary": ("ndcg", 0.80),
    "liveqa-full": ("ndcg", 0.70),
    "liveqa-keywords": ("ndcg", 0.73),
    "lay": ("s5", 0.90),
    "title": ("s5", 1.00),
    "synonym": ("s5", 1.00),
    "title-typo": ("s5", 0.99),
    "synonym-typo": ("s5", 0.99),
    "half-typed": ("s5", 0.97),
}


def main() -> None:
    folder = Path(os.environ.get("QUERIES", ""))
    if not (folder / "pages.jsonl.gz").is_file():
        print("Search: skipped. Set QUERIES to a folder with pages.jsonl.gz and questions.")
        return
    data_dir = Path(tempfile.mkdtemp(prefix="causes-bench-"))
    try:
        measure(folder, data_dir)
    finally:
        shutil.rmtree(data_dir, ignore_errors=True)


def measure(folder: Path, data_dir: Path) -> None:
    prepare_django(data_dir)
    # Models can be imported only now.
    from django.core.management import call_command

    from causes import search
    from tests.benchmarks._real_pages import grow, publish_all

    with gzip.open(folder / "pages.jsonl.gz", "rt") as lines:
        pages = [json.loads(line) for line in lines]
    call_command("migrate", verbosity=0)
    timed(f"{len(pages)} pages published", lambda: publish_all(pages))
    timed("first build", search.rebuild, goal="10 s")
    figures_in_process(folder)
    one_publication()
    quality(folder, data_dir)
    if many := int(os.environ.get("MANY") or 0):
        timed(f"grown to {many} pages", lambda: grow(many))
        timed("their first build", search.rebuild)
        figures_in_process(folder, goals=("25 ms", "5 ms", "25 ms"))


def prepare_django(data_dir: Path) -> None:
    for name in ("DATABASE_URL", "DEBUG", "SITE_URL"):
        os.environ.pop(name, None)
    os.environ |= {"DATA_DIR": str(data_dir), "SECRET_KEY": "only-for-measuring-" * 3}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "WEB_WORKERS": "1"}
    os.environ |= {"PORT": str(free_port())}
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def timed(what: str, action: Callable[[], Any], goal: str = "") -> None:
    start = time.perf_counter()
    action()
    report(what, f"{time.perf_counter() - start:.2f} s", goal)


def report(what: str, figure: str, goal: str = "") -> None:
    print(f"{what:48}{figure:>12}   {'goal ' + goal if goal else ''}", flush=True)


# --- Speed -------------------------------------------------------------------------------


def figures_in_process(
    folder: Path, goals: tuple[str, str, str] = ("10 ms", "5 ms", "25 ms")
) -> None:
    from django.utils import timezone

    from causes import search

    groups = questions(folder)
    at = timezone.now()
    search.find("numb legs", at=at)
    every = [text for name, texts in groups.items() if name != "half-typed" for text in texts[:150]]
    half = groups.get("half-typed", [])[:300]
    found = search.find("pain weakness", at=at)
    slugs = sorted(found.tag_counts, key=found.tag_counts.get, reverse=True)[:3]
    report("search, p95", percentile(lambda q: search.find(q, at=timezone.now()), every), goals[0])
    long = groups.get("liveqa-full", [])
    report("  whole messages alone, p95", percentile(lambda q: search.find(q, at=at), long))
    report("suggestion, p95", percentile(lambda q: search.suggest(q, at=at), half), goals[1])
    report(
        "words and three tags with counts, p95",
        percentile(lambda q: search.find(q, at=at, tags=slugs), every[:300]),
        goals[2],
    )
    report(
        "three tags with counts, no words, p95",
        percentile(lambda q: search.find("", at=at, tags=slugs), every[:50]),
        goals[2],
    )


def percentile(ask: Callable[[str], Any], questions: list[str]) -> str:
    times = []
    for question in questions:
        start = time.perf_counter()
        ask(question)
        times.append((time.perf_counter() - start) * 1000)
    return f"{quantiles(times, n=20)[-1]:.1f} ms"


def questions(folder: Path) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for line in (folder / "queries.tsv").read_text().splitlines():
        _, group, text = line.split("\t")
        groups.setdefault(group, []).append(text)
    return groups


def one_publication() -> None:
    from django.utils import timezone

    from causes import search
    from causes.editorial.acting import FIXTURE
    from causes.editorial.publishing import publish, record
    from causes.models import Condition
    from causes.search import catching_up

    catching_up.SHORTEST_PAUSE = 0.0
    page = Condition.objects.order_by("pk").first()
    times = []
    for number in range(5):
        page.lead = f"<p>Edition {number}.</p>"
        page.save()
        publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)
        start = time.perf_counter()
        search.find("numb legs", at=timezone.now())
        times.append((time.perf_counter() - start) * 1000)
    report("the search after a publication, the slowest", f"{max(times):.0f} ms", "200 ms")
    catching_up.SHORTEST_PAUSE = 1.0


# --- Quality -----------------------------------------------------------------------------


def quality(folder: Path, data_dir: Path) -> None:
    """Asks the real server, as `evaluate.py` does of any search."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)
    server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT)
    site = f"http://127.0.0.1:{os.environ['PORT']}"
    try:
        wait_for(site)
        table: dict[str, dict[str, float]] = {}
        sets = [name for name in GOALS if name != "half-typed"]
        table |= evaluate(folder, data_dir, f"{site}/search/?q={{q}}&format=json", sets)
        table |= evaluate(folder, data_dir, f"{site}/search/suggest/?q={{q}}", ["half-typed"])
    finally:
        server.terminate()
        server.wait(15)
    for name, (measure, goal) in GOALS.items():
        if name in table:
            words = {"ndcg": "nDCG@10", "s5": "success@5"}[measure]
            report(f"{name}, {words}", f"{table[name][measure]:.3f}", f"{goal:.2f}")


def evaluate(folder: Path, data_dir: Path, url: str, sets: list[str]) -> dict[str, Any]:
    answer = data_dir / "evaluation.json"
    command = [sys.executable, str(folder / "evaluate.py"), "--data", str(folder), "--url", url]
    subprocess.run([*command, "--sample", "0", "--json", str(answer), "--sets", *sets], check=True)
    return json.loads(answer.read_text())


def wait_for(site: str) -> None:
    for _ in range(100):
        try:
            with urllib.request.urlopen(f"{site}/healthz", timeout=1):  # noqa: S310 - ours
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not start.")


if __name__ == "__main__":
    main()

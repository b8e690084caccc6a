"""How well and how fast search finds real pages for real questions.

    QUERIES=folder [MANY=50000] [GENERATED=20000] python tests/benchmarks/search.py

The folder holds `pages.jsonl.gz`, the questions with their judgments, and `evaluate.py`, which
scores them. The pages are published through the verbs into a throwaway database, indexed, and
asked of the real server; with MANY, again of so many pages. Prints each figure beside its goal;
asserts nothing. Times are of the clock; in brackets the processor's, which counts where others
work on the machine too.
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
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
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
    from tests.benchmarks._growth import grow
    from tests.benchmarks._real_pages import publish_all

    with gzip.open(folder / "pages.jsonl.gz", "rt") as lines:
        pages = [json.loads(line) for line in lines]
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    timed(f"{len(pages)} pages published", lambda: publish_all(pages))
    timed("first build", search.rebuild, goal="10 s")
    figures_in_process(folder)
    generated_questions(folder)
    one_publication()
    with server() as site:
        quality(site, folder, data_dir)
        publication_in_servers(site)
    if many := int(os.environ.get("MANY") or 0):
        timed(f"grown to {many} pages", lambda: grow(many))
        timed("their first build", search.rebuild)
        figures_in_process(folder, goals=("25 ms", "5 ms", "25 ms"))
        one_publication()
        with server() as site:
            publication_in_servers(site)


def prepare_django(data_dir: Path) -> None:
    for name in ("DATABASE_URL", "DEBUG", "SITE_URL"):
        os.environ.pop(name, None)
    os.environ |= {"DATA_DIR": str(data_dir), "SECRET_KEY": "only-for-measuring-" * 3}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "WEB_WORKERS": "2"}
    os.environ |= {"PORT": str(free_port())}
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def timed(what: str, action: Callable[[], Any], goal: str = "") -> None:
    start, cpu = time.perf_counter(), time.process_time()
    action()
    elapsed, cpu = time.perf_counter() - start, time.process_time() - cpu
    report(what, f"{elapsed:.2f} s ({cpu:.2f})", goal)


def report(what: str, figure: str, goal: str = "") -> None:
    print(f"{what:48}{figure:>20}   {'goal ' + goal if goal else ''}", flush=True)


# --- Speed -------------------------------------------------------------------------------


def figures_in_process(
    folder: Path, goals: tuple[str, str, str] = ("10 ms", "5 ms", "25 ms")
) -> None:
    from django.utils import timezone

    from causes import search

    groups = questions(folder)
    at = timezone.now()
    as_in_a_server()
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


def as_in_a_server() -> None:
    """As the server's thread has it: nothing is compared or read anew while a reader waits."""
    from django.utils import timezone

    from causes.search import catching_up

    catching_up.leave_to_follower()
    vars(catching_up)["FOLLOWER_LATE"] = float("inf")
    reading = catching_up.look(timezone.now())
    assert reading is not None
    assert reading.version is not None
    assert reading.vocabulary


def percentile(ask: Callable[[str], Any], questions: Iterable[str]) -> str:
    times = [spent(lambda question=question: ask(question)) for question in questions]
    clock, cpu = (quantiles(column, n=20)[-1] for column in zip(*times, strict=True))
    return f"{clock:.1f} ms ({cpu:.1f})"


def spent(action: Callable[[], Any]) -> tuple[float, float]:
    """(ms of the clock, ms of this process's processor time)"""
    start, cpu = time.perf_counter(), time.process_time()
    action()
    return (time.perf_counter() - start) * 1000, (time.process_time() - cpu) * 1000


def questions(folder: Path) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = {}
    for line in (folder / "queries.tsv").read_text().splitlines():
        _, group, text = line.split("\t")
        groups.setdefault(group, []).append(text)
    return groups


def generated_questions(folder: Path) -> None:
    """Half of them asked, half of them suggested for. One that fails ends the benchmark."""
    from django.utils import timezone

    from causes import search
    from tests.benchmarks._generated import generated

    many = int(os.environ.get("GENERATED") or 20_000)
    real = [text for texts in questions(folder).values() for text in texts]
    asks = [search.find, search.suggest]
    times = [
        spent(lambda n=n, text=text: asks[n % 2](text, at=timezone.now()))
        for n, text in enumerate(generated(real, many))
    ]
    clock, cpu = (max(column) for column in zip(*times, strict=True))
    report(f"{many} generated questions, the slowest", f"{clock:.0f} ms ({cpu:.0f})", "250 ms")


def one_publication() -> None:
    """What the thread of one process spends to bring a publication to the index."""
    from django.utils import timezone

    from causes import search
    from causes.models import Condition
    from causes.search import catching_up
    from tests.benchmarks._real_pages import publish_again

    costs, searches = [], []
    for number, page in enumerate(Condition.objects.order_by("pk")[:20]):
        publish_again(page, f"Edition {number}.")
        searches.append(spent(lambda: search.find("numb legs", at=timezone.now())))
        costs.append(spent(lambda: catching_up.look(timezone.now()).vocabulary))
    for what, times, goal in (
        ("20 publications: each in the index", costs, "200 ms"),
        ("  the search that comes before it", searches, ""),
    ):
        clock, cpu = zip(*times, strict=True)
        report(f"{what}, median", f"{middle(clock):.0f} ms ({middle(cpu):.0f})", goal)
        report(f"{what}, slowest", f"{max(clock):.0f} ms ({max(cpu):.0f})", goal)


def middle(times: Iterable[float]) -> float:
    return sorted(times)[len(list(times)) // 2]


def publication_in_servers(site: str) -> None:
    """How long until every process of the server finds a new word, asked for all the time.

    The first is not counted: the server has just begun, and reads everything once.
    """
    from causes.models import Condition
    from tests.benchmarks._real_pages import publish_again

    times = []
    for page in Condition.objects.order_by("pk")[:11]:
        word = f"zebrafish{time.time_ns()}"
        publish_again(page, f"A {word}.")
        start, in_a_row, since = time.perf_counter(), 0, 0.0
        while in_a_row < 20:  # connections go to either process
            with urllib.request.urlopen(f"{site}/search/?q={word}&exact=1&format=json") as answer:  # noqa: S310 - ours
                is_found = json.load(answer)["total"] == 1
            since = since if is_found and in_a_row else time.perf_counter() - start
            in_a_row = in_a_row + 1 if is_found else 0
        times.append(since)
    of_ten = times[1:]
    report("a publication is found by both processes", f"{middle(of_ten):.2f} s", "1 s")
    report("  slowest of 10", f"{max(of_ten):.2f} s", "1 s")


# --- Quality -----------------------------------------------------------------------------


@contextmanager
def server() -> Iterator[str]:
    """The address of the real server, with two processes."""
    process = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT)
    site = f"http://127.0.0.1:{os.environ['PORT']}"
    try:
        wait_for(site)
        yield site
    finally:
        process.terminate()
        process.wait(15)


def quality(site: str, folder: Path, data_dir: Path) -> None:
    """Asks the real server, as `evaluate.py` does of any search."""
    sets = [name for name in GOALS if name != "half-typed"]
    table: dict[str, dict[str, float]] = {}
    table |= evaluate(folder, data_dir, f"{site}/search/?q={{q}}&format=json", sets)
    table |= evaluate(folder, data_dir, f"{site}/search/suggest/?q={{q}}", ["half-typed"])
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

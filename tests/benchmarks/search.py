"""How well and how fast search finds real pages for real questions.

    QUERIES=folder [MANY=50000] python tests/benchmarks/search.py

The folder holds `pages.jsonl.gz`, the questions with their judgments, and `evaluate.py`, which
scores them. The pages are published through the verbs into a throwaway database, indexed, and
asked of the real server. Prints each figure beside its goal; asserts nothing.
"""

import gzip
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import escape
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
FACETS = ["where", "onset", "with", "system", "linked-to"]


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
    pages = [json.loads(line) for line in gzip.open(folder / "pages.jsonl.gz", "rt")]
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    timed(f"{len(pages)} pages published", lambda: publish_all(pages))
    from causes import search

    timed("first build", search.rebuild, goal="10 s")
    figures_in_process(folder)
    one_publication()
    quality(folder, data_dir)
    if many := int(os.environ.get("MANY", "0")):
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


# --- The pages ---------------------------------------------------------------------------


def publish_all(pages: list[dict[str, Any]]) -> None:
    """Through the verbs: editions, names and tags are what editors would have made."""
    from django.db import transaction

    from causes.editorial.publishing import FIXTURE, publish, record
    from causes.models import AlternateName, CareCard, Condition, Section, Source, Tag

    tags = {name: slug(name) for page in pages for name in page["tags"]}
    with transaction.atomic():
        source = Source.objects.create(
            key="bench",
            publisher="NIH",
            title="MedQuAD",
            url="https://example.org/",
            checked="text",
        )
        for n, (name, tag_slug) in enumerate(sorted(tags.items())):
            Tag.objects.create(slug=tag_slug, name=name, facet=FACETS[n % len(FACETS)], order=n)
    by_name = {tag.name: tag for tag in Tag.objects.all()}
    for start in range(0, len(pages), 200):
        with transaction.atomic():
            for page in pages[start : start + 200]:
                key = page["slug"] or "without-a-name"
                condition = Condition.objects.create(
                    key=key, slug=key, title=cut(page["title"], 65)
                )
                names = dict.fromkeys(cut(n, 100) for n in [page["title"], *page["synonyms"]])
                AlternateName.objects.bulk_create(
                    AlternateName(page=condition, anchor=f"n{n}", order=n, name=name)
                    for n, name in enumerate(names)
                    if name != condition.title
                )
                card = CareCard.objects.create(
                    page=condition, anchor="emergency", level="emergency", items=["you need help"]
                )
                card.citations.add(source)
                Section.objects.bulk_create(
                    Section(
                        page=condition,
                        anchor=f"s{n}",
                        order=n,
                        heading=section["heading"],
                        body=rich_text(section["text"]),
                    )
                    for n, section in enumerate(page["sections"])
                )
                condition.tags.set([by_name[name] for name in page["tags"]])
                revision = record(condition, actor=FIXTURE)
                publish(condition, actor=FIXTURE, number=revision.number)


def slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower())


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def rich_text(text: str) -> str:
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.splitlines() if line)


def grow(many: int) -> None:
    """Copies of the live editions with other names and some other words, as rows."""
    from django.utils import timezone

    from causes.models import Edition, EditionName, Page, Revision, TaggedEdition

    chance = random.Random(1)
    originals = list(Edition.objects.live().order_by("pk"))
    tags: dict[int, list[int]] = {}
    for edition, tag in TaggedEdition.objects.values_list("edition_id", "tag_id"):
        tags.setdefault(edition, []).append(tag)
    at, count, copy = timezone.now(), len(originals), 0
    while count < many:
        copy += 1
        part = originals[: many - count]
        pages = Page.objects.bulk_create(
            Page(
                key=f"{e.key[:90]}-{copy}", slug=f"{e.key[:90]}-{copy}", title=e.title, kind=e.kind
            )
            for e in part
        )
        revisions = Revision.objects.bulk_create(
            Revision(page=page, number=1, document={}, digest="", schema=1, author_name="bench")
            for page in pages
        )
        editions = []
        for original, page, revision in zip(part, pages, revisions, strict=True):
            title = f"{original.title[:50]} type {copy}{chance.choice('abcdefgh')}"
            body = varied(original.body, copy, chance) | {"title": title, "key": page.key}
            editions.append(
                Edition(
                    page=page,
                    revision=revision,
                    number=1,
                    key=page.key,
                    kind=original.kind,
                    language=original.language,
                    path=f"/conditions/{page.slug}/",
                    title=title,
                    summary=original.summary,
                    body=body,
                    digest=f"{copy}-{page.key}"[:64],
                    live_from=at - timedelta(days=1),
                )
            )
        editions = Edition.objects.bulk_create(editions, batch_size=500)
        EditionName.objects.bulk_create(
            (EditionName(edition=e, name=e.title, is_title=True) for e in editions), batch_size=2000
        )
        TaggedEdition.objects.bulk_create(
            (
                TaggedEdition(edition=edition, tag_id=tag)
                for edition, original in zip(editions, part, strict=True)
                for tag in tags.get(original.pk, ())
            ),
            batch_size=5000,
        )
        count += len(part)


def varied(body: dict[str, Any], copy: int, chance: random.Random) -> dict[str, Any]:
    """Every fifteenth word or so is another one, so that the vocabulary grows too."""

    def other(text: str) -> str:
        parts = text.split(" ")
        for _ in range(len(parts) // 15):
            place = chance.randrange(len(parts))
            if parts[place].isalpha():
                parts[place] = f"{parts[place]}{chance.choice('aeiou')}{chance.choice('nrst')}"
        return " ".join(parts)

    sections = [section | {"body": other(section["body"])} for section in body["sections"]]
    names = [name | {"name": f"{name['name'][:90]} {copy}"} for name in body["names"]]
    return body | {"sections": sections, "names": names}


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
    for line in open(folder / "queries.tsv"):
        _, group, text = line.rstrip("\n").split("\t")
        groups.setdefault(group, []).append(text)
    return groups


def one_publication() -> None:
    from django.utils import timezone

    from causes import search
    from causes.editorial.publishing import FIXTURE, publish, record
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
            with urllib.request.urlopen(f"{site}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("The server did not start.")


if __name__ == "__main__":
    main()

"""Real processes that search, publish, withdraw and are killed: they converge, none fails."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    "postgres" in os.environ.get("DATABASE_URL", ""), reason="they make SQLite files of their own"
)
ROOT = Path(__file__).resolve().parent.parent.parent
SETUP = """
import json, os, random, sys, time
import django
django.setup()
from django.utils import timezone
from causes import search
from causes.search import catching_up
catching_up.SHORTEST_PAUSE = 0.05
"""
MAKE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record
from causes.models import CareCard, Condition, Source
source = Source.objects.create(key="s", publisher="P", title="T", url="https://example.org/")
for number in range(int(sys.argv[1])):
    key = f"ache-{number}"
    page = Condition.objects.create(key=key, slug=key, title=f"Ache {number}")
    card = CareCard.objects.create(page=page, anchor="e", level="emergency", items=["it hurts"])
    card.citations.add(source)
    publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)
"""
SEARCH = """
if "followed" in sys.argv:
    search.follow()
end, asked, wrong = time.monotonic() + float(sys.argv[1]), 0, 0
while time.monotonic() < end:
    answer = search.find("ache", at=timezone.now(), limit=100)
    search.suggest("ach", at=timezone.now())
    asked += 1
    wrong += not answer.hits
print(json.dumps({"asked": asked, "wrong": wrong}))
"""
EDIT = """
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record, withdraw
from causes.models import Condition
chance, end = random.Random(1), time.monotonic() + float(sys.argv[1])
while time.monotonic() < end:
    page = Condition.objects.get(key=f"ache-{chance.randrange(1, 8)}")
    if chance.random() < 0.3 and page.editions.live().exists():
        withdraw(page, actor=FIXTURE, note="test")
    else:
        page.lead = f"<p>Words {chance.random()}.</p>"
        page.save()
        publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)
    time.sleep(0.02)
"""
REPORT = """
from causes.models import Edition
time.sleep(0.1)
answer = search.find("ache", at=timezone.now(), limit=100)
live = sorted(Edition.objects.live().values_list("key", flat=True))
found = sorted(hit.key for hit in answer.hits)
print(json.dumps({"engine": answer.engine, "live": live, "found": found,
                  "behind": search.status().behind, "total": answer.total}))
"""
SERVE = """
search.follow()
assert sys.stdin.readline() == "published\\n"
time.sleep(float(sys.argv[1]))  # nobody searches meanwhile
at = timezone.now()
catching_up.look = None  # nor does the search that comes now look itself
found = search.find("zebrafish", at=at)
print(json.dumps([hit.key for hit in found.hits]))
"""
ONE_MORE = """
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record
from causes.models import Condition
page = Condition.objects.get(key="ache-0")
page.lead = "<p>A zebrafish.</p>"
page.save()
publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)
"""
BUILD = "search.rebuild()"
KILLED = """
from causes.search.index import Writing
before = sys.argv[1] == "before"
def commit(self):
    if not before:
        self.names.commit()
    print("half", flush=True)
    time.sleep(60)
Writing.commit = commit
search.rebuild()
"""
FIRST = """
first = search.find("ache", at=timezone.now(), limit=100)
end = time.monotonic() + 60
while not (last := search.find("ache", at=timezone.now(), limit=100)).engine:
    assert last.total == first.total and time.monotonic() < end
    time.sleep(0.1)
print(json.dumps({"first": [first.engine, first.total], "last": [last.engine, last.total]}))
"""

# No file of this process can grow any more: as on a full disk, but only for this process.
FULL = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
ask = lambda: search.find("ache", at=timezone.now(), limit=100)
before = [ask().engine for _ in range(3)]
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
print("full", flush=True)
assert sys.stdin.readline() == "edited\\n"
while_full = []
for _ in range(20):
    time.sleep(0.06)
    while_full.append(ask())
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
end = time.monotonic() + 60
while not (last := ask()).version:
    assert time.monotonic() < end
    time.sleep(0.1)
print(json.dumps({"before": before, "hits": [len(found.hits) for found in while_full],
                  "engine": [found.engine for found in while_full],
                  "withdrawn": any(hit.key == "ache-0" for f in while_full for hit in f.hits),
                  "current": any(found.version for found in while_full),
                  "last": [last.engine, last.total]}))
"""
ONE_LESS = """
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Condition
withdraw(Condition.objects.get(key="ache-0"), actor=FIXTURE, note="test")
"""


def environment(folder: Path) -> dict[str, str]:
    return os.environ | {
        "DATA_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'causes.sqlite3'}",
    }


@pytest.fixture(scope="module")
def thirty_pages(tmp_path_factory) -> Path:
    """A database file with thirty live pages: more than are indexed within a request."""
    folder = tmp_path_factory.mktemp("thirty")
    command = [sys.executable, "-c", SETUP + MAKE, "30"]
    subprocess.run(command, cwd=ROOT, env=environment(folder), check=True)
    return folder / "causes.sqlite3"


@pytest.fixture
def start(tmp_path, thirty_pages):
    """Starts a process of the site with those pages, in files of its own."""
    shutil.copy(thirty_pages, tmp_path)
    running = []

    def run(script: str, *arguments: object) -> subprocess.Popen:
        command = [sys.executable, "-c", SETUP + script, *map(str, arguments)]
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment(tmp_path),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def said(process: subprocess.Popen, told: str | None = None) -> str:
    output, _ = process.communicate(told, timeout=120)
    assert process.returncode == 0
    return output


def assert_converged(start) -> None:
    report = json.loads(said(start(REPORT)))
    assert report["engine"]
    assert report["behind"] == 0
    assert report["found"] == report["live"]
    assert report["total"] == len(report["live"])


def test_searching_editing_and_killed_processes_converge_and_no_search_fails(start):
    said(start(BUILD))
    seconds = 6
    searching = [start(SEARCH, seconds, how) for how in ("followed", "followed", "alone")]
    editing = start(EDIT, seconds)
    chance, end = random.Random(2), time.monotonic() + seconds - 2
    while time.monotonic() < end:
        victim = start(SEARCH, 60, chance.choice(["followed", "alone"]))
        time.sleep(1 + chance.random())
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    said(editing)
    for process in searching:
        counted = json.loads(said(process))
        assert counted["asked"] > 5
        assert counted["wrong"] == 0
    assert_converged(start)


def test_a_publication_reaches_each_process_of_a_server_without_a_search(start):
    said(start(BUILD))
    serving = [start(SERVE, 3) for _ in range(2)]
    said(start(ONE_MORE))
    for process in serving:
        assert json.loads(said(process, "published\n")) == ["ache-0"]
    assert_converged(start)


@pytest.mark.parametrize("moment", ["before", "between"])
def test_a_first_build_that_is_killed_never_counts_as_done(start, moment):
    """Killed before its commits, or between them; the next process builds it, in no request."""
    builder = start(KILLED, moment)
    assert builder.stdout.readline() == "half\n"
    builder.send_signal(signal.SIGKILL)
    builder.wait()
    answers = json.loads(said(start(FIRST)))
    assert answers == {"first": [False, 30], "last": [True, 30]}
    assert_converged(start)


def test_where_nothing_can_be_written_searches_go_on_and_it_heals(start):
    said(start(BUILD))
    full = start(FULL)
    assert full.stdout.readline() == "full\n"
    said(start(ONE_LESS))
    answers = json.loads(said(full, "edited\n"))
    assert answers["before"] == [True] * 3
    assert answers["hits"] == [29] * 20
    assert answers["engine"] == [True] * 20  # what can be read is not thrown away
    assert not answers["withdrawn"]
    assert not answers["current"]
    assert answers["last"] == [True, 29]
    assert_converged(start)

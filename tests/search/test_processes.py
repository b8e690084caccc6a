"""Real processes that search, publish, withdraw and are killed: they converge, none fails."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

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
from causes.editorial.publishing import FIXTURE, publish, record
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
end, asked, wrong = time.monotonic() + float(sys.argv[1]), 0, 0
while time.monotonic() < end:
    answer = search.find("ache", at=timezone.now(), limit=100)
    search.suggest("ach", at=timezone.now())
    asked += 1
    wrong += not answer.hits
print(json.dumps({"asked": asked, "wrong": wrong}))
"""
EDIT = """
from causes.editorial.publishing import FIXTURE, publish, record, withdraw
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
BUILD = "search.rebuild()"


@pytest.fixture
def start(tmp_path):
    """Starts a process of the site with a database and an index of its own."""
    (tmp_path / "static").mkdir()
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'causes.sqlite3'}",
    }
    running = []

    def run(script: str, *arguments: object) -> subprocess.Popen:
        command = [sys.executable, "-c", SETUP + script, *map(str, arguments)]
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        running.append(process)
        return process

    yield run
    for process in running:
        process.kill()
        process.wait()
        process.stdout.close()


def said(process: subprocess.Popen) -> str:
    output, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return output


def assert_converged(start) -> None:
    report = json.loads(said(start(REPORT)))
    assert report["engine"]
    assert report["behind"] == 0
    assert report["found"] == report["live"]
    assert report["total"] == len(report["live"])


@pytest.mark.skipif(
    "postgres" in os.environ.get("DATABASE_URL", ""), reason="it makes a SQLite file of its own"
)
def test_searching_editing_and_killed_processes_converge_and_no_search_fails(start, tmp_path):
    said(start(MAKE, 10))
    said(start(BUILD))
    seconds = 8
    searching = [start(SEARCH, seconds) for _ in range(3)]
    editing = start(EDIT, seconds)
    chance, end = random.Random(2), time.monotonic() + seconds - 2
    while time.monotonic() < end:
        victim = start(SEARCH, 60)
        time.sleep(1 + chance.random())
        victim.send_signal(signal.SIGKILL)
        victim.wait()
    said(editing)
    for process in searching:
        counted = json.loads(said(process))
        assert counted["asked"] > 5
        assert counted["wrong"] == 0
    assert_converged(start)


@pytest.mark.skipif(
    "postgres" in os.environ.get("DATABASE_URL", ""), reason="it makes a SQLite file of its own"
)
def test_a_first_build_that_is_killed_never_counts_as_done(start):
    said(start(MAKE, 30))
    for pause in (0.9, 1.1, 1.3):
        builder = start(BUILD)
        time.sleep(pause)
        builder.send_signal(signal.SIGKILL)
        builder.wait()
        assert_converged(start)

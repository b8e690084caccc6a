"""A process of its own that publishes when it is told to, and says what that cost."""

import subprocess
import sys
from pathlib import Path

from tests.benchmarks._servers import ROOT, settings_of

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


def publisher_of(folder: Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "manage.py", "shell", "-v0", "-c", PUBLISHER],
        cwd=ROOT,
        env=settings_of(folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def publish(publisher: subprocess.Popen, text: str) -> tuple[float, float, float]:
    """When it was published, and the processor time of publishing and of saving the version."""
    publisher.stdin.write(f"{text}\n")
    publisher.stdin.flush()
    done, publishing, saving = map(float, publisher.stdout.readline().split())
    return done, publishing, saving

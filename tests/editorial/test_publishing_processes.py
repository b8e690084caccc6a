"""Many people approve at the same moment, from processes of their own."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings as site_settings
from django.db import connection

from causes.editorial.publishing import record
from causes.editorial.verification import problems
from causes.models import Edition, Event, Information
from tests.processes import database_address

PROCESSES, THREADS = 8, 4
PUBLISH = """
import json, sys
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from django.contrib.auth.models import User
from django.db import connection
from causes.editorial.acting import NotPossible
from causes.editorial.publishing import publish
from causes.models import Page
page, actor = Page.objects.get(key="privacy"), User.objects.get(username="paul")
page.editions.exists()
threads = int(sys.argv[1])

def act(_):
    try:
        return publish(page, actor=actor, number=2, change="wording").number
    except NotPossible as refusal:
        return str(refusal)
    finally:
        connection.close()

connection.close()
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(threads) as pool:
    print(json.dumps(list(pool.map(act, range(threads)))))
"""


@pytest.mark.django_db(transaction=True)
def test_of_32_approvals_from_8_processes_at_once_one_makes_the_live_edition(
    make_information, published, author, publisher
):
    page = make_information()
    published(page)
    Information.objects.filter(pk=page.pk).update(summary="Approved by many.")
    record(page, actor=author)
    connection.close()
    running = [
        subprocess.Popen(
            [sys.executable, "-c", PUBLISH, str(THREADS)],
            cwd=site_settings.BASE_DIR,
            env={**os.environ, "DATABASE_URL": database_address()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(PROCESSES)
    ]
    for process in running:
        assert process.stdout.readline() == "ready\n", process.stderr.read()
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    results = []
    for process in running:
        out, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
        results += json.loads(out)
    assert results == [2] * PROCESSES * THREADS
    assert page.editions.live().get().summary == "Approved by many."
    assert Edition.objects.count() == 2
    assert Event.objects.filter(verb="publish", actor=publisher).count() == 1
    assert list(problems()) == []

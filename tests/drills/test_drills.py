"""A few of the drills, scaled down: `make drill` runs all of them in full."""

import os
import signal

import pytest

from tests.benchmarks._drill import wait_until
from tests.drills._site import Editors, lost, site_on, workers_of
from tests.drills.faults import PLACES, suffer
from tests.public.pagecache.test_drill import on_postgres
from tests.with_postgres import find_programs

pytestmark = pytest.mark.skipif(
    on_postgres and find_programs() is None, reason="breaks a PostgreSQL server of its own"
)
NAMES = {
    "SQLite": ["held write lock", "disk takes no writes"],
    "PostgreSQL": ["locked", "refusing"],
}["PostgreSQL" if on_postgres else "SQLite"]
FAULTS = PLACES["PostgreSQL" if on_postgres else "SQLite"][1]


@pytest.fixture(scope="module")
def site():
    with site_on("postgres" if on_postgres else "sqlite") as site:
        yield site


@pytest.mark.parametrize("name", NAMES)
def test_readers_read_on_and_an_editors_text_is_kept_until_it_heals(site, name, capsys):
    good = suffer(site, name, FAULTS[name], seconds=3)
    said = capsys.readouterr().out
    assert good, said
    assert "503 with their text kept" in said


def test_no_acknowledged_save_is_lost_with_a_worker(site):
    people = Editors(site, count=2)
    people.begin()
    try:
        wait_until(lambda: len(people.acknowledged) >= 3)
        workers = workers_of(site)
        os.kill(workers[0], signal.SIGKILL)
        saved = len(people.acknowledged)
        wait_until(lambda: len(people.acknowledged) >= saved + 3)
        wait_until(lambda: len(set(workers_of(site)) - {workers[0]}) == len(workers))
    finally:
        people.end()
    assert site.server.poll() is None, "the server ended with its worker"
    assert lost(site, people.acknowledged) == []

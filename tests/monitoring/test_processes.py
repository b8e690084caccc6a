"""The numbers of several processes are one sum, which never falls, whoever is killed when."""

import json
import multiprocessing
import os
import signal
import time
from contextlib import ExitStack, closing, suppress

import pytest

from causes.monitoring import processes
from causes.monitoring.counts import Counts, counts
from causes.monitoring.processes import Reporting, folder, merged
from causes.public.pagecache.counts import counts as cache_counts

forking = multiprocessing.get_context("fork")


def _report(hits: int, entries: int, parent) -> None:
    cache_counts.hits, cache_counts.entries = hits, entries
    reporting = Reporting()
    reporting.write()
    parent.send("ready")
    parent.poll(60)
    os._exit(0)


class Process:
    """Reports so many hits and copies, and lives until it is told or killed."""

    def __init__(self, hits: int, entries: int = 0) -> None:
        self._child, parent = forking.Pipe()
        self._process = forking.Process(target=_report, args=(hits, entries, parent))
        self._process.start()
        parent.close()
        assert self._child.poll(30)

    def end(self) -> None:
        if not self._child.closed:
            with suppress(OSError):  # it was killed
                self._child.send("end")
            self._process.join(30)
            self._child.close()

    def kill(self) -> None:
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.join(30)


@pytest.fixture
def process():
    with ExitStack() as ending:

        def make(*numbers: int) -> Process:
            made = Process(*numbers)
            ending.callback(made.end)
            return made

        yield make


def test_where_no_server_ran_there_is_nothing_and_no_folder():
    assert merged() == processes.Numbers({}, 0)
    assert not folder().exists()


def test_living_processes_are_added_up(process):
    process(3, 10), process(4, 20)
    found = merged()
    assert found.processes == 2
    assert (found.counts["hits"], found.counts["entries"]) == (7, 30)


@pytest.mark.parametrize("how", ["end", "kill"])
def test_what_a_process_counted_stays_and_what_it_held_is_gone_with_it(process, how):
    first, _second = process(3, 10), process(4, 20)
    getattr(first, how)()
    for _again in range(3):
        found = merged()
        assert found.processes == 1
        assert (found.counts["hits"], found.counts["entries"]) == (7, 20)


def test_no_file_of_the_dead_is_left(process):
    for _ in range(5):
        process(1).kill()
    process(1)
    assert merged().counts["hits"] == 6
    kinds = sorted(path.suffix or path.name for path in folder().iterdir())
    assert kinds == [".alive", ".json", ".json", "lock"]  # of the living one; ended.json


def test_a_process_with_the_id_of_a_dead_one_takes_nothing_over(data_dir):
    """In a container, the first process has the same id each time."""
    folder().mkdir()
    (folder() / f"{os.getpid()}.alive").touch()
    (folder() / f"{os.getpid()}.json").write_text('{"hits": 5}')
    cache_counts.hits = 2
    with closing(Reporting()) as reporting:
        reporting.write()
        assert merged().counts["hits"] == 7
        assert merged().processes == 1


@pytest.mark.parametrize("text", ["", "{", "[1]", '{"hits": "many"}', "null", '{"hits": null}'])
def test_a_file_that_cannot_be_read_spoils_nothing(process, text):
    process(3)
    (folder() / "ended.json").write_text(text)
    assert merged().counts["hits"] == 3


def test_nothing_is_written_while_nothing_happens(reporting):
    reporting.write()
    [file] = folder().glob(f"{os.getpid()}.json")
    before = file.stat().st_ino
    reporting.write()
    assert file.stat().st_ino == before
    cache_counts.hits += 1
    reporting.write()
    assert file.stat().st_ino != before


def test_readers_never_see_half_a_file_or_a_total_that_falls(process):
    """While numbers are written and processes come and go."""
    process(1000)
    highest, end = 0.0, time.monotonic() + 2
    while time.monotonic() < end:
        process(1).kill()
        for _ in range(20):
            found = merged().counts["hits"]
            assert found >= highest
            highest = found
    assert highest > 1000


def test_every_number_of_a_process_has_a_name_of_ours(monkeypatch):
    monkeypatch.setattr(processes, "counts", Counts())
    found = processes.own()
    assert {name.split()[0] for name in found} == {
        *("hits", "misses", "stale", "unavailable", "renders", "entries", "bytes"),
        *("cached", "rendered", "bucket", "seconds", "csp"),
    }
    assert json.loads(json.dumps(found)) == found


@pytest.mark.parametrize(
    ("seconds", "bucket"), [(0.0, 0), (0.005, 0), (0.0051, 1), (5.0, 9), (5.1, 10), (1e9, 10)]
)
def test_a_time_is_in_the_first_bucket_that_it_fits_into(seconds, bucket):
    made = Counts()
    made.took(seconds)
    assert made.buckets.index(1) == bucket
    assert len(made.buckets) == len(counts.buckets)

"""The site as `manage.py serve` runs it: its processes' numbers, its log, and what it says of a
database that is frozen or gone. Nothing secret is in anything that it prints."""

import contextlib
import http.client
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.benchmarks._drill import Server, wait_until
from tests.benchmarks._drill import Site as DrillSite
from tests.browser.served import free_port
from tests.drills._site import workers_of
from tests.with_postgres import cluster, find_programs

ROOT = Path(__file__).resolve().parents[2]
on_postgres = "postgres" in os.environ.get("DATABASE_URL", "")
KEY = "the-secret-key-of-this-test-" * 2
PATIENCE = 2.0
SECRETS = {
    "cookie": "kq-cookie-of-a-session",
    "guest": "kq-guest-token-aBcD1234",
    "password": "kq-password-of-a-person",
    "reader": "kqburningfeet",
    "header": "a3EtYmFzaWM6a3EtYmFzaWM=",
}


class Site(DrillSite):
    """With an internal address and a whole log."""

    server: subprocess.Popen[bytes]  # while it is served

    def __init__(self, folder: Path, database: str = "") -> None:
        super().__init__(folder, database)
        self.internal = free_port()
        self.environment |= {
            "SECRET_KEY": KEY,
            "METRICS_ADDRESS": f"127.0.0.1:{self.internal}",
            "ACCESS_LOG": "all",
            "EMAIL_URL": "submission://me:kq-mail-password@127.0.0.1:1",
        }

    def make(self) -> None:
        super().make()
        command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, timeout=120)

    @contextlib.contextmanager
    def served(self) -> Iterator[None]:
        self.log = self.folder / "log"
        with self.log.open("w") as log:
            command = [sys.executable, "manage.py", "serve"]
            self.server = server = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=log
            )
            try:
                wait_until(lambda: self._status("/readyz") == 200, 60)
                wait_until(lambda: self.numbers().get("causes_processes") == 2, 60)
                yield
            finally:
                server.send_signal(signal.SIGTERM)
                server.wait(timeout=30)

    def numbers(self) -> dict[str, float]:
        with contextlib.suppress(OSError):
            text = self.tell("/metrics")[1]
            return {
                " ".join([sample.name, *sample.labels.values()]): sample.value
                for family in text_string_to_metric_families(text)
                for sample in family.samples
            }
        return {}

    def settled_numbers(self) -> dict[str, float]:
        """The numbers, once every process has written what it has seen so far."""
        found = [self.numbers()]

        def are_the_same() -> bool:
            time.sleep(1.5)  # each writes its own at most once a second
            found.append(self.numbers())
            return found[-1] == found[-2] != {}

        wait_until(are_the_same, 60)
        return found[-1]

    def tell(self, path: str) -> tuple[int, str, float]:
        """What the internal address says, and within how many seconds."""
        return self.timed(self.internal, path)

    def timed(self, port: int, path: str, **asked) -> tuple[int, str, float]:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        with contextlib.closing(connection):
            connection.request(asked.pop("method", "GET"), path, **asked)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), time.monotonic() - began

    def _status(self, path: str) -> int:
        with contextlib.suppress(OSError):
            return self.timed(self.port, path)[0]
        return 0


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL server that may be frozen, where the run has one; else None."""
    if not on_postgres or find_programs() is None:
        yield None
        return
    with cluster(find_programs()) as url:
        yield Server(url)


@pytest.fixture(scope="module")
def site(server, tmp_path_factory):
    made = Site(tmp_path_factory.mktemp("served"), server.url if server else "")
    made.make()
    with made.served():
        yield made


def test_a_scrape_sees_the_answers_of_every_process(site):
    before = site.settled_numbers()
    for _ in range(40):  # each on a new connection, so that both processes get some
        assert site.ask("/robots.txt")[0] == 200
        assert site.ask("/nowhere/")[0] == 404

    def counted() -> bool:
        now = site.numbers()
        names = ("causes_answers_total cached 2xx", "causes_answers_total rendered 2xx")
        found = sum(now[name] - before[name] for name in names)
        refused = "causes_answers_total rendered 4xx"
        return found == 40 and now[refused] - before[refused] == 40

    wait_until(counted, 20)
    assert site.timed(site.port, "/metrics")[0] == 404


def test_the_internal_address_tells_the_reasons_and_the_public_one_does_not(site):
    status, text, _seconds = site.tell("/readyz")
    assert (status, text.splitlines()[0]) == (200, "ok    database: The database answers.")
    assert site.timed(site.port, "/readyz")[1] == "ready\n"


def assert_kept_in_time(site: Site, reason: str) -> None:
    status, text, seconds = site.timed(site.port, "/readyz")
    assert (status, text) == (503, "not ready\n")
    assert seconds < PATIENCE
    status, text, seconds = site.tell("/readyz")
    assert status == 503
    assert seconds < PATIENCE
    assert text.startswith("fail  database: The database does not answer")
    assert re.search(reason, text)
    numbers = site.numbers()
    assert numbers["causes_health database"] == 2
    assert "causes_live_pages" not in numbers
    assert site.tell("/metrics")[2] < PATIENCE
    said = subprocess.run(
        [sys.executable, "-c", TIMED_REPORT], cwd=ROOT, env=site.environment, timeout=30,
        capture_output=True, text=True,
    )  # fmt: skip
    assert float(said.stdout) < PATIENCE, said.stderr
    done = subprocess.run(
        [sys.executable, "manage.py", "health"], cwd=ROOT, env=site.environment, timeout=30,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout.startswith("fail  database")


TIMED_REPORT = """
import django, time
django.setup()
from causes.monitoring.probes import report
began = time.monotonic()
assert report()[0].state == "fail"
print(time.monotonic() - began)
"""


def is_ready_again(site: Site) -> bool:
    return site.timed(site.port, "/readyz")[0] == 200 and site.tell("/readyz")[0] == 200


@contextlib.contextmanager
def file_away(site: Site) -> Iterator[None]:
    file = site.folder / "causes.sqlite3"
    away = file.with_suffix(".away")
    file.rename(away)
    try:
        yield
        assert not file.exists()
    finally:
        away.rename(file)


@pytest.mark.skipif(on_postgres, reason="SQLite's file")
def test_a_database_file_that_is_gone_is_said_at_once_and_that_it_is_back(site):
    with file_away(site):
        time.sleep(1.1)  # for as long as the last answer counts
        assert_kept_in_time(site, "There is no database at ")
    wait_until(lambda: is_ready_again(site), 20)


@pytest.mark.skipif(on_postgres, reason="SQLite's file")
def test_processes_that_begin_without_the_file_are_well_when_it_is_back(site):
    def search(words: str) -> int:
        return site.timed(site.port, f"/search/?q={words}")[0]

    begun, before = site.log.stat().st_size, set(workers_of(site))
    with file_away(site):
        assert search("moved") == 503  # as one who would save is told: nothing goes into that file
        site.server.send_signal(signal.SIGHUP)  # it makes its processes anew
        wait_until(lambda: len(workers_of(site)) == 2 and before.isdisjoint(workers_of(site)), 120)
        wait_until(lambda: site._status("/search/?q=none") == 503, 20)
    wait_until(lambda: is_ready_again(site), 20)
    assert {search(f"back{number}") for number in range(20)} == {200}
    settled = site.log.stat().st_size
    time.sleep(3)
    assert "no such table" not in site.log.read_text()[begun:]
    assert "not filled" not in site.log.read_text()[settled:]


@pytest.mark.skipif(not on_postgres, reason="freezes a PostgreSQL server of its own")
@pytest.mark.parametrize(
    ("trouble", "reason"), [("frozen", "no answer|timeout"), ("stopped", "refused")]
)
def test_a_database_that_is_frozen_or_gone_is_said_in_time(site, server, trouble, reason):
    if server is None:
        pytest.skip("there is no PostgreSQL server")
    with getattr(server, trouble)():
        time.sleep(1.1)  # for as long as the last answer counts
        assert_kept_in_time(site, reason)
    wait_until(lambda: is_ready_again(site), 30)


def test_every_line_of_the_log_is_an_object_and_none_holds_a_secret(site, server):
    cookie = f"csrftoken={'x' * 32}; sessionid={SECRETS['cookie']}"
    headers = {"Cookie": cookie, "Authorization": f"Basic {SECRETS['header']}"}
    form = f"username=ada&password={SECRETS['password']}&csrfmiddlewaretoken={'x' * 32}"
    typed = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"/?q={SECRETS['reader']}",
    }

    def ask_for_everything() -> None:
        for path in (
            f"/search/?q={SECRETS['reader']}", f"/search/q={SECRETS['reader']}/",
            f"/search/suggest/?q={SECRETS['reader']}", f"/review/{SECRETS['guest']}/",
            f"/nowhere/%3Fq={SECRETS['reader']}", "/admin/", "/conditions/ache-1/?x=%00",
        ):  # fmt: skip
            site.timed(site.port, path, headers=headers)
        for path in ("/admin/login/", f"/review/{SECRETS['guest']}/", "/conditions/ache-2/"):
            asked = {"method": "POST", "body": form, "headers": headers | typed}
            site.timed(site.port, path, **asked)

    ask_for_everything()
    with database_away(site, server):
        ask_for_everything()
    wait_until(lambda: is_ready_again(site), 30)
    text = site.log.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert {line["status"] for line in lines if "status" in line} >= {200, 404, 503}
    assert any("exception" in line for line in lines), "nothing failed, so nothing was shown"
    assert all(line["request_id"] for line in lines if line["logger"] == "causes.access")
    database = site.environment.get("DATABASE_URL", "")
    for secret in (*SECRETS.values(), KEY, "kq-", "x" * 32, *password_in(database)):
        assert secret not in text, secret


@contextlib.contextmanager
def database_away(site: Site, server: Server | None) -> Iterator[None]:
    if server is not None:
        with server.stopped():
            yield
        return
    # Were the file moved away, threads that have it open would read on.
    with contextlib.closing(sqlite3.connect(site.folder / "causes.sqlite3", timeout=20)) as file:
        file.execute("ALTER TABLE django_session RENAME TO away_session")
        try:
            yield
        finally:
            file.execute("ALTER TABLE away_session RENAME TO django_session")


def password_in(address: str) -> list[str]:
    return [address.split("@")[0].rpartition(":")[2]] if "@" in address else []


COMMANDS = ["help", "serve --help", "health --help", "backup --help", "check", "check --deploy",
            "migrate", "verify", "send_reminders", "health", "health --json"]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_prints_a_secret_not_even_one_that_fails(command, tmp_path):
    secrets = {
        "SECRET_KEY": "kq-secret-key-" * 4,
        "DATABASE_URL": "postgres://causes:kq-database-word@127.0.0.1:1/causes",
        "EMAIL_URL": "submission://me:kq-mail-word@127.0.0.1:1",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", *command.split()], cwd=ROOT, timeout=60,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **secrets},
        capture_output=True, text=True,
    )  # fmt: skip
    assert "kq-" not in done.stdout + done.stderr
    assert done.stdout + done.stderr


@pytest.mark.parametrize(
    "bad",
    [
        {"DATABASE_URL": "oracle://causes:kq-word@db/x"},
        {"DATABASE_URL": "postgres://causes:kq-word@db:port/x"},
        {"DATABASE_URL": "kq-word"},
        {"EMAIL_URL": "smtp://me:kq-word@mail:port"},
        {"EMAIL_URL": "foo://me:kq-word@mail"},
        {"SECRET_KEY": "kq-word-" * 9, "PORT": "x"},
    ],
)
def test_a_bad_setting_with_a_secret_in_it_is_not_repeated(bad, tmp_path):
    environment = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 50}
    done = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=environment | bad, timeout=60,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode != 0
    assert done.stderr.startswith("Causes cannot start: ")
    assert "kq-word" not in done.stdout + done.stderr

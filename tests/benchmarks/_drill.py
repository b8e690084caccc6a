"""A site of its own under load while pages are published and its database goes away.

Every page's title counts its publications, so each answer, lists and searches too, shows whether
it is stale. Used by `page_cache_drill.py` in full and by the suite scaled down.
"""

import contextlib
import http.client
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests.browser.served import free_port
from tests.with_postgres import server_identity

ROOT = Path(__file__).resolve().parents[2]
WORKERS = 2
PAGES = 8
ADDRESSES = [
    *(f"/conditions/ache-{number}/" for number in range(PAGES)),
    *("/", "/conditions/", "/tags/", "/tags/one-leg/", "/search/?q=ache", "/search/?tag=one-leg"),
    *("/search/?q=ache&tag=one-leg", "/search/?tag=one-leg&utm=1&q=ache"),
]
TITLE = re.compile(r"Ache (\d+) number (\d+)")
MAKE = f"""
from django.core.management import call_command
call_command("migrate", verbosity=0)
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record
from causes.models import CareCard, Condition, Source, Tag
source = Source.objects.create(key="s", publisher="P", title="T", url="https://example.org/")
tag = Tag.objects.create(slug="one-leg", name="One leg", facet="where")
for number in range({PAGES}):
    key = f"ache-{{number}}"
    page = Condition.objects.create(key=key, slug=key, title=f"Ache {{number}} number 0")
    page.tags.add(tag)
    card = CareCard.objects.create(page=page, anchor="e", level="emergency", items=["it hurts"])
    card.citations.add(source)
    publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)
"""
# Publishes one page for each line that it reads, and says so once it is committed.
PUBLISH = """
import sys
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record
from causes.models import Condition
for line in sys.stdin:
    number, count = map(int, line.split())
    page = Condition.objects.get(key=f"ache-{number}")
    page.title = f"Ache {number} number {count}"
    page.save()
    publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)
    print(number, count, flush=True)
"""
SETUP = "import django; django.setup()\n"


class Site:
    """Its data in ``folder``; its database there too, unless another is given."""

    def __init__(self, folder: Path, database: str = "") -> None:
        self.port, self.folder, self.renders = free_port(), folder, folder / "renders"
        self.environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "DATA_DIR": str(folder),
            "SECRET_KEY": "only-for-the-drill-" * 3,
            "PORT": str(self.port),
            "RENDERS": str(self.renders),
            **({"DATABASE_URL": database} if database else {}),
        }
        (folder / "static").mkdir(exist_ok=True)

    def python(self, script: str, **options: object) -> subprocess.Popen:
        command = [sys.executable, "-c", SETUP + script]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, text=True, **options)

    def make(self) -> None:
        if self.python(MAKE).wait(timeout=120):
            raise RuntimeError("The pages could not be made.")

    @contextmanager
    def served(self) -> Iterator[None]:
        log = (self.folder / "log").open("w")
        command = [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--factory"),
            *("--host", "127.0.0.1", "--port", str(self.port), "--workers", str(WORKERS)),
            *("--blocking-threads", "4", "--workers-kill-timeout", "5", "--log-level", "warning"),
            "tests.benchmarks._drilled:application",
        ]
        server = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            self.wait_until_every_page_is_kept()
            yield
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
            log.close()

    def ask(self, address: str) -> tuple[int, str]:
        """On a new connection, which may lead to any of the workers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def wait_until_every_page_is_kept(self) -> None:
        """By each worker. Searches follow a publication within a second or two."""
        wanted = {
            address.replace("tag=one-leg&utm=1&q=ache", "q=ache&tag=one-leg")
            for address in ADDRESSES
        }
        full: set[int] = set()

        def all_are_full() -> bool:
            with contextlib.suppress(OSError):
                for address in ADDRESSES:
                    self.ask(address)
                process, kept = json.loads(self.ask("/kept/")[1])
                (full.add if wanted <= set(kept) else full.discard)(process)
            return len(full) == WORKERS

        wait_until(all_are_full)

    def most_renders(self) -> tuple[int, str]:
        """Of one page by one process in one epoch, which a publication begins.

        A search while the index is behind is nobody's to keep, so it is made for each reader.
        """
        lines = Counter(
            line for line in self.renders.read_text().splitlines() if "/search/" not in line
        )
        line, count = lines.most_common(1)[0]
        return count, line


@dataclass
class Load:
    """Readers of a site, each on a connection of its own, and what they saw.

    ``patience``: seconds after a publication within which its old text is not stale. The search
    index follows within a second, whatever the database.
    """

    port: int
    patience: float = 0.0
    patience_of_search: float = 1.0
    addresses: list[str] = field(default_factory=lambda: list(ADDRESSES))
    requests: int = 0
    bad: Counter = field(default_factory=Counter)
    stale: list[str] = field(default_factory=list)
    seconds: list[tuple[float, float]] = field(default_factory=list)  # when it began, how long
    published: dict[int, list[tuple[float, int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lock, self._stop, self._threads = threading.Lock(), threading.Event(), []

    def begin(self, readers: int) -> None:
        for number in range(readers):
            thread = threading.Thread(target=self._read, args=(number,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def end(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=60)

    def note_publication(self, page: int, count: int) -> None:
        self.published.setdefault(page, []).append((time.monotonic(), count))

    def p99(self, since: float, until: float) -> float:
        """Milliseconds, of the requests that began between."""
        taken = sorted(t for began, t in self.seconds if since <= began < until)
        return taken[int(len(taken) * 0.99)] * 1000 if taken else float("nan")

    def _read(self, number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        place = number * 5
        while not self._stop.is_set():
            place += 1
            address = self.addresses[place % len(self.addresses)]
            began = time.monotonic()
            is_search = address.startswith("/search/")
            wanted = self._due(began - (self.patience_of_search if is_search else self.patience))
            try:
                connection.request("GET", address)
                answer = connection.getresponse()
                text, status = answer.read().decode(), answer.status
            except (OSError, http.client.HTTPException) as error:
                text, status = "", type(error).__name__
                connection.close()
            with self._lock:
                self.requests += 1
                self.seconds.append((began, time.monotonic() - began))
                if status != 200:
                    self.bad[status] += 1
                for page, count in TITLE.findall(text):
                    if int(count) < wanted.get(int(page), 0):
                        self.stale.append(f"{address}: {page} number {count}, not {wanted}")
        connection.close()

    def _due(self, then: float) -> dict[int, int]:
        """The count that each page had then."""
        return {
            page: max((count for at, count in publications if at <= then), default=0)
            for page, publications in list(self.published.items())
        }


def publish_under_load(site: Site, load: Load, *, requests: int, publications: int) -> None:
    """So many requests, evenly between so many publications."""
    with site.python(PUBLISH, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as publisher:
        load.begin(readers=8)
        for turn in range(1, publications + 1):
            page = turn % PAGES
            publisher.stdin.write(f"{page} {turn}\n")
            publisher.stdin.flush()
            if publisher.stdout.readline().split() != [str(page), str(turn)]:
                raise RuntimeError("A page could not be published.")
            load.note_publication(page, turn)
            wait_until(lambda turn=turn: load.requests >= requests * turn / publications)
        load.end()
        publisher.stdin.close()


def wait_until(condition: Callable[[], bool], seconds: float = 120) -> None:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise RuntimeError("It did not happen in time.")
        time.sleep(0.01)


class Server:
    """A PostgreSQL server that the drill may freeze and stop."""

    def __init__(self, url: str) -> None:
        self.url = url
        with psycopg.connect(url) as connection:
            [[folder]] = connection.execute("SHOW data_directory").fetchall()
        self._folder = Path(folder)
        options = shlex.split((self._folder / "postmaster.opts").read_text())
        self._programs = Path(options[0]).parent

    @property
    def _processes(self) -> list[int]:
        first = int((self._folder / "postmaster.pid").read_text().split()[0])
        children = subprocess.run(["pgrep", "-P", str(first)], capture_output=True, text=True)
        return [first, *map(int, children.stdout.split())]

    @contextmanager
    def frozen(self) -> Iterator[None]:
        processes = self._processes
        try:
            self._signal(processes, signal.SIGSTOP)
            yield
        finally:
            self._signal(processes, signal.SIGCONT)

    @staticmethod
    def _signal(processes: list[int], number: int) -> None:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):  # a worker of it has just ended
                os.kill(process, number)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        self._control("stop", "-m", "immediate")
        try:
            yield
        finally:
            self._control("restart", "-w", "-l", "drill-log")  # with the options it had
            wait_until(self._answers)

    def _control(self, *arguments: str) -> None:
        command = [self._programs / "pg_ctl", *arguments, "-D", self._folder]
        nothing = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.DEVNULL)
        settings = {"cwd": self._folder, "start_new_session": True, **nothing, **server_identity()}
        subprocess.run(command, check=True, **settings)

    def _answers(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=2):
                return True
        except psycopg.OperationalError:
            return False


def seconds_until_new(site: Site, number: int, count: int) -> float:
    """How long after a publication each worker shows it; the publication's own time is not in."""
    with site.python(PUBLISH, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as publisher:
        publisher.stdin.write(f"{number} {count}\n")
        publisher.stdin.flush()
        publisher.stdout.readline()
        began = last_old = time.monotonic()
        for _ in range(100):
            if f"number {count}" not in site.ask(f"/conditions/ache-{number}/")[1]:
                last_old = time.monotonic()
            time.sleep(0.03)
        publisher.stdin.close()
    return last_old - began

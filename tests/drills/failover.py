"""PostgreSQL's primary dies while editors save; its standby is promoted: what is lost, how long.

    python -m tests.drills.failover [--seconds 10] [--synchronous]

By PostgreSQL's own means: pg_basebackup, streaming, pg_ctl promote. The site knows both servers
from the start, by one DATABASE_URL.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.benchmarks._drill import ADDRESSES, Load, Server, wait_until
from tests.browser.served import Site, free_port, manage
from tests.drills._site import Editors, lost, prepare
from tests.with_postgres import SKIPPED, cluster, find_programs, server_identity

SEEN = [address for address in ADDRESSES if "/search/" not in address]


class Standby:
    """Follows the server of ``url`` until it is promoted; ``url`` is then its own."""

    def __init__(self, programs: Path, url: str) -> None:
        self.programs, self.port = programs, free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="causes-standby-"))
        self.primary = url
        self.url = url.replace(f":{urlsplit(url).port}/", f":{self.port}/")
        identity = server_identity()
        os.chown(self.folder, identity.get("user", -1), identity.get("group", -1))
        self.data = self.folder / "data"

    def follow(self) -> None:
        address = self.primary.replace("postgres://", "postgresql://")
        self._run("pg_basebackup", "-d", address, "-D", self.data, "-R", "-C", "-S", "standby")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        self._run("pg_ctl", "start", "-w", "-D", self.data, "-o", options, "-l", "server")

    def promote(self) -> None:
        self._run("pg_ctl", "promote", "-w", "-D", self.data)

    def remove(self) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "stop", "-m", "immediate", "-D", self.data)
        shutil.rmtree(self.folder)

    def _run(self, program: str, *arguments: str | Path) -> None:
        with (self.folder / "log").open("ab") as log:
            streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            settings = {"cwd": self.folder, "start_new_session": True, **server_identity()}
            command = [self.programs / program, *arguments]
            subprocess.run(command, check=True, **streams, **settings)


@contextmanager
def replicated(*, synchronous: bool) -> Iterator[tuple[str, Standby]]:
    if (programs := find_programs()) is None:
        raise SystemExit(SKIPPED)
    with cluster(programs) as url:
        standby = Standby(programs, url)
        try:
            standby.follow()
            if synchronous:
                with psycopg.connect(url, autocommit=True) as connection:
                    connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
                    connection.execute("ALTER SYSTEM SET synchronous_commit = 'on'")
                    connection.execute("SELECT pg_reload_conf()")
            yield url, standby
        finally:
            standby.remove()


def url_of_both(primary: str, standby: Standby) -> str:
    parts = urlsplit(primary)
    return (
        f"postgres://{parts.username}:{parts.password}@{parts.path}"
        f"?host=127.0.0.1,127.0.0.1&port={parts.port},{standby.port}"
        "&target_session_attrs=read-write"
    )


def drill(seconds: float, *, synchronous: bool) -> bool:
    with (
        replicated(synchronous=synchronous) as (primary, standby),
        tempfile.TemporaryDirectory(prefix="causes-drill-") as folder,
    ):
        site = Site(Path(folder), DATABASE_URL=url_of_both(primary, standby))
        prepare(site)
        site.start()
        try:
            people = Editors(site)
            load = Load(int(site.address.rpartition(":")[2]), addresses=SEEN)
            people.begin()
            load.begin(readers=2)
            time.sleep(seconds)
            with Server(primary).stopped():
                died, before = time.monotonic(), len(people.acknowledged)
                standby.promote()
                promoted = time.monotonic() - died
                wait_until(lambda: len(people.acknowledged) > before + len(people._threads))
                back = time.monotonic() - died
                time.sleep(seconds)
                people.end()
                load.end()
                missing = lost(site, people.acknowledged)
                verified = manage(site.environment, "verify").strip()
        finally:
            site.kill()
    how = "synchronous" if synchronous else "asynchronous"
    print(
        f"{how}: {before} saves before the primary died and {len(people.acknowledged) - before} "
        f"after; promoted after {promoted:.1f} s, saves again after {back:.1f} s; "
        f"{len(missing)} acknowledged saves lost; {load.requests} reads, "
        f"{sum(load.bad.values())} bad {dict(load.bad) or ''}; editors met "
        f"{dict(people.problems)}. {verified}"
    )
    return not load.bad and not (synchronous and missing)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--synchronous", action="store_true")
    asked = parser.parse_args()
    raise SystemExit(not drill(asked.seconds, synchronous=asked.synchronous))


if __name__ == "__main__":
    main()

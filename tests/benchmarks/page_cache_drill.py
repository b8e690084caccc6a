"""The page cache under load, in full: publications on both databases, then PostgreSQL frozen and
stopped. Prints what readers saw; `PUBLICATIONS`, `REQUESTS` and `SECONDS` make it smaller.
"""

import os
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks._drill import Load, Server, Site, publish_under_load, seconds_until_new
from tests.with_postgres import SKIPPED, cluster, find_programs

PUBLICATIONS = int(os.environ.get("PUBLICATIONS", "100"))
REQUESTS = int(os.environ.get("REQUESTS", "10000"))
SECONDS = float(os.environ.get("SECONDS", "20"))


@contextmanager
def site_in_a_folder(database: str = ""):
    with tempfile.TemporaryDirectory(prefix="causes-drill-") as folder:
        site = Site(Path(folder), database)
        site.make()
        with site.served():
            yield site


def publications(name: str, site: Site, patience: float) -> None:
    began = time.monotonic()
    load = Load(site.port, patience=patience)
    publish_under_load(site, load, requests=REQUESTS, publications=PUBLICATIONS)
    taken = time.monotonic() - began
    renders, _ = site.most_renders()
    p99 = load.p99(began, time.monotonic())
    print(
        f"{name}: {load.requests} requests during {PUBLICATIONS} publications in {taken:.0f} s: "
        f"{len(load.stale)} stale {'at once' if not patience else f'after {patience:.0f} s'} "
        f"(searches: after 1 s), {sum(load.bad.values())} errors {dict(load.bad) or ''}, "
        f"at most {renders} render(s) of a page by a worker for a publication, p99 {p99:.0f} ms"
    )


def outages(site: Site, server: Server) -> None:
    for count, (name, going) in enumerate(
        {"frozen": server.frozen, "stopped": server.stopped}.items(), start=1000
    ):
        site.wait_until_every_page_is_kept()
        load = Load(site.port)
        load.begin(readers=8)
        time.sleep(3)
        with going():
            began = time.monotonic()
            time.sleep(SECONDS)
            unseen, _ = site.ask("/conditions/nowhere/")
            ended = time.monotonic()
        load.end()
        new = seconds_until_new(site, 0, count)
        print(
            f"PostgreSQL {name} for {SECONDS:.0f} s: {load.requests} requests for pages seen "
            f"before: {sum(load.bad.values())} bad, p99 {load.p99(began, ended):.0f} ms "
            f"(before: {load.p99(0, began):.0f} ms); a page not seen: {unseen}; afterwards a "
            f"publication is visible after {new:.2f} s"
        )


def main() -> None:
    with site_in_a_folder() as site:
        publications("SQLite", site, patience=0.0)
    if (programs := find_programs()) is None:
        print(SKIPPED)
        return
    with cluster(programs) as url, site_in_a_folder(url) as site:
        publications("PostgreSQL", site, patience=1.0)
        outages(site, Server(url))


if __name__ == "__main__":
    main()

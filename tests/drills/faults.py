"""What readers and editors meet while something is broken, and how it heals: one line a fault.

    python -m tests.drills.faults [--seconds 30] [--only WORDS]

Readers ask for pages that were seen before. An editor has a form open, sends it meanwhile, and
sends the same form again until it is taken. The server is never started again. The disks are small
ones of the drill's own (needs root); the clock's jump needs libfaketime (Debian's `faketime`).
"""

import argparse
import resource
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.benchmarks._drill import ADDRESSES, Load, Server, wait_until
from tests.browser.served import PASSWORD, Site
from tests.drills._browser import Browser, change_address
from tests.drills._site import (
    form_data,
    is_saved,
    lost,
    percentile,
    prepare,
    site_on,
    workers_of,
)

SEEN = [address for address in ADDRESSES if "/search/" not in address]
ROUNDS = 30  # enough for each page to be asked of each worker
FAKETIME = "/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"
Fault = Callable[[Site], object]  # a context manager: while it lasts, something is broken


@contextmanager
def write_lock_held(site: Site) -> Iterator[None]:
    with sqlite3.connect(database_of(site)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.rollback()
    other.close()


def database_of(site: Site) -> Path:
    return Path(site.environment["DATA_DIR"]) / "causes.sqlite3"


@contextmanager
def disk_full(site: Site) -> Iterator[None]:
    filling = Path(site.environment["DATA_DIR"]) / "filling"
    try:
        with filling.open("wb", buffering=0) as file:
            try:
                while file.write(b"x" * 4096) == 4096:
                    pass
            except OSError:
                pass
        yield
    finally:
        filling.unlink()


@contextmanager
def disk_takes_no_writes(site: Site) -> Iterator[None]:
    """Each write of the site fails from now on, also to files that it has open."""
    workers = workers_of(site)
    limits = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in workers]
    try:
        for pid, (_soft, hard) in zip(workers, limits, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
        yield
    finally:
        for pid, limit in zip(workers, limits, strict=True):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limit)


@contextmanager
def read_only_since_the_start(site: Site) -> Iterator[None]:
    folder = site.environment["DATA_DIR"]
    site.kill()
    run_when_nobody_is_there("mount", "-o", "remount,ro", folder)
    try:
        with tempfile.NamedTemporaryFile(prefix="causes-log-") as log:
            site.log = Path(log.name)  # the site's own is on the disk that is read-only
            site.start()
            yield
    finally:
        subprocess.run(["mount", "-o", "remount,rw", folder], check=True)


def run_when_nobody_is_there(*command: str) -> None:
    """Processes that were killed need a moment to leave a disk."""
    streams = {"stderr": subprocess.DEVNULL}
    wait_until(lambda: subprocess.run(command, **streams).returncode == 0, 20)


def clock_jumps(by: str) -> Fault:
    @contextmanager
    def jump(site: Site) -> Iterator[None]:
        offset = Path(site.environment["FAKETIME_TIMESTAMP_FILE"])
        offset.write_text(by)
        yield
        offset.write_text("+0")

    return jump


@contextmanager
def junk(site: Site) -> Iterator[None]:
    """Questions that nobody asks twice, before and while readers read."""
    browser = Browser(site.address)
    for number in range(2000):
        browser.get(f"/symptoms/?page={number}&junk={number}")
        browser.get(f"/search/?q=junk{number}")
        browser.get(f"/nowhere-{number}/")
    yield


@contextmanager
def nothing(site: Site) -> Iterator[None]:
    yield


@contextmanager
def rows_locked(site: Site) -> Iterator[None]:
    with psycopg.connect(site.environment["DATABASE_URL"]) as other:
        other.execute("LOCK TABLE causes_page IN EXCLUSIVE MODE")
        yield


@contextmanager
def frozen(site: Site) -> Iterator[None]:
    with Server(site.environment["DATABASE_URL"]).frozen():
        yield


@contextmanager
def crashed(site: Site) -> Iterator[None]:
    with Server(site.environment["DATABASE_URL"]).stopped():
        yield


@contextmanager
def refusing(site: Site) -> Iterator[None]:
    """The server runs and lets nobody in."""
    base, _, name = site.environment["DATABASE_URL"].rpartition("/")
    with psycopg.connect(f"{base}/template1", autocommit=True) as other:
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        yield
        other.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")


def suffer(site: Site, name: str, fault: Fault, seconds: float) -> bool:
    """Prints what readers and editors met. Whether all of it was as it should be."""
    reader, editor = Browser(site.address), Browser(site.address)
    editor.sign_in("editor0", PASSWORD)
    address = change_address(editor, "ache-0")
    text = f"Typed while: {name}."
    form = form_data(editor, address) | {"summary": text}
    for _round in range(ROUNDS):
        for page in SEEN:
            reader.get(page)
    load = Load(int(site.address.rpartition(":")[2]), addresses=SEEN)
    with fault(site):
        load.begin(readers=2)
        began = time.monotonic()
        time.sleep(min(1, seconds / 4))
        saved = editor.post(address, form)
        editors_waited = time.monotonic() - began
        unseen = reader.get("/conditions/nowhere/").status_code
        time.sleep(max(0.0, seconds - (time.monotonic() - began)))
    healed = time.monotonic()
    said = "What you typed is still in your browser" in saved.text
    is_kind = saved.status_code == 302 or (saved.status_code == 503 and said)
    where = " to sign in" if saved.status_code == 302 and not is_saved(saved) else ""

    def is_taken() -> bool:
        answer = editor.post(address, form)
        if answer.status_code == 302 and not is_saved(answer):  # signed out by the clock
            editor.sign_in("editor0", PASSWORD)
            form.update(form_data(editor, address) | {"summary": text})
        return is_saved(answer)

    wait_until(is_taken)
    after = time.monotonic() - healed
    load.end()  # readers notice nothing of the healing either
    missing = lost(site, [text])
    taken = [taken for _at, taken in load.seconds]
    good = is_kind and not load.bad and not missing
    print(
        f"{name}: {load.requests} reads of pages seen, {sum(load.bad.values())} bad "
        f"{dict(load.bad) or ''}, p99 {percentile(taken, 0.99):.0f} ms; a page not seen: {unseen}; "
        f"the editor: {saved.status_code}{' with their text kept' * said}{where} after "
        f"{editors_waited:.1f} s, saved {after:.1f} s after it healed, "
        f"{len(missing)} lost. {'As it should be.' if good else 'NOT AS IT SHOULD BE.'}",
        flush=True,
    )
    return good


@contextmanager
def site_on_a_small_disk() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="causes-disk-") as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=80m", "none", folder], check=True)
        site = Site(Path(folder))
        try:
            prepare(site)
            site.start()
            yield site
        finally:
            site.kill()
            run_when_nobody_is_there("umount", folder)


@contextmanager
def site_with_its_own_clock() -> Iterator[Site]:
    with tempfile.NamedTemporaryFile("w+", prefix="causes-clock-") as offset:
        offset.write("+0")
        offset.flush()
        clock = {"LD_PRELOAD": FAKETIME, "FAKETIME_TIMESTAMP_FILE": offset.name}
        more = {"FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        with site_on("sqlite", **clock, **more) as site:
            yield site


PLACES: dict[str, tuple[Callable[[], object], dict[str, Fault]]] = {
    "SQLite": (
        lambda: site_on("sqlite"),
        {
            "held write lock": write_lock_held,
            "disk takes no writes": disk_takes_no_writes,
            "junk": junk,
        },
    ),
    "a small disk": (
        site_on_a_small_disk,
        {"full": disk_full, "read-only since the start": read_only_since_the_start},
    ),
    "the clock": (
        site_with_its_own_clock,
        {"jumps a day ahead": clock_jumps("+1d"), "jumps a day back": clock_jumps("-1d")},
    ),
    "PostgreSQL": (
        lambda: site_on("postgres"),
        {"locked": rows_locked, "frozen": frozen, "crashed": crashed, "refusing": refusing},
    ),
}


def drill(seconds: float, only: str = "") -> bool:
    good = True
    for place, (make, faults) in PLACES.items():
        asked = {f"{place}: {name}": fault for name, fault in faults.items()}
        asked = {name: fault for name, fault in asked.items() if only in name}
        if place == "the clock" and asked and not Path(FAKETIME).exists():
            print("The clock's jump was not tried: install Debian's faketime.")
            continue
        if asked:
            with make() as site:
                for name, fault in asked.items():
                    good &= suffer(site, name, fault, seconds)
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--only", default="", help="faults whose name holds this")
    asked = parser.parse_args()
    raise SystemExit(not drill(asked.seconds, asked.only))


if __name__ == "__main__":
    main()

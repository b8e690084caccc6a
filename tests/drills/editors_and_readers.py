"""Editors who save without pause beside readers: no save fails, none is lost, readers wait little.

python -m tests.drills.editors_and_readers [--database sqlite|postgres|both] [--seconds 60]
"""

import argparse
import time

from tests.benchmarks._drill import Load
from tests.browser.served import manage
from tests.drills._site import EDITORS, Editors, lost, percentile, site_on

READERS = 6


def drill(database: str, seconds: float, *, editors: int = EDITORS, readers: int = READERS) -> bool:
    """Prints what happened. Whether every save went well and is kept."""
    with site_on(database) as site:
        people = Editors(site, editors)
        load = Load(int(site.address.rpartition(":")[2]))
        people.begin()
        load.begin(readers)
        time.sleep(seconds)
        people.end()
        load.end()
        missing = lost(site, people.acknowledged)
        verified = manage(site.environment, "verify").strip()
    taken = [taken for _began, taken in load.seconds]
    print(
        f"{database}: {editors} editors and {readers} readers, {seconds:.0f} s: "
        f"{len(people.acknowledged)} saves (p50 {percentile(people.seconds, 0.5):.0f} ms, "
        f"p95 {percentile(people.seconds, 0.95):.0f} ms, form and save), "
        f"{sum(people.problems.values())} failed {dict(people.problems) or ''}, "
        f"{len(missing)} lost; {load.requests} reads (p50 {percentile(taken, 0.5):.1f} ms, "
        f"p95 {percentile(taken, 0.95):.1f} ms), {sum(load.bad.values())} bad "
        f"{dict(load.bad) or ''}. {verified}"
    )
    return bool(people.acknowledged) and not people.problems and not missing and not load.bad


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--editors", type=int, default=EDITORS)
    parser.add_argument("--readers", type=int, default=READERS)
    asked = parser.parse_args()
    databases = ["sqlite", "postgres"] if asked.database == "both" else [asked.database]
    good = [
        drill(database, asked.seconds, editors=asked.editors, readers=asked.readers)
        for database in databases
    ]
    raise SystemExit(not all(good))


if __name__ == "__main__":
    main()

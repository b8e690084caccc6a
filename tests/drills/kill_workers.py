"""`kill -9` of random workers while editors save: what was acknowledged is kept.

    python -m tests.drills.kill_workers [--database sqlite|postgres|both] [--saves N] [--kills N]
        [--editors N]

A server that gives up (a worker killed twice within seconds) is started again, as systemd does.
"""

import argparse
import os
import random
import signal
import time

from tests.benchmarks._drill import wait_until
from tests.browser.served import Site, manage
from tests.drills._site import EDITORS, Editors, lost, percentile, site_on, workers_of

LONG = 3600  # seconds between two kills, on the busiest of machines


def drill(database: str, saves: int, kills: int, editors: int = EDITORS) -> bool:
    """Prints what happened. Whether every acknowledged save is kept and history is whole."""
    with site_on(database) as site:
        people, began, restarts = Editors(site, editors, opens_once=True), time.monotonic(), []
        people.begin()

        def wait_for(count: float) -> None:
            wait_until(lambda: _runs(site, restarts) and len(people.acknowledged) >= count, LONG)

        for turn in range(1, kills + 1):
            wait_for(saves * (turn - random.random()) / kills)
            if workers := workers_of(site):
                os.kill(random.choice(workers), signal.SIGKILL)
        wait_for(saves)
        people.end()
        taken = time.monotonic() - began
        missing = lost(site, people.acknowledged)
        verified = manage(site.environment, "verify").strip()
    print(
        f"{database}: {len(people.acknowledged)} acknowledged saves of {editors} editors in "
        f"{taken:.0f} s, {kills} kills, {len(restarts)} restarts of the server: "
        f"{len(missing)} lost. Sent again after: {dict(people.problems)}. "
        f"p95 {percentile(people.seconds, 0.95):.0f} ms. {verified}"
    )
    return not missing


def _runs(site: Site, restarts: list[int]) -> bool:
    """It does; if it had ended, it is started again, and that is noted."""
    if site.server.poll() is not None:
        site.start()
        restarts.append(site.server.pid)
    return True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--saves", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--editors", type=int, default=EDITORS)
    asked = parser.parse_args()
    databases = ["sqlite", "postgres"] if asked.database == "both" else [asked.database]
    numbers = asked.saves, asked.kills, asked.editors
    raise SystemExit(not all([drill(name, *numbers) for name in databases]))


if __name__ == "__main__":
    main()

"""`manage.py check_links`: links that lead nowhere, between pages and, if asked, to other sites."""

from argparse import ArgumentParser
from datetime import timedelta
from time import monotonic, sleep
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from causes.editorial.asking import problem_of
from causes.editorial.links import (
    LONGEST,
    dead_internal_links,
    external_addresses,
    forget_unnamed,
    to_ask,
    write_down,
)


class Command(BaseCommand):
    help = (
        "Finds links between pages that lead nowhere. With --external it also asks the addresses "
        "on other sites, slowly; a run that was stopped goes on where it was. Exit status 1 if "
        "anything is broken."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--external", action="store_true", help="Ask other sites, too.")
        parser.add_argument(
            "--limit", type=int, default=500, help="At most so many addresses in this run."
        )
        parser.add_argument(
            "--pause", type=float, default=1.0, help="Seconds between two questions to one site."
        )
        parser.add_argument(
            "--days", type=int, default=7, help="Ask again after so many days, not before."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for problem in dead_internal_links():
            self.stdout.write(problem)
            broken += 1
        if options["external"]:
            broken += self._ask_others(options["limit"], options["pause"], options["days"])
        if broken:
            raise CommandError(f"{broken} broken link(s).")
        self.stdout.write("Every link leads somewhere.")

    def _ask_others(self, limit: int, pause: float, days: int) -> int:
        """Asks, writes down each answer at once, prints the broken ones. Returns how many."""
        addresses = external_addresses()
        named = {url for url in addresses if len(url) <= LONGEST}
        for url in addresses.keys() - named:
            self.stdout.write(f"{', '.join(addresses[url])}: too long to ask: {url[:80]}…")
        forget_unnamed(named)
        due = to_ask(named, timezone.now() - timedelta(days=days))
        agent = f"{settings.SITE_NAME} link check (+{settings.SITE_URL})"
        broken, last = 0, dict[str, float]()
        for url in due[:limit]:
            host = urlsplit(url).netloc
            sleep(max(0.0, last.get(host, 0.0) + pause - monotonic()))
            problem = problem_of(url, agent)
            last[host] = monotonic()
            write_down(url, problem, timezone.now())
            if problem:
                self.stdout.write(f"{', '.join(addresses[url])}: {url}: {problem}")
                broken += 1
        left = len(due) - limit
        self.stdout.write(f"Asked {min(len(due), limit)} of {len(named)} addresses.")
        if left > 0:
            self.stdout.write(f"{left} more are due: run it again.")
        return broken

"""`manage.py search WORDS…`: what readers find, with scores, for operators."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from causes import search


class Command(BaseCommand):
    help = "Searches the live pages as the site does, and says what was made of the words."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("words", nargs="*", help="without any: the state of the index")
        parser.add_argument("--tag", action="append", default=[], help="may be given again")
        parser.add_argument("--limit", type=int, default=10)
        parser.add_argument("--exact", action="store_true", help="do not correct the spelling")

    def handle(self, *args: Any, **options: Any) -> None:
        question = " ".join(options["words"])
        if not question and not options["tag"]:
            self._say_state()
            return
        found = search.find(
            question,
            at=timezone.now(),
            tags=options["tag"],
            limit=max(1, options["limit"]),
            exact=options["exact"],
        )
        if not found.engine:
            self.stdout.write("The index cannot be read: only names and summaries were searched.")
        if found.corrected:
            self.stdout.write(f"Showing results for: {found.corrected}")
        self.stdout.write(f"Looked for: {' '.join(found.words)}")
        for hit in found.hits:
            name = f" (also called {hit.name})" if hit.name else ""
            self.stdout.write(f"{hit.score:7.2f}  {hit.page.path:50} {hit.page.title}{name}")
        self.stdout.write(f"{found.total} pages")

    def _say_state(self) -> None:
        state = search.status()
        self.stdout.write(f"Index: {state.directory}")
        self.stdout.write(f"{state.pages} pages, {state.names} names, {state.behind} behind")
        if state.trouble:
            self.stdout.write(f"Trouble: {state.trouble}")

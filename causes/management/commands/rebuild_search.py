"""`manage.py rebuild_search`: the search index anew, from the live editions."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from causes import search


class Command(BaseCommand):
    help = "Builds the search index anew. The site keeps answering meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        start = time.perf_counter()
        try:
            pages = search.rebuild()
        except search.WriterBusy as error:
            raise CommandError("Another process is writing the index. Try again.") from error
        except search.IndexBroken as error:
            raise CommandError(f"The index cannot be written: {error}") from error
        self.stdout.write(f"{pages} pages indexed in {time.perf_counter() - start:.1f} s.")

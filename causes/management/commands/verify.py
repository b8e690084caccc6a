"""`manage.py verify`: is everything as the editorial verbs left it?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from causes.editorial.verification import problems
from causes.models import Edition, Page, Revision
from causes.monitoring import verified


class Command(BaseCommand):
    help = (
        "Recomputes every digest; finds working copies that were changed behind the history, "
        "and editions that no longer match. Exit status 1 if it finds anything."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for problem in problems():
            self.stderr.write(problem)
            found += 1
        verified.remember(found)
        if found:
            raise CommandError(f"{found} problem(s) found.")
        counts = [model.objects.count() for model in (Page, Revision, Edition)]
        self.stdout.write("All is well: {} pages, {} versions, {} editions.".format(*counts))

"""`manage.py check_content`: what should change in the pages, and what must."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from causes.editorial.checking import findings_everywhere
from causes.editorial.quality import Finding, Level, count


class Command(BaseCommand):
    help = (
        "Prints the findings of the newest version of every page, and corrects the counts that "
        "the lists show. Exit status 1 if there are errors (with --level hint, any findings)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--level",
            choices=[level.value for level in Level],
            default=Level.ERROR.value,
            help="The level from which the exit status is 1.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        total, pages = {"errors": 0, "hints": 0}, 0
        for revision, found in findings_everywhere():
            pages += 1
            for finding in found:
                self.stdout.write(f"{revision.page.key}: {_line(finding)}")
            total = {name: total[name] + number for name, number in count(found).items()}
        summary = f"{total['errors']} error(s) and {total['hints']} hint(s) on {pages} page(s)."
        failing = total["errors"] + (total["hints"] if options["level"] == Level.HINT else 0)
        if failing:
            raise CommandError(summary)
        self.stdout.write(summary)


def _line(finding: Finding) -> str:
    place = " ".join(filter(None, (finding.rows, finding.anchor, finding.field)))
    return ": ".join(filter(None, (finding.level.value, place, finding.text)))

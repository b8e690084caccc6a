"""`manage.py export DIR`: the public site as plain files for any static server."""

import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from causes.public.export.checking import differences
from causes.public.export.copies import Busy, Copies, NotOurs
from causes.public.export.exporting import Progress, Unsteady, export
from causes.public.export.plan import Incomplete
from causes.public.export.rendering import in_words


class Command(BaseCommand):
    help = (
        "Copies every public page into DIR as a plain file, with .br and .gz beside it. DIR is "
        "then a link to the newest copy, which replaces the last one in one step; what has not "
        "changed is not written again. With --check, says in what DIR differs from the site."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dir", metavar="DIR", type=Path)
        parser.add_argument("--check", action="store_true", help="Write nothing; only compare.")
        parser.add_argument(
            "--jobs", type=int, default=os.cpu_count(), help="How many processes work (all cores)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        copies = Copies(options["dir"].absolute())
        do = self._check if options["check"] else self._export
        with tqdm(unit=" pages", disable=None, leave=False, file=self.stderr) as bar:

            def progress(known: int) -> None:
                bar.total = known
                bar.update()

            try:
                do(copies, max(1, options["jobs"]), progress)
            except (NotOurs, Busy) as error:
                raise CommandError(f"Nothing was done: {error}.") from error
            except (Incomplete, Unsteady, OSError) as error:
                raise CommandError(
                    f"No copy was made: {error}. What readers see in {copies.shown} is as before."
                ) from error

    def _export(self, copies: Copies, jobs: int, progress: Progress) -> None:
        start = time.perf_counter()
        report = export(copies, jobs, progress)
        seconds = time.perf_counter() - start
        files = report.changed + report.unchanged
        if report.resumed:
            self.stdout.write("What an export that was broken off had written was used.")
        self.stdout.write(
            f"{copies.shown} shows the site as of {in_words(report.at)}: {report.pages} pages. "
            f"{report.changed} files changed, {report.unchanged} unchanged, {report.removed} "
            f"removed, in {seconds:.1f} s ({files / seconds:.0f} a second)."
        )
        for link in report.dead:
            self.stderr.write(f"A link leads nowhere, here and on the site: {link}")
        for file in report.foreign:
            self.stderr.write(f"Left where it is, because no export has made it: {file}")

    def _check(self, copies: Copies, jobs: int, progress: Progress) -> None:
        copy = copies.current()
        if copy is None:
            raise CommandError(f"There is no copy in {copies.shown} yet.")
        made = in_words(copy.made_at())
        found = 0
        for what, file in differences(copy, jobs, progress):
            self.stderr.write(f"{what}: {file}")
            found += 1
        if found:
            raise CommandError(f"{found} difference(s) between the site and its copy of {made}.")
        self.stdout.write(f"The copy of {made} is as the site is now.")

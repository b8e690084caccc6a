"""`manage.py backup FILE`: everything in one file, or in the next file of a folder (`--keep`).

With `--check`: is a file whole?
"""

import subprocess
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from causes import backups
from causes.backups import postgres


class Command(BaseCommand):
    # They ask the database what it can do, and take it for unable where others write without pause.
    requires_system_checks = ()
    help = (
        "Writes the whole site's data, while it goes on working, to FILE (such as "
        "causes-2026-08-06.tar.gz). The secret key is not in it: keep that elsewhere. With --keep, "
        "FILE is a folder: the new backup in it is named by its moment, and the oldest go."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--check", action="store_true", help="only prove that FILE is whole")
        how.add_argument(
            "--keep", type=int, metavar="N", help="keep the N newest backups in the folder FILE"
        )

    def handle(self, *args: Any, file: Path, check: bool, keep: int | None, **options: Any) -> None:
        removed: list[Path] = []
        if keep is not None and (keep < 1 or not file.is_dir()):
            raise CommandError("--keep needs a folder that is there, and a number of 1 or more.")
        if keep is None and not check and file.is_dir():
            raise CommandError(f"{file} is a folder: name a file in it, or give --keep N.")
        try:
            if keep is not None:
                file, backup, removed = backups.create_in(file, keep)
            else:
                backup = backups.check(file) if check else backups.create(file)
        except (backups.BackupBroken, postgres.NoProgram, OSError) as error:
            raise CommandError(str(error)) from error
        except subprocess.CalledProcessError as error:
            raise CommandError(f"pg_dump refuses: {error.stderr}".strip()) from error
        tables = backup.contents.tables
        self.stdout.write(
            f"{file} {'is whole' if check else 'is written'}: of {backup.made_at}, "
            f"{tables.get('causes_page', 0)} pages, {tables.get('causes_revision', 0)} versions, "
            f"{tables.get('causes_edition', 0)} editions."
        )
        for path in removed:
            self.stdout.write(f"{path} is removed.")

"""`manage.py backup FILE`: everything in one file; with `--check`, is a file whole?"""

import subprocess
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from causes import backups
from causes.backups import postgres


class Command(BaseCommand):
    help = (
        "Writes the whole site's data, while it goes on working, to FILE (such as "
        "causes-2026-08-06.tar.gz). The secret key is not in it: keep that elsewhere."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="only prove that FILE is whole")

    def handle(self, *args: Any, file: Path, check: bool, **options: Any) -> None:
        try:
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

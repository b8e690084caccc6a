"""`manage.py restore FILE`: the site as a backup has it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from causes import backups
from causes.backups import postgres


class Command(BaseCommand):
    help = (
        "Restores FILE into the database of DATABASE_URL, which must be empty unless --replace "
        "is given. Stop the site first. Then run `manage.py prepare` and `manage.py verify`."
    )
    requires_system_checks = []  # the database may be gone: that is why one restores

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace",
            action="store_true",
            help="replace what is there; it is kept aside under another name",
        )

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        try:
            backup, aside = backups.restore(file, replace=replace)
        except (backups.BackupBroken, backups.NotRestored, postgres.NoProgram, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored the backup of {backup.made_at}.")
        if aside:
            self.stdout.write(f"What was there before is kept as {aside}.")

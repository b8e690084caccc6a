"""`manage.py prepare`: everything that the site needs before it is served. Safe to run again."""

import contextlib
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand

from causes import search
from causes.people import throttle

# Sources and tags first: pages name them.
FIRST_FIXTURES = ["sources", "tags", "leg_numbness"]
FIRST_ADMINISTRATOR = "admin"


def shipped_fixtures() -> list[str]:
    """The labels of the fixtures in `fixtures/`, in the order in which they load."""
    folder = settings.BASE_DIR / "fixtures"
    labels = sorted(
        path.relative_to(folder).with_suffix("").as_posix() for path in folder.rglob("*.json")
    )
    return FIRST_FIXTURES + [label for label in labels if label not in FIRST_FIXTURES]


class Command(BaseCommand):
    help = (
        "Migrates the database, loads the shipped fixtures, makes the first administrator "
        "(its password is printed once), collects the static files and makes the search index."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, interactive=False)
        throttle.forget_old()
        _keep_to_ourselves(settings.DATABASES["default"])
        call_command("loaddata", *shipped_fixtures(), keep_shared=True, stdout=self.stdout)
        self._make_first_administrator()
        call_command("collectstatic", verbosity=0, interactive=False)
        self._make_search_index()

    def _make_first_administrator(self) -> None:
        users = get_user_model()._default_manager
        if users.filter(is_superuser=True).exists():
            return
        password = secrets.token_urlsafe(12)
        users.create_superuser(FIRST_ADMINISTRATOR, password=password)
        self.stdout.write(
            f"First administrator: {FIRST_ADMINISTRATOR}   password: {password}\n"
            f"It is shown only now. Sign in at {settings.SITE_URL}/admin/ and change it."
        )

    def _make_search_index(self) -> None:
        """So that no reader waits for it. Where it cannot be written, the site does without."""
        try:
            search.sync()
        except search.WriterBusy:
            return  # a running server is at it
        except search.IndexBroken:
            self._make_it_anew()

    def _make_it_anew(self) -> None:
        try:
            search.rebuild()
        except (search.IndexBroken, search.WriterBusy) as error:
            self.stderr.write(
                f"The search index cannot be made ({error}). "
                "Until it can, search looks at names and summaries only."
            )


def _keep_to_ourselves(database: dict[str, Any]) -> None:
    """A web server may read DATA_DIR (static files, the copy), never what is secret in it.

    SQLite gives its log files the mode of the database.
    """
    secret = [settings.DATA_DIR / "env"]
    if database["ENGINE"].endswith("sqlite3"):
        secret.append(Path(database["NAME"]))
    for file in secret:
        if file.is_file():
            with contextlib.suppress(PermissionError):  # another owner's, who decides
                file.chmod(0o600)

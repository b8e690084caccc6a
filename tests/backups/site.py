"""A site of its own for backups: a data folder, a database of the kind under test, its commands."""

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
MAKE_PAGES = """
from django.db import transaction
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record
from causes.models import CareCard, Condition, Source
source, _ = Source.objects.get_or_create(
    key="s", defaults={"publisher": "P", "title": "T", "url": "https://example.org/"}
)
for number in range(FIRST, LAST):
    with transaction.atomic():
        fields = {"key": f"c{number}", "slug": f"c{number}", "title": f"Größe {number}"}
        page = Condition.objects.create(**fields)
        card = CareCard.objects.create(
            page=page, anchor="card", level="emergency", items=["a tab \\t, a line \\n, a \\\\ “é”"]
        )
        card.citations.add(source)
        publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)
    print("saved", number, flush=True)
"""


def make_pages(first: int, last: int) -> str:
    return f"FIRST, LAST = {first}, {last}\n{MAKE_PAGES}"


@dataclass
class Site:
    """``name`` is that of its database, where the server has several."""

    folder: Path
    name: str
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.environment = {
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(self.folder),
            "SECRET_KEY": "only-for-backups-" * 4,
        }
        if connection.vendor == "postgresql":
            settings = connection.settings_dict
            self.environment["DATABASE_URL"] = (
                f"postgres://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:"
                f"{settings['PORT']}/{self.name}"
            )

    @property
    def database(self) -> Path:
        return self.folder / "causes.sqlite3"

    def manage(self, *arguments: str | Path, fails: bool = False) -> str:
        """What the command said; it must succeed, or fail where ``fails``."""
        done = subprocess.run(self._command(*arguments), capture_output=True, **self._options())
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout + done.stderr

    def start(self, *arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            self._command(*arguments), stdout=subprocess.PIPE, **self._options()
        )

    def _command(self, *arguments: str | Path) -> list[str]:
        return [sys.executable, "manage.py", *map(str, arguments)]

    def _options(self) -> dict:
        return {"cwd": ROOT, "env": self.environment, "text": True}

    def texts(self) -> str:
        """Every document and every body of an edition, a line each."""
        return self.manage("shell", "-v", "0", "-c", _ALL_TEXTS)


_ALL_TEXTS = """
import json
from causes.models import Edition, Revision
for model in (Revision, Edition):
    for record in model.objects.order_by("page_id", "number").values():
        record.pop("state", None)  # publishing, which comes after saving, changes it
        print(json.dumps(record, sort_keys=True, default=str))
"""

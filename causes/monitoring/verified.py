"""When `manage.py verify` last ran on this machine, and what came of it: a small file."""

import contextlib
import json
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

LAST = "last-verify.json"


@dataclass(frozen=True)
class Verified:
    at: datetime
    problems: int


def remember(problems: int) -> None:
    """Where the file cannot be written, `verify` still says what it found."""
    text = json.dumps({"at": timezone.now().isoformat(timespec="seconds"), "problems": problems})
    with contextlib.suppress(OSError):
        (settings.DATA_DIR / LAST).write_text(text)


def last() -> Verified | None:
    try:
        said = json.loads((settings.DATA_DIR / LAST).read_text())
        return Verified(datetime.fromisoformat(said["at"]), int(said["problems"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None

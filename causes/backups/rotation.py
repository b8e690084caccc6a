"""A folder of backups: each named by its moment, the oldest removed once a new one is proven."""

import re
from pathlib import Path

from django.utils import timezone

from causes.backups.archive import Backup, check, create

NAME = re.compile(r"causes-\d{8}T\d{6}Z\.tar\.gz")


def create_in(folder: Path, keep: int) -> tuple[Path, Backup, list[Path]]:
    """Write a backup into the folder and prove it; then remove all but the ``keep`` newest.

    Returns its file, what it says of itself, and the files that were removed. Only files of the
    names given here are ever removed. Raises as `create` and `check` do; then nothing is removed.
    """
    file = folder / f"causes-{timezone.now():%Y%m%dT%H%M%SZ}.tar.gz"
    create(file)
    backup = check(file)
    ours = sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name))
    oldest = ours[:-keep]
    for path in oldest:
        path.unlink()
    return file, backup, oldest

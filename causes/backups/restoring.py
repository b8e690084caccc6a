"""The way back: a backup into an empty place, or in place of what is there, which is kept aside.

Everything is proven before anything is replaced, and proven again where it then stands.
"""

import os
import shutil
import sqlite3
import subprocess
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from causes.backups import postgres, sqlite
from causes.backups.archive import Backup, opened


class NotRestored(Exception):
    """Nothing was changed; the text says why and what to do."""


def restore(file: Path, *, replace: bool = False) -> tuple[Backup, str]:
    """Restore ``file`` into the site's database and brand folder.

    Only into an empty one, unless ``replace``; then what was there is kept beside it, and the
    second value says where ("" if nothing was there). Raises BackupBroken, NotRestored.
    """
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with opened(file, settings.DATA_DIR) as (backup, members):
        if backup.engine != connection.vendor:
            raise NotRestored(
                f"This backup is of a {backup.engine} database and DATABASE_URL names a "
                f"{connection.vendor} one. Set DATABASE_URL to a database of the same kind."
            )
        name = connection.settings_dict["NAME"]
        connection.close()
        aside = f"{name}-before-{datetime.now(tz=timezone.get_current_timezone()):%Y%m%d%H%M%S}"
        into = _into_sqlite if backup.engine == "sqlite" else _into_postgres
        was_there = into(backup, members[backup.database], str(name), aside, replace=replace)
        _restore_brand(members, aside=Path(aside).name)
    return backup, aside if was_there else ""


def _refuse_unless(replace: bool, name: str) -> None:
    if not replace:
        raise NotRestored(
            f"{name} is not empty. Name an empty place by DATABASE_URL, or give --replace: "
            "what is there is then kept aside under another name."
        )


def _into_sqlite(backup: Backup, copy: Path, name: str, aside: str, *, replace: bool) -> bool:
    place = Path(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        was_there = not sqlite.is_empty(place)
        if was_there:
            _refuse_unless(replace, name)
    except sqlite3.DatabaseError:  # damaged: that is what backups are for
        _refuse_unless(replace, name)
        was_there = True
    if place.exists():
        _move_aside(place, aside)
    for leftover in ("-wal", "-shm", "-journal"):
        place.with_name(place.name + leftover).unlink(missing_ok=True)
    beside = place.with_name(f".{place.name}.restoring")
    shutil.copyfile(copy, beside)
    beside.chmod(0o600)
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(beside, place)
    return was_there


def _move_aside(place: Path, aside: str) -> None:
    try:
        sqlite.close_for_good(place)
    except sqlite3.OperationalError as error:
        raise NotRestored(
            f"{place} is in use ({error}): stop the site first, so that no save is lost."
        ) from error
    except sqlite3.DatabaseError:  # damaged: its log goes along, for who may want to dig in it
        for leftover in ("-wal", "-shm"):
            log = place.with_name(place.name + leftover)
            if log.exists():
                log.rename(f"{aside}{leftover}")
    place.rename(aside)


def _into_postgres(backup: Backup, dump: Path, name: str, aside: str, *, replace: bool) -> bool:
    """Into a database of its own first; it takes the name only when it is proven."""
    fresh = f"{name}-restoring"
    try:
        was_there = postgres.exists_elsewhere(name) and not postgres.is_empty(name)
        if was_there:
            _refuse_unless(replace, name)
        postgres.make_anew(fresh)
        postgres.load(dump, fresh)
        if differences := postgres.contents_of_database(fresh).differences(backup.contents):
            postgres.drop(fresh)
            raise NotRestored(f"What was restored differs: {'; '.join(differences)}")
        postgres.take_the_place(fresh, name, aside if was_there else "")
    except DatabaseError as error:
        raise NotRestored(f"PostgreSQL refuses: {error}".strip()) from error
    except subprocess.CalledProcessError as error:
        raise NotRestored(f"pg_restore refuses: {error.stderr}".strip()) from error
    return was_there


def _restore_brand(members: dict[str, Path], *, aside: str) -> None:
    folder = settings.DATA_DIR / "brand"
    if folder.exists() and any(folder.iterdir()):
        folder.rename(folder.with_name(f"brand-{aside}"))
    for name, path in members.items():
        if name.startswith("brand/"):
            folder.mkdir(exist_ok=True)
            shutil.copyfile(path, folder / Path(name).name)

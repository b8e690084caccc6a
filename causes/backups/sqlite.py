"""A SQLite database as one consistent file, and what such a file holds."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from causes.backups import contents
from causes.backups.contents import LEFT_OUT, Contents

MEMBER = "database.sqlite3"


@contextmanager
def consistent_copy(folder: Path) -> Iterator[tuple[Path, Contents]]:
    """A copy as of one moment, made while others go on writing; and what it holds.

    A copied file would lose what still stands in the write-ahead log; VACUUM INTO does not.
    """
    copy = folder / MEMBER
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    _leave_out(copy)
    yield copy, contents_of(copy)


def _leave_out(copy: Path) -> None:
    """Take the rows of LEFT_OUT away; their bytes are overwritten, not only unlinked."""
    with closing(sqlite3.connect(copy)) as database:
        database.execute("PRAGMA secure_delete = ON")
        for table in set(LEFT_OUT) & set(_tables(database.cursor())):
            database.execute(f'DELETE FROM "{table}"')  # noqa: S608 - our own names
        database.commit()


def contents_of(file: Path) -> Contents:
    """What the database file holds. Raises sqlite3.DatabaseError if it is damaged."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as database:
        cursor = database.cursor()
        (verdict,) = cursor.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
        return contents.read(cursor, _tables(cursor))


def _tables(cursor: Any) -> list[str]:
    named = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    return [name for (name,) in cursor.execute(named).fetchall()]


def is_empty(file: Path) -> bool:
    """Whether there is nothing at this place: no file, or one without a table."""
    if not file.exists():
        return True
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as database:
        return not _tables(database.cursor())


def close_for_good(file: Path) -> None:
    """Bring what the log still holds into the file, and see that nobody has it open.

    Raises sqlite3.OperationalError while another process does.
    """
    with closing(sqlite3.connect(file, timeout=2, isolation_level=None)) as database:
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
        (mode,) = database.execute("PRAGMA journal_mode = DELETE").fetchone()
        if mode != "delete":
            raise sqlite3.OperationalError("the database is in use")

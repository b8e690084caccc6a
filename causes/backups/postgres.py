"""A PostgreSQL database as a dump, by its own programs, and what a dump or a database holds."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from causes.backups import contents
from causes.backups.contents import LEFT_OUT, TEXTS, Contents

MEMBER = "database.dump"
COPY = re.compile(rb'COPY public\."?(\w+)"? \((.*)\) FROM stdin;\n')
ESCAPES = {b"\\n": b"\n", b"\\t": b"\t", b"\\r": b"\r", b"\\\\": b"\\", b"\\b": b"\b"}
# What DATABASE_URL may say of a connection, and where PostgreSQL's programs look for it.
VARIABLES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
}
ESCAPED = re.compile(rb"\\[ntr\\b]")


class NoProgram(Exception):
    """PostgreSQL's own programs are not on this machine."""


@contextmanager
def consistent_copy(folder: Path) -> Iterator[tuple[Path, Contents]]:
    """A dump and what it holds, both of one snapshot, taken while others go on writing."""
    dump = folder / MEMBER
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (snapshot,) = cursor.fetchone()
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
        options += [f"--exclude-table-data={table}" for table in LEFT_OUT]
        run("pg_dump", *options, f"--file={dump}", database=connection.settings_dict["NAME"])
        held = contents.read(cursor, _tables(cursor), without_left_out=True)
    yield dump, held


def contents_of(dump: Path) -> Contents:
    """What a dump holds, read from the dump itself: no server is needed.

    Raises subprocess.CalledProcessError, ValueError for one that cannot be read.
    """
    counts: dict[str, int] = {}
    command = [program("pg_restore"), "--data-only", "--file=-", str(dump)]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **streams) as process:  # noqa: S603 - PostgreSQL's own program
        texts = contents.hash_of_texts(_texts(process.stdout, counts))
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return Contents(counts, texts)


def _texts(lines: Any, counts: dict[str, int]) -> Iterator[tuple[str, int, int, str]]:
    """Goes through a dump as text; fills ``counts`` on the way. `COPY` ends its rows with `\\.`"""
    for line in lines:
        if not (begin := COPY.fullmatch(line)):
            continue
        table, columns = begin[1].decode(), [c.strip(b'" ').decode() for c in begin[2].split(b",")]
        counts[table] = 0
        for row in lines:
            if row == b"\\.\n":
                break
            counts[table] += 1
            if table in TEXTS:
                values = dict(zip(columns, row.rstrip(b"\n").split(b"\t"), strict=True))
                text = ESCAPED.sub(lambda found: ESCAPES[found[0]], values[TEXTS[table]])
                yield table, int(values["page_id"]), int(values["number"]), text.decode()


def contents_of_database(name: str) -> Contents:
    """What the named database of our server holds."""
    with connection_to(name) as cursor:
        return contents.read(cursor, _tables(cursor))


def _tables(cursor: Any) -> list[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return [name for (name,) in cursor.fetchall()]


def is_empty(name: str) -> bool:
    with connection_to(name) as cursor:
        return not _tables(cursor)


@contextmanager
def connection_to(name: str) -> Iterator[Any]:
    """A cursor in another database of our server, each statement on its own."""
    other = connection.copy()
    other.settings_dict = connection.settings_dict | {"NAME": name}
    try:
        with other.cursor() as cursor:
            yield cursor
    finally:
        other.close()


MAINTENANCE = "postgres"  # the database that every server has, for work on the others


def exists_elsewhere(name: str) -> bool:
    """Whether our server has a database of this name."""
    with connection_to(MAINTENANCE) as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def make_anew(name: str) -> None:
    """An empty database; what an interrupted restore left under this name goes."""
    drop(name)
    with connection_to(MAINTENANCE) as cursor:
        cursor.execute(f"CREATE DATABASE {cursor.db.ops.quote_name(name)} TEMPLATE template0")


def drop(name: str) -> None:
    with connection_to(MAINTENANCE) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {cursor.db.ops.quote_name(name)} WITH (FORCE)")


def take_the_place(fresh: str, name: str, aside: str) -> None:
    """Give the fresh database the name. The one before is kept as ``aside``; "": it is empty.

    Renaming needs a database that nobody uses: sessions on it are ended.
    """
    with connection_to(MAINTENANCE) as cursor:
        quote = cursor.db.ops.quote_name
        if not aside:
            cursor.execute(f"DROP DATABASE IF EXISTS {quote(name)} WITH (FORCE)")
        else:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
            )
            cursor.execute(f"ALTER DATABASE {quote(name)} RENAME TO {quote(aside)}")
        cursor.execute(f"ALTER DATABASE {quote(fresh)} RENAME TO {quote(name)}")


def load(dump: Path, name: str) -> None:
    """Fill the empty database from the dump, whole or not at all."""
    options = ["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error"]
    run("pg_restore", *options, f"--dbname={name}", str(dump), database=name)


def run(name: str, *arguments: str, database: str) -> None:
    """One of PostgreSQL's programs, on our server. The password goes by the environment.

    Raises subprocess.CalledProcessError with what it said.
    """
    how = connection.get_connection_params() | {"dbname": database}
    ours = {variable: str(how[name]) for name, variable in VARIABLES.items() if how.get(name)}
    environment = os.environ | ours
    command = [program(name), *arguments]
    options = {"check": True, "capture_output": True, "text": True}
    subprocess.run(command, env=environment, **options)  # noqa: S603 - PostgreSQL's own program


def program(name: str) -> str:
    """The path of the program: on PATH, or the newest that Debian has put aside."""
    if found := shutil.which(name):
        return found
    folders = Path("/usr/lib/postgresql").glob(f"*/bin/{name}")
    newest = max(folders, key=lambda path: int(path.parts[-3]), default=None)
    if newest is None:
        raise NoProgram(f"{name} is not on this machine: install PostgreSQL's client programs.")
    return str(newest)

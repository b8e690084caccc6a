"""The one file of a backup: a compressed tar with the database, the brand's files and a manifest.

The manifest comes first. It names each member with its size and sha256, and what the database
holds; a file that was cut, altered or added to does not match it. The secret key is not in it:
a backup may lie where secrets may not.
"""

import contextlib
import gzip
import hashlib
import io
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from causes.backups import postgres, sqlite
from causes.backups.contents import Contents

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 10_000_000
ENGINES = {"sqlite": sqlite, "postgresql": postgres}
LAST = "last-backup.json"
_UNREADABLE = (
    *(OSError, EOFError, ValueError, KeyError, TypeError, zlib.error, tarfile.TarError),
    *(sqlite3.DatabaseError, subprocess.CalledProcessError),
)


class BackupBroken(Exception):
    """The file is not a whole backup; the text says what is wrong with it."""


@dataclass(frozen=True)
class Backup:
    """What a backup says of itself."""

    made_at: str
    engine: str
    contents: Contents
    migrations: list[str]
    members: dict[str, dict[str, Any]]
    django: str

    @property
    def database(self) -> str:
        return ENGINES[self.engine].MEMBER


def create(file: Path) -> Backup:
    """Write a backup to ``file``, whole or not at all. Raises FileExistsError, OSError,
    postgres.NoProgram, subprocess.CalledProcessError."""
    if file.exists():
        raise FileExistsError(f"{file} exists already: a backup never replaces another.")
    engine = ENGINES[connection.vendor]
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as work:
        folder = Path(work)
        with engine.consistent_copy(folder) as (copy, held):
            files = {engine.MEMBER: copy} | _brand_files()
            backup = Backup(
                made_at=timezone.now().isoformat(timespec="seconds"),
                engine=connection.vendor,
                contents=held,
                migrations=_migrations(),
                members={name: _described(path) for name, path in files.items()},
                django=django.get_version(),
            )
            made = folder / "made"
            _write(made, backup, files)
        with contextlib.suppress(OSError):
            made.chmod(0o600)
        os.link(made, file)  # fails where another one has come meanwhile
    _remember(file, backup)
    return backup


def _brand_files() -> dict[str, Path]:
    folder = settings.DATA_DIR / "brand"
    return {f"brand/{path.name}": path for path in sorted(folder.glob("*")) if path.is_file()}


def _migrations() -> list[str]:
    applied = MigrationRecorder(connection).applied_migrations()
    return sorted(f"{app}.{name}" for app, name in applied)


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"size": path.stat().st_size, "sha256": digest}


def _write(made: Path, backup: Backup, files: dict[str, Path]) -> None:
    manifest = {"format": FORMAT} | backup.__dict__ | {"contents": backup.contents.as_json()}
    text = json.dumps(manifest, indent=2).encode()
    with made.open("wb") as raw:
        with (
            gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6) as packed,
            tarfile.open(fileobj=packed, mode="w|") as tar,
        ):
            about = tarfile.TarInfo(MANIFEST)
            about.size = len(text)
            tar.addfile(about, io.BytesIO(text))
            for name, path in files.items():
                tar.add(path, name, recursive=False)
        raw.flush()
        os.fsync(raw.fileno())


def _remember(file: Path, backup: Backup) -> None:
    """For the health report: when this machine last made one."""
    last = settings.DATA_DIR / LAST
    with contextlib.suppress(OSError):
        last.write_text(json.dumps({"made_at": backup.made_at, "file": str(file.absolute())}))


def last_made() -> datetime | None:
    """When this machine last made a backup; None if it never did, or if that cannot be read."""
    try:
        said = json.loads((settings.DATA_DIR / LAST).read_text())
        return datetime.fromisoformat(said["made_at"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextlib.contextmanager
def opened(file: Path, work: Path) -> Iterator[tuple[Backup, dict[str, Path]]]:
    """The backup and its members, unpacked into a folder of its own below ``work`` and proven.

    Raises BackupBroken before anything is yielded.
    """
    with tempfile.TemporaryDirectory(dir=work, prefix=".restore-") as folder:
        try:
            backup, members = _unpack(file, Path(folder))
            held = ENGINES[backup.engine].contents_of(members[backup.database])
        except _UNREADABLE as error:
            raise BackupBroken(f"{file} is cut, altered or no backup: {error!r}") from error
        if differences := held.differences(backup.contents):
            raise BackupBroken(f"{file} does not hold what it says: {'; '.join(differences)}")
        yield backup, members


def check(file: Path) -> Backup:
    """Prove the backup without touching any database. Raises BackupBroken, postgres.NoProgram."""
    with tempfile.TemporaryDirectory() as work, opened(file, Path(work)) as (backup, _members):
        return backup


def _unpack(file: Path, folder: Path) -> tuple[Backup, dict[str, Path]]:
    members: dict[str, Path] = {}
    with gzip.open(file) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
        entries = iter(tar)
        first = next(entries)
        if first.name != MANIFEST or first.size > LARGEST_MANIFEST:
            raise ValueError("the manifest does not come first")
        backup = _read_manifest(json.loads(tar.extractfile(first).read()))
        for entry in entries:
            wanted = backup.members.get(entry.name)
            if wanted is None or not entry.isfile() or entry.name in members:
                raise ValueError(f"{entry.name} does not belong here")
            target = folder / str(len(members))
            with target.open("wb") as output:
                source = tar.extractfile(entry)
                while piece := source.read(1 << 20):
                    output.write(piece)
            if _described(target) != wanted:
                raise ValueError(f"{entry.name} was altered")
            members[entry.name] = target
        if packed.read(1):
            packed.read()  # the padding of the tar; its checksum is proven at the end
    if missing := backup.members.keys() - members.keys():
        raise ValueError(f"{', '.join(sorted(missing))} is missing")
    return backup, members


def _read_manifest(manifest: dict[str, Any]) -> Backup:
    if manifest.pop("format") != FORMAT:
        raise ValueError("it was made by another release")
    held = Contents(**manifest.pop("contents"))
    return Backup(contents=held, **manifest)

"""The folders of copies: which one is shown, which are left over, and how a new one comes in.

DIR is a symbolic link into DIR.copies. There lies each copy in a folder of its own, and beside
it a journal with a line for each file. Copies that are made whole have a last line that says so.
"""

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from causes.public.export import files
from causes.public.export.files import Entry

LOCK = "causes-export.lock"
NAME = re.compile(r"\d{8}T\d{6}\.\d{6}Z\.jsonl")  # of a journal: the moment that the copy shows


class NotOurs(Exception):
    """The folder holds something that no export has put there."""


class Busy(Exception):
    """Another export into the same folder is under way."""


@dataclass(frozen=True)
class Copy:
    """A copy of the site in ``folder``."""

    folder: Path

    @property
    def journal(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}.jsonl")

    def _lines(self) -> Iterator[Any]:
        """What the journal says. A line that was not written to its end is the last."""
        try:
            with self.journal.open(encoding="utf-8") as lines:
                for line in lines:
                    yield json.loads(line)
        except (FileNotFoundError, ValueError):
            return

    def entries(self) -> Iterator[Entry]:
        for line in self._lines():
            if isinstance(line, list):
                file, text, digests = line
                yield Entry(file, text, tuple(digests))

    def made_at(self) -> datetime | None:
        """The moment that a finished copy shows; None for one that was not finished."""
        last = None
        for last in self._lines():  # noqa: B007 - the last line is wanted
            pass
        return datetime.fromisoformat(last["made_at"]) if isinstance(last, dict) else None

    def write(self, entry: Entry) -> None:
        """Say that the files of this entry are whole."""
        self._say(entry)

    def finish(self, at: datetime) -> None:
        self._say({"made_at": at.isoformat()})

    def _say(self, line: Any) -> None:
        with self.journal.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")

    def foreign(self) -> list[str]:
        """Names of files in the folder that are not the copy's."""
        own = {name for entry in self.entries() for name in entry.names}
        found = (
            str((Path(place) / name).relative_to(self.folder))
            for place, _folders, names in os.walk(self.folder)
            for name in names
        )
        return sorted(name for name in found if name not in own)


@dataclass(frozen=True)
class Copies:
    """All copies for one DIR."""

    shown: Path

    @property
    def folder(self) -> Path:
        return self.shown.with_name(f"{self.shown.name}.copies")

    def current(self) -> Copy | None:
        """The copy that readers see; None if there is none yet. Raises NotOurs."""
        if self.shown.is_symlink():
            target = self.shown.parent / os.readlink(self.shown)
            copy = Copy(target)
            if target.parent != self.folder or not copy.journal.is_file():
                raise NotOurs(f"{self.shown} is a link to {target}, which no export has made")
            return copy
        if self.shown.exists() and (not self.shown.is_dir() or any(self.shown.iterdir())):
            raise NotOurs(f"{self.shown} holds files that no export has made")
        return None

    def others(self) -> list[Copy]:
        """What is left over: earlier copies, and some that were never finished. Newest first."""
        current = self.current()
        names = sorted(filter(NAME.fullmatch, os.listdir(self.folder)), reverse=True)
        copies = [Copy(self.folder / name.removesuffix(".jsonl")) for name in names]
        return [copy for copy in copies if copy != current]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Only one export at a time. Raises Busy or NotOurs."""
        self.current()
        lock = self.folder / LOCK
        if self.folder.exists() and not lock.exists() and any(self.folder.iterdir()):
            raise NotOurs(f"{self.folder} holds files that no export has made")
        self.folder.mkdir(parents=True, exist_ok=True)
        with lock.open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Busy(f"another export into {self.shown} is under way") from error
            yield

    def begin(self, at: datetime) -> Copy:
        copy = Copy(self.folder / f"{at:%Y%m%dT%H%M%S.%f}Z")
        copy.journal.touch()  # first, so that a folder is never without
        copy.folder.mkdir()
        return copy

    def show(self, copy: Copy) -> None:
        """From one moment to the next, readers see this copy."""
        os.sync()  # what is shown is on the disk, even if the power fails then
        new = self.folder / "next"
        new.unlink(missing_ok=True)
        new.symlink_to(Path(self.folder.name) / copy.folder.name)
        if self.shown.is_dir() and not self.shown.is_symlink():
            self.shown.rmdir()  # an empty folder, made in advance
        new.replace(self.shown)

    def remove(self, copy: Copy) -> list[str]:
        """Remove what the copy put there. Returns the names of foreign files that stay."""
        others = []
        if copy.made_at():
            others = files.remove(copy.folder, copy.entries())
        else:  # nobody has ever seen it
            shutil.rmtree(copy.folder, ignore_errors=True)
        if not copy.folder.exists():
            copy.journal.unlink(missing_ok=True)
        return others

"""One file of a copy with its compressed variants: written, or linked from an earlier copy."""

import gzip
import os
import shutil
from collections.abc import Iterable
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

import brotli

VARIANTS = ("", ".br", ".gz")
KEPT = "kept"
BROTLI, GZIP = 5, 6  # a better one costs 30 times as long and saves a tenth


class Entry(NamedTuple):
    """A file of a copy: its name, the digest of what was rendered, and those of its variants."""

    file: str
    text: str
    digests: tuple[str, ...]

    @property
    def names(self) -> list[str]:
        return [self.file + end for end in VARIANTS]

    @property
    def is_page(self) -> bool:
        return self.file.endswith(".html")

    @property
    def is_kept(self) -> bool:
        return self.text == KEPT

    def kept(self) -> "Entry":
        """The same file, no longer rendered: pages that are open since before still ask for it."""
        return self._replace(text=KEPT)


def digest(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def write(folder: Path, file: str, text: str, content: bytes) -> Entry:
    """Write the file and its variants; ``text`` is the digest of what it was made from."""
    packed = brotli.compress(content, quality=BROTLI), gzip.compress(content, GZIP, mtime=0)
    contents = [content, *packed]
    entry = Entry(file, text, tuple(map(digest, contents)))
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    for name, variant in zip(entry.names, contents, strict=True):
        (folder / name).write_bytes(variant)
    return entry


def link(source: Path, folder: Path, entry: Entry) -> bool:
    """Let the new copy share the files of an earlier one; False where they are not whole."""
    if altered(source, entry):
        return False
    (folder / entry.file).parent.mkdir(parents=True, exist_ok=True)
    for name in entry.names:
        try:
            os.link(source / name, folder / name)
        except OSError:  # a file system without hard links, or too many of one file
            shutil.copyfile(source / name, folder / name)
    return True


def altered(folder: Path, entry: Entry) -> list[str]:
    """The names among the entry's that are not there as they were written."""
    return [
        name
        for name, written in zip(entry.names, entry.digests, strict=True)
        if _digest_of(folder / name) != written
    ]


def _digest_of(path: Path) -> str | None:
    try:
        return digest(path.read_bytes())
    except OSError:
        return None


def remove(folder: Path, entries: Iterable[Entry]) -> list[str]:
    """Remove a copy's own files and the folders left empty. Returns the names of the others."""
    for entry in entries:
        for name in entry.names:
            (folder / name).unlink(missing_ok=True)
    others = []
    for place, folders, names in os.walk(folder, topdown=False):
        others += [str((Path(place) / name).relative_to(folder)) for name in names]
        links = [name for name in folders if (Path(place) / name).is_symlink()]
        others += [str((Path(place) / name).relative_to(folder)) for name in links]
        if not os.listdir(place):
            os.rmdir(place)
    return sorted(others)

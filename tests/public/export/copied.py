"""A copy of the site as a test reads it."""

import os
from pathlib import Path
from typing import NamedTuple

from django.contrib.staticfiles.storage import StaticFilesStorage
from django.core.files import File
from justhtml import JustHTML


class Versioned(StaticFilesStorage):
    """Its addresses change with a version, as those of collected files do with their content."""

    version = "1"

    def url(self, name: str | None) -> str:
        return super().url(f"{self.version}/{name}")

    def open(self, name: str, mode: str = "rb") -> File:
        return super().open(name.partition("/")[2], mode)


class Said(NamedTuple):
    """What a command wrote, and how it failed ("" if it did not)."""

    output: str
    problems: str
    error: str = ""


def page_in(site: Path, address: str) -> JustHTML:
    """The page that a static server sends for an address of the copy."""
    file = site / address.lstrip("/") / "index.html"
    return JustHTML(file.read_text("utf-8"), sanitize=False, collect_errors=True)


def files_in(site: Path, pattern: str = "*") -> dict[str, Path]:
    """The copy's files by name, without the compressed variants."""
    return {
        str(path.relative_to(site)): path
        for path in sorted(site.rglob(pattern))
        if path.is_file() and path.suffix not in {".br", ".gz"}
    }


def inodes(site: Path) -> dict[str, int]:
    return {name: os.stat(path).st_ino for name, path in files_in(site).items()}

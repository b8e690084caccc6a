"""The static files that an operator's brand changes: in BRAND_COLOR, or replaced by their own.

Own pictures lie in ``DATA_DIR/brand``, under the names of ours. `collectstatic` and the
development server find what is made here before the shipped files.
"""

import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

from causes.public import brand

SHIPPED = Path(__file__).parent.parent / "static" / "causes"
PNG = b"\x89PNG\r\n\x1a\n"
# Width and height of each picture; the icon itself is a drawing.
PICTURES = {
    "icon.svg": None,
    "icon-180.png": (180, 180),
    "icon-192.png": (192, 192),
    "icon-512.png": (512, 512),
    "social.png": (1200, 630),
}
FILES = ["site.css", "admin.css", *PICTURES]
IN_COLOR: dict[str, Callable[[bytes, str], bytes]] = {
    ".css": brand.styled,
    ".svg": brand.drawn,
    ".png": brand.painted,
}


def own_folder() -> Path:
    return settings.DATA_DIR / "brand"


def branded(name: str) -> bytes | None:
    """What stands in for the shipped file; None where that is served as it is."""
    own = own_folder() / name
    if name in PICTURES and own.is_file():
        return own.read_bytes()
    if settings.BRAND_COLOR:
        return IN_COLOR[Path(name).suffix]((SHIPPED / name).read_bytes(), settings.BRAND_COLOR)
    return None


class BrandFinder(BaseFinder):
    """Finds the branded files, which it writes to ``DATA_DIR/branded`` whenever it is asked."""

    def _write(self, name: str) -> Path | None:
        content = branded(name)
        if content is None:
            return None
        path = settings.DATA_DIR / "branded" / "causes" / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return path

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        storage = FileSystemStorage(location=settings.DATA_DIR / "branded")
        for name in FILES:
            if self._write(name):
                yield f"causes/{name}", storage

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Sequence[str] | str:
        folder, _, name = path.partition("/")
        found = self._write(name) if folder == "causes" and name in FILES else None
        if find_all:
            return [str(found)] if found else []
        return str(found) if found else []


def problems() -> Iterator[str]:
    """What is wrong with the files in the operator's folder, a sentence each."""
    folder = own_folder()
    for path in sorted(folder.glob("[!.]*")):  # none where there is no folder
        if path.name not in PICTURES:
            yield f"{path} is not used. The names are: {', '.join(PICTURES)}."
        elif (size := PICTURES[path.name]) is None:
            text = path.read_text("utf-8", "replace").casefold()
            if "<svg" not in text or "<script" in text:
                yield f"{path} must be an SVG drawing without a script."
        elif png_size(path.read_bytes()) != size:
            yield f"{path} must be a PNG picture of {size[0]} by {size[1]} pixels."


def png_size(content: bytes) -> tuple[int, int] | None:
    """Width and height, which stand at the beginning of every PNG file."""
    if not content.startswith(PNG) or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return width, height

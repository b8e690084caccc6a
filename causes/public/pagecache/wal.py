"""Whether anything was written to a SQLite file in WAL mode, for a tenth of a microsecond.

Every commit ends by writing the header of the WAL's index, two copies of 48 bytes at the start of
the file "-shm" (https://www.sqlite.org/walformat.html, 2.1), which all connections map into
memory. A reader of SQLite's compares them to know whether its pages are still true; so does this,
without the two system calls of a lock that `PRAGMA data_version` costs each time.

A descriptor of that file must never be closed: on POSIX, that would drop the locks which SQLite
holds on it in this process. So each file is opened once and stays open.
"""

import mmap
import os

LENGTH = 96  # bytes: both copies; while a commit is being written, they differ

_opened: dict[tuple[int, int], mmap.mmap] = {}  # by device and inode, for good


class WalHeader:
    """The header of a file that this process has opened in SQLite, and keeps open there.

    As long as a connection is open, nobody cuts the file. Raises OSError or ValueError where there
    is none: the journal is another, or the file lies where memory is not shared.
    """

    def __init__(self, name: str) -> None:
        path = f"{name}-shm"
        found = os.stat(path)
        self._memory = _opened.get((found.st_dev, found.st_ino)) or _open(path)

    def read(self) -> bytes:
        """What another commit makes different."""
        return self._memory[:LENGTH]


def _open(path: str) -> mmap.mmap:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    found = os.fstat(descriptor)
    memory = mmap.mmap(descriptor, LENGTH, access=mmap.ACCESS_READ)
    return _opened.setdefault((found.st_dev, found.st_ino), memory)

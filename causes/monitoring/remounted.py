"""A disk that was read-only and takes writes again: the server then makes its processes anew.

SQLite shares what it knows of a file between all connections of a process. If the first of them
opened the file while its disk was read-only, so do all others, until none is left: that moment
does not come by itself. Whoever finds that asks the server, which puts new processes in the place
of the old ones without losing a request (SIGHUP).
"""

import logging
import os
import signal
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)

PAUSE = 1.0  # seconds between two looks at the disk
IN_DOUBT = 120.0  # seconds for which a process asks itself whether it can write again
UNTIL_REPLACED = 30.0  # seconds after which one that is still there asks once more


def begin() -> None:
    """In the background of a process of the server, whose parent takes SIGHUP so."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        file = Path(database["NAME"])
        threading.Thread(target=watch, args=(file,), name="disk", daemon=True).start()


def watch(file: Path) -> None:
    """For ever.

    One look when the disk takes writes again would not do: it may find the file busy, and a signal
    that comes while a process starts is lost.
    """
    doubted_until = float("-inf")
    while True:
        now = time.monotonic()
        if not takes_writes(file):
            doubted_until = now + IN_DOUBT
        elif now < doubted_until and is_stuck(file):
            logger.warning("The disk takes writes again: the server makes its processes anew.")
            os.kill(os.getppid(), signal.SIGHUP)
            time.sleep(UNTIL_REPLACED)
        time.sleep(PAUSE)


def takes_writes(file: Path) -> bool:
    """Whether disk and rights allow it; also root may not write where the disk is read-only."""
    return os.access(file.parent, os.W_OK) and os.access(file, os.W_OK)


def is_stuck(file: Path) -> bool:
    """Whether this process cannot write there, though others could."""
    try:
        with closing(sqlite3.connect(file, timeout=PAUSE, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # which alone may be one that only reads
            connection.execute("PRAGMA user_version = 0")
            connection.execute("ROLLBACK")
    except sqlite3.Error as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_READONLY
    return False

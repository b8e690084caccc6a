"""Connections to the file that bears the database's name, and to no other.

Where there is none SQLite would make an empty one: a process that was started meanwhile would stay
with that, and know nothing of the file that is put back. Only `migrate` makes one here. A file that
was moved away takes what is written to it along; a request that begins after it is told so.
"""

import os
import sqlite3
from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    # To ask takes a file, also in the checks before `migrate` makes it. SQLite has it since 3.38.
    supports_json_field = True


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    _opened: tuple[int, int] | None = None

    def get_connection_params(self) -> dict[str, Any]:
        parameters = super().get_connection_params()
        if not self.is_in_memory_db():
            parameters["database"] = f"{self._file.as_uri()}?mode=rw"
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> sqlite3.Connection:
        """Raises OperationalError; where the file is missing, it says what to do about it."""
        self._opened = self._identity()  # of before: one that is replaced now is noticed next time
        if not self.is_in_memory_db() and self._opened is None:
            raise sqlite3.OperationalError(
                f"There is no database at {self._file}. Put it back, "
                "or make a new one: manage.py prepare"
            )
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Asked once in each request that needs the database (`CONN_HEALTH_CHECKS`)."""
        return self._identity() == self._opened

    def prepare_database(self) -> None:
        """`migrate` begins with it. Raises OperationalError where the folder takes no file."""
        if not self.is_in_memory_db() and self._identity() is None:
            try:
                self._file.touch(mode=0o600)
            except OSError as error:
                raise OperationalError(str(error)) from error

    @property
    def _file(self) -> Path:
        return Path(self.settings_dict["NAME"]).absolute()

    def _identity(self) -> tuple[int, int] | None:
        """Which file bears the name now. None for none, and for a database in memory."""
        try:
            found = os.stat(self.settings_dict["NAME"])
        except OSError:
            return None
        return found.st_dev, found.st_ino

"""Processes of their own on the database of a test."""

import os

from django.db import connection


def database_address() -> str:
    """The DATABASE_URL of the test's own database."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    server, _, _ = os.environ["DATABASE_URL"].rpartition("/")
    return f"{server}/{name}"

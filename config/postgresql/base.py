"""Connections that are given up where the server is frozen: it ends no statement by itself then.

`statement_timeout` is the server's to keep, and a frozen machine's network still says "received".
"""

from types import SimpleNamespace
from typing import Any

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

LONGEST = 31.0  # seconds for an answer; the server ends a statement after 30, nginx waits for 35


class Connection(psycopg.Connection):
    def wait(self, gen: Any, *arguments: Any, **options: Any) -> Any:
        """Raises OperationalError where no answer comes; the connection is closed then."""
        if len(arguments) < 2:  # interval, timeout
            options.setdefault("timeout", LONGEST)
        try:
            return super().wait(gen, *arguments, **options)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # nobody knows what it is in the middle of
            raise


class DatabaseWrapper(base.DatabaseWrapper):
    # What Django takes from the module `psycopg`: how to connect, and the errors to translate.
    Database = SimpleNamespace(**vars(psycopg) | {"connect": Connection.connect})

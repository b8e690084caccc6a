"""Connections that are given up where the server is frozen: it ends no statement by itself then.

`statement_timeout` is the server's to keep, and a frozen machine's network still says "received".
Of several servers (`host=a,b`) the one that answered last is asked first.
"""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Self

import psycopg
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

DEFAULT_PORT = "5432"
LONGEST = 31.0  # seconds for an answer; the server ends a statement after 30, nginx waits for 35

Place = tuple[str, str]  # host, port

_answered_last: Place | None = None  # in this process


class Connection(psycopg.Connection):
    @classmethod
    def connect(cls, *arguments: Any, **parameters: Any) -> Self:
        """Of several servers the one that answered last is asked first.

        A machine that is switched off refuses nothing: each new connection would wait for it for
        as long as `connect_timeout` says, before it comes to the one that has taken its place.
        """
        global _answered_last
        made = super().connect(*arguments, **(parameters | in_order(parameters, _answered_last)))
        _answered_last = made.info.host, str(made.info.port)
        return made

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


def in_order(parameters: Mapping[str, Any], first: Place | None) -> dict[str, str]:
    """``host`` and ``port`` of several servers (libpq, "Specifying multiple hosts"), that one
    first, the others as they were. Nothing for one server.
    """
    hosts = str(parameters.get("host") or "").split(",")
    ports = str(parameters.get("port") or "").split(",")
    if len(ports) == 1:
        ports *= len(hosts)
    if len(hosts) == 1 or len(hosts) != len(ports) or "hostaddr" in parameters:
        return {}
    places = list(zip(hosts, ports, strict=True))
    places.sort(key=lambda place: (place[0], place[1] or DEFAULT_PORT) != first)
    hosts, ports = zip(*places, strict=True)
    return {"host": ",".join(hosts), "port": ",".join(ports)}


class DatabaseWrapper(base.DatabaseWrapper):
    # What Django takes from the module `psycopg`: how to connect, and the errors to translate.
    Database = SimpleNamespace(**vars(psycopg) | {"connect": Connection.connect})

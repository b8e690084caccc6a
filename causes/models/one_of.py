"""Texts that are compared with thousands at once: IN takes a parameter for each."""

import json
from collections.abc import Iterable
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, Lookup
from django.db.models.sql.compiler import SQLCompiler


@CharField.register_lookup
class OneOf(Lookup):
    """``field__one_of=texts``: IN, with one parameter for all of them. It uses an index."""

    lookup_name = "one_of"
    prepare_rhs = False

    def __init__(self, lhs: Any, rhs: Iterable[str]) -> None:
        super().__init__(lhs, sorted(rhs))  # SQLite takes half the time for them

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        lhs, parameters = self.process_lhs(compiler, connection)
        one_of = "{} IN (SELECT value FROM json_each(%s))"
        return one_of.format(lhs), [*parameters, json.dumps(self.rhs)]

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        lhs, parameters = self.process_lhs(compiler, connection)
        return f"{lhs} = ANY(%s::text[])", [*parameters, self.rhs]

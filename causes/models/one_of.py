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
        return self._with_texts(compiler, connection, "{} IN (SELECT value FROM json_each(%s))")

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, list[Any]]:
        # A list takes psycopg longer to write out than all of this takes.
        array = "{} = ANY(ARRAY(SELECT json_array_elements_text(%s::json)))"
        return self._with_texts(compiler, connection, array)

    def _with_texts(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, sql: str
    ) -> tuple[str, list[Any]]:
        lhs, parameters = self.process_lhs(compiler, connection)
        return sql.format(lhs), [*parameters, json.dumps(self.rhs)]

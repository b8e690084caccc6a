"""Rows written in bulk, past the models: instances cost twenty times what a database does."""

from collections.abc import Iterable
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models
from django.db.models import Max

Row = dict[str, Any]  # values by the fields' attribute names; what is left out has its default, and
# where the database has one for a column, it cannot be given

PLAIN = (str, int, type(None))


def insert(model: type[models.Model], rows: Iterable[Row]) -> list[int]:
    """Write the rows, each with the next free id unless it has its primary key. Returns the ids.

    Nobody else may write meanwhile. The parents of a model with parents are rows of their own.
    """
    meta = model._meta
    fields = [f for f in meta.local_concrete_fields if f.db_default is models.NOT_PROVIDED]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    places = ", ".join(["%s"] * len(fields))
    start = (model._base_manager.aggregate(last=Max("pk"))["last"] or 0) + 1
    defaults = [(field, field.attname, field.get_default()) for field in fields]
    written, ids = [], []
    for number, row in enumerate(rows, start):
        ids.append(row.setdefault(meta.pk.attname, number))
        written.append(
            [
                value
                if isinstance(value := row.get(name, default), PLAIN)
                else field.get_db_prep_save(value, connection)
                for field, name, default in defaults
            ]
        )
    with connection.cursor() as cursor:
        into = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES ({places})'  # noqa: S608
        cursor.executemany(into, written)
    return ids


def let_the_database_count_on(written: Iterable[type[models.Model]]) -> None:
    """From the ids that were given here; SQLite does so by itself."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(written)):
            cursor.execute(statement)

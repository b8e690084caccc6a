"""Queries that are put into SQL once: to do so each time costs ten times what they take to run."""

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db import connection
from django.db.models import QuerySet

ANY_MOMENT = datetime(1, 2, 3, 4, 5, 6, 7, tzinfo=UTC)


MOST_IDS = 20
ANY_IDS = range(-MOST_IDS, 0)


class CompiledQuery:
    """The rows of a ``values_list`` of numbers and texts, for the default database.

    In the query, `ANY_MOMENT` and ``__in=ANY_IDS`` stand for the moment and the ids (`MOST_IDS` at
    most) that are given when it is asked.
    """

    def __init__(self, queryset: QuerySet) -> None:
        self._sql, self._parameters = queryset.query.sql_with_params()

    def rows(self, at: datetime = ANY_MOMENT, ids: Sequence[int] = ()) -> list[tuple]:
        adapt = connection.ops.adapt_datetimefield_value
        given = dict(zip(ANY_IDS, ids, strict=False)) | {adapt(ANY_MOMENT): adapt(at)}
        parameters = [given.get(value, value) for value in self._parameters]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            return cursor.fetchall()

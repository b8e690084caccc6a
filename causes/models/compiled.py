"""Queries that are put into SQL once: to do so each time costs ten times what they take to run."""

from datetime import UTC, datetime

from django.db import connection
from django.db.models import QuerySet

ANY_MOMENT = datetime(1, 2, 3, 4, 5, 6, 7, tzinfo=UTC)


class CompiledQuery:
    """The rows of a ``values_list`` of numbers and texts, for the default database.

    `ANY_MOMENT` in the query stands for the moment that is given when it is asked.
    """

    def __init__(self, queryset: QuerySet) -> None:
        self._sql, self._parameters = queryset.query.sql_with_params()

    def rows(self, at: datetime = ANY_MOMENT) -> list[tuple]:
        adapt = connection.ops.adapt_datetimefield_value
        marker, moment = adapt(ANY_MOMENT), adapt(at)
        parameters = [moment if value == marker else value for value in self._parameters]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, parameters)
            return cursor.fetchall()

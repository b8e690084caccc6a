"""A database constraint that Django lacks: intervals of one owner never overlap.

PostgreSQL has it as an exclusion constraint. SQLite has triggers for it; they are made with
the table, so that a later migration which rebuilds the table makes them again.
"""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Q

_SQLITE_TRIGGER = """
CREATE TRIGGER "{name}_{event}" BEFORE {event} ON %(table)s
WHEN EXISTS (
    SELECT 1 FROM %(table)s AS other
    WHERE other."{owner}" = NEW."{owner}" AND other."id" <> COALESCE(NEW."id", 0)
      AND (other."{end}" IS NULL OR NEW."{start}" < other."{end}")
      AND (NEW."{end}" IS NULL OR other."{start}" < NEW."{end}")
)
BEGIN SELECT RAISE(ABORT, 'constraint {name}: the intervals overlap'); END
"""


class NoOverlap(BaseConstraint):
    """``[start, end)`` of rows with the same ``owner`` never overlap; an empty end is "still"."""

    def __init__(self, *, owner: str, start: str, end: str, name: str) -> None:
        super().__init__(name=name, violation_error_message="The intervals overlap.")
        self.owner, self.start, self.end = owner, start, end

    def _columns(self, model: type[models.Model]) -> dict[str, str]:
        fields = {"owner": self.owner, "start": self.start, "end": self.end}
        return {role: model._meta.get_field(name).column for role, name in fields.items()}

    def _sqlite_triggers(
        self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor
    ) -> list[Statement]:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return [
            Statement(
                _SQLITE_TRIGGER.format(name=self.name, event=event, **self._columns(model)),
                table=table,
            )
            for event in ("INSERT", "UPDATE")
        ]

    def _exclusion(self, model: type[models.Model]) -> str:
        return (
            'CONSTRAINT "{name}" EXCLUDE USING gist '
            '("{owner}" WITH =, tstzrange("{start}", "{end}") WITH &&)'
        ).format(name=self.name, **self._columns(model))

    def constraint_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> str | None:
        if schema_editor.connection.vendor == "sqlite":
            schema_editor.deferred_sql.extend(self._sqlite_triggers(model, schema_editor))
            return None
        return self._exclusion(model)

    def create_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement:
        """For PostgreSQL; on SQLite Django adds a constraint by building the table again."""
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return Statement(f"ALTER TABLE %(table)s ADD {self._exclusion(model)}", table=table)

    def remove_sql(
        self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None
    ) -> Statement:
        table = Table(model._meta.db_table, schema_editor.quote_name)
        return Statement(f'ALTER TABLE %(table)s DROP CONSTRAINT "{self.name}"', table=table)

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Iterable[str] | None = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        if exclude and {self.owner, self.start, self.end} & set(exclude):
            return
        start, end = getattr(instance, self.start), getattr(instance, self.end)
        others = model._default_manager.using(using).filter(
            Q(**{f"{self.end}__gt": start}) | Q(**{f"{self.end}__isnull": True}),
            **{self.owner: getattr(instance, self.owner)},
        )
        if end is not None:
            others = others.filter(**{f"{self.start}__lt": end})
        if others.exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message(), code="overlap")

    def deconstruct(self) -> tuple[str, tuple, dict]:
        path, args, _ = super().deconstruct()
        kwargs = {"owner": self.owner, "start": self.start, "end": self.end, "name": self.name}
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NoOverlap) and self.deconstruct() == other.deconstruct()

    __hash__ = None

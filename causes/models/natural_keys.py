"""What the records of the working copy have in common: natural keys, and text put right.

A natural key names a record in fixtures and documents, instead of its database id.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import reduce
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from causes.models.fields import LinesField, RichTextField
from causes.models.text import refuse_odd_address, refuse_unseen, tidy


class NaturalKeyQuerySet(models.QuerySet):
    def get_by_natural_key(self, *values: Any) -> models.Model:
        """The record that these values name. Raises DoesNotExist, ValueError."""
        return self.get(**dict(zip(self.model.natural_key_fields, values, strict=True)))


class NaturalKeyModel(models.Model):
    """Records are named by ``natural_key_fields``, such as ("page__key", "anchor")."""

    natural_key_fields: tuple[str, ...] = ("key",)

    objects = NaturalKeyQuerySet.as_manager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        return tuple(reduce(getattr, name.split("__"), self) for name in self.natural_key_fields)

    def clean_fields(self, exclude: Collection[str] | None = None) -> None:
        """Texts are tidied first; those with characters that nobody can see are refused."""
        errors: dict[str, list[ValidationError]] = {}
        for field in self._meta.concrete_fields:
            if field.name in (exclude or ()):
                continue
            try:
                _tidy(self, field)
            except ValidationError as error:
                errors[field.name] = [error]
        try:
            super().clean_fields(exclude)
        except ValidationError as error:
            for name, found in error.error_dict.items():
                errors.setdefault(name, found)
        if errors:
            raise ValidationError(errors)


def _tidy(record: models.Model, field: models.Field) -> None:
    """Rich text has rules of its own. Raises ValidationError."""
    value = getattr(record, field.attname)
    if isinstance(field, LinesField) and isinstance(value, list):
        lines = [tidy(line) if isinstance(line, str) else line for line in value]
        setattr(record, field.attname, lines)
        for line in lines:
            refuse_unseen(line if isinstance(line, str) else "")
    elif isinstance(field, models.CharField | models.TextField) and isinstance(value, str):
        if isinstance(field, RichTextField):
            return
        text = tidy(value, lines=isinstance(field, models.TextField))
        setattr(record, field.attname, text)
        refuse_unseen(text)
        if isinstance(field, models.SlugField) and field.name == "slug":
            refuse_odd_address(text)

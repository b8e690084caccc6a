"""Natural keys: what names a record in fixtures and documents, instead of its database id."""

from __future__ import annotations

from functools import reduce
from typing import Any

from django.db import models


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

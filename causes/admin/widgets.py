"""The admin's autocomplete widgets, which here survive values that no browser sends."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import (
    AutocompleteSelect,
    AutocompleteSelectMultiple,
    RelatedFieldWidgetWrapper,
)
from django.db.models import Field, ForeignKey, ManyToManyField
from django.forms import Field as FormField
from django.http import HttpRequest

LARGEST_ID = 2**63 - 1


class _OnlyIds:
    """Django asks the database for the chosen records; what is no id would be an error there."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list:
        ids = [entry for entry in value if is_id(entry)]
        return super().optgroups(name, ids or [""], attrs)


def is_id(value: object) -> bool:
    """Whether it can be a record's id in the database."""
    text = str(value)
    return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST_ID


class ChooseOne(_OnlyIds, AutocompleteSelect):
    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """What cannot be an id becomes "0", which the field refuses in its own words."""
        chosen = super().value_from_datadict(data, files, name)
        return chosen if not chosen or is_id(chosen) else "0"


class ChooseMany(_OnlyIds, AutocompleteSelectMultiple):
    def build_attrs(self, base_attrs: Any, extra_attrs: Any = None) -> dict[str, Any]:
        """Without the cross that takes away every choice at once."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[str]:
        """What cannot be an id becomes "0", which the field refuses in its own words."""
        chosen = super().value_from_datadict(data, files, name) or []
        return [entry if is_id(entry) else "0" for entry in chosen]


class WithAutocomplete:
    """For an admin or an inline: its `autocomplete_fields` use these widgets.

    Beside them one may add a record or change it. Deleting one, which other pages may need, is
    not a part of choosing another.
    """

    def formfield_for_dbfield(
        self, db_field: Field, request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_delete_related = field.widget.can_view_related = False
        return field

    def formfield_for_foreignkey(
        self, db_field: ForeignKey, request: HttpRequest, **kwargs: Any
    ) -> FormField:
        return super().formfield_for_foreignkey(
            db_field, request, **self._widget(ChooseOne, db_field) | kwargs
        )

    def formfield_for_manytomany(
        self, db_field: ManyToManyField, request: HttpRequest, **kwargs: Any
    ) -> FormField:
        return super().formfield_for_manytomany(
            db_field, request, **self._widget(ChooseMany, db_field) | kwargs
        )

    def _widget(self, widget: type[AutocompleteSelect], db_field: Field) -> dict[str, Any]:
        if db_field.name not in self.autocomplete_fields:
            return {}
        return {"widget": widget(db_field, admin.site)}

"""The screen of the sources that pages cite."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db import models
from django.http import HttpRequest

from causes.admin.lists import CappedSearch
from causes.models import CareCard, Cause, Section, Source

CITING_ROWS = (CareCard, Section, Cause)


@admin.register(Source)
class SourceAdmin(CappedSearch):
    list_display = ["publisher", "title", "checked", "last_reviewed", "licence"]
    list_display_links = ["title"]
    list_filter = ["checked", "publisher"]
    search_fields = ["key", "publisher", "title", "url", "supports"]
    prepopulated_fields = {"key": ["publisher", "title"]}
    formfield_overrides = {
        models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"}
    }
    actions = None

    def get_readonly_fields(self, request: HttpRequest, obj: Source | None = None) -> list[str]:
        """Versions name a source by its key."""
        return ["key"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Source | None = None) -> dict:
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        """A source that a page cites stays."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not any(_citing(model, obj) for model in CITING_ROWS))


def _citing(row_model: type[models.Model], source: Source) -> bool:
    return row_model.objects.filter(citations=source).exists()

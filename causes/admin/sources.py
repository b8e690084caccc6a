"""The screen of the sources that pages cite."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db import models
from django.http import HttpRequest, HttpResponse

from causes.admin.lists import CappedSearch
from causes.editorial.usage import uses_of
from causes.models import CareCard, Cause, Section, Source

CITING_ROWS = (CareCard, Section, Cause)


@admin.register(Source)
class SourceAdmin(CappedSearch):
    change_form_template = "admin/causes/source_form.html"
    delete_confirmation_template = "admin/causes/delete_used.html"
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

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        obj: Source | None = None,
        **kwargs: Any,
    ) -> HttpResponse:
        context["uses"] = uses_of(obj) if obj else []
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context |= {"uses": uses_of(context["object"]), "what": "this source"}
        return super().render_delete_form(request, context)


def _citing(row_model: type[models.Model], source: Source) -> bool:
    return row_model.objects.filter(citations=source).exists()

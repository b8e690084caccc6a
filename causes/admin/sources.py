"""The screen of the sources that pages cite."""

from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db import models

from causes.models import Source


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ["publisher", "title", "checked", "last_reviewed", "licence"]
    list_display_links = ["title"]
    list_filter = ["checked", "publisher"]
    search_fields = ["key", "publisher", "title", "url", "supports"]
    prepopulated_fields = {"key": ["publisher", "title"]}
    formfield_overrides = {
        models.URLField: {"widget": AdminURLFieldWidget, "assume_scheme": "https"}
    }
    actions = None

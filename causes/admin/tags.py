"""The screen of tags and their aliases."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from causes.editorial.publishing import raise_content_version
from causes.models import Tag, TagAlias


class TagAliasInline(admin.TabularInline):
    model = TagAlias
    extra = 1
    prepopulated_fields = {"slug": ["name"]}


@admin.register(Tag)
class TagAdmin(admin.ModelAdmin):
    list_display = ["name", "facet", "slug", "used_by", "description"]
    list_filter = ["facet"]
    search_fields = ["name", "slug", "aliases__name"]
    ordering = ["facet", "order", "name"]  # counting pages loses the model's own
    prepopulated_fields = {"slug": ["name"]}
    inlines = [TagAliasInline]
    actions = None
    list_per_page = 100

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        """A tag's name and aliases are public at once."""
        super().save_related(request, form, formsets, change)
        raise_content_version()

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        super().delete_model(request, obj)
        raise_content_version()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).annotate(page_count=Count("tagged_pages"))

    @admin.display(ordering="page_count", description="pages")
    def used_by(self, tag: Tag) -> int:
        return tag.page_count

    def get_readonly_fields(self, request: HttpRequest, obj: Tag | None = None) -> list[str]:
        """A tag's address is in readers' bookmarks: it is chosen once."""
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Tag | None = None) -> dict:
        return {} if obj else self.prepopulated_fields

"""The screen of tags and their aliases."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from causes.admin.lists import CappedSearch
from causes.admin.rows import RowInline, TitledFormSet
from causes.editorial.acting import raise_content_version
from causes.models import Tag, TagAlias


class TagAliasFormSet(TitledFormSet):
    """An alias leads to its tag; one with the tag's own address would lead to itself."""

    def clean(self) -> None:
        super().clean()
        for form in self.forms:
            slug = form.cleaned_data.get("slug") if hasattr(form, "cleaned_data") else None
            if slug and slug == self.instance.slug and form not in self.deleted_forms:
                form.add_error("slug", "This is the tag's own address already.")


class TagAliasInline(RowInline):
    model = TagAlias
    formset = TagAliasFormSet
    exclude = None
    fields = [("name", "slug")]
    prepopulated_fields = {"slug": ["name"]}
    verbose_name = "name"
    verbose_name_plural = "other names"
    extra = 1
    compact = True


@admin.register(Tag)
class TagAdmin(CappedSearch):
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

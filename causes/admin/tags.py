"""The screen of tags and their aliases."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse

from causes.admin.lists import CappedSearch
from causes.admin.rows import RowInline, TitledFormSet
from causes.admin.tag_verbs import TagVerbs, with_counts
from causes.editorial.acting import raise_content_version
from causes.editorial.tagging import PERMISSION
from causes.editorial.usage import uses_of
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


class UseFilter(admin.SimpleListFilter):
    title = "use"
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("none", "Used by no page"), ("drafts", "Used by drafts only")]

    def queryset(self, request: HttpRequest, tags: QuerySet[Tag]) -> QuerySet[Tag]:
        match self.value():
            case "none":
                return tags.filter(draft_count=0, live_count=0)
            case "drafts":
                return tags.filter(draft_count__gt=0, live_count=0)
        return tags


@admin.register(Tag)
class TagAdmin(CappedSearch, TagVerbs):
    change_form_template = "admin/causes/tag_form.html"
    change_list_template = "admin/causes/tag_list.html"
    delete_confirmation_template = "admin/causes/delete_used.html"
    list_display = ["name", "facet", "slug", "used_by", "shown_by", "description"]
    list_filter = [UseFilter, ("facet", admin.ChoicesFieldListFilter)]
    search_fields = ["name", "slug", "aliases__name"]
    ordering = ["facet", "order", "name"]
    prepopulated_fields = {"slug": ["name"]}
    inlines = [TagAliasInline]
    actions = None
    list_per_page = 100

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        """A tag's aliases and definition are public at once."""
        super().save_related(request, form, formsets, change)
        raise_content_version()

    def delete_model(self, request: HttpRequest, obj: Tag) -> None:
        super().delete_model(request, obj)
        raise_content_version()

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return with_counts(super().get_queryset(request))

    @admin.display(ordering="draft_count", description="drafts")
    def used_by(self, tag: Tag) -> int:
        return tag.draft_count

    @admin.display(ordering="live_count", description="live")
    def shown_by(self, tag: Tag) -> int:
        return tag.live_count

    def get_readonly_fields(self, request: HttpRequest, obj: Tag | None = None) -> list[str]:
        """Name and address change by renaming only: the old ones must lead to the new."""
        return ["name", "slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Tag | None = None) -> dict:
        return {} if obj else self.prepopulated_fields

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | _rights(request))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], obj: Tag | None = None, **kwargs: Any
    ) -> HttpResponse:
        context |= _rights(request) | {"uses": uses_of(obj) if obj else []}
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        context |= {"uses": uses_of(context["object"]), "what": "this tag"}
        return super().render_delete_form(request, context)


def _rights(request: HttpRequest) -> dict[str, bool]:
    return {"may_manage": request.user.has_perm(PERMISSION)}

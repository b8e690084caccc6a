"""The rows of a page as inlines, in the order in which the public page shows them."""

from typing import Any

from django.contrib import admin
from django.db.models import Max, Model, QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest

from causes.admin.widgets import WithAutocomplete
from causes.editorial.anchors import new_anchor
from causes.editorial.documents import owner_field
from causes.models import (
    AlternateName,
    CareCard,
    Cause,
    Citation,
    MedicalCode,
    RelatedLink,
    Section,
    SourceStatement,
)


class RowFormSet(BaseInlineFormSet):
    """New rows get an anchor made of their own words, and come last unless told otherwise."""

    def save_new(self, form: ModelForm, commit: bool = True) -> Model:
        row = form.instance
        setattr(row, self.fk.name, self.instance)
        row.anchor = new_anchor(self.instance, str(row))
        if "order" not in form.changed_data:
            rows = self.model.objects.filter(**{owner_field(self.model): self.instance.pk})
            row.order = (rows.aggregate(last=Max("order"))["last"] or 0) + 1
        return super().save_new(form, commit)


class RowInline(WithAutocomplete, admin.StackedInline):
    formset = RowFormSet
    exclude = ["anchor"]
    extra = 0

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        many = [field.name for field in self.model._meta.local_many_to_many]
        return rows.prefetch_related(*many) if many else rows


class AlternateNameInline(RowInline, admin.TabularInline):
    template = admin.TabularInline.template
    model = AlternateName
    verbose_name_plural = "other names"
    fields = ["order", "kind", "name"]


class CareCardInline(RowInline):
    model = CareCard
    verbose_name_plural = "care cards"
    fields = ["order", "level", "heading", "items", "phrases", "citations"]
    autocomplete_fields = ["citations"]


class SectionInline(RowInline):
    model = Section
    fields = ["order", "aspect", "heading", "body", "safety", "citations"]
    autocomplete_fields = ["citations"]


class CauseInline(RowInline):
    model = Cause
    fields = ["order", "condition", "relation", "phrase", "how", "differs", "note", "citations"]
    autocomplete_fields = ["condition", "citations"]


class SourceStatementInline(RowInline):
    model = SourceStatement
    verbose_name_plural = "source article, sentence by sentence"
    fields = ["order", "text", "change"]


class MedicalCodeInline(RowInline, admin.TabularInline):
    template = admin.TabularInline.template
    model = MedicalCode
    fields = ["order", "system", "code"]


class RelatedLinkInline(RowInline, admin.TabularInline):
    template = admin.TabularInline.template
    model = RelatedLink
    fk_name = "page"
    verbose_name_plural = "related pages"
    fields = ["order", "target"]
    autocomplete_fields = ["target"]


class CitationInline(RowInline, admin.TabularInline):
    template = admin.TabularInline.template
    model = Citation
    verbose_name_plural = "sources of the whole page, further reading"
    fields = ["order", "source", "note"]
    autocomplete_fields = ["source"]


def inlines_for(*extra: Any) -> list[Any]:
    """The inlines that every patient page has, with ``extra`` after the sections."""
    return [
        AlternateNameInline,
        CareCardInline,
        SectionInline,
        *extra,
        RelatedLinkInline,
        CitationInline,
    ]

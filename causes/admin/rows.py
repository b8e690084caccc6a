"""The rows of a page as inlines, in the order in which the public page shows them."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import BadRequest
from django.db.models import Field, ForeignKey, Max, Model, QuerySet
from django.forms import BaseInlineFormSet, CharField, Form, HiddenInput, ModelForm
from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.text import Truncator

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
from causes.models.fields import LONGEST_RICH_TEXT, RichTextField, clean_rich_text

MOST_ROWS = 200


def title_of(row: Model) -> str:
    """What stands over a row: "Emergency card: Signs from the spine", "New section"."""
    name = row._meta.verbose_name
    if row.pk is None:
        return f"New {name}"
    match row:
        case CareCard():
            kind = row.get_level_display().split(":")[0]
            return f"{kind} card: {row.heading}" if row.heading else f"{kind} card"
        case SourceStatement():
            return f"{row}: {Truncator(row.text).words(12)}"
        case _:
            return f"{name.capitalize()}: {row}"


class TitledFormSet(BaseInlineFormSet):
    """Each row has a title. Counts that no browser sends are a 400: they could double rows."""

    @cached_property
    def management_form(self) -> Form:
        form = super().management_form
        if self.is_bound and not (
            form.is_valid()
            and form.cleaned_data[TOTAL_FORM_COUNT] >= 0
            and form.cleaned_data[INITIAL_FORM_COUNT] >= 0
        ):
            raise BadRequest(f"The form's counts of {self.prefix} make no sense.")
        return form

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.row_title = title_of(form.instance)


class RowForm(ModelForm):
    """Knows its row by the anchor, also when a colleague has deleted the row meanwhile."""

    def has_changed(self) -> bool:
        """A new row is empty while nothing but its place has changed."""
        return bool(set(self.changed_data) - (set() if self.instance.pk else {"order"}))

    def clean(self) -> dict[str, Any]:
        """Markup without words is empty, which a draft may be."""
        cleaned = super().clean()
        for field in self._meta.model._meta.fields:
            if isinstance(field, RichTextField) and field.name in cleaned:
                text = cleaned[field.name]
                if len(text) <= LONGEST_RICH_TEXT:  # a longer one is refused
                    cleaned[field.name] = clean_rich_text(text)
        return cleaned


class RowFormSet(TitledFormSet):
    """New rows get an anchor made of their own words, and come last unless told otherwise."""

    def add_fields(self, form: ModelForm, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["anchor"] = CharField(
            required=False, initial=form.instance.anchor, widget=HiddenInput
        )

    def save_new(self, form: ModelForm, commit: bool = True) -> Model:
        row = form.instance
        setattr(row, self.fk.name, self.instance)
        row.anchor = new_anchor(self.instance, str(row))
        if "order" not in form.changed_data:
            rows = self.model.objects.filter(**{owner_field(self.model): self.instance.pk})
            row.order = (rows.aggregate(last=Max("order"))["last"] or 0) + 1
        return super().save_new(form, commit)


class RowInline(WithAutocomplete, admin.StackedInline):
    """Rows under headings that fold; ``folded`` ones begin closed, ``compact`` ones never fold.

    What ``may_wait`` names may be empty in a draft.
    """

    template = "admin/causes/rows.html"
    form = RowForm
    formset = RowFormSet
    exclude = ["anchor"]
    extra = 0
    max_num = MOST_ROWS
    folded = False
    compact = False
    may_wait: tuple[str, ...] = ()

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in self.may_wait:
            field.required = False
        return field

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        """Without a script an empty row is asked for by the address."""
        return max(self.extra, "new-rows" in request.GET)

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"absolute_max": MOST_ROWS} | kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        named = [
            field.name
            for field in self.model._meta.fields
            if isinstance(field, ForeignKey) and field.name != owner_field(self.model)
        ]
        many = [field.name for field in self.model._meta.local_many_to_many]
        rows = rows.select_related(*named) if named else rows
        return rows.prefetch_related(*many) if many else rows


class AlternateNameInline(RowInline):
    model = AlternateName
    verbose_name = "name"
    verbose_name_plural = "other names"
    fields = [("name", "kind", "order")]
    compact = True


class CareCardInline(RowInline):
    model = CareCard
    verbose_name_plural = "care cards"
    fields = [("level", "heading", "order"), "items", "phrases", "citations"]
    may_wait = ("items",)
    autocomplete_fields = ["citations"]


class SectionInline(RowInline):
    model = Section
    fields = [("heading", "aspect", "order"), "body", "citations", "safety"]
    may_wait = ("heading", "body")
    autocomplete_fields = ["citations"]


class CauseInline(RowInline):
    model = Cause
    fields = [
        ("condition", "relation", "order"),
        *("how", "differs", "phrase", "citations", "note"),
    ]
    autocomplete_fields = ["condition", "citations"]
    folded = True


class SourceStatementInline(RowInline):
    model = SourceStatement
    verbose_name = "sentence of the source article"
    verbose_name_plural = "source article"
    fields = ["text", ("change", "order")]
    folded = True


class MedicalCodeInline(RowInline):
    model = MedicalCode
    fields = [("system", "code", "order")]
    compact = True


class RelatedLinkInline(RowInline):
    model = RelatedLink
    fk_name = "page"
    verbose_name = "related page"
    verbose_name_plural = "related pages"
    fields = [("target", "order")]
    autocomplete_fields = ["target"]
    compact = True


class CitationInline(RowInline):
    model = Citation
    verbose_name = "source"
    verbose_name_plural = "further reading"
    fields = [("source", "note", "order")]
    autocomplete_fields = ["source"]
    compact = True


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

"""The screens of the pages: one list of all, and a list and a form for each kind."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.text import capfirst
from js_asset import Media

from causes.admin.asides import AsideScreens, kept_aside
from causes.admin.findings import FindingsScreen
from causes.admin.forms import PageForm
from causes.admin.history import HistoryScreens
from causes.admin.lists import CappedSearch, ReviewFilter, StateFilter, state_of, with_state
from causes.admin.presence import PresenceScreens, come_in, others_here
from causes.admin.preview import PreviewScreens
from causes.admin.publishing import PublishingScreens
from causes.admin.rows import (
    CauseInline,
    MedicalCodeInline,
    SectionInline,
    SourceStatementInline,
    inlines_for,
)
from causes.admin.source_article import passages
from causes.admin.widgets import WithAutocomplete, is_id
from causes.admin.work import OwnerFilter, SymptomFilter, WorkFilter
from causes.models import Category, Condition, Event, Information, Page, Symptom

TEXT = ["title", "slug", "summary", "lead", "tags", "based_on"]
REVIEW = ("reviewed_by", "reviewed_on")
CARE = ["status", "owner", REVIEW, "review_interval"]
ORIGIN = ["key", "language", "original"]

NEXT_SCREENS = {"_submit": Event.Verb.SUBMIT, "_publish": Event.Verb.PUBLISH}


class PageList(CappedSearch, PublishingScreens):
    """The list that every kind of page has."""

    list_display = ["title", "state", "findings", "tag_names", "owner", "review_due"]
    list_select_related = ["owner"]
    list_filter = [
        *(StateFilter, WorkFilter, ReviewFilter, OwnerFilter, SymptomFilter),
        ("tagged__tag", admin.RelatedOnlyFieldListFilter),
    ]
    search_fields = ["title", "key", "slug", "alternatenames__name"]
    list_per_page = 100
    show_full_result_count = False
    actions = None

    def get_object(self, request: HttpRequest, object_id: str, *args: Any) -> Page | None:
        """None for what is no id, also for one that is too large for the database."""
        return super().get_object(request, object_id, *args) if is_id(object_id) else None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return with_state(super().get_queryset(request)).prefetch_related("tagged__tag")

    def has_change_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        """What is archived stays as it is until it is taken out of the archive."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or obj.archived_at is None)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Page], search_term: str
    ) -> tuple[QuerySet[Page], bool]:
        """Pickers do not offer what is archived; the list has a filter of its own for it."""
        if request.resolver_match.url_name == "autocomplete":
            queryset = queryset.filter(archived_at=None)
        return super().get_search_results(request, queryset, search_term)

    def has_delete_permission(self, request: HttpRequest, obj: Page | None = None) -> bool:
        """What patients have seen is never deleted; withdraw it."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not obj.editions.exists())

    @admin.display(description="state")
    def state(self, page: Page) -> str:
        return state_of(page)

    @admin.display(description="findings")
    def findings(self, page: Page) -> str:
        if page.newest_errors is None:
            return "not checked yet"
        counts = [(page.newest_errors, "error"), (page.newest_hints, "hint")]
        said = [f"{number} {name}{'s'[: number > 1]}" for number, name in counts if number]
        return ", ".join(said) or "none"

    @admin.display(description="tags")
    def tag_names(self, page: Page) -> str:
        return ", ".join(sorted(tagged.tag.name for tagged in page.tagged.all()))

    @admin.display(description="review due")
    def review_due(self, page: Page) -> Any:
        if (due := page.review_due()) is None:
            return "never reviewed"
        return f"{date_format(due)}, every {page.review_interval} months"


class SpecificPageAdmin(
    HistoryScreens,
    WithAutocomplete,
    FindingsScreen,
    PreviewScreens,
    AsideScreens,
    PresenceScreens,
    PageList,
):
    """The form of one kind of page. Saving records a version; patients see nothing of it."""

    form = PageForm
    change_form_template = "admin/causes/page_form.html"
    prepopulated_fields = {"slug": ["title"], "key": ["title"]}
    autocomplete_fields = ["owner", "original"]
    own_fields: list[str] = []

    def get_fieldsets(self, request: HttpRequest, obj: Page | None = None) -> list:
        return [
            (None, {"fields": [*TEXT, *self.own_fields]}),
            ("Review", {"fields": CARE, "classes": ["collapse"]}),
            ("Key and language", {"fields": ORIGIN, "classes": ["collapse"] if obj else []}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Page | None = None) -> list[str]:
        """The key never changes; a review is stated by those who may sign one off."""
        may_sign_off = request.user.has_perm("causes.sign_off_page")
        return [*(["key"] if obj else []), *([] if may_sign_off else REVIEW)]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Page | None = None) -> dict:
        return {} if obj else self.prepopulated_fields

    def view_on_site(self, page: Page) -> str | None:
        live = page.editions.live().first()
        return live.path if live else None

    @method_decorator(csp_update({"frame-src": [SELF]}))  # its preview stands in a frame
    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], obj: Page | None = None, **kwargs: Any
    ) -> HttpResponse:
        context |= self.state_context(request, obj)
        if self.has_change_permission(request, obj):
            context |= self.findings_context(request, obj, context)
        context["parts"] = _parts(context)
        context["passages"] = passages(obj) if obj else []
        context["preview_address"] = self.preview_address(obj)
        if obj:
            context["kept_aside"] = kept_aside(obj)
            if request.method == "GET" and self.has_change_permission(request, obj):
                come_in(obj, request.user)
            context["others_here"] = others_here(obj, request.user)
        # The editor's import map is an inline script: the policy admits it by its nonce.
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        return super().render_change_form(request, context, obj=obj, **kwargs)

    def response_add(self, request: HttpRequest, obj: Page, *args: Any) -> HttpResponse:
        return self._to_next_screen(request, obj) or super().response_add(request, obj, *args)

    def response_change(self, request: HttpRequest, obj: Page) -> HttpResponse:
        return self._to_next_screen(request, obj) or super().response_change(request, obj)

    def _to_next_screen(self, request: HttpRequest, page: Page) -> HttpResponse | None:
        """After a save by one of the buttons that lead on to a verb."""
        for button, verb in NEXT_SCREENS.items():
            if button in request.POST:
                return self.to_verb(request, page, verb)
        return None


def _parts(context: dict[str, Any]) -> list[tuple[str, str]]:
    """The parts of a form, as (name, id of its heading or group)."""
    fieldsets = [
        (fieldset.name, f"fieldset-0-{number}-heading")
        for number, fieldset in enumerate(context["adminform"])
        if fieldset.name
    ]
    rows = [
        (capfirst(inline.opts.verbose_name_plural), f"{inline.formset.prefix}-group")
        for inline in context["inline_admin_formsets"]
    ]
    return fieldsets + rows


@admin.register(Symptom)
class SymptomAdmin(SpecificPageAdmin):
    own_fields = ["in_sentence"]
    inlines = inlines_for(SourceStatementInline, MedicalCodeInline)


@admin.register(Category)
class CategoryAdmin(SpecificPageAdmin):
    list_display = ["title", "symptom", "state", "findings", "owner", "review_due"]
    list_select_related = ["symptom", "owner"]
    own_fields = ["symptom", "order"]
    autocomplete_fields = ["owner", "original", "symptom"]
    inlines = inlines_for(CauseInline, SourceStatementInline)


@admin.register(Condition)
class ConditionAdmin(SpecificPageAdmin):
    inlines = inlines_for(MedicalCodeInline)


@admin.register(Information)
class InformationAdmin(SpecificPageAdmin):
    own_fields = ["order"]
    inlines = [SectionInline]


@admin.register(Page)
class AllPagesAdmin(PageList):
    """Every page in one list; each opens in the form of its kind."""

    list_display = ["title", "kind", *PageList.list_display[1:]]
    list_filter = ["kind", *PageList.list_filter]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def change_view(self, request: HttpRequest, object_id: str, **kwargs: Any) -> HttpResponse:
        return self._in_its_kind(object_id, "change")

    def delete_view(self, request: HttpRequest, object_id: str, **kwargs: Any) -> HttpResponse:
        return self._in_its_kind(object_id, "delete")

    def history_view(self, request: HttpRequest, object_id: str, **kwargs: Any) -> HttpResponse:
        return self._in_its_kind(object_id, "history")

    def _in_its_kind(self, object_id: str, verb: str) -> HttpResponse:
        page = get_object_or_404(Page, pk=object_id if is_id(object_id) else 0)
        return redirect(f"admin:causes_{page.kind}_{verb}", page.pk)

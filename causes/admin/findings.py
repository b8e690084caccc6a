"""Findings in the form of a page: beside their fields, at the top, and anew while one types."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from causes.admin.typed import Places, prefix_of, typed_document
from causes.editorial.checking import findings_now
from causes.editorial.documents import ROW_LISTS, upgrade
from causes.editorial.quality import Finding, Level, count
from causes.models import Page


@dataclass(frozen=True)
class Placed:
    """A finding in a form: ``name`` of the field's control, "" where it is of none."""

    finding: Finding
    name: str
    address: str  # within the form
    label: str

    @property
    def is_error(self) -> bool:
        return self.finding.level == Level.ERROR


class FindingsScreen(admin.ModelAdmin):
    """Adds the findings to a page's form, and the address that looks at a form as it is typed."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.findings_view)
        name = f"causes_{self.opts.model_name}_findings"
        return [path("findings/", view, name=name), *super().get_urls()]

    @method_decorator(require_POST)
    def findings_view(self, request: HttpRequest) -> HttpResponse:
        """What the form sent would be found to lack. Nothing is saved."""
        page = None
        if "page" in request.GET:
            page = self.get_object(request, request.GET["page"])
            if page is None:
                raise Http404
        may = (
            self.has_change_permission(request, page) if page else self.has_add_permission(request)
        )
        if not may:
            raise PermissionDenied
        document, places = typed_document(self.model.KIND, request.POST, page)
        placed = _placed(findings_now(document), places)
        fields = {f"id_{name}": _as_list(found) for name, found in _by_name(placed).items()}
        return JsonResponse({"said": _said(placed), "list": _summary(placed), "fields": fields})

    def findings_context(
        self, request: HttpRequest, page: Page | None, context: dict[str, Any]
    ) -> dict[str, Any]:
        """For the top of the form; puts each finding into the help text of its field."""
        formsets = [inline.formset for inline in context["inline_admin_formsets"]]
        if request.method == "POST":
            document, places = typed_document(self.model.KIND, request.POST, page)
        else:
            newest = page.revisions.in_line().first() if page else None
            if newest is None:
                return {"findings_address": self._address(page), "findings_said": ""}
            document, places = upgrade(newest.document), _places(formsets)
        placed = _placed(findings_now(document), places)
        controls = _controls(context["adminform"].form, formsets)
        for name, found in _by_name(placed).items():
            if name in controls:
                _put_beside(*controls[name], _as_list(found))
        return {
            "findings_address": self._address(page),
            "findings_said": _said(placed),
            "findings_list": _summary(placed),
        }

    def _address(self, page: Page | None) -> str:
        address = reverse(f"admin:causes_{self.opts.model_name}_findings")
        return f"{address}?page={page.pk}" if page else address


def _places(formsets: Iterable[Any]) -> Places:
    rows = {model: name for name, model in ROW_LISTS.items()}
    return {
        (rows[formset.model], form.instance.anchor): form.prefix
        for formset in formsets
        for form in formset.initial_forms
    }


def _controls(form: BaseForm, formsets: Iterable[Any]) -> dict[str, tuple[BaseForm, str]]:
    """The form and the name there of each control, by the control's own name."""
    forms = [form, *(row for formset in formsets for row in formset.forms)]
    return {form.add_prefix(name): (form, name) for form in forms for name in form.fields}


def _put_beside(form: BaseForm, name: str, shown: SafeString) -> None:
    """Into the help text: Django prints it beside the field, and names it to screen readers."""
    field, bound = form.fields[name], form[name]
    field.help_text = bound.help_text = format_html("{}{}", field.help_text, shown)


def _placed(found: list[Finding], places: Places) -> list[Placed]:
    return [_place(finding, places) for finding in found]


def _place(finding: Finding, places: Places) -> Placed:
    if not finding.rows:
        label = finding.field.replace("_", " ").capitalize()
        return Placed(finding, finding.field, f"#id_{finding.field}_helptext", label)
    row_model = ROW_LISTS[finding.rows]
    kind = str(row_model._meta.verbose_name).capitalize()
    prefix = places.get((finding.rows, finding.anchor))
    if prefix is None or not finding.field:
        return Placed(finding, "", f"#{prefix_of(row_model)}-group", kind)
    name = f"{prefix}-{finding.field}"
    number = int(prefix.rpartition("-")[2]) + 1
    field = finding.field.replace("_", " ")
    return Placed(finding, name, f"#id_{name}_helptext", f"{kind} {number}, {field}")


def _by_name(placed: list[Placed]) -> dict[str, list[Placed]]:
    by_name = defaultdict(list)
    for one in placed:
        if one.name:
            by_name[one.name].append(one)
    return by_name


def _as_list(placed: list[Placed]) -> SafeString:
    items = format_html_join(
        "",
        '<li class="{}"><b>{}:</b> {}</li>',
        ((one.finding.level, one.finding.level.capitalize(), one.finding.text) for one in placed),
    )
    return format_html('<ul class="findings">{}</ul>', items)


def _said(placed: list[Placed]) -> str:
    """ "1 error, 3 hints" """
    counts = count([one.finding for one in placed])
    parts = [(counts["errors"], "error"), (counts["hints"], "hint")]
    said = [f"{number} {name}{'s'[: number > 1]}" for number, name in parts if number]
    return ", ".join(said) or "No findings"


def _summary(placed: list[Placed]) -> str:
    return render_to_string("admin/causes/findings_list.html", {"placed": placed})

"""The list of what readers looked for in vain, and the button that makes it a page's name."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from causes.admin.lists import CappedSearch
from causes.admin.widgets import ChooseOne, is_id
from causes.editorial.anchors import new_anchor
from causes.editorial.publishing import record
from causes.models import AlternateName, Kind, MissedSearch, Page, RelatedLink
from causes.search.missed import SHOWN_FROM


class NameForm(forms.Form):
    """Which page readers were looking for."""

    page = forms.ModelChoiceField(
        Page.objects.exclude(kind=Kind.INFORMATION),
        widget=ChooseOne(RelatedLink._meta.get_field("target"), admin.site),
        help_text="Readers find this page by these words once its new version is published.",
    )

    def __init__(self, *args: Any, words: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.words = words

    def clean_page(self) -> Page:
        page = self.cleaned_data["page"]
        names = [page.title, *page.alternatenames.values_list("name", flat=True)]
        if self.words.casefold() in map(str.casefold, names):
            raise ValidationError("The page has this name already. Is its draft published?")
        return page


@admin.register(MissedSearch)
class MissedSearchAdmin(CappedSearch):
    list_display = ["words", "count", "last_seen", "make_a_name"]
    list_display_links = None
    search_fields = ["words"]
    actions = None
    list_per_page = 100

    def get_queryset(self, request: HttpRequest) -> QuerySet[MissedSearch]:
        """What one reader typed once is nobody's business."""
        return super().get_queryset(request).filter(count__gte=SHOWN_FROM)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: MissedSearch | None = None) -> bool:
        return False

    @admin.display(description="")
    def make_a_name(self, missed: MissedSearch) -> SafeString:
        address = reverse("admin:causes_missedsearch_name", args=[missed.pk])
        return format_html(
            '<a class="button" href="{}">Make this an alternate name of …</a>', address
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.name_view)
        name = "causes_missedsearch_name"
        return [path("<path:object_id>/name/", view, name=name), *super().get_urls()]

    def name_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Choose the page; on POST, its working copy gets the name, and it has a new version."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        missed = self.get_queryset(request).filter(pk=object_id if is_id(object_id) else 0).first()
        if missed is None:
            raise Http404
        form = NameForm(request.POST or None, words=missed.words)
        if request.method == "POST" and form.is_valid():
            page = form.cleaned_data["page"]
            version = _give_name(page, missed, request)
            messages.success(
                request,
                f"“{missed.words}” is a name of this page in version {version}. "
                "Readers find it once that is published.",
            )
            return redirect(f"admin:causes_{page.kind}_change", page.pk)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": missed,
            "title": f"Make “{missed.words}” an alternate name of …",
            "form": form,
            "shows_form": True,
            "media": self.media + form.media,
            "back": reverse("admin:causes_missedsearch_changelist"),
            "button": "Make it a name",
        }
        return TemplateResponse(request, "admin/causes/verb.html", context)


def _give_name(page: Page, missed: MissedSearch, request: HttpRequest) -> int:
    """Add the words to the page's names, record it, and take them off the list. The version."""
    with transaction.atomic():
        page = Page.objects.select_for_update().get(pk=page.pk)
        last = page.alternatenames.aggregate(last=Max("order"))["last"] or 0
        AlternateName.objects.create(
            page=page,
            anchor=new_anchor(page, missed.words),
            order=last + 1,
            kind=AlternateName.Kind.LAY,
            name=missed.words,
        )
        note = f"Readers searched for “{missed.words}”."
        revision = record(page, actor=request.user, note=note)
        missed.delete()
    return revision.number

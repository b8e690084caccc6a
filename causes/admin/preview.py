"""A page as patients would see it: of the form that is being typed, or of any stored version.

Both are rendered by the function that the public view calls, from an edition that nobody stores.
"""

from collections.abc import Iterable
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator

from causes.admin.saving import DocumentMade, SavingScreens
from causes.editorial.acting import NotPossible
from causes.editorial.bodies import public_body
from causes.editorial.documents import upgrade
from causes.editorial.editions import path_of, unsaved_edition
from causes.models import Edition, Kind, Page, Revision
from causes.public.narrowing import LinkedPage
from causes.public.pages import page_response

# A preview alone may stand in a frame, and only in one of ours.
framed_by_self = method_decorator(csp_replace({"frame-ancestors": [SELF]}))


class PreviewScreens(SavingScreens):
    """Adds the previews to a page's admin."""

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, f"causes_{self.opts.model_name}_preview"
        return [
            path("add/preview/", wrap(self.preview_new_view), name=f"{name}_new"),
            path("<path:object_id>/preview/", wrap(self.preview_typed_view), name=f"{name}_typed"),
            path("<path:object_id>/preview/<int:number>/", wrap(self.preview_view), name=name),
            *super().get_urls(),
        ]

    def preview_address(self, page: Page | None) -> str:
        """Where the form is sent to be seen."""
        name = f"admin:causes_{self.opts.model_name}_preview"
        return reverse(f"{name}_typed", args=[page.pk]) if page else reverse(f"{name}_new")

    @framed_by_self
    def preview_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """Version ``number`` as patients would see it."""
        page = self._previewed(request, object_id)
        revision = page.revisions.filter(number=number).first()
        if revision is None:
            raise Http404
        said = f"This is version {number}, by {revision.author_name}, as patients would see it."
        return _rendered(request, page, revision.document, said)

    @framed_by_self
    def preview_typed_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The form that was sent, unsaved; on GET the draft as it is stored."""
        page = self._previewed(request, object_id)
        if request.method == "POST":
            return self._typed(request, page)
        newest = page.revisions.in_line().first()
        if newest is None:
            raise Http404
        return self.preview_view(request, object_id, newest.number)

    @framed_by_self
    def preview_new_view(self, request: HttpRequest) -> HttpResponse:
        """The form of a new page, unsaved."""
        if not self.has_add_permission(request) or request.method != "POST":
            raise PermissionDenied
        return self._typed(request, None)

    def _typed(self, request: HttpRequest, page: Page | None) -> HttpResponse:
        with transaction.atomic():
            made = self.document_made(request, page)
        if isinstance(made, DocumentMade):
            said = "This is what you are typing. It is not saved yet."
            return _rendered(request, made.page, made.document, said)
        wrong = list(_wrong_fields(made.context_data)) if hasattr(made, "context_data") else []
        return _message(request, "Some fields cannot be shown yet. Put these right first:", wrong)

    def _previewed(self, request: HttpRequest, object_id: str) -> Page:
        page = self.get_object(request, object_id)
        if page is None:
            raise Http404
        if not self.has_view_or_change_permission(request, page):
            raise PermissionDenied
        return page


def _wrong_fields(context: dict[str, Any]) -> Iterable[str]:
    """ "Sections, Heading: At most 100 characters", for each error of the form."""
    forms = [("", context["adminform"].form)]
    for inline in context["inline_admin_formsets"]:
        name = str(inline.opts.verbose_name_plural)
        forms += [(f"{name}, ", form) for form in inline.formset.forms]
        yield from inline.formset.non_form_errors()
    for name, form in forms:
        for field, errors in form.errors.items():
            label = form.fields[field].label or field if field in form.fields else ""
            yield f"{name}{label}: {' '.join(errors)}".lstrip(": ")


def _rendered(
    request: HttpRequest, page: Page, document: dict[str, Any], said: str
) -> HttpResponse:
    document, at = upgrade(document), timezone.now()
    try:
        body = public_body(document)
    except NotPossible as error:
        return _message(request, str(error), [])
    number = (Edition.objects.filter(page=page.pk).aggregate(last=Max("number"))["last"] or 0) + 1
    revision = Revision(page_id=page.pk, document=document)
    edition = unsaved_edition(page, revision, body, _path(body, at), at, number=number)
    live = Edition.objects.live(at).filter(page=OuterRef("pk"))
    drafts = Page.objects.filter(~Exists(live), key__in=edition.linked_keys())
    response = page_response(request, edition, at, drafts=[_draft(draft) for draft in drafts])
    response.context_data |= {"banner": said, "noindex": True}
    return _for_editors(response)


def _path(body: dict[str, Any], at: Any) -> str:
    """The public address; of a group whose symptom is not live, the one that it would have."""
    try:
        return path_of(body, at)
    except NotPossible:
        symptom = Page.objects.get(key=body["symptom"])
        return f"/symptoms/{symptom.slug}/{body['slug']}/"


def _draft(page: Page) -> LinkedPage:
    """A page that patients do not see, as something that a preview links to."""
    return LinkedPage(
        key=page.key,
        kind=page.kind,
        path=reverse(f"admin:causes_{page.kind}_preview_typed", args=[page.pk]),
        title=page.title,
        summary=page.summary,
        in_sentence=page.specific().in_sentence if page.kind == Kind.SYMPTOM else "",
        tags=frozenset(),
    )


def _message(request: HttpRequest, said: str, lines: list[str]) -> HttpResponse:
    context = {"title": "No preview yet", "said": said, "lines": lines, "noindex": True}
    return _for_editors(TemplateResponse(request, "admin/causes/no_preview.html", context))


def _for_editors(response: TemplateResponse) -> TemplateResponse:
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response

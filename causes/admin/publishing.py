"""The screens that publish, schedule, withdraw, and cancel a schedule."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from causes.admin.forms import PublishForm, ReasonForm
from causes.admin.lists import state_of
from causes.editorial.acting import PUBLISH_PERMISSION, NotPossible
from causes.editorial.bodies import is_live_text, public_body
from causes.editorial.differences import changed_parts
from causes.editorial.publishing import cancel, publish, withdraw
from causes.models import Edition, Kind, Page, Revision


class PublishingScreens(admin.ModelAdmin):
    """Adds the screens to a page's admin, and what its form says of the page's state."""

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, self.opts.model_name
        return [
            path(
                "<path:object_id>/publish/<int:number>/",
                wrap(self.publish_view),
                name=f"causes_{name}_publish",
            ),
            path(
                "<path:object_id>/withdraw/",
                wrap(self.withdraw_view),
                name=f"causes_{name}_withdraw",
            ),
            path("<path:object_id>/cancel/", wrap(self.cancel_view), name=f"causes_{name}_cancel"),
            *super().get_urls(),
        ]

    def publish_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """Show what the version changes for patients; on POST, publish it."""
        page = self._page(request, object_id)
        revision = page.revisions.filter(number=number).first()
        if revision is None:
            raise Http404
        live = page.editions.live().first()
        try:
            body = public_body(revision.document)
        except NotPossible as error:
            messages.error(request, str(error))
            return redirect(self._form_address(page))
        form = PublishForm(request.POST or None, is_scheduled=page.editions.scheduled().exists())

        def act() -> str:
            edition = publish(page, actor=request.user, number=number, **form.cleaned_data)
            if form.cleaned_data["at"]:
                return f"Version {number} goes live at the time that you chose."
            return f"Patients now see version {edition.revision.number}."

        return self._screen(
            request,
            page,
            form,
            act,
            title=f"Publish version {number}",
            button="Publish",
            consequence="" if live else "Patients have not seen this page yet.",
            changes=changed_parts(live.body, body) if live else [],
        )

    def withdraw_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page, form = self._page(request, object_id), ReasonForm(request.POST or None)

        def act() -> str:
            withdraw(page, actor=request.user, **form.cleaned_data)
            return "The page is withdrawn. Its address now says that it is gone."

        return self._screen(
            request,
            page,
            form,
            act,
            title="Withdraw",
            button="Withdraw",
            consequence="Patients no longer see this page: its address says that it is gone."
            + (" Its groups of causes go with it." if page.kind == Kind.SYMPTOM else ""),
        )

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page, form = self._page(request, object_id), ReasonForm(request.POST or None)

        def act() -> str:
            cancel(page, actor=request.user, **form.cleaned_data)
            return "The schedule is cancelled."

        return self._screen(
            request,
            page,
            form,
            act,
            title="Cancel the schedule",
            button="Cancel the schedule",
            consequence="The version that is scheduled does not go live. Nothing else changes.",
        )

    def _page(self, request: HttpRequest, object_id: str) -> Page:
        if not request.user.has_perm(PUBLISH_PERMISSION):
            raise PermissionDenied
        page = self.get_object(request, object_id)
        if page is None:
            raise Http404
        return page

    def _form_address(self, page: Page) -> str:
        return reverse(f"admin:causes_{self.opts.model_name}_change", args=[page.pk])

    def _screen(
        self,
        request: HttpRequest,
        page: Page,
        form: Form,
        act: Callable[[], str],
        **context: Any,
    ) -> HttpResponse:
        back = self._form_address(page)
        if request.method == "POST" and form.is_valid():
            try:
                messages.success(request, act())
            except NotPossible as error:
                form.add_error(None, str(error))
            else:
                return redirect(back)
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": page,
            "form": form,
            "back": back,
        }
        return TemplateResponse(request, "admin/causes/verb.html", context)

    def state_context(self, request: HttpRequest, page: Page | None) -> dict[str, Any]:
        """What the form says of the page's state, and which verbs this person may use now."""
        may = request.user.has_perm(PUBLISH_PERMISSION)
        if page is None:
            return {"may_publish": may}
        live, waiting = page.editions.live().first(), page.editions.scheduled().first()
        newest = page.revisions.in_line().first()
        return {
            "state": state_of(page),
            "live": live,
            "waiting": waiting,
            "newest": newest,
            "is_to_publish": is_to_publish(newest, live),
            "events": page.events.select_related("revision")[:10],
            "may_publish": may,
            "may_withdraw": may and (live is not None or waiting is not None),
            "may_cancel": may and waiting is not None,
        }

    def to_publishing(self, request: HttpRequest, page: Page) -> HttpResponse:
        """After "Save and publish…": the screen of the newest version, if it changes anything."""
        newest = page.revisions.in_line().first()
        if is_to_publish(newest, page.editions.live().first()):
            name = f"admin:causes_{self.opts.model_name}_publish"
            return redirect(name, page.pk, newest.number)
        messages.info(request, "Patients see this text already: there is nothing to publish.")
        return redirect(self._form_address(page))


def is_to_publish(newest: Revision | None, live: Edition | None) -> bool:
    """Whether publishing the version would change what patients see: a corrected source does,
    an editor's note or a tag's new name does not."""
    if newest is None or live is None:
        return newest is not None
    try:
        return not is_live_text(public_body(newest.document), live)
    except NotPossible:  # a cited source is gone: the screen of publishing says so
        return True

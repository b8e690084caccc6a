"""The screens of the verbs on a page's admin, and the way to them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from causes.admin import archive_screens, publish_screen, review_screens
from causes.admin.screens import Screen, verb_address
from causes.admin.state import is_to_publish, state_context
from causes.editorial.acting import NotPossible, refuse_attempt
from causes.editorial.guests import address_of
from causes.editorial.transitions import TABLE
from causes.editorial.usage import uses_of
from causes.models import Event, Page, ReviewLink

SCREENS: dict[Event.Verb, type[Screen]] = {
    screen.verb: screen
    for screen in (
        publish_screen.Publish,
        review_screens.Submit,
        review_screens.GiveBack,
        review_screens.SignOff,
        review_screens.Comment,
        review_screens.Invite,
        review_screens.Revoke,
        archive_screens.Withdraw,
        archive_screens.Cancel,
        archive_screens.Archive,
        archive_screens.Unarchive,
        archive_screens.Restore,
        archive_screens.AskRedaction,
        archive_screens.Redact,
    )
}
ASK_WHERE_USED = {Event.Verb.WITHDRAW, Event.Verb.ARCHIVE}


class PublishingScreens(admin.ModelAdmin):
    """Adds a screen for each verb to a page's admin, and what its form says of the page's state."""

    def get_urls(self) -> list[URLPattern]:
        wrap, name = self.admin_site.admin_view, self.opts.model_name
        addresses = [
            path(
                f"<path:object_id>/{verb}/{'' if TABLE[verb].about == 'page' else '<int:number>/'}",
                wrap(self.verb_view),
                {"verb": verb},
                name=f"causes_{name}_{verb}",
            )
            for verb in SCREENS
        ]
        guest_link = path(
            "<path:object_id>/guest_link/<int:number>/",
            wrap(self.guest_link_view),
            name=f"causes_{name}_guest_link",
        )
        return [*addresses, guest_link, *super().get_urls()]

    def verb_view(
        self, request: HttpRequest, object_id: str, verb: Event.Verb, number: int = 0
    ) -> HttpResponse:
        """Say what the verb does; on POST, do it. An attempt without the permission is an event."""
        page = self._page(request, object_id, verb)
        screen = SCREENS[verb](request, page, number, self.opts.model_name)
        form, status = screen.form(), 200
        if request.method == "POST" and form.is_valid():
            try:
                screen.run(form)
            except (NotPossible, PermissionDenied) as error:
                form.add_error(None, str(error))
                status = 403 if isinstance(error, PermissionDenied) else 200
            else:
                return redirect(screen.next_address() or self._form_address(page))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": page,
            "form": form,
            "back": self._form_address(page),
            "title": screen.title,
            "button": screen.title,
            "consequence": screen.consequence,
            "uses": uses_of(page) if verb in ASK_WHERE_USED else None,
        }
        context |= screen.context()
        if screen.revision is not None and "newer" not in context:
            context["preview"] = verb_address(self.opts.model_name, "preview", page, number)
        # What was typed stays on screen, also where it turns out to be in vain.
        context["shows_form"] = form.is_bound or not context.get("obstacles")
        return TemplateResponse(request, "admin/causes/verb.html", context, status=status)

    def _page(self, request: HttpRequest, object_id: str, verb: Event.Verb) -> Page:
        page = self.get_object(request, object_id)
        allowed = TABLE[verb].permissions_for(page or Page(kind=self.opts.model_name))
        if not any(map(request.user.has_perm, allowed)):
            if page is not None and request.method == "POST":
                refuse_attempt(page, verb, request.user)
            raise PermissionDenied
        if page is None:
            raise Http404
        return page

    def guest_link_view(self, request: HttpRequest, object_id: str, number: int) -> HttpResponse:
        """The address of a guest's link, for the one who made it."""
        page = self._page(request, object_id, Event.Verb.INVITE)
        link = ReviewLink.objects.filter(
            pk=number, revision__page=page.pk, created_by=request.user
        ).first()
        if link is None or not link.is_open():
            raise Http404
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": page,
            "title": "A guest's link",
            "link": link,
            "link_address": address_of(link),
            "back": self._form_address(page),
        }
        return TemplateResponse(request, "admin/causes/guest_link.html", context)

    def _form_address(self, page: Page) -> str:
        return verb_address(self.opts.model_name, "change", page)

    def state_context(self, request: HttpRequest, page: Page | None) -> dict[str, Any]:
        return state_context(request.user, page, self.opts.model_name)

    def to_verb(self, request: HttpRequest, page: Page, verb: Event.Verb) -> HttpResponse:
        """After "Save and publish…" or "Save and submit…": the verb's screen, if there is a point.

        Who may not use it gets there too, and is refused.
        """
        newest = page.revisions.in_line().first()
        if is_to_publish(newest, page.editions.live().first()):
            return redirect(verb_address(self.opts.model_name, verb, page, newest.number))
        messages.info(request, "Patients see this text already: there is nothing to publish.")
        return redirect(self._form_address(page))

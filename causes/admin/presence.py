"""Who has a page open for editing, and since when. Nobody is locked out by it."""

from contextlib import suppress
from datetime import timedelta

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.views.decorators.http import require_POST

from causes.models import Page, Presence

STALE_AFTER = timedelta(seconds=75)  # a browser says every 25 seconds that it is there


def come_in(page: Page, person: AbstractBaseUser) -> None:
    """Note that the person has the page open; "since" begins anew after an absence."""
    now = timezone.now()
    here = Presence.objects.filter(page_id=page.pk, person=person)
    with suppress(OperationalError):  # a busy database: the form matters more
        if not here.filter(seen_at__gt=now - STALE_AFTER).update(seen_at=now):
            Presence.objects.update_or_create(
                page_id=page.pk, person=person, defaults={"since": now, "seen_at": now}
            )


def others_here(page: Page, person: AbstractBaseUser) -> str:
    """ "ada has this page open too, since 14:05.", or "" where nobody else has."""
    others = (
        Presence.objects.filter(page_id=page.pk, seen_at__gt=timezone.now() - STALE_AFTER)
        .exclude(person=person)
        .select_related("person")
        .order_by("since")
    )
    names = [
        f"{other.person.get_full_name() or other.person.get_username()} "
        f"(since {date_format(timezone.localtime(other.since), 'H:i')})"
        for other in others
    ]
    if not names:
        return ""
    verb = "has" if len(names) == 1 else "have"
    return f"{get_text_list(names, 'and')} {verb} this page open too. What both save is kept."


class PresenceScreens(admin.ModelAdmin):
    """Adds the address at which a browser says that the page is still open."""

    def get_urls(self) -> list[URLPattern]:
        return [
            path(
                "<path:object_id>/presence/",
                self.admin_site.admin_view(self.presence_view),
                name=f"causes_{self.opts.model_name}_presence",
            ),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def presence_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        page = self.get_object(request, object_id)
        if page is None or not self.has_change_permission(request, page):
            raise PermissionDenied
        come_in(page, request.user)
        return JsonResponse({"others": others_here(page, request.user)})

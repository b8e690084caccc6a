"""Sessions end: after SESSION_IDLE minutes without work, and after SESSION_LENGTH in all.

Django itself enforces it: a session whose time is over is not found any more. This only moves the
end forward while somebody works, at most once in a tenth of SESSION_IDLE, so that reading writes
nothing; it may end that much earlier, never later. Pages for readers do not come here.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

ENDS, RENEWED = "causes.ends", "causes.renewed"  # seconds since 1970
BEHIND = ("/admin/", "/accounts/")
BACKGROUND = ("/presence/",)  # what a forgotten tab goes on asking is no work


def is_behind_sign_in(request: HttpRequest) -> bool:
    """The part of the site that knows people."""
    return request.path_info.startswith(BEHIND)


def begin(request: HttpRequest) -> None:
    """Somebody has signed in: the time begins."""
    end = timezone.now() + timedelta(minutes=settings.SESSION_LENGTH)
    request.session[ENDS] = end.timestamp()
    _renew(request)


def _renew(request: HttpRequest) -> None:
    now, end = timezone.now(), datetime.fromtimestamp(request.session[ENDS], UTC)
    request.session[RENEWED] = now.timestamp()
    request.session.set_expiry(min(now + timedelta(minutes=settings.SESSION_IDLE), end))


def end_sessions(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Also keeps answers behind the sign-in out of every cache."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_behind_sign_in(request):
            return get_response(request)
        if request.user.is_authenticated and not request.path_info.endswith(BACKGROUND):
            _go_on(request)
        response = get_response(request)
        if request.path_info.startswith("/accounts/"):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


def _go_on(request: HttpRequest) -> None:
    if ENDS not in request.session:  # from before there was an end
        begin(request)
    pause = settings.SESSION_IDLE * 60 / 10
    if timezone.now().timestamp() - request.session[RENEWED] > pause:
        _renew(request)

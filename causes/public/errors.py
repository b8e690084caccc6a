"""The pages for what went wrong. Each carries the emergency line; none needs the database."""

import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.template import loader

from causes.public.site import site

RETRY_AFTER = 5  # seconds
READING = {"GET", "HEAD"}
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def _error(request: HttpRequest, status: int, template: str, **context: object) -> HttpResponse:
    page = loader.render_to_string(f"errors/{template}.html", site(request) | context)
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """413 where a form that was sent is larger than the site takes."""
    if isinstance(exception, TOO_MUCH) and request.method not in READING:
        return too_large(request)
    return _error(request, 400, "400")


def too_large(request: HttpRequest) -> HttpResponse:
    return _error(request, 413, "413")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 403, "403")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(request, 403, "csrf")


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _error(request, 404, "404")


def gone(request: HttpRequest, warning: str = "") -> HttpResponse:
    """``warning`` is for readers whom what the page said could harm."""
    return _error(request, 410, "410", warning=warning)


def not_on_that_day(request: HttpRequest, status: int, **context: object) -> HttpResponse:
    """No page for the day that was asked for, or it is no day; see errors/on.html."""
    return _error(request, status, "on", **context)


def unsupported_charset(request: HttpRequest) -> HttpResponse:
    return _error(request, 415, "400")


def server_error(request: HttpRequest) -> HttpResponse:
    """503 where it is the database that does not answer: that passes."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        if not connection.in_atomic_block:
            # It may fail for ever: SQLite opens a file that is read-only to read only.
            connection.close()
        return unavailable(request)
    return _error(request, 500, "500", **_what_of_a_text(request))


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _error(request, 503, "503", **_what_of_a_text(request))
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _what_of_a_text(request: HttpRequest) -> dict[str, bool]:
    """Of a form that was sent, and of an editor's, the page says that the text is not lost."""
    was_sent = request.method not in READING
    return {"was_sent": was_sent, "is_editor": request.path_info.startswith("/admin/")}

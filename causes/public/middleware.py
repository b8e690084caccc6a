"""What stands before and after every view: refusals, and what caches are told."""

import codecs
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers

from causes.public import errors
from causes.public.etags import etag_of
from causes.public.urls import PARAMETERS

GetResponse = Callable[[HttpRequest], HttpResponse]

# Browsers ask each time. Caches of many readers ask each second, and may answer from an old copy
# while the site cannot: no withdrawal outlives any of them by more than a second.
CACHE_CONTROL = "public, max-age=0, s-maxage=1, stale-if-error=86400"
CSP_GROUP, CSP_REPORTS = "csp", "/csp-report"  # as CONTENT_SECURITY_POLICY names them
# nginx counts whole seconds, so that one second of its may be two. It is told that its copy was
# true until 1970: it asks each time whether the copy is still true, and has it when nobody answers.
ASK_EACH_TIME = "@1"
EDITORS = "/admin/"
# A guest's answer is the largest form outside: 5000 characters, each as up to 12 bytes.
LARGEST_PUBLIC_FORM = 100_000  # bytes
MOST_PARAMETERS = 1000
UNAVAILABLE = "causes.unavailable"  # set by the page cache where it knows that no view can answer


# What no page of ours does, nobody who gets into one can do either.
POLICIES = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Reporting-Endpoints": f'{CSP_GROUP}="{CSP_REPORTS}"',
}


class ContentSecurityPolicy(CSPMiddleware):
    """django-csp, but the policy of an answer that asks for nothing of its own is built once.

    To build it each time took a fifth of what all that stands before and after a view takes.
    """

    def __init__(self, get_response: GetResponse) -> None:
        super().__init__(get_response)
        self._plain = build_policy()

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        # What a view asks for, django-csp's decorators and `csp_nonce` leave in such attributes.
        asked = (*vars(request), *vars(response))
        if any(name.startswith("_csp_") for name in asked):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self._plain)
        return response


def state_policies(get_response: GetResponse) -> GetResponse:
    """The headers that Django and django-csp have no setting for, on every answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in POLICIES.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def refuse_malformed_requests(get_response: GetResponse) -> GetResponse:
    """400 for a NUL byte or a thousand parameters in the address, 413 for a large form outside
    the editors' screens, 415 for a text encoding that no browser sends."""

    def middleware(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or b"\0" in unquote_to_bytes(query):
            return errors.bad_request(request)
        if query.count("&") >= MOST_PARAMETERS:
            return errors.bad_request(request)
        if not request.path_info.startswith(EDITORS) and _length(request) > LARGEST_PUBLIC_FORM:
            return errors.too_large(request)
        charset = request.content_params.get("charset")
        if charset and not _is_utf_8(charset):
            return errors.unsupported_charset(request)
        return get_response(request)

    return middleware


def send_files_whole(get_response: GetResponse) -> GetResponse:
    """A file in one piece: while one is streamed, a thread of the server waits for its reader.

    Ours are small. Eight readers who take a byte now and then would stop the site for all others.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, FileResponse):
            return response
        whole = HttpResponse(b"".join(response), status=response.status_code)
        whole.headers = response.headers
        # Not the answer itself: that would say that the request is over.
        if response.file_to_stream is not None:
            response.file_to_stream.close()
        return whole

    return middleware


def say_what_is_unavailable(get_response: GetResponse) -> GetResponse:
    """503, with every header of an answer, where the page cache has given up on the database."""

    def middleware(request: HttpRequest) -> HttpResponse:
        return errors.unavailable(request) if UNAVAILABLE in request.META else get_response(request)

    return middleware


def tell_caches(get_response: GetResponse) -> GetResponse:
    """Pages of the table in `causes.public.urls` may be kept, unless their view says otherwise."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        match = request.resolver_match
        if match is None or match.route not in PARAMETERS:
            return response
        if response.status_code == 410:
            # Caches keep this in place of the page: it must not come back when the site is down.
            response["Cache-Control"] = CACHE_CONTROL
            response["X-Accel-Expires"] = ASK_EACH_TIME
        if response.status_code != 200:
            return response
        response.headers.setdefault("Cache-Control", CACHE_CONTROL)
        if "no-store" in response["Cache-Control"]:
            return response
        patch_vary_headers(response, ["Accept-Encoding"])
        if "ETag" not in response:
            response["ETag"] = etag_of(response.content)
        response = get_conditional_response(request, etag=response["ETag"], response=response)
        if response["Cache-Control"] == CACHE_CONTROL:
            response["X-Accel-Expires"] = ASK_EACH_TIME
        return response

    return middleware


def _length(request: HttpRequest) -> int:
    """Of the body, in bytes, as the request says; 0 for what is no number."""
    said = request.META.get("CONTENT_LENGTH") or ""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 20 else 0


def _is_utf_8(name: str) -> bool:
    """Others can hide a NUL byte or half a character, and some cannot decode at all."""
    try:
        return codecs.lookup(name).name in {"utf-8", "ascii"}
    except (LookupError, ValueError):
        return False

"""Refuses requests that no browser makes by itself and that Django or a database chokes on."""

import codecs
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse

from causes.public import errors

GetResponse = Callable[[HttpRequest], HttpResponse]


def refuse_malformed_requests(get_response: GetResponse) -> GetResponse:
    """400 for a NUL byte in the address, 415 for a text encoding that no browser sends."""

    def middleware(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "\0" in request.path_info or b"\0" in unquote_to_bytes(query):
            return errors.bad_request(request)
        charset = request.content_params.get("charset")
        if charset and not _is_utf_8(charset):
            return errors.unsupported_charset(request)
        return get_response(request)

    return middleware


def _is_utf_8(name: str) -> bool:
    """Others can hide a NUL byte or half a character, and some cannot decode at all."""
    try:
        return codecs.lookup(name).name in {"utf-8", "ascii"}
    except (LookupError, ValueError):
        return False

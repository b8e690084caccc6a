"""What browsers report of our pages that broke the policy: counted, and one line in the log.

Anybody can send anything here. So nothing is stored, little is read, and of a reader nothing is
kept: which directive, whose content was blocked, on which page; no query, no script, no address.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

logger = logging.getLogger("causes.csp")

LARGEST = 16_384  # bytes
MOST_REPORTS = 20  # of one body
MOST_BODIES = 60  # a minute and process; what comes on top is thanked for and thrown away
LONGEST_PATH = 100
DIRECTIVES = (
    *("default-src", "script-src", "script-src-elem", "script-src-attr", "style-src"),
    *("style-src-elem", "style-src-attr", "img-src", "font-src", "connect-src", "manifest-src"),
    *("media-src", "object-src", "frame-src", "child-src", "worker-src", "base-uri"),
    *("form-action", "frame-ancestors"),
)
OTHER = "other"
ORIGIN = re.compile(r"[a-z0-9.-]{1,100}", re.ASCII)
WORD = re.compile(r"[a-z][a-z-]{0,30}", re.ASCII)  # "inline", "eval"

counts: dict[str, int] = dict.fromkeys((*DIRECTIVES, OTHER), 0)


class Report(NamedTuple):
    """``blocked`` is an origin, a scheme or one of the standard's words (CSP 3, 5.3)."""

    directive: str
    blocked: str
    path: str


class _Allowance:
    """So many a minute; refilled as time passes."""

    def __init__(self, most: int) -> None:
        self._most, self._left, self._at = most, float(most), time.monotonic()
        self._lock = threading.Lock()

    def takes_one(self) -> bool:
        with self._lock:
            now = time.monotonic()
            refilled = self._left + (now - self._at) * self._most / 60
            self._left, self._at = min(refilled, self._most), now
            if self._left < 1:
                return False
            self._left -= 1
            return True


_allowance = _Allowance(MOST_BODIES)


@csrf_exempt
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    """204 for reports, 400 for anything else."""
    answer = HttpResponse(status=204, headers={"Cache-Control": "no-store"})
    if not _allowance.takes_one():
        return answer
    try:
        body = request.read(LARGEST + 1)
        reports = list(read(body)) if len(body) <= LARGEST else None
    except (UnreadablePostError, ValueError, RecursionError):
        reports = None
    if not reports:
        answer.status_code = 400
    for report in reports or ():
        counts[report.directive] += 1
        logger.warning("%s blocked %s on %s", *report)
    return answer


def read(body: bytes) -> Iterator[Report]:
    """The reports in a body of either kind. Raises ValueError, RecursionError."""
    given = json.loads(body)
    if isinstance(given, dict):  # application/csp-report, by `report-uri`
        found = [(given.get("csp-report"), "blocked-uri", "document-uri", "effective-directive")]
    elif isinstance(given, list):  # application/reports+json, by `report-to`
        bodies = [one.get("body") for one in given[:MOST_REPORTS] if isinstance(one, dict)]
        found = [(one, "blockedURL", "documentURL", "effectiveDirective") for one in bodies]
    else:
        found = []
    for said, blocked, document, directive in found:
        if isinstance(said, dict):
            named = str(said.get(directive) or said.get("violated-directive") or "")
            yield Report(_directive(named), _origin(said.get(blocked)), _path(said.get(document)))


def _directive(named: str) -> str:
    first = named[:100].split(" ")[0]
    return first if first in DIRECTIVES else OTHER


def _origin(address: Any) -> str:
    text = str(address or "")[:500].lower()
    if WORD.fullmatch(text):
        return text
    parts = urlsplit(text)
    host = parts.netloc.rpartition("@")[2].partition(":")[0] if "[" not in text else ""
    if not WORD.fullmatch(parts.scheme):
        return OTHER
    if parts.scheme not in {"http", "https", "ws", "wss"}:
        return f"{parts.scheme}:"
    return f"{parts.scheme}://{host}" if ORIGIN.fullmatch(host) else OTHER


def _path(address: Any) -> str:
    path = urlsplit(str(address or "")[:2000]).path[:LONGEST_PATH]
    return path if re.fullmatch(r"[A-Za-z0-9/_.%-]+", path) else OTHER

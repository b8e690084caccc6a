"""Search as JSON: for programs, and for what the search box suggests while a reader types."""

from collections.abc import Collection
from datetime import datetime

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from causes import search as engine
from causes.models import Kind
from causes.public.forms import SuggestForm
from causes.public.site import absolute

JSON_LENGTH = 20
MOST_SUGGESTIONS = 8
SUGGESTED_FOR = "public, max-age=60"


def may_be_kept(found: engine.Found, version: int) -> bool:
    """Not an answer that is behind the database, nor that nothing was found for these words."""
    return found.version == version and found.total > 0


def answer_json(
    query: str, tags: Collection[str], number: int, *, exact: bool, at: datetime, version: int
) -> JsonResponse:
    """A page of what `/search/` finds, without its HTML: names and addresses, best first."""
    found = engine.find(
        query,
        at=at,
        tags=tags,
        limit=JSON_LENGTH,
        offset=(number - 1) * JSON_LENGTH,
        exact=exact,
    )
    results = [
        _named(hit.page.title, hit.page.path, hit.page.kind) | {"name": hit.name}
        for hit in found.hits
    ]
    answer = {"results": results, "total": found.total, "corrected": found.corrected}
    headers = {} if may_be_kept(found, version) else {"Cache-Control": "no-store"}
    return JsonResponse(answer, headers=headers)


@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """Names that go on from what was typed; `format=opensearch` as browsers ask for them."""
    form = SuggestForm(request.GET)
    form.is_valid()
    typed = form.cleaned_data.get("q", "")
    found = engine.suggest(typed, at=timezone.now(), limit=MOST_SUGGESTIONS)
    headers = {"Cache-Control": SUGGESTED_FOR}
    if form.cleaned_data.get("format") == "opensearch":
        kinds = [Kind(s.kind).label for s in found]
        answer = [typed, [s.name for s in found], kinds, [absolute(s.path) for s in found]]
        return JsonResponse(
            answer, safe=False, content_type="application/x-suggestions+json", headers=headers
        )
    results = [_named(s.title, s.path, s.kind) | {"name": s.name} for s in found]
    return JsonResponse({"results": results}, headers=headers)


def _named(title: str, path: str, kind: str) -> dict[str, str]:
    return {"slug": path.rstrip("/").rsplit("/", 1)[-1], "title": title, "path": path, "kind": kind}

"""Public memory: what changed on a page and why, and the page as patients saw it on a day."""

from collections.abc import Callable
from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from causes.public import clock, errors, past, reading
from causes.public.forms import DayForm, MemoryForm, PageForm, Wanted
from causes.public.narrowing import address
from causes.public.pages import page_response
from causes.public.views import moved

PAGE_LENGTH = 10
HISTORY = "history/"

View = Callable[..., HttpResponse]


def with_memory(view: View) -> View:
    """The view of a page; with ``?on=``, the page as it was on that day."""

    @require_safe
    def today_or_then(request: HttpRequest, **parts: str) -> HttpResponse:
        form = MemoryForm(request.GET)
        is_then = form.is_valid() and form.cleaned_data["on"]
        return as_it_was(request) if is_then else view(request, **parts)

    return today_or_then


def as_it_was(request: HttpRequest) -> HttpResponse:
    """The page at the end of a day. What it shows of other pages is of the same moment."""
    now, path, form = clock.now(), request.path, DayForm(request.GET)
    if not form.is_valid():
        if not reading.was_published(path, now):
            raise Http404
        message = form.errors["on"][0]
        return errors.not_on_that_day(request, 400, path=path, form=DayForm(), message=message)
    day = form.cleaned_data["on"]
    then = past.page_on(path, day, now)
    if then is None:
        raise Http404
    if then.newest.path != path:
        return moved(address(then.newest.path, [("on", day.isoformat())], ()))
    if then.edition is None:
        first = past.first_day(path, now)
        return errors.not_on_that_day(request, 404, path=path, form=form, day=day, first=first)
    context = {
        "noindex": True,
        "canonical": path,
        "today": path,
        "then": then,
        "is_live": then.newest.live_until is None or then.newest.live_until > now,
    }
    if then.edition.redacted_at:
        foot = reading.site_pages(reading.linked_pages(now).values())
        context |= {"edition": then.edition, "site_pages": foot}
        return TemplateResponse(request, "causes/redacted.html", context)
    response = page_response(request, then.edition, then.moment, Wanted(neighbors=False))
    # What search engines are told and what editors are written about is today's page. So is
    # narrowing: its addresses lead there, and tags may have other names by now.
    context |= {"structured_data": None, "report": "", "legs": None}
    if narrowed := response.context_data.get("narrowed"):
        context["narrowed"] = replace(narrowed, facets=())
    response.context_data |= context
    return response


@require_safe
def history(request: HttpRequest, **parts: str) -> HttpResponse:
    """What changed on a page, when and why, with the words; a few editions at a time."""
    now, path, form = clock.now(), request.path.removesuffix(HISTORY), PageForm(request.GET)
    count = past.started(path, now).count()
    if not count:
        raise Http404
    last = -(-count // PAGE_LENGTH)
    number = max(1, min(form.cleaned_data["page"] if form.is_valid() else 1, last))
    changes = past.changes(path, now, (number - 1) * PAGE_LENGTH, PAGE_LENGTH)
    newest = changes[0].edition  # on this page of the list; it knows the page's newest words
    if newest.newest_path != path:
        return moved(f"{newest.newest_path}{HISTORY}")
    newer, older = (
        address(request.path, [("page", str(n))] if n > 1 else [], ()) if 1 <= n <= last else ""
        for n in (number - 1, number + 1)
    )
    context = {
        "noindex": True,
        "title": f"Page history: {newest.newest_title}",
        "page_title": newest.newest_title,
        "page_path": path,
        "path": request.path,
        "changes": changes,
        "newer": newer,
        "older": older,
        "form": DayForm(initial={"on": timezone.localdate(now)}),
        "site_pages": reading.site_pages(reading.linked_pages(now).values()),
    }
    return TemplateResponse(request, "causes/history.html", context)

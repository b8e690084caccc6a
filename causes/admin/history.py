"""The History screen of a page: every version and event in one list, and any two texts compared."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from causes.editorial.bodies import cited_keys
from causes.editorial.documents import upgrade
from causes.models import Edition, Event, Page, Revision, Source, Tag
from causes.public.comparison import Document, compare
from causes.public.forms import DayForm

PAGE_LENGTH = 50
LIVE = "live"
MAKE_A_VERSION = {Event.Verb.RECORD, Event.Verb.MERGE, Event.Verb.ASIDE, Event.Verb.RESTORE}

PUBLISHING = {Event.Verb.PUBLISH, Event.Verb.SCHEDULE}


class TextField(forms.RegexField):
    """A text of the page: the number of a version, or "live" for what patients see."""

    def __init__(self, **kwargs: Any) -> None:
        message = "Choose two texts of this page."
        messages = {"required": message, "invalid": message}
        super().__init__(rf"^({LIVE}|[0-9]{{1,9}})$", error_messages=messages, **kwargs)


class CompareForm(forms.Form):
    """`?before=live&after=7`"""

    before = TextField()
    after = TextField()


@dataclass(frozen=True)
class Entry:
    """An event, and the version that it made, if it made one, with where to go from there.

    ``was_alone``: nobody else had approved what was published.
    """

    event: Event
    version: Revision | None
    preview: str
    restore: str
    was_alone: bool


class HistoryScreens(admin.ModelAdmin):
    """Puts the list in the place of Django's own history, and adds the comparison."""

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view(self.compare_view), self.opts.model_name
        address = path("<path:object_id>/compare/", view, name=f"causes_{name}_compare")
        return [address, *super().get_urls()]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Every version and event of the page, newest first."""
        page = self._page_to_look_at(request, object_id)
        events = page.events.select_related("revision").defer("revision__document")
        listed = Paginator(events, PAGE_LENGTH).get_page(request.GET.get("p"))
        newest = page.revisions.in_line().defer("document").first()
        editions = page.editions.select_related("revision").defer("body", "revision__document")
        alone = set(editions.filter(published_alone=True).values_list("revision_id", flat=True))
        may_restore = self.has_change_permission(request, page)
        context = {
            "title": "History",
            "listed": listed,
            "entries": [self._entry(event, newest, alone, may_restore) for event in listed],
            "newest": newest,
            "live": editions.live().first(),
            "seen": editions.filter(live_from__lte=timezone.now()).first(),
            "day_form": DayForm(initial={"on": timezone.localdate()}),
        }
        return self._history_screen(request, page, "history", context)

    def compare_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """What two texts of the page differ in: versions, kept-aside ones too, or the live one."""
        page, form = self._page_to_look_at(request, object_id), CompareForm(request.GET)
        if not form.is_valid():
            return self._back_to_history(request, page, next(iter(form.errors.values()))[0])
        before, after = (_text(page, form.cleaned_data[name]) for name in ("before", "after"))
        if before is None or after is None:
            return self._back_to_history(request, page, "There is no such text of this page.")
        comparison = compare(before.document, after.document, _names(before, after))
        context = {"title": "Compare", "before": before, "after": after, "comparison": comparison}
        return self._history_screen(request, page, "compare", context)

    def _page_to_look_at(self, request: HttpRequest, object_id: str) -> Page:
        page = self.get_object(request, object_id)
        if page is None:
            raise Http404
        if not self.has_view_or_change_permission(request, page):
            raise PermissionDenied
        return page

    def _entry(
        self, event: Event, newest: Revision | None, alone: set[int], may_restore: bool
    ) -> Entry:
        version = event.revision if event.verb in MAKE_A_VERSION else None
        is_old = version is not None and newest is not None and version.number != newest.number
        return Entry(
            event,
            version,
            preview=self._version_address("preview", version) if version else "",
            restore=self._version_address("restore", version) if is_old and may_restore else "",
            was_alone=event.verb in PUBLISHING and event.revision_id in alone,
        )

    def _version_address(self, verb: str, version: Revision) -> str:
        name = f"admin:causes_{self.opts.model_name}_{verb}"
        return reverse(name, args=[version.page_id, version.number])

    def _back_to_history(self, request: HttpRequest, page: Page, message: str) -> HttpResponse:
        messages.error(request, message)
        return redirect(f"admin:causes_{self.opts.model_name}_history", page.pk)

    def _history_screen(
        self, request: HttpRequest, page: Page, template: str, context: dict[str, Any]
    ) -> HttpResponse:
        context |= {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": page,
            "back": reverse(f"admin:causes_{self.opts.model_name}_change", args=[page.pk]),
        }
        return TemplateResponse(request, f"admin/causes/{template}.html", context)


@dataclass(frozen=True)
class Text:
    """A text of a page: what ``which`` asked for, its document or body, and where it is from."""

    which: str
    document: Document
    version: Revision | None = None
    edition: Edition | None = None


def _text(page: Page, which: str) -> Text | None:
    if which == LIVE:
        edition = page.editions.live().first()
        return Text(which, edition.body, edition=edition) if edition else None
    version = page.revisions.filter(number=which).first()
    return Text(which, upgrade(version.document), version=version) if version else None


def _names(*texts: Text) -> dict[str, str]:
    """The words for the tags, sources and pages that the versions name by their keys."""
    documents = [text.document for text in texts if text.version]
    slugs = {slug for document in documents for slug in document.get("tags", [])}
    sources = {key for document in documents for key in cited_keys(document)}
    pages = {key for document in documents for key in _named_pages(document)}
    tags = Tag.objects.filter(slug__in=slugs).values_list("slug", "name")
    titles = Page.objects.filter(key__in=pages).values_list("key", "title")
    return (
        {f"tag:{slug}": name for slug, name in tags}
        | {f"source:{s.key}": str(s) for s in Source.objects.filter(key__in=sources)}
        | {f"page:{key}": title for key, title in titles}
    )


def _named_pages(document: Document) -> set[str]:
    named = {document.get("symptom"), document.get("original")}
    named |= {cause["condition"] for cause in document.get("causes", [])}
    return (named | {link["target"] for link in document.get("related", [])}) - {None}

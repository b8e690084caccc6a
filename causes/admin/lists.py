"""What the lists of pages show: kind, state, tags, review due; at a fixed number of queries."""

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from causes.models import Edition, Page, Revision


def with_state(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Adds draft_number, live_number, is_scheduled and was_live, for `state_of`."""
    newest = Revision.objects.filter(page=OuterRef("pk")).order_by("-number")
    editions = Edition.objects.filter(page=OuterRef("pk"))
    return pages.annotate(
        draft_number=Subquery(newest.values("number")[:1]),
        live_number=Subquery(editions.live().values("revision__number")[:1]),
        is_scheduled=Exists(editions.scheduled()),
        was_live=Exists(editions.ended()),
    )


def state_of(page: Page) -> str:
    """The state of a page from `with_state`, in a few words."""
    if page.live_number is None:
        state = "Withdrawn" if page.was_live else "Draft"
    elif page.live_number == page.draft_number:
        state = f"Live: version {page.live_number}"
    else:
        state = f"Live: version {page.live_number}; draft: {page.draft_number}"
    return f"{state}; scheduled" if page.is_scheduled else state


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [
            ("live", "Live"),
            ("changed", "Live, with a newer draft"),
            ("draft", "Never published"),
            ("withdrawn", "Withdrawn"),
            ("scheduled", "Scheduled"),
        ]

    def queryset(self, request: HttpRequest, pages: QuerySet[Page]) -> QuerySet[Page]:
        match self.value():
            case "live":
                return pages.filter(live_number__isnull=False)
            case "changed":
                return pages.filter(live_number__lt=Subquery(_newest_number()))
            case "draft":
                return pages.filter(live_number__isnull=True, was_live=False, is_scheduled=False)
            case "withdrawn":
                return pages.filter(live_number__isnull=True, was_live=True)
            case "scheduled":
                return pages.filter(is_scheduled=True)
        return pages


def _newest_number() -> QuerySet:
    newest = Revision.objects.filter(page=OuterRef("pk")).order_by("-number")
    return newest.values("number")[:1]


class ReviewFilter(admin.SimpleListFilter):
    title = "clinical review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("done", "Reviewed"), ("never", "Not yet reviewed")]

    def queryset(self, request: HttpRequest, pages: QuerySet[Page]) -> QuerySet[Page]:
        if self.value() is None:
            return pages
        return pages.filter(reviewed_on__isnull=self.value() == "never")

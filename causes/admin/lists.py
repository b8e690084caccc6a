"""What the lists of pages show: kind, state, tags, review due; at a fixed number of queries."""

from itertools import islice

from django.contrib import admin, messages
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.text import smart_split

from causes.models import Edition, Page, Revision

MOST_SEARCH_WORDS = 20


def with_state(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Adds what the columns of a list show: the numbers and facts for `state_of`, the findings."""
    newest = Revision.objects.in_line().filter(page=OuterRef("pk")).order_by("-number")
    editions = Edition.objects.filter(page=OuterRef("pk")).order_by()
    return pages.annotate(
        draft_number=Subquery(newest.values("number")[:1]),
        newest_state=Subquery(newest.values("state")[:1]),
        newest_errors=Subquery(newest.values("errors")[:1]),
        newest_hints=Subquery(newest.values("hints")[:1]),
        written_number=Subquery(newest.written().values("number")[:1]),
        live_number=Subquery(editions.live().values("revision__number")[:1]),
        is_scheduled=Exists(editions.scheduled()),
        was_live=Exists(editions.ended()),
    )


def state_of(page: Page) -> str:
    """The state of a page from `with_state`, in a few words."""
    if page.archived_at is not None:
        return "Archived"
    if page.live_number is None:
        state = "Withdrawn" if page.was_live else "Draft"
    elif page.live_number >= (page.written_number or 0):
        state = f"Live: version {page.live_number}"
    else:
        state = f"Live: version {page.live_number}; draft: {page.draft_number}"
    if page.newest_state in {Revision.State.SUBMITTED, Revision.State.RETURNED}:
        state += f"; {Revision.State(page.newest_state).label.lower()}"
    return f"{state}; scheduled" if page.is_scheduled else state


class StateFilter(admin.SimpleListFilter):
    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [
            ("live", "Live"),
            ("changed", "Live, with a newer draft"),
            ("submitted", "Submitted for review"),
            ("returned", "Returned"),
            ("draft", "Never published"),
            ("withdrawn", "Withdrawn"),
            ("scheduled", "Scheduled"),
            ("archived", "Archived"),
        ]

    def queryset(self, request: HttpRequest, pages: QuerySet[Page]) -> QuerySet[Page]:
        if self.value() == "archived":
            return pages.exclude(archived_at=None)
        pages = pages.filter(archived_at=None)
        match self.value():
            case "submitted" | "returned":
                return pages.filter(newest_state=self.value())
            case "live":
                return pages.filter(live_number__isnull=False)
            case "changed":
                return pages.filter(live_number__lt=F("written_number"))
            case "draft":
                return pages.filter(live_number__isnull=True, was_live=False, is_scheduled=False)
            case "withdrawn":
                return pages.filter(live_number__isnull=True, was_live=True)
            case "scheduled":
                return pages.filter(is_scheduled=True)
        return pages


class ReviewFilter(admin.SimpleListFilter):
    title = "clinical review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("done", "Reviewed"), ("never", "Not yet reviewed")]

    def queryset(self, request: HttpRequest, pages: QuerySet[Page]) -> QuerySet[Page]:
        if self.value() is None:
            return pages
        return pages.filter(reviewed_on__isnull=self.value() == "never")


class CappedSearch(admin.ModelAdmin):
    """Looks for the first words only: each is a condition more, and databases have a limit."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        words = list(islice(smart_split(search_term), MOST_SEARCH_WORDS + 1))
        if len(words) > MOST_SEARCH_WORDS:
            search_term = " ".join(words[:MOST_SEARCH_WORDS])
            if request.resolver_match.url_name.endswith("_changelist"):
                said = f"Only the first {MOST_SEARCH_WORDS} words were looked for."
                messages.warning(request, said)
        return super().get_search_results(request, queryset, search_term)

"""What waits for whom: the kinds of work that the desk counts and the lists filter by.

One table says what each kind is, so that a count and the list it leads to cannot differ.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone

from causes.editorial.transitions import PUBLISH_PERMISSION
from causes.models import Page, Revision, SignOff, Symptom

SIGN_OFF_PERMISSION = "causes.sign_off_page"
SOON, LATER = 30, 90  # days


@dataclass(frozen=True)
class Work:
    """A kind of work: what it is called, and which pages of `with_work` are of it."""

    label: str
    pages: Q


def with_work(pages: QuerySet[Page], person: AbstractBaseUser) -> QuerySet[Page]:
    """Adds to pages of `with_state` what the kinds of work ask for."""
    newest = Revision.objects.in_line().filter(page=OuterRef("pk")).order_by("-number")
    written = newest.written()
    aside = Revision.objects.filter(
        page=OuterRef("pk"), state=Revision.State.ASIDE, author=person.pk
    )
    approved = SignOff.objects.filter(
        revision__page=OuterRef("pk"), verdict=SignOff.Verdict.APPROVED
    )
    return pages.annotate(
        newest_author=Subquery(written.values("author")[:1]),
        newest_digest=Subquery(newest.values("digest")[:1]),
        has_aside=Exists(aside),
        signed_digest=Subquery(approved.order_by("-id").values("digest")[:1]),
    )


def kinds_of_work(person: AbstractBaseUser, today: date) -> dict[str, Work]:
    """Every kind, by the name that an address has for it. Archived pages are nobody's work."""
    state = Revision.State
    is_live = Q(live_number__isnull=False, live_number__gte=F("written_number"))
    may_review = person.has_perm(PUBLISH_PERMISSION) or person.has_perm(SIGN_OFF_PERMISSION)
    others = ~Q(newest_author=person.pk) | Q(newest_author__isnull=True)
    # No page has this id; of an empty list Django makes an aggregate without any counts.
    waiting = Q(newest_state=state.SUBMITTED) & others if may_review else Q(pk=0)
    changed = Q(signed_digest__isnull=False) & ~Q(signed_digest=F("newest_digest")) & ~is_live
    due, soon, later = Q(review_due_on__lt=today), _within(today, SOON), _within(today, LATER)
    kinds = {
        "drafts": ("My drafts", Q(newest_state=state.DRAFT, newest_author=person.pk)),
        "waiting": ("Waiting for my review", waiting),
        "returned": ("Returned to me", Q(newest_state=state.RETURNED, newest_author=person.pk)),
        "aside": ("My texts that were kept aside", Q(has_aside=True)),
        "signed": ("Changed since sign-off", changed),
        "scheduled": ("Scheduled", Q(is_scheduled=True)),
        "errors": ("With errors", Q(newest_errors__gt=0)),
        "hints": ("With hints", Q(newest_hints__gt=0)),
        "overdue": ("Review overdue", due),
        "due-30": (f"Review due within {SOON} days", soon),
        "due-90": (f"Review due within {LATER} days", later),
        "due-later": ("Review due later", Q(review_due_on__gt=today + timedelta(days=LATER))),
    }
    kept = Q(archived_at__isnull=True)
    return {name: Work(label, pages & kept) for name, (label, pages) in kinds.items()}


def _within(today: date, days: int) -> Q:
    return Q(review_due_on__gte=today, review_due_on__lte=today + timedelta(days=days))


class WorkFilter(admin.SimpleListFilter):
    title = "work"
    parameter_name = "work"

    def __init__(self, request: HttpRequest, *args: object) -> None:
        self.person = request.user
        self.kinds = kinds_of_work(request.user, timezone.localdate())
        super().__init__(request, *args)

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [(name, work.label) for name, work in self.kinds.items()]

    def queryset(self, request: HttpRequest, pages: QuerySet[Page]) -> QuerySet[Page]:
        work = self.kinds.get(self.value())
        return with_work(pages, self.person).filter(work.pages) if work else pages


class OwnerFilter(admin.SimpleListFilter):
    title = "owner"
    parameter_name = "owned"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [("me", "Mine"), ("none", "Nobody's")]

    def queryset(self, request: HttpRequest, pages: QuerySet[Page]) -> QuerySet[Page]:
        match self.value():
            case "me":
                return pages.filter(owner=request.user)
            case "none":
                return pages.filter(owner=None)
        return pages


class SymptomFilter(admin.SimpleListFilter):
    """A symptom with all that belongs to it."""

    title = "symptom"
    parameter_name = "symptom"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return list(Symptom.objects.order_by("title").values_list("key", "title"))

    def queryset(self, request: HttpRequest, pages: QuerySet[Page]) -> QuerySet[Page]:
        return pages.filter(about_symptom(self.value())) if self.value() else pages


def about_symptom(key: str) -> Q:
    """The symptom of that key, its groups, and the conditions in them."""
    listed = Page.objects.filter(as_condition__causes__category__symptom__key=key)
    return (
        Q(key=key, kind="symptom")
        | Q(pk__in=Page.objects.filter(as_category__symptom__key=key).values("pk"))
        | Q(pk__in=listed.values("pk"))
    )

"""The desk: the admin's first page says what waits for whom, and leads to the lists."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone

from causes.admin.lists import with_state
from causes.admin.work import LATER, SOON, kinds_of_work, with_work
from causes.models import CheckedLink, Kind, Page, Symptom

MINE = ("drafts", "returned", "waiting", "aside")
EVERYONES = ("signed", "scheduled", "errors", "hints")
REVIEWS = ("overdue", "due-30", "due-90")
DUE = (*REVIEWS, "due-later")
BAR = 1000  # the chart's width, in units of its own


@dataclass(frozen=True)
class Entry:
    """A count that leads to a list; ``level`` colors it."""

    label: str
    count: int
    address: str
    level: str = ""


@dataclass(frozen=True)
class Share:
    """A part of the bar of freshness."""

    label: str
    name: str
    count: int
    start: int
    width: int


def index(request: HttpRequest) -> HttpResponse:
    """Django's own first page, with the desk above its list of models."""
    desk = {"desk": _desk(request)} if request.user.has_perm("causes.view_page") else {}
    return admin.site.index(request, extra_context=desk)


def guide(request: HttpRequest) -> HttpResponse:
    """How all of it works, for editors, in plain words."""
    context = {**admin.site.each_context(request), "title": "Editors' guide"}
    return TemplateResponse(request, "admin/causes/guide.html", context)


def _desk(request: HttpRequest) -> dict[str, Any]:
    """Four queries: all counts of pages are one."""
    today = timezone.localdate()
    kinds = kinds_of_work(request.user, today)
    patient_pages = Q(archived_at=None) & ~Q(kind=Kind.INFORMATION)
    wanted = {name: work.pages for name, work in kinds.items()} | {
        **{f"{name} me": kinds[name].pages & Q(owner=request.user) for name in REVIEWS},
        **{f"{name} none": kinds[name].pages & Q(owner=None) for name in REVIEWS},
        **{
            f"{name} patient": kinds[name].pages & patient_pages for name in (*REVIEWS, "due-later")
        },
        "never patient": Q(reviewed_on=None) & patient_pages,
    }
    pages = with_work(with_state(Page.objects.order_by()), request.user)
    counts = pages.aggregate(**{_alias(n): Count("pk", filter=q) for n, q in wanted.items()})

    def entry(name: str, level: str = "") -> Entry:
        return Entry(kinds[name].label, counts[_alias(name)], _listed(work=name), level)

    return {
        "mine": [entry(name) for name in MINE],
        "everyones": [entry(name, "bad" if name == "errors" else "") for name in EVERYONES]
        + [_broken_links()],
        "reviews": [
            {
                "label": kinds[name].label,
                "cells": [
                    (counts[_alias(f"{name} {owned}" if owned else name)], _listed(name, owned))
                    for owned in ("me", "none", "")
                ],
            }
            for name in REVIEWS
        ],
        "symptoms": _by_symptom(),
        "shares": _shares(
            {n: counts[_alias(f"{n} patient")] for n in ("never", *REVIEWS, "due-later")}
        ),
    }


def _alias(name: str) -> str:
    """Aliases of aggregates hold no blanks or dashes."""
    return "count_" + name.replace(" ", "_").replace("-", "_")


def _listed(work: str, owned: str = "", symptom: str = "") -> str:
    query = "&".join(
        f"{name}={value}"
        for name, value in (("work", work), ("owned", owned), ("symptom", symptom))
        if value
    )
    return f"{reverse('admin:causes_page_changelist')}?{query}"


def _broken_links() -> Entry:
    broken = CheckedLink.objects.exclude(problem="").count()
    address = f"{reverse('admin:causes_checkedlink_changelist')}?broken=yes"
    return Entry("Broken links to other sites", broken, address)


def _by_symptom() -> list[dict[str, Any]]:
    """For each symptom how many of its pages are overdue or due, each page once."""
    today = timezone.localdate()
    due = Page.objects.filter(
        archived_at=None, review_due_on__lte=today + timedelta(days=LATER)
    ).order_by()
    rows = due.values_list(
        "pk",
        "review_due_on",
        "as_symptom",
        "as_category__symptom",
        "as_condition__causes__category__symptom",
    )
    counts: Counter[tuple[int, str]] = Counter()
    for symptom, _page, day in {
        (symptom, page, day) for page, day, *symptoms in rows for symptom in symptoms if symptom
    }:
        counts[symptom, "overdue" if day < today else "due-90"] += 1
        if today <= day <= today + timedelta(days=SOON):
            counts[symptom, "due-30"] += 1
    return [
        {
            "title": title,
            "cells": [(counts[pk, name], _listed(name, symptom=key)) for name in REVIEWS],
        }
        for pk, key, title in Symptom.objects.filter(archived_at=None)
        .order_by("title")
        .values_list("pk", "key", "title")
    ]


def _shares(counts: dict[str, int]) -> list[Share]:
    """The bar of freshness: parts that do not overlap, by the number of pages."""
    parts = {
        "later": ("due later", counts["due-later"]),
        "due-90": (f"due in {SOON + 1} to {LATER} days", counts["due-90"] - counts["due-30"]),
        "due-30": (f"due within {SOON} days", counts["due-30"]),
        "overdue": ("overdue", counts["overdue"]),
        "never": ("never reviewed", counts["never"]),
    }
    total = sum(count for _, count in parts.values())
    shares, before = [], 0
    for name, (label, count) in parts.items():
        start, end = (BAR * n // max(total, 1) for n in (before, before + count))
        shares.append(Share(label, name, count, start, end - start))
        before += count
    return shares

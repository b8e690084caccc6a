"""Mails about reviews that are due: 90 and 30 days before, and on the day. One a person.

That a page was reminded of is written down before its mail is sent, and taken back if no mail
could be: two runs at the same time send nothing twice.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.urls import reverse

from causes.editorial.transitions import PUBLISH_PERMISSION
from causes.models import Page, Reminder

STAGES = (0, 30, 90)  # days before the review is due, the most urgent first


@dataclass(frozen=True)
class Due:
    """A page whose next review is near, and the stage that it has reached."""

    page: Page
    days_before: int

    @property
    def address(self) -> str:
        form = reverse(f"admin:causes_{self.page.kind}_change", args=[self.page.pk])
        return f"{settings.SITE_URL}{form}"


@dataclass
class Sent:
    """What one run did."""

    mails: dict[str, int] = field(default_factory=dict)  # pages, by address
    failed: dict[str, str] = field(default_factory=dict)  # what went wrong, by address
    nobody: list[Page] = field(default_factory=list)  # pages that no address was found for


class AlreadyRunning(Exception):
    """Another run was writing down the same reminders."""


def send_reminders(today: date) -> Sent:
    """Raises AlreadyRunning."""
    due, sent = _due(today), Sent()
    if not due:
        return sent
    fallback = _addresses_without_owner()
    by_address: dict[str, list[Due]] = defaultdict(list)
    for one in due:
        owner = one.page.owner
        addresses = [owner.email] if owner and owner.is_active and owner.email else fallback
        for address in addresses:
            by_address[address].append(one)
        if not addresses:
            sent.nobody.append(one.page)
    told = [one for one in due if one.page not in sent.nobody]
    _write_down(told)
    reached: set[int] = set()
    for address, wanted in sorted(by_address.items()):
        try:
            _mail(address, wanted, today).send()
        except OSError as error:  # SMTP's errors are some of these
            sent.failed[address] = str(error) or type(error).__name__
        else:
            sent.mails[address] = len(wanted)
            reached.update(one.page.pk for one in wanted)
    for one in told:
        if one.page.pk not in reached:
            _same_as(one).delete()
    return sent


def unsent(today: date) -> int:
    """How many pages a daily run should have reminded of by yesterday, and none did."""
    yesterday = today - timedelta(days=1)
    last_day = yesterday + timedelta(days=max(STAGES))
    pages = Page.objects.filter(archived_at=None, review_due_on__lte=last_day)
    latest: dict[tuple[int, date], int] = {}  # the most urgent stage that was sent
    for page, due_on, stage in Reminder.objects.values_list("page", "due_on", "days_before"):
        latest[page, due_on] = min(stage, latest.get((page, due_on), max(STAGES)))
    return sum(
        latest.get((page, due_on), max(STAGES) + 1) > _stage((due_on - yesterday).days)
        for page, due_on in pages.values_list("pk", "review_due_on")
    )


def _due(today: date) -> list[Due]:
    """Those not reminded of at their stage, the most urgent first. Archived pages rest."""
    last_day = today + timedelta(days=max(STAGES))
    pages = Page.objects.filter(archived_at=None, review_due_on__lte=last_day)
    pages = pages.order_by("review_due_on", "title").select_related("owner")
    done = set(Reminder.objects.values_list("page", "due_on", "days_before"))
    found = [Due(page, _stage((page.review_due_on - today).days)) for page in pages]
    return [o for o in found if (o.page.pk, o.page.review_due_on, o.days_before) not in done]


def _stage(days: int) -> int:
    return next(stage for stage in STAGES if days <= stage)


def _addresses_without_owner() -> list[str]:
    """Those of the publishers; where none has one, the site's."""
    people: Iterable[AbstractUser] = get_user_model().objects.with_perm(
        PUBLISH_PERMISSION, backend="django.contrib.auth.backends.ModelBackend"
    )
    addresses = sorted({person.email for person in people if person.email})
    return addresses or ([settings.CONTACT_EMAIL] if settings.CONTACT_EMAIL else [])


def _write_down(due: list[Due]) -> None:
    rows = [
        Reminder(page=one.page, due_on=one.page.review_due_on, days_before=one.days_before)
        for one in due
    ]
    try:
        with transaction.atomic():
            Reminder.objects.bulk_create(rows)
    except IntegrityError as error:
        raise AlreadyRunning from error


def _same_as(one: Due):
    return Reminder.objects.filter(
        page=one.page, due_on=one.page.review_due_on, days_before=one.days_before
    )


def _mail(address: str, due: list[Due], today: date) -> EmailMessage:
    overdue = [one for one in due if one.page.review_due_on <= today]
    context = {
        "overdue": overdue,
        "upcoming": [one for one in due if one not in overdue],
        "site_name": settings.SITE_NAME,
    }
    pages = "1 page" if len(due) == 1 else f"{len(due)} pages"
    return EmailMessage(
        subject=f"{settings.SITE_NAME}: {pages} to review",
        body=render_to_string("admin/causes/reminder.txt", context),
        to=[address],
    )

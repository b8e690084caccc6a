"""What the editors' desk keeps beside the text: sign-offs, guests' links, presence, reminders."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from causes.models.history import Edition, Revision
from causes.models.pages import Page


class ReviewLink(models.Model):
    """A link by which a guest without an account reads one version, and signs it off or comments.

    The address that is sent is signed; what is kept here says until when it holds.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="review_links")
    recipient = models.CharField(max_length=200, help_text="For whom: a name, or an address.")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_by_name = models.CharField(max_length=200)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # How often it was used since the last count began: the limit holds over processes.
    counted_from = models.DateTimeField(null=True)
    uses = models.PositiveIntegerField(default=0, db_default=0)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="review_link_expires_after_it_was_made",
                condition=Q(expires_at__gt=F("created_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision} for {self.recipient}"

    def is_open(self, at: datetime | None = None) -> bool:
        return self.revoked_at is None and (at or timezone.now()) < self.expires_at


class SignOff(models.Model):
    """What a reviewer said of one version: its digest says of exactly which text."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", "Approved"
        COMMENTED = "commented", "Commented"

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="sign_offs")
    digest = models.CharField(max_length=64)
    verdict = models.CharField(max_length=20, choices=Verdict)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    link = models.ForeignKey(
        ReviewLink, null=True, on_delete=models.SET_NULL, related_name="sign_offs"
    )
    is_guest = models.BooleanField(default=False)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="sign_off_names_its_signer", condition=~Q(name="") & ~Q(role="")
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_verdict_display()} by {self.name}, {self.role}"


class Redaction(models.Model):
    """Why the text of an edition was taken out, and the two people who did it."""

    class Reason(models.TextChoices):
        PERSONAL = "personal", "Personal data"
        LIBEL = "libel", "Libel"
        DANGER = "danger", "Dangerous advice"

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="redaction")
    reason = models.CharField(max_length=20, choices=Reason)
    note = models.TextField(help_text="Shown to editors, not to readers.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_by_name = models.CharField(max_length=200)
    asked_at = models.DateTimeField(default=timezone.now)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    confirmed_by_name = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="redaction_needs_two_people",
                condition=Q(confirmed_at__isnull=True)
                | Q(asked_by__isnull=True)
                | Q(confirmed_by__isnull=True)
                | ~Q(asked_by=F("confirmed_by")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.edition}: {self.get_reason_display()}"


class Presence(models.Model):
    """Who has a page open for editing, since when, and when their browser last said so."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="presences")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "presences"
        constraints = [
            models.UniqueConstraint(name="presence_once", fields=["page", "person"]),
        ]

    def __str__(self) -> str:
        return f"{self.person} on {self.page}"


class Reminder(models.Model):
    """A mail about a review that is due, sent once."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="reminders")
    due_on = models.DateField()
    days_before = models.SmallIntegerField(help_text="90, 30, or 0 for overdue.")
    sent_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(name="reminder_once", fields=["page", "due_on", "days_before"])
        ]

    def __str__(self) -> str:
        return f"{self.page}: due on {self.due_on}"


class CheckedLink(models.Model):
    """An address on other sites that pages name, and what came of looking at it."""

    url = models.CharField(max_length=500, unique=True)
    problem = models.CharField(max_length=200, blank=True, help_text="Empty: it answers.")
    checked_at = models.DateTimeField()
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")

    class Meta:
        ordering = ["url"]

    def __str__(self) -> str:
        return self.url

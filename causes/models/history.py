"""What was saved and what patients saw: revisions, editions, events.

Only the verbs in `causes.editorial.publishing` write these.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone

from causes.models.constraints import NoOverlap
from causes.models.fields import page_keys
from causes.models.pages import Kind, Page
from causes.models.rows import Cause
from causes.models.tags import Tag


class RevisionQuerySet(models.QuerySet):
    def in_line(self) -> RevisionQuerySet:
        """The versions that the draft went through, without texts that were kept aside."""
        return self.exclude(state=Revision.State.ASIDE)

    def written(self) -> RevisionQuerySet:
        """Without those that only follow a tag's new name: they change nobody's words."""
        followed = Event.objects.filter(revision=OuterRef("pk"), verb__in=Event.TAG_VERBS)
        return self.exclude(Exists(followed))

    def newest(self) -> RevisionQuerySet:
        """Of each page the newest in line."""
        in_line = Revision.objects.in_line().filter(page=OuterRef("page")).order_by("-number")
        return self.filter(pk=Subquery(in_line.values("pk")[:1]))


class Revision(models.Model):
    """The whole page as one save left it. Its document never changes."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SUBMITTED = "submitted", "Submitted for review"
        RETURNED = "returned", "Returned"
        PUBLISHED = "published", "Published"
        ASIDE = "aside", "Kept aside: it clashed with another save"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    document = models.JSONField()
    digest = models.CharField(max_length=64)
    schema = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    based_on = models.PositiveIntegerField(
        null=True, help_text="The number of the version that the writer had before them."
    )
    errors = models.PositiveSmallIntegerField(null=True, help_text="Findings that stop publishing.")
    hints = models.PositiveSmallIntegerField(null=True, help_text="Findings that do not.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_name = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                name="revision_number_unique_per_page", fields=["page", "number"]
            ),
            models.CheckConstraint(name="revision_number_from_1", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class EditionQuerySet(models.QuerySet):
    def live(self, at: datetime | None = None) -> EditionQuerySet:
        """What patients see at that moment (now, unless given). The public side's one door."""
        at = at or timezone.now()
        return self.filter(Q(live_until__gt=at) | Q(live_until__isnull=True), live_from__lte=at)

    def scheduled(self, at: datetime | None = None) -> EditionQuerySet:
        """What patients will see later."""
        return self.filter(live_from__gt=at or timezone.now())

    def ended(self, at: datetime | None = None) -> EditionQuerySet:
        """What patients saw before."""
        return self.filter(live_until__lte=at or timezone.now())


class Edition(models.Model):
    """What patients saw at ``path`` from ``live_from`` until before ``live_until`` (None: still).

    ``body`` is the page's document with the text of its tags and sources as published.
    """

    class Change(models.TextChoices):
        """What a new edition does to the advice. The first edition and a mere move have none."""

        CORRECTION = "correction", "Correction"
        EVIDENCE = "evidence", "New evidence"
        WORDING = "wording", "Wording"
        REVIEW = "review", "Review without change"

    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="editions")
    key = models.SlugField(max_length=100)
    kind = models.CharField(max_length=20, choices=Kind)
    language = models.CharField(max_length=10)
    path = models.CharField(max_length=300)
    parent = models.ForeignKey(
        Page, null=True, on_delete=models.PROTECT, related_name="child_editions"
    )
    order = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(max_length=65)
    summary = models.CharField(max_length=160, blank=True)
    body = models.JSONField()
    digest = models.CharField(max_length=64)
    live_from = models.DateTimeField()
    live_until = models.DateTimeField(null=True)
    change = models.CharField(max_length=20, choices=Change, blank=True, db_default="")
    note = models.TextField(
        blank=True, db_default="", help_text="What changed and why, for readers."
    )
    published_alone = models.BooleanField(default=False, db_default=False)
    review_due_on = models.DateField(null=True)
    safety_warning = models.TextField(
        blank=True,
        db_default="",
        help_text="Why it was taken off the site, where readers could come to harm.",
    )
    redacted_at = models.DateTimeField(null=True)
    tags = models.ManyToManyField(
        Tag, through="causes.TaggedEdition", related_name="editions", blank=True
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["page", "-live_from"]
        constraints = [
            models.UniqueConstraint(
                name="edition_number_unique_per_page", fields=["page", "number"]
            ),
            models.CheckConstraint(
                name="edition_ends_after_it_starts",
                condition=Q(live_until__isnull=True) | Q(live_until__gt=F("live_from")),
            ),
            NoOverlap(
                name="edition_intervals_do_not_overlap",
                owner="page",
                start="live_from",
                end="live_until",
            ),
        ]
        indexes = [
            models.Index(name="edition_by_path", fields=["path", "live_from"]),
            models.Index(name="edition_by_kind", fields=["kind", "title"]),
            models.Index(name="edition_by_parent", fields=["parent", "order"]),
            # What lists read of all live pages stands in this index alone: bodies are long.
            models.Index(
                name="edition_in_lists",
                fields=["kind", "live_until", "live_from", "order", "title", "key"],
            ),
            models.Index(name="edition_by_start", fields=["live_from"]),
            models.Index(name="edition_by_end", fields=["live_until"]),
            models.Index(
                name="edition_of_advice",
                fields=["live_from"],
                # Two terms, because SQLite does not recognise a list of parameters as this one.
                condition=~Q(change="wording") & ~Q(change="review"),
            ),
            models.Index(
                name="edition_taken_off",
                fields=["live_until", "safety_warning"],
                condition=~Q(safety_warning=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} (edition {self.number})"

    def get_absolute_url(self) -> str:
        return self.path

    def links_of_text(self) -> dict[str, list[str]]:
        """The keys of the pages that the body names, by EditionLink kind, each once, in order."""
        causes = self.body.get("causes", [])
        texts = [self.body["lead"], *(section["body"] for section in self.body["sections"])]
        texts += [cause[part] for cause in causes for part in ("how", "differs")]
        return {
            EditionLink.Kind.CAUSE: [cause["condition"] for cause in causes],
            EditionLink.Kind.RELATED: list(
                dict.fromkeys(link["target"] for link in self.body["related"])
            ),
            EditionLink.Kind.TEXT: list(dict.fromkeys(key for t in texts for key in page_keys(t))),
        }

    def phrases_of_cards(self) -> set[tuple[str, str]]:
        """(anchor of a care card, words that bring it), each once."""
        cards = self.body.get("cards", [])
        return {(card["anchor"], phrase) for card in cards for phrase in card.get("phrases", [])}

    def linked_keys(self) -> set[str]:
        """The keys of all pages that the body names."""
        return {key for keys in self.links_of_text().values() for key in keys}


class EditionLink(models.Model):
    """A link from an edition to a page. Shown only while that page is live."""

    class Kind(models.TextChoices):
        CAUSE = "cause", "Cause"
        RELATED = "related", "Related page"
        TEXT = "text", "Link in the text"

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="links")
    target = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="incoming")
    kind = models.CharField(max_length=20, choices=Kind)
    relation = models.CharField(max_length=20, choices=Cause.Relation, blank=True)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["kind", "order"]
        constraints = [
            models.UniqueConstraint(name="edition_link_once", fields=["edition", "kind", "target"])
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.target_id}"


class EventQuerySet(models.QuerySet):
    def by_people(self) -> EventQuerySet:
        return self.filter(by_fixture=False)


class Event(models.Model):
    """Who did what, when, to which revision, and why. Outlives the person's account.

    What was done to no single page (a tag, say) has no page and names its ``subject``.
    """

    class Verb(models.TextChoices):
        RECORD = "record", "Saved"
        MERGE = "merge", "Saved, brought together with another's save"
        ASIDE = "aside", "Saved, kept aside"
        SUBMIT = "submit", "Submitted for review"
        GIVE_BACK = "give_back", "Returned"
        SIGN_OFF = "sign_off", "Signed off"
        COMMENT = "comment", "Commented"
        INVITE = "invite", "Asked a guest to review"
        REVOKE = "revoke", "Took back a guest's link"
        PUBLISH = "publish", "Published"
        SCHEDULE = "schedule", "Scheduled"
        CANCEL = "cancel", "Cancelled the schedule"
        WITHDRAW = "withdraw", "Withdrew"
        RESTORE = "restore", "Restored"
        ARCHIVE = "archive", "Archived"
        UNARCHIVE = "unarchive", "Took out of the archive"
        ASK_REDACTION = "ask_redaction", "Asked for a redaction"
        REDACT = "redact", "Redacted"
        MOVE = "move", "Address changed"
        RENAME_TAG = "rename_tag", "Renamed a tag"
        MERGE_TAG = "merge_tag", "Merged a tag into another"
        REFUSED = "refused", "Tried without permission"

    TAG_VERBS = (Verb.RENAME_TAG, Verb.MERGE_TAG)

    page = models.ForeignKey(Page, null=True, on_delete=models.CASCADE, related_name="events")
    subject = models.CharField(max_length=200, blank=True, db_default="")
    verb = models.CharField(max_length=20, choices=Verb)
    revision = models.ForeignKey(Revision, null=True, on_delete=models.SET_NULL, related_name="+")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    actor_name = models.CharField(max_length=200)
    by_fixture = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    at = models.DateTimeField(default=timezone.now)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_verb_display()} by {self.actor_name}"

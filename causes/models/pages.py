"""The working copy: pages, which editors change and the public never reads.

Names follow schema.org (MedicalWebPage, MedicalSymptom, MedicalCondition,
HealthAspectEnumeration) and the NHS content model.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from taggit.managers import TaggableManager

from causes.models.fields import RichTextField
from causes.models.natural_keys import NaturalKeyModel


class Kind(models.TextChoices):
    SYMPTOM = "symptom", "Symptom"
    CATEGORY = "category", "Group of causes"
    CONDITION = "condition", "Condition"
    INFORMATION = "information", "Information"


def default_language() -> str:
    return settings.LANGUAGE_CODE


def months_after(day: date | None, months: int) -> date | None:
    """The day so many months later, in a short month an earlier one; None for None."""
    if day is None:
        return None
    years, month = divmod(day.month - 1 + months, 12)
    return date(min(day.year + years, 9999), month + 1, min(day.day, 28))


class Page(NaturalKeyModel):
    """What every kind of page has. ``key`` never changes; ``slug`` is the public address."""

    class Status(models.TextChoices):
        UNCHECKED = "unchecked", "Not yet checked against its sources"
        CHECKED = "checked", "Checked against its sources"

    KIND = ""

    key = models.SlugField(
        max_length=100,
        unique=True,
        help_text="Names this page in links and history. It can never be changed.",
    )
    kind = models.CharField(max_length=20, choices=Kind)
    language = models.CharField(max_length=10, default=default_language)
    original = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="translations",
        help_text="The page that this one translates.",
    )
    slug = models.SlugField(max_length=100, help_text="The last part of the public address.")
    title = models.CharField(max_length=65, help_text="At most 65 characters, in sentence case.")
    summary = models.CharField(
        max_length=160,
        blank=True,
        help_text="One or two plain sentences for lists and search engines.",
    )
    lead = RichTextField(blank=True, help_text="The first sentences of the page.")
    status = models.CharField(max_length=20, choices=Status, default=Status.UNCHECKED)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="owned_pages",
    )
    review_interval = models.PositiveSmallIntegerField(
        "review interval (months)",
        default=36,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="A review is due after so many months.",
    )
    reviewed_by = models.CharField(
        max_length=200, blank=True, help_text="Name and role of the clinician who reviewed it."
    )
    reviewed_on = models.DateField(null=True, blank=True)
    # Written by the verbs only; no part of what the page says.
    review_due_on = models.DateField(null=True, editable=False, db_index=True)
    archived_at = models.DateTimeField(null=True, editable=False)
    tags = TaggableManager(
        through="causes.TaggedPage", blank=True, related_name="pages", help_text=""
    )

    class Meta:
        ordering = ["title"]
        indexes = [
            models.Index(name="page_by_title", fields=["title", "id"]),
            models.Index(Lower("title"), name="page_title_in_lower_case"),
        ]
        permissions = [
            ("publish_page", "Can publish and withdraw pages"),
            ("sign_off_page", "Can sign off pages as a clinical reviewer"),
            ("redact_page", "Can take out what patients once read"),
        ]
        constraints = [
            models.CheckConstraint(
                name="page_key_not_empty",
                condition=~Q(key=""),
                violation_error_message="Give the page a key.",
            ),
            models.CheckConstraint(
                name="page_kind_known",
                condition=Q(kind__in=Kind.values),
                violation_error_message="The kind must be one of the known kinds.",
            ),
            models.CheckConstraint(
                name="page_reviewer_and_date_together",
                condition=Q(reviewed_by="", reviewed_on__isnull=True)
                | (~Q(reviewed_by="") & Q(reviewed_on__isnull=False)),
                violation_error_message="Give the reviewer and the date of the review, or neither.",
            ),
            models.CheckConstraint(
                name="page_is_not_its_own_original",
                condition=Q(original__isnull=True) | ~Q(original=F("id")),
                violation_error_message="A page cannot be a translation of itself.",
            ),
            models.UniqueConstraint(
                name="page_one_translation_per_language",
                fields=["original", "language"],
                violation_error_message="This page already has a translation in this language.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.key

    def save(self, *args: object, **kwargs: object) -> None:
        self.kind = self.kind or self.KIND
        super().save(*args, **kwargs)

    def specific(self) -> Page:
        """The Symptom, Category, Condition or Information that this page is."""
        return self if type(self) is not Page else getattr(self, f"as_{self.kind}")

    def review_due(self) -> date | None:
        """The day by which the next review is due; None if the page was never reviewed."""
        return months_after(self.reviewed_on, self.review_interval)


def _part_of_page(kind: str) -> models.OneToOneField:
    """The link from a specific page to its Page; named so that no field of a page clashes."""
    return models.OneToOneField(
        Page,
        on_delete=models.CASCADE,
        parent_link=True,
        primary_key=True,
        related_name=f"as_{kind}",
    )


class Symptom(Page):
    """What a reader feels (schema.org MedicalSymptom)."""

    KIND = Kind.SYMPTOM

    page_ptr = _part_of_page("symptom")
    in_sentence = models.CharField(
        max_length=65, help_text='The symptom as it stands in a sentence: "leg numbness".'
    )

    class Meta:
        verbose_name = "symptom"


class Category(Page):
    """A group of causes of one symptom."""

    KIND = Kind.CATEGORY

    page_ptr = _part_of_page("category")
    symptom = models.ForeignKey(Symptom, on_delete=models.PROTECT, related_name="categories")
    order = models.PositiveSmallIntegerField(default=1)
    conditions = models.ManyToManyField(
        "Condition", through="Cause", related_name="categories", blank=True
    )

    class Meta:
        verbose_name = "group of causes"
        verbose_name_plural = "groups of causes"


class Condition(Page):
    """What may cause a symptom (schema.org MedicalCondition)."""

    KIND = Kind.CONDITION

    page_ptr = _part_of_page("condition")

    class Meta:
        verbose_name = "condition"


class Information(Page):
    """A page about the site itself."""

    KIND = Kind.INFORMATION

    page_ptr = _part_of_page("information")
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        verbose_name = "information page"


SPECIFIC_MODELS: dict[str, type[Page]] = {
    model.KIND: model for model in (Symptom, Category, Condition, Information)
}

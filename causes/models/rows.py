"""The rows of a page: its names, care cards, sections, causes, codes, links and citations.

Each has an anchor that stays the same while the text changes.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from causes.models.fields import LONGEST_NAME, LinesField, RichTextField, short_lines
from causes.models.natural_keys import NaturalKeyModel
from causes.models.pages import Category, Condition, Page
from causes.models.sources import Source


class Row(NaturalKeyModel):
    """A row of a page. ``anchor`` stays the same while the text changes."""

    natural_key_fields = ("page__key", "anchor")

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="%(class)ss")
    anchor = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField(default=1)

    class Meta:
        abstract = True
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                name="%(class)s_anchor_unique_per_page",
                fields=["page", "anchor"],
                violation_error_message="Another row of this page has this anchor.",
            ),
            models.CheckConstraint(
                name="%(class)s_anchor_not_empty",
                condition=~Q(anchor=""),
                violation_error_message="Give the row an anchor.",
            ),
        ]

    def __str__(self) -> str:
        return self.anchor


class AlternateName(Row):
    """Another name for what the page is about (schema.org alternateName)."""

    class Kind(models.TextChoices):
        ALSO_CALLED = "also_called", "Also called (shown on the page)"
        SEE_REFERENCE = "see_reference", "See reference (A to Z)"
        LAY = "lay", "Words that readers use"
        ABBREVIATION = "abbreviation", "Abbreviation"
        SPELLING = "spelling", "Other spelling"

    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ALSO_CALLED)
    name = models.CharField(max_length=LONGEST_NAME)

    class Meta(Row.Meta):
        indexes = [models.Index(Lower("name"), name="alternate_name_in_lower_case")]

    def __str__(self) -> str:
        return self.name


class CareCard(Row):
    """When to get help. The site prints "Call … now if:"; each item goes on from there."""

    class Level(models.TextChoices):
        EMERGENCY = "emergency", "Emergency: call now"
        URGENT = "urgent", "Urgent: appointment"
        NON_URGENT = "non_urgent", "Non-urgent: see a doctor"

    level = models.CharField(max_length=20, choices=Level)
    heading = models.CharField(max_length=65, blank=True, help_text="The card's topic, if any.")
    items = LinesField(help_text="One a line. Each goes on from “Call … now if:”.")
    phrases = LinesField(
        blank=True,
        validators=[short_lines],
        help_text="Words in a search that bring this card first. One a line.",
    )
    citations = models.ManyToManyField(Source, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.heading or self.get_level_display()


class Section(Row):
    """A part of the page under a heading of its own."""

    class Aspect(models.TextChoices):
        """schema.org's HealthAspectEnumeration, as far as our pages use it."""

        OVERVIEW = "overview", "Overview"
        SYMPTOMS = "symptoms", "Symptoms"
        CAUSES = "causes", "Causes"
        TYPES = "types", "Types"
        RISKS = "risks", "Risks or complications"
        SEE_DOCTOR = "see_doctor", "Seeing a doctor"
        DIAGNOSIS = "diagnosis", "Tests and diagnosis"
        TREATMENT = "treatment", "Treatment"
        SELF_CARE = "self_care", "Self-care"
        LIVING_WITH = "living_with", "Living with it"
        PREVENTION = "prevention", "Prevention"
        PROGNOSIS = "prognosis", "Outlook"

    aspect = models.CharField(max_length=20, choices=Aspect, default=Aspect.OVERVIEW)
    heading = models.CharField(max_length=100, help_text="In sentence case, not a question.")
    body = RichTextField()
    safety = models.BooleanField(
        default=False, help_text="A reader's safety depends on this section."
    )
    citations = models.ManyToManyField(Source, blank=True, related_name="+")

    def __str__(self) -> str:
        return self.heading


class SourceStatement(Row):
    """A sentence of the source article, and what the page does differently, if anything."""

    text = models.TextField(help_text="The original sentence, word for word.")
    change = models.TextField(
        blank=True, help_text="What we changed and why, for readers. Empty if nothing."
    )

    def __str__(self) -> str:
        return self.anchor.upper()


class MedicalCode(Row):
    """A code of the condition in a classification (schema.org MedicalCode)."""

    system = models.CharField(max_length=30, default="ICD-10-CM")
    code = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.system} {self.code}"


class RelatedLink(Row):
    """A page that readers of this one may want next."""

    target = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="related_from")

    def __str__(self) -> str:
        return str(self.target)


class Citation(Row):
    """A source for the page as a whole, such as further reading."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="citations")
    note = models.CharField(max_length=100, blank=True)

    def __str__(self) -> str:
        return str(self.source)


class Cause(NaturalKeyModel):
    """The link from a group to a condition: how it causes the symptom, how it differs."""

    natural_key_fields = ("category__key", "anchor")

    class Relation(models.TextChoices):
        DIRECT = "direct", "Direct cause"
        UNDERLYING = "underlying", "Can lead to it"
        UMBRELLA = "umbrella", "A name for several causes"
        EMERGENCY = "emergency", "Emergency"
        NOT_A_CAUSE_HERE = "not_a_cause_here", "Not usually a cause"

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="causes")
    condition = models.ForeignKey(Condition, on_delete=models.PROTECT, related_name="causes")
    anchor = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField(default=1)
    relation = models.CharField(max_length=20, choices=Relation, default=Relation.DIRECT)
    how = RichTextField(blank=True, help_text="How it causes the symptom.")
    differs = RichTextField(blank=True, help_text="What sets it apart from the other causes.")
    phrase = models.CharField(
        "source phrase", max_length=200, blank=True, help_text="The source article's own words."
    )
    note = models.TextField("editor's note", blank=True, help_text="Never shown to readers.")
    citations = models.ManyToManyField(Source, blank=True, related_name="+")

    class Meta:
        ordering = ["order", "id"]
        constraints = [
            models.UniqueConstraint(
                name="cause_anchor_unique_per_category",
                fields=["category", "anchor"],
                violation_error_message="Another cause of this group has this anchor.",
            ),
            models.UniqueConstraint(
                name="cause_condition_once_per_category",
                fields=["category", "condition"],
                violation_error_message="This group already has this condition.",
            ),
            models.CheckConstraint(
                name="cause_anchor_not_empty",
                condition=~Q(anchor=""),
                violation_error_message="Give the cause an anchor.",
            ),
            models.CheckConstraint(
                name="cause_relation_known",
                condition=Q(
                    relation__in=[
                        "direct",
                        "underlying",
                        "umbrella",
                        "emergency",
                        "not_a_cause_here",
                    ]
                ),
                violation_error_message="The relation must be one of the known ones.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.condition)

"""The working copy: pages and their rows, which editors change and the public never reads.

Names follow schema.org (MedicalWebPage, MedicalSymptom, MedicalCondition,
HealthAspectEnumeration) and the NHS content model.
"""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from taggit.managers import TaggableManager

from causes.models.fields import LinesField, RichTextField


class Kind(models.TextChoices):
    SYMPTOM = "symptom", "Symptom"
    CATEGORY = "category", "Group of causes"
    CONDITION = "condition", "Condition"
    INFORMATION = "information", "Information"


def default_language() -> str:
    return settings.LANGUAGE_CODE


class PageQuerySet(models.QuerySet):
    def get_by_natural_key(self, key: str) -> Page:
        return self.get(key=key)


class Page(models.Model):
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
        "review interval (months)", default=36, help_text="A review is due after so many months."
    )
    reviewed_by = models.CharField(
        max_length=200, blank=True, help_text="Name and role of the clinician who reviewed it."
    )
    reviewed_on = models.DateField(null=True, blank=True)
    tags = TaggableManager(
        through="causes.TaggedPage", blank=True, related_name="pages", help_text=""
    )

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        permissions = [
            ("publish_page", "Can publish and withdraw pages"),
            ("sign_off_page", "Can sign off pages as a clinical reviewer"),
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

    def natural_key(self) -> tuple[str]:
        return (self.key,)

    def specific(self) -> Page:
        """The Symptom, Category, Condition or Information that this page is."""
        return self if type(self) is not Page else getattr(self, f"as_{self.kind}")

    def review_due(self) -> date | None:
        """The day by which the next review is due; None if the page was never reviewed."""
        if self.reviewed_on is None:
            return None
        years, month = divmod(self.reviewed_on.month - 1 + self.review_interval, 12)
        return date(self.reviewed_on.year + years, month + 1, min(self.reviewed_on.day, 28))


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

    objects = PageQuerySet.as_manager()

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

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = "group of causes"
        verbose_name_plural = "groups of causes"


class Condition(Page):
    """What may cause a symptom (schema.org MedicalCondition)."""

    KIND = Kind.CONDITION

    page_ptr = _part_of_page("condition")
    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = "condition"


class Information(Page):
    """A page about the site itself."""

    KIND = Kind.INFORMATION

    page_ptr = _part_of_page("information")
    order = models.PositiveSmallIntegerField(default=1)

    objects = PageQuerySet.as_manager()

    class Meta:
        verbose_name = "information page"


SPECIFIC_MODELS: dict[str, type[Page]] = {
    model.KIND: model for model in (Symptom, Category, Condition, Information)
}


class SourceQuerySet(models.QuerySet):
    def get_by_natural_key(self, key: str) -> Source:
        return self.get(key=key)


class Source(models.Model):
    """A publication that pages cite. ``checked`` says how far we have read it."""

    class Checked(models.TextChoices):
        TEXT = "text", "Text read"
        ADDRESS = "address", "Address only: further reading"

    key = models.SlugField(max_length=100, unique=True)
    publisher = models.CharField(max_length=100)
    title = models.CharField(max_length=200)
    url = models.URLField("address", max_length=500)
    licence = models.CharField(max_length=100, blank=True)
    checked = models.CharField(max_length=10, choices=Checked, default=Checked.ADDRESS)
    last_reviewed = models.CharField(
        max_length=100, blank=True, help_text="As the publisher states it."
    )
    supports = models.CharField(
        max_length=200, blank=True, help_text="What it supports. For editors."
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["publisher", "title"]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"

    def natural_key(self) -> tuple[str]:
        return (self.key,)


class RowQuerySet(models.QuerySet):
    def get_by_natural_key(self, page_key: str, anchor: str) -> Row:
        return self.get(page__key=page_key, anchor=anchor)


class Row(models.Model):
    """A row of a page. ``anchor`` stays the same while the text changes."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="%(class)ss")
    anchor = models.SlugField(max_length=60)
    order = models.PositiveSmallIntegerField(default=1)

    objects = RowQuerySet.as_manager()

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

    def natural_key(self) -> tuple[str, str]:
        return (self.page.key, self.anchor)

    natural_key.dependencies = ["causes.page"]


class AlternateName(Row):
    """Another name for what the page is about (schema.org alternateName)."""

    class Kind(models.TextChoices):
        ALSO_CALLED = "also_called", "Also called (shown on the page)"
        SEE_REFERENCE = "see_reference", "See reference (A to Z)"
        LAY = "lay", "Words that readers use"
        ABBREVIATION = "abbreviation", "Abbreviation"
        SPELLING = "spelling", "Other spelling"

    kind = models.CharField(max_length=20, choices=Kind, default=Kind.ALSO_CALLED)
    name = models.CharField(max_length=100)

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


class CauseQuerySet(models.QuerySet):
    def get_by_natural_key(self, category_key: str, anchor: str) -> Cause:
        return self.get(category__key=category_key, anchor=anchor)


class Cause(models.Model):
    """The link from a group to a condition: how it causes the symptom, how it differs."""

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

    objects = CauseQuerySet.as_manager()

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

    def natural_key(self) -> tuple[str, str]:
        return (self.category.key, self.anchor)

    natural_key.dependencies = ["causes.category"]

"""Tags by facet, their aliases, and which page or edition carries which."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from taggit.models import ItemBase, TagBase

from causes.models.natural_keys import NaturalKeyModel, NaturalKeyQuerySet


class Facet(models.TextChoices):
    """The question that a tag answers."""

    WHERE = "where", "Where is it?"
    ONSET = "onset", "How did it start?"
    WITH = "with", "What comes with it?"
    SYSTEM = "system", "Which part of the body is behind it?"
    LINKED_TO = "linked-to", "What is it linked to?"


# The areas of the picture of the legs, by the tag that each stands for. The picture is drawn in
# templates/components/legs*.html and knows tags by these addresses, so they never change.
DRAWN_TAGS = {
    "below-a-level": "below",
    "saddle-area": "saddle",
    "outer-thigh": "thigh",
    "one-leg": "one",
    "both-legs": "both",
    "one-side-of-body": "side",
    "foot": "foot",
}


class TagQuerySet(NaturalKeyQuerySet):
    def named(self, slugs: Collection[str]) -> TagQuerySet:
        """The tags with these addresses, and those behind the aliases among them."""
        return self.filter(Q(slug__in=slugs) | Q(aliases__slug__in=slugs)).distinct()

    def get_by_natural_key(self, *values: str) -> Tag:
        """The tag of that slug, or the one that an alias leads to: fixtures and documents may be
        older than a merge. Raises DoesNotExist."""
        [slug] = values
        return self.filter(slug=slug).first() or self.get(aliases__slug=slug)


class Tag(NaturalKeyModel, TagBase):
    """A word that readers narrow by. Urgency is never a tag: safety depends on care cards."""

    natural_key_fields = ("slug",)

    facet = models.CharField(max_length=20, choices=Facet, blank=True)
    description = models.CharField(
        max_length=200, blank=True, help_text="A plain definition, one sentence."
    )
    order = models.PositiveSmallIntegerField(default=1, help_text="Its place in its facet.")

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["facet", "order", "name"]
        constraints = [
            models.CheckConstraint(
                name="tag_slug_not_empty",
                condition=~Q(slug=""),
                violation_error_message="Give the tag an address.",
            )
        ]

    def clean(self) -> None:
        if TagAlias.objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": "This is already another name of a tag."})


class TagAlias(NaturalKeyModel):
    """Another name of a tag: found in the picker, and its address leads to the tag."""

    natural_key_fields = ("slug",)

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, unique=True)

    class Meta:
        verbose_name_plural = "tag aliases"
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="tag_alias_slug_not_empty",
                condition=~Q(slug=""),
                violation_error_message="Give the alias an address.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if Tag.objects.filter(slug=self.slug).exists():
            raise ValidationError({"slug": "A tag has this address already."})


class TaggedPage(NaturalKeyModel, ItemBase):
    """Which tags the working copy of a page carries."""

    natural_key_fields = ("content_object__key", "tag__slug")

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="tagged_pages")
    content_object = models.ForeignKey(
        "causes.Page", on_delete=models.CASCADE, related_name="tagged"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tagged_page_once",
                fields=["content_object", "tag"],
                violation_error_message="The page has this tag already.",
            )
        ]


class TaggedEdition(models.Model):
    """Which tags an edition is found by. Follows renames and merges; its text does not."""

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="tagged_editions")
    edition = models.ForeignKey("causes.Edition", on_delete=models.CASCADE, related_name="tagged")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="tagged_edition_once",
                fields=["edition", "tag"],
                violation_error_message="The edition has this tag already.",
            )
        ]

    def __str__(self) -> str:
        return str(self.tag)

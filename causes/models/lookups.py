"""What look-ups read: names and phrases of editions, addresses, and the content version."""

from django.db import models
from django.db.models import Q

from causes.models.fields import LONGEST_NAME, LONGEST_PHRASE
from causes.models.history import Edition
from causes.models.pages import Page


class EditionName(models.Model):
    """A name that an edition is found by in the A to Z and in search: its title or another."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="names")
    name = models.CharField(max_length=LONGEST_NAME)
    is_title = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="edition_name_once", fields=["edition", "name"])
        ]

    def __str__(self) -> str:
        return self.name


class EditionPhrase(models.Model):
    """Words in a search that bring one of the edition's care cards before the results."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="phrases")
    card = models.CharField(max_length=60, help_text="The card's anchor.")
    phrase = models.CharField(max_length=LONGEST_PHRASE)

    class Meta:
        ordering = ["phrase"]
        constraints = [
            models.UniqueConstraint(
                name="edition_phrase_once", fields=["edition", "card", "phrase"]
            )
        ]

    def __str__(self) -> str:
        return self.phrase


class Address(models.Model):
    """A public path. Once published it belongs to its page for good."""

    path = models.CharField(max_length=300, unique=True)
    page = models.ForeignKey(Page, on_delete=models.PROTECT, related_name="addresses")

    class Meta:
        verbose_name_plural = "addresses"
        constraints = [
            models.CheckConstraint(
                name="address_path_is_absolute",
                condition=Q(path__startswith="/", path__endswith="/"),
            )
        ]

    def __str__(self) -> str:
        return self.path


class ContentVersion(models.Model):
    """One row: a counter that every change of what the public sees raises.

    ``rewritten`` is its number at the last change that was more than an edition that begins or
    ends: of a tag, or of the text of an edition (a redaction).
    """

    number = models.PositiveBigIntegerField(default=0)
    rewritten = models.PositiveBigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.CheckConstraint(name="content_version_is_one_row", condition=Q(id=1))]

    def __str__(self) -> str:
        return str(self.number)

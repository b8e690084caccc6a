"""The publications that pages cite, shared by all pages."""

from __future__ import annotations

from django.db import models

from causes.models.natural_keys import NaturalKeyModel


class Source(NaturalKeyModel):
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

    class Meta:
        ordering = ["publisher", "title"]

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}"

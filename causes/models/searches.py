"""What readers looked for in vain: words and a count, nothing of who or when to the hour."""

from django.db import models


class MissedSearch(models.Model):
    """Words that found nothing, and how often. Kept only where LEARN_FROM_SEARCHES says so."""

    words = models.CharField(max_length=100, unique=True)
    count = models.PositiveIntegerField(default=0)
    last_seen = models.DateField()

    class Meta:
        verbose_name = "search that found nothing"
        verbose_name_plural = "searches that found nothing"
        ordering = ["-count", "words"]

    def __str__(self) -> str:
        return self.words

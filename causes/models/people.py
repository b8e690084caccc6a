"""What is kept of people beside their accounts."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Invitation(models.Model):
    """The newest link by which a person sets their first password. A newer one ends the one before.

    The link itself is signed and not kept: `causes.people.links`.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitation"
    )
    sent_at = models.DateTimeField(default=timezone.now)
    by_name = models.CharField(max_length=200)
    accepted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person} invited by {self.by_name}"

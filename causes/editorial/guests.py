"""Guests' links: the signed address of one, whose it is, and how often it may be used."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from causes.models import ReviewLink

SALT = "causes.review"
# For one person with one page that is far more than reading takes.
MOST_USES, WINDOW = 60, timedelta(minutes=10)


def address_of(link: ReviewLink) -> str:
    """The address to send. It is a key: whoever has it can answer."""
    return settings.SITE_URL + reverse("review", args=[signing.dumps(link.pk, salt=SALT)])


def link_of(token: str) -> ReviewLink | None:
    """The link that the token was signed for, open or not; None for what we have not signed."""
    try:
        number = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return ReviewLink.objects.select_related("revision__page").filter(pk=number).first()


def count_use(link: ReviewLink) -> bool:
    """Whether the link may be used once more now; counted in the database, for all processes."""
    now, this = timezone.now(), ReviewLink.objects.filter(pk=link.pk)
    is_over = Q(counted_from__isnull=True) | Q(counted_from__lte=now - WINDOW)
    if this.filter(is_over).update(counted_from=now, uses=1):
        return True
    return bool(this.filter(uses__lt=MOST_USES).update(uses=F("uses") + 1))

"""Learns which words find nothing, without watching readers. Off unless LEARN_FROM_SEARCHES.

Only short questions count, without digits and addresses. They are added up in memory, in bounds,
and written at most once a minute, outside of any request. Who asked, and at what hour, is never
known; what a process has not written when it ends is lost.
"""

import logging
import re
import threading
from collections import Counter
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from causes.models import MissedSearch

MOST_WORDS = 4
LONGEST = MissedSearch._meta.get_field("words").max_length // 2  # lower case may be longer
SHOWN_FROM = 5
KEPT_FOR = timedelta(days=90)
WRITTEN_EVERY = 60  # seconds
MOST_IN_MEMORY = 1000
MOST_ROWS = 20_000  # nobody reads more; junk cannot fill the disk

_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*|\S+\.[a-z]{2,}(?:/\S*)?(?=\s|$)", re.IGNORECASE)
_WORD = re.compile(r"\w[\w'’-]*")

_log = logging.getLogger(__name__)
_lock = threading.Lock()
_counts: Counter[str] = Counter()


def note(question: str) -> None:
    """Count a question that found nothing, if readers' searches may be learned from."""
    if not settings.LEARN_FROM_SEARCHES or not (words := kept_words(question)):
        return
    with _lock:
        if words not in _counts and len(_counts) >= MOST_IN_MEMORY:
            return
        is_first = not _counts
        _counts[words] += 1
    if is_first:
        writer = threading.Timer(WRITTEN_EVERY, _write_and_close)
        writer.daemon = True
        writer.start()


def kept_words(question: str) -> str:
    """What may be kept of a question: its words in lower case; "" if it is long or says who."""
    if len(question) > LONGEST:
        return ""
    words = _WORD.findall(_ADDRESS.sub(" 0 ", question).casefold())
    if len(words) > MOST_WORDS:
        return ""
    return " ".join(word for word in words if not any(c.isdigit() for c in word))


def write() -> None:
    """Add what was counted to the database, and drop what nobody has looked for since long."""
    global _counts
    with _lock:
        counts, _counts = _counts, Counter()
    today = timezone.localdate()
    with transaction.atomic():
        MissedSearch.objects.filter(last_seen__lt=today - KEPT_FOR).delete()
        known = set(MissedSearch.objects.filter(words__in=counts).values_list("words", flat=True))
        room = max(0, MOST_ROWS - MissedSearch.objects.count())
        new = [words for words in counts if words not in known][:room]
        MissedSearch.objects.bulk_create(
            [MissedSearch(words=words, last_seen=today) for words in new],
            ignore_conflicts=True,  # another process may add the same words at this moment
        )
        for words, count in counts.items():
            rows = MissedSearch.objects.filter(words=words)
            rows.update(count=F("count") + count, last_seen=today)


def _write_and_close() -> None:
    """In a thread of its own: what cannot be written is lost, and readers notice nothing."""
    try:
        write()
    except DatabaseError:
        _log.warning("What readers looked for in vain could not be written.", exc_info=True)
    finally:
        connection.close()

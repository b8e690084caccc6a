"""The queries for what a page said before. Each sees only editions that have started."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from causes.models import Edition
from causes.public.comparison import Comparison, compare
from causes.public.dates import ONE_DAY, end_of, start_of
from causes.public.reading import once_published

TICK = timedelta(microseconds=1)


def started(path: str, at: datetime) -> QuerySet[Edition]:
    """What patients have seen, until ``at``, of the page that they could read at the address."""
    owner = once_published(path, at).values("page_id")
    return Edition.objects.filter(page_id__in=owner, live_from__lte=at).order_by("live_from")


@dataclass(frozen=True)
class Day:
    """A page on one day. ``editions``: those that patients saw on it, in order.

    ``newest`` is the last edition until now; ``warnings`` are editions that were taken off the
    site because readers could come to harm, from the one of that day on.
    """

    day: date
    editions: list[Edition]
    newest: Edition
    warnings: list[Edition]
    now: datetime

    @property
    def edition(self) -> Edition | None:
        """The last one of the day: what its evening said."""
        return self.editions[-1] if self.editions else None

    @property
    def moment(self) -> datetime:
        """The last moment of the day at which its last edition was live."""
        until = self.edition.live_until if self.edition else None
        ends = [end_of(self.day) - TICK, self.now, *([until - TICK] if until else [])]
        return min(ends)

    @property
    def ended_that_day(self) -> bool:
        """Whether the page was off the site by the evening."""
        until = self.edition.live_until if self.edition else None
        return until is not None and until < min(end_of(self.day), self.now)


def page_on(path: str, day: date, at: datetime) -> Day | None:
    """The page at the address on that day; None if there has never been one. One query."""
    seen = started(path, at)
    that_day = Q(live_from__lt=end_of(day)) & (
        Q(live_until__isnull=True) | Q(live_until__gt=start_of(day))
    )
    newest = seen.order_by("-live_from").values("pk")[:1]
    found = list(seen.filter(that_day | Q(pk__in=newest) | ~Q(safety_warning="")))
    if not found:
        return None
    editions = [e for e in found if _overlaps(e, start_of(day), end_of(day))]
    since = editions[-1].live_from if editions else at
    off = [e for e in found if e.safety_warning and e.live_until and e.live_until <= at]
    return Day(day, editions, found[-1], [e for e in off if e.live_from >= since], at)


def _overlaps(edition: Edition, start: datetime, end: datetime) -> bool:
    return edition.live_from < end and (edition.live_until is None or edition.live_until > start)


def first_day(path: str, at: datetime) -> date:
    """The day on which the page was first published. One query."""
    return timezone.localdate(started(path, at).values_list("live_from", flat=True)[0])


@dataclass(frozen=True)
class Change:
    """An edition beside the one before it, as the list of changes shows it."""

    edition: Edition
    before: Edition | None
    after: Edition | None
    at: datetime

    @property
    def is_first(self) -> bool:
        return self.before is None

    @property
    def has_moved(self) -> bool:
        return self.before is not None and self.before.path != self.edition.path

    @property
    def is_mere_move(self) -> bool:
        return self.has_moved and self.before.digest == self.edition.digest

    @property
    def is_back(self) -> bool:
        """Whether the page was off the site before."""
        return self.before is not None and self.before.live_until != self.edition.live_from

    @property
    def ended_at(self) -> datetime | None:
        """When patients saw it last, if that is past: what is scheduled is nobody's yet."""
        until = self.edition.live_until
        return until if until is not None and until <= self.at else None

    @property
    def taken_off_at(self) -> datetime | None:
        """When the page went off the site after this edition, if it did."""
        went_on = self.after is not None and self.after.live_from == self.ended_at
        return None if went_on else self.ended_at

    @property
    def day(self) -> date | None:
        """The last day on whose evening this was the page; None if another came the same day."""
        begin, end = self.edition.live_from, self.ended_at or self.at
        if self.ended_at and timezone.localdate(begin) == timezone.localdate(end):
            return timezone.localdate(end) if self.taken_off_at else None
        return timezone.localdate(max(begin, end - ONE_DAY) if self.ended_at else end)

    @property
    def what(self) -> str:
        """What kind of change it is, in words."""
        if self.is_first:
            return "First published"
        if self.edition.change:
            return self.edition.get_change_display()
        if self.is_mere_move:
            return "Address changed"
        return "Published again" if self.is_back else "Changed"

    @property
    def redacted(self) -> list[Edition]:
        """Those of the two whose text was taken out."""
        return [e for e in (self.before, self.edition) if e is not None and e.redacted_at]

    @property
    def comparison(self) -> Comparison | None:
        """The words that changed; None where nothing came before or a text was taken out."""
        if self.is_first or self.is_mere_move or self.redacted:
            return None
        return compare(self.before.body, self.edition.body)


def changes(path: str, at: datetime, start: int, number: int) -> list[Change]:
    """``number`` changes of the page, newest first, from the ``start``-th on. One query."""
    newest_first = started(path, at).order_by("-live_from")
    newest_first = newest_first.annotate(
        newest_path=Subquery(newest_first.values("path")[:1]),
        newest_title=Subquery(newest_first.values("title")[:1]),
    )
    skipped = 1 if start else 0  # the edition after the first of them
    editions = list(newest_first[start - skipped : start + number + 1])
    neighbors = [*([] if skipped else [None]), *editions, None]
    found = [
        Change(edition, before, after, at)
        for after, edition, before in zip(neighbors, neighbors[1:], neighbors[2:], strict=False)
        if edition is not None
    ]
    return found[:number]


def changes_in_advice(at: datetime, most: int) -> QuerySet[Edition]:
    """New pages and changed advice on pages that are live, newest first; not wording and moves.

    One query. A change without a kind counts where the text differs from the edition before.
    ``digest_before`` is empty for a new page; the names are those of today.
    """
    same_page = Edition.objects.filter(page_id=OuterRef("page_id"))
    before = same_page.filter(live_from__lt=OuterRef("live_from")).order_by("-live_from")
    live = same_page.live(at).order_by()
    same_text = Q(change="", digest=F("digest_before"))
    return (
        Edition.objects.filter(live_from__lte=at, redacted_at=None)
        .exclude(change=Edition.Change.WORDING)
        .exclude(change=Edition.Change.REVIEW)
        .annotate(
            digest_before=Coalesce(Subquery(before.values("digest")[:1]), Value("")),
            live_path=Subquery(live.values("path")[:1]),
            live_title=Subquery(live.values("title")[:1]),
            live_summary=Subquery(live.values("summary")[:1]),
        )
        .filter(~same_text, live_path__isnull=False)
        .defer("body")
        .order_by("-live_from", "-pk")[:most]
    )


def taken_off_for_safety(at: datetime, most: int) -> QuerySet[Edition]:
    """Pages that were taken off because readers could come to harm, the last first. One query."""
    off = Edition.objects.exclude(safety_warning="").filter(live_until__lte=at)
    # Their ids first: for these alone an index holds all that is asked, and so is chosen.
    newest = off.order_by("-live_until").values("pk")[:most]
    return Edition.objects.filter(pk__in=newest).defer("body").order_by("-live_until", "-pk")

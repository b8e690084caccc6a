"""Days in the site's time zone: when they begin and end, and how they are written."""

import re
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format, get_format

EARLIEST = date(1970, 1, 1)  # before it there was nothing to read
ONE_DAY = timedelta(days=1)


def start_of(day: date) -> datetime:
    """The midnight with which the day begins."""
    return timezone.make_aware(datetime.combine(max(day, EARLIEST), time.min))


def end_of(day: date) -> datetime:
    """The midnight with which the next day begins."""
    return start_of(max(day, EARLIEST) + ONE_DAY)


def in_words(day: date | str | None) -> str:
    """A day as "November 23, 2026". Takes ISO text too; "" for what is no date."""
    if isinstance(day, str):
        day = parse_date(day)
    # English has the month's short name in its usual formats ("N", in Britain "M").
    return date_format(day, re.sub("[NM]", "F", get_format("DATE_FORMAT"))) if day else ""

"""Dates in words, as the site's language writes them."""

import re
from datetime import date

from django.utils.dateparse import parse_date
from django.utils.formats import date_format, get_format


def in_words(day: date | str | None) -> str:
    """A day as "November 23, 2026". Takes ISO text too; "" for what is no date."""
    if isinstance(day, str):
        day = parse_date(day)
    # English has the month's short name in its usual formats ("N", in Britain "M").
    return date_format(day, re.sub("[NM]", "F", get_format("DATE_FORMAT"))) if day else ""

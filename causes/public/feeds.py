"""The Atom feed of changes in advice: new pages, corrections, new evidence, pages taken off.

Changes of wording, reviews without a change and new addresses are left out.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, get_tag_uri
from django.utils.html import escape

from causes.models import Edition
from causes.public import clock, past
from causes.public.site import absolute

MOST_ENTRIES = 50
NOT_IN_XML = dict.fromkeys(
    [*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF]
)


@dataclass(frozen=True)
class Entry:
    """One change: of which page, of what kind, the edition that it brought or ended, when."""

    title: str
    what: str
    path: str
    edition: Edition
    at: datetime
    text: str


def entries(at: datetime) -> list[Entry]:
    """The newest changes in advice, the last first. Two queries."""
    changed = [
        Entry(e.live_title, _what(e), e.live_path, e, e.live_from, e.note or e.live_summary)
        for e in past.changes_in_advice(at, MOST_ENTRIES)
    ]
    off = [
        Entry(e.title, "Taken off the site", e.path, e, e.live_until, e.safety_warning)
        for e in past.taken_off_for_safety(at, MOST_ENTRIES)
    ]
    return sorted([*changed, *off], key=lambda entry: entry.at, reverse=True)[:MOST_ENTRIES]


def _what(edition: Edition) -> str:
    if not edition.digest_before:
        return "New page"
    return edition.get_change_display() or "Changed"


def _for_xml(text: str) -> str:
    """Without the characters that no XML may hold."""
    return text.translate(NOT_IN_XML)


class ChangesInAdvice(Feed):
    """`/changes.atom` (RFC 4287). Addresses are under SITE_URL, whatever host was asked."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return f"{settings.SITE_NAME}: changes in advice"

    def subtitle(self) -> str:
        return "New pages, corrections, new evidence, and pages that were taken off the site."

    def author_name(self) -> str:
        return settings.SITE_NAME

    def link(self) -> str:
        return absolute("/")

    def feed_url(self) -> str:
        return absolute(reverse("changes"))

    def get_object(self, request: HttpRequest) -> None:
        return None

    def items(self) -> list[Entry]:
        return entries(clock.now())

    def item_title(self, item: Entry) -> str:
        return _for_xml(f"{item.title}: {item.what}")

    def item_description(self, item: Entry) -> str:
        return escape(_for_xml(item.text))

    def item_link(self, item: Entry) -> str:
        return absolute(f"{item.path}history/#edition-{item.edition.number}")

    def item_guid(self, item: Entry) -> str:
        """The same for good, also when the page moves."""
        edition = item.edition
        verb = "ended" if item.at == edition.live_until else "began"
        return get_tag_uri(absolute(f"/{edition.key}/{edition.number}/{verb}"), edition.live_from)

    def item_pubdate(self, item: Entry) -> datetime:
        return item.at

    item_updateddate = item_pubdate

"""What a finding is, and what the rules need to know of the rest of the site."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Any

from causes.editorial.readability import Terms
from causes.models import Kind
from causes.models.text import look_alike

Document = dict[str, Any]
PATIENT_KINDS = {Kind.SYMPTOM, Kind.CATEGORY, Kind.CONDITION}


class Level(StrEnum):
    """An error endangers a reader and stops publishing; a hint does not."""

    ERROR = "error"
    HINT = "hint"


@dataclass(frozen=True)
class Finding:
    """One sentence that says what to do, and where: a field of the page, or of one of its rows.

    ``rows`` names the list in the document, ``anchor`` the row there; both are empty for the
    page's own fields, and ``anchor`` where the list as a whole is meant.
    """

    level: Level
    text: str
    field: str = ""
    rows: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class OtherPage:
    """What the rules ask of a page beside the one that they look at."""

    key: str
    kind: str
    title: str
    slug: str
    language: str = "en-us"
    symptom: str = ""  # the key of a group's symptom: its address begins with the symptom's
    is_live: bool = False
    is_archived: bool = False


@dataclass(frozen=True)
class Context:
    """The rest of the site. Empty, as by default, it makes no rule complain of what it lacks."""

    today: date | None = None
    pages: Mapping[str, OtherPage] | None = None  # by key
    known: Terms = field(default_factory=Terms)  # names of conditions
    sources: Mapping[str, str] = field(default_factory=dict)  # how far each was checked, by key
    facets: Mapping[str, str] = field(default_factory=dict)  # by the tag's slug
    linked: Collection[str] | None = None  # keys of the pages to which another leads

    @cached_property
    def titles(self) -> dict[tuple[str, str, str], list[str]]:
        """The keys of the pages of one kind and language whose titles nobody can tell apart."""
        found = defaultdict(list)
        for page in (self.pages or {}).values():
            found[page.kind, page.language, look_alike(page.title)].append(page.key)
        return found

    @cached_property
    def addresses(self) -> dict[tuple[str, str, str, str], list[str]]:
        """The keys of the pages that would stand at one address."""
        found = defaultdict(list)
        for page in (self.pages or {}).values():
            found[page.kind, page.language, page.symptom, page.slug].append(page.key)
        return found


Findings = Iterator[Finding]


def error(text: str, field: str = "", rows: str = "", anchor: str = "") -> Finding:
    return Finding(Level.ERROR, text, field, rows, anchor)


def hint(text: str, field: str = "", rows: str = "", anchor: str = "") -> Finding:
    return Finding(Level.HINT, text, field, rows, anchor)

"""Anchors of rows: short, from the row's own words, unique on the page and for the public page.

A section's anchor is the id of its heading there. The other rows have a prefix before theirs.
"""

from collections.abc import Iterable

from django.utils.text import slugify

from causes.editorial.documents import owner_field, row_lists
from causes.models import Kind, Page

LONGEST = 50
# Ids that the templates use themselves, as a whole or as a beginning.
RESERVED = {
    *("main", "header-search", "search", "results", "narrow", "conditions", "letters"),
    *("on-this-page", "get-help", "questions", "group", "other-groups", "appears"),
    *("changes", "sources", "words-you-search-for", "review-changes", "review-answer"),
}
RESERVED_ON = {Kind.SYMPTOM: {"causes"}}
RESERVED_PREFIXES = (
    *("answer-", "card-", "cause-", "edition-", "group-"),
    *("legs-", "letter-", "source-", "id_"),
)


def is_reserved(anchor: str, kind: str) -> bool:
    """Whether a section with this anchor would share an id with another part of its page."""
    taken = RESERVED | RESERVED_ON.get(kind, set())
    return anchor in taken or anchor.startswith(RESERVED_PREFIXES)


def reserved_anchors(kind: str, sections: Iterable[dict[str, str]]) -> list[str]:
    """Those of the sections' anchors that the page uses itself."""
    return [section["anchor"] for section in sections if is_reserved(section["anchor"], kind)]


def new_anchor(page: Page, words: str) -> str:
    """An anchor made of ``words`` that no row of the page has yet, of whatever kind."""
    taken = {
        anchor
        for _, row_model in row_lists(page.kind)
        for anchor in row_model.objects.filter(**{owner_field(row_model): page.pk}).values_list(
            "anchor", flat=True
        )
    }
    base = slugify(words)[:LONGEST].strip("-") or "row"
    if base.startswith(RESERVED_PREFIXES):
        base = f"on-{base}"[:LONGEST]
    anchor, number = base, 1
    while anchor in taken or is_reserved(anchor, page.kind):
        number += 1
        anchor = f"{base}-{number}"
    return anchor

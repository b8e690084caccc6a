"""Anchors of new rows: short, from the row's own words, unique on the page."""

from django.utils.text import slugify

from causes.editorial.documents import owner_field, row_lists
from causes.models import Page

LONGEST = 50
# Ids that the templates use themselves.
RESERVED = {
    *("main", "narrow", "causes", "conditions", "results"),
    *("get-help", "sources", "search", "header-search"),
}


def new_anchor(page: Page, words: str) -> str:
    """An anchor made of ``words`` that no row of the page has yet, of whatever kind."""
    taken = RESERVED | {
        anchor
        for _, row_model in row_lists(page.kind)
        for anchor in row_model.objects.filter(**{owner_field(row_model): page.pk}).values_list(
            "anchor", flat=True
        )
    }
    base = slugify(words)[:LONGEST].strip("-") or "row"
    anchor, number = base, 1
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    return anchor

"""Hints on a page among the others: same titles, links that lead nowhere, reviews that are due."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.dateparse import parse_date
from django.utils.formats import date_format

from causes.editorial.quality.findings import Context, Document, Finding, OtherPage, hint
from causes.editorial.quality.texts import texts
from causes.models import Kind, months_after
from causes.models.fields import page_keys
from causes.models.text import look_alike

LINKING_ROWS = (("causes", "condition"), ("related", "target"))


def linked_pages(document: Document) -> set[str]:
    """The keys of the pages that the document's texts and rows name."""
    in_texts = {key for text in texts(document) for key in page_keys(text.html)}
    rows = {row[field] for rows, field in LINKING_ROWS for row in document.get(rows, [])}
    return in_texts | rows


def surrounding_hints(document: Document, context: Context) -> Iterator[Finding]:
    yield from _duplicates(document, context)
    yield from _links(document, context)
    is_listed = document["kind"] != Kind.CONDITION  # a group by its symptom, the others by the site
    if not is_listed and context.linked is not None and document["key"] not in context.linked:
        yield hint(
            "Name this page in a group of causes, or link to it: no other page leads here.", "title"
        )
    reviewed = parse_date(document["reviewed_on"] or "")
    due = months_after(reviewed, document["review_interval"])
    if due and context.today and due < context.today:
        yield hint(
            f"Have this page reviewed: that was due on {date_format(due)}.", "review_interval"
        )


def _duplicates(document: Document, context: Context) -> Iterator[Finding]:
    kind, language, key = document["kind"], document["language"], document["key"]
    pages = context.pages or {}
    same_title = context.titles.get((kind, language, look_alike(document["title"])), [])
    same_address = context.addresses.get(
        (kind, language, document.get("symptom") or "", document["slug"]), []
    )
    if others := _named(same_title, key, pages):
        yield hint(f"Choose another title: {others} has the same.", "title")
    if others := _named(same_address, key, pages):
        yield hint(f"Choose another slug: {others} has the same.", "slug")


def _named(keys: Iterable[str], own: str, pages: Mapping[str, OtherPage]) -> str:
    others = [pages[key].title for key in keys if key != own]
    return ", ".join(f"another page (“{title}”)" for title in others[:1])


def _links(document: Document, context: Context) -> Iterator[Finding]:
    """What readers cannot open: gone, archived, or not published."""
    if context.pages is None:
        return
    for text in texts(document):
        for key in dict.fromkeys(page_keys(text.html)):
            if trouble := _trouble(key, context.pages):
                yield hint(f"The link to “{key}” leads nowhere: {trouble}.", *text.place)
    for rows, field in LINKING_ROWS:
        for row in document.get(rows, []):
            if trouble := _trouble(row[field], context.pages):
                yield hint(
                    f"Readers do not see “{row[field]}” here: {trouble}.",
                    *(field, rows, row["anchor"]),
                )


def _trouble(key: str, pages: Mapping[str, OtherPage]) -> str:
    page = pages.get(key)
    if page is None:
        return "there is no such page"
    if page.is_archived:
        return "the page is in the archive"
    return "" if page.is_live else "the page is not published"

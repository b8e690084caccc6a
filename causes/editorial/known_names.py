"""What patients' pages are called: readers who came for such a name know it (`readability`)."""

import re
from collections.abc import Collection, Iterator

from django.db.models import QuerySet
from django.db.models.functions import Lower

from causes.editorial.quality import Document, jargon
from causes.editorial.quality.findings import PATIENT_KINDS
from causes.editorial.quality.texts import GRADED, texts
from causes.editorial.readability import LETTERS, possible_terms
from causes.models import AlternateName, Page
from causes.models.fields import LONGEST_NAME

BRACKETS = re.compile(r"\s*\(.*?\)")
MOST_READ = 10_000  # titles, and other names; to look up a page's parts takes as long
MOST_PARTS = 50_000  # of texts; a page has some 7,000


def all_names() -> Iterator[str]:
    """Of every page its title, with brackets and without, and its other names. Two queries."""
    for rows, field in _called():
        for name in rows.values_list(field, flat=True).iterator():
            yield name
            if field == "title":
                yield BRACKETS.sub("", name)


def names_that_matter(document: Document) -> Iterator[str]:
    """All names of a small site, in four queries; of a large one those that the document needs."""
    return _needed_by(document) if _are_many() else all_names()


def _are_many() -> bool:
    """Read from the indexes, up to the first that is too many."""
    return any(model.objects.order_by()[MOST_READ:].exists() for model in (AlternateName, Page))


def _needed_by(document: Document) -> Iterator[str]:
    """Names that stand in the document's texts, and one with each word of theirs that has a plain
    one.

    Three queries, and at most two for each such word that the document does not explain. Of a
    large site they read little more than of a small one. The names far on in a document that is
    ten times as long as ours are not looked for: it would take seconds.
    """
    seen = list(texts(document))
    parts: set[str] = set()
    for text in seen:
        if text.field in GRADED:
            parts |= possible_terms(text.html, LONGEST_NAME)
        if len(parts) > MOST_PARTS:
            break
    yield from _standing_in(parts)
    htmls = [text.html for text in seen]
    medical = {word for html in htmls for word in jargon.words_in(html)}
    for word in medical - jargon.explained(htmls):
        yield from _one_with(word)


def _called() -> tuple[tuple[QuerySet, str], tuple[QuerySet, str]]:
    """The rows that hold names, and the field in which they do."""
    pages = Page.objects.filter(kind__in=PATIENT_KINDS).order_by()
    names = AlternateName.objects.filter(page__kind__in=PATIENT_KINDS).order_by()
    return (pages, "title"), (names, "name")


def _standing_in(parts: Collection[str]) -> Iterator[str]:
    """Names that are one of the parts of a text, which are in lower case."""
    spelt = {spelling for part in parts for spelling in _in_lower_case(part)}
    pages, names = _called()
    for rows, field in (pages, names):
        found = rows.alias(lower=Lower(field)).filter(lower__one_of=spelt)
        yield from found.values_list(field, flat=True)
    for title in pages[0].filter(title__contains="(").values_list("title", flat=True):
        plain = BRACKETS.sub("", title)
        if plain.lower() in parts:
            yield plain


def _in_lower_case(part: str) -> set[str]:
    """What a database may make of a name: SQLite leaves letters outside ASCII as they are."""
    if part.isascii():
        return {part}
    capitals = "".join(sign if sign.isascii() else sign.upper() for sign in part)
    return {part, capitals, capitals[0] + part[1:]}


def _one_with(word: str) -> Iterator[str]:
    """A name that holds it as a word, if there is one."""
    for rows, field in _called():
        holding = rows.filter(**{f"{field}__icontains": word})
        for name in holding.values_list(field, flat=True).iterator():
            if word in LETTERS.findall(name.lower()):
                yield name
                return

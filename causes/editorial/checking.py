"""The findings of pages as they are stored, and the counts of them that lists read."""

from collections.abc import Collection, Iterator

from causes.editorial.documents import upgrade
from causes.editorial.quality import Context, Document, Finding, count, findings
from causes.editorial.site_context import context_for, context_for_all
from causes.models import Page, Revision

AT_A_TIME = 200


def findings_now(document: Document) -> list[Finding]:
    """Of one document, among the site as it is."""
    return findings(document, context_for(document))


def findings_everywhere(
    pages: Collection[Page] | None = None, context: Context | None = None
) -> Iterator[tuple[Revision, list[Finding]]]:
    """The newest version of each page (of all, unless given) with its findings, by the page's key.

    The counts that the versions keep are made right on the way: other pages have changed since.
    """
    context = context or context_for_all()
    newest = Revision.objects.newest().select_related("page").order_by("page__key")
    if pages is not None:
        newest = newest.filter(page__in=[page.pk for page in pages])
    wrong = []
    for revision in newest.iterator(chunk_size=AT_A_TIME):
        found = findings(upgrade(revision.document), context)
        counted = count(found)
        if counted != {"errors": revision.errors, "hints": revision.hints}:
            revision.errors, revision.hints = counted["errors"], counted["hints"]
            wrong.append(revision)
        yield revision, found
    Revision.objects.bulk_update(wrong, ["errors", "hints"], batch_size=AT_A_TIME)


def count_again(pages: Collection[Page]) -> None:
    """Make the counts of these pages right."""
    for _ in findings_everywhere(pages):
        pass

"""Whether history still says what happened: every digest, interval, address and working copy."""

from collections.abc import Iterator
from itertools import pairwise

from causes.editorial.documents import digest, document
from causes.models import Edition, Event, Page, Revision, Tag


def problems() -> Iterator[str]:
    """One sentence for each thing that is not as the verbs left it. Reads every page."""
    for page in Page.objects.order_by("key").iterator():
        yield from (f"{page.key}: {problem}" for problem in _page_problems(page))


def _page_problems(page: Page) -> Iterator[str]:
    revisions = list(page.revisions.all())
    for revision in revisions:
        if digest(revision.document) != revision.digest:
            yield f"version {revision.number} does not match its digest"
    newest = next((r for r in revisions if r.state != Revision.State.ASIDE), None)
    if newest is None:
        yield "was never recorded"
    elif digest(document(page)) != newest.digest:
        yield f"the working copy was changed after version {newest.number} without a record"
    editions = list(
        page.editions.order_by("live_from").prefetch_related(
            "links__target", "names", "phrases", "tagged"
        )
    )
    for edition in editions:
        yield from _edition_problems(page, edition)
    yield from _interval_problems(page, editions)


def _edition_problems(page: Page, edition: Edition) -> Iterator[str]:
    if digest(edition.body) != edition.digest:
        yield f"edition {edition.number} does not match its digest"
    if not page.addresses.filter(path=edition.path).exists():
        yield f"edition {edition.number} stands at {edition.path}, which is not this page's"
    body = edition.body
    if (edition.title, edition.summary) != (body.get("title"), body.get("summary")):
        yield f"edition {edition.number} is listed under a title or summary that it does not have"
    known = Page.objects.filter(key__in=edition.linked_keys()).values_list("key", flat=True)
    if {link.target.key for link in edition.links.all()} != set(known):
        yield f"edition {edition.number} does not have the links of its text"
    names = {edition.title, *(name["name"] for name in body.get("names", []))}
    if {name.name for name in edition.names.all()} != names:
        yield f"edition {edition.number} does not have the names of its text"
    phrases = {(phrase.card, phrase.phrase) for phrase in edition.phrases.all()}
    if phrases != edition.phrases_of_cards():
        yield f"edition {edition.number} does not have the phrases of its cards"
    slugs = [tag["slug"] for tag in body.get("tags", [])]
    if {row.tag_id for row in edition.tagged.all()} != set(
        Tag.objects.named(slugs).values_list("pk", flat=True)
    ):
        yield f"edition {edition.number} does not carry the tags of its text"


def _interval_problems(page: Page, editions: list[Edition]) -> Iterator[str]:
    for earlier, later in pairwise(editions):
        if earlier.live_until is None or earlier.live_until > later.live_from:
            yield f"editions {earlier.number} and {later.number} overlap"
        elif earlier.live_until < later.live_from:
            yield from _unexplained_end(page, earlier)
    if editions and editions[-1].live_until is not None:
        yield from _unexplained_end(page, editions[-1])


def _unexplained_end(page: Page, edition: Edition) -> Iterator[str]:
    if not page.events.filter(verb=Event.Verb.WITHDRAW, at__gte=edition.live_until).exists():
        yield f"edition {edition.number} ended without a withdrawal"

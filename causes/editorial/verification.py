"""Whether history still says what happened: every digest, interval, address and working copy."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from causes.editorial.documents import digest, document
from causes.editorial.redaction import notice
from causes.models import Edition, Event, Page, Redaction, Revision, SignOff, Tag


def problems() -> Iterator[str]:
    """One sentence for each thing that is not as the verbs left it. Reads every page."""
    for page in Page.objects.order_by("key").iterator():
        yield from (f"{page.key}: {problem}" for problem in _page_problems(page))


def _page_problems(page: Page) -> Iterator[str]:
    revisions = list(page.revisions.all())
    redactions = {
        redaction.edition_id: redaction
        for redaction in Redaction.objects.filter(edition__page=page.pk).exclude(confirmed_at=None)
    }
    for revision in revisions:
        if not _is_whole(revision.document, revision.digest, is_redacted=bool(redactions)):
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
        yield from _edition_problems(page, edition, redactions.get(edition.pk))
    yield from _interval_problems(page, editions)
    yield from _state_problems(page, revisions, editions)
    yield from _sign_off_problems(page)


def _is_whole(text: dict[str, Any], kept: str, *, is_redacted: bool) -> bool:
    """Whether the text has its digest, or is no more than the notice that was put in its place."""
    return digest(text) == kept or (is_redacted and text == notice(text))


def _state_problems(
    page: Page, revisions: list[Revision], editions: list[Edition]
) -> Iterator[str]:
    seen = {edition.revision_id for edition in editions}
    written = set(page.revisions.written().values_list("pk", flat=True))
    for revision in revisions:
        if revision.pk not in written | seen:
            continue  # it follows a tag's new name, in the state of the version before it
        if (revision.pk in seen) and revision.state != Revision.State.PUBLISHED:
            yield f"version {revision.number} was published and is called {revision.state}"
        if (revision.pk not in seen) and revision.state == Revision.State.PUBLISHED:
            yield f"version {revision.number} is called published and never was"
    put_away = page.events.filter(verb__in=[Event.Verb.ARCHIVE, Event.Verb.UNARCHIVE]).first()
    was_archived = put_away is not None and put_away.verb == Event.Verb.ARCHIVE
    if was_archived != (page.archived_at is not None):
        yield "was archived, or taken out of the archive, without a record"
    if page.archived_at and (page.editions.live() | page.editions.scheduled()).exists():
        yield "is archived, and patients see it or soon will"


def _sign_off_problems(page: Page) -> Iterator[str]:
    said = SignOff.objects.filter(revision__page=page.pk).select_related("revision", "link")
    for sign_off in said:
        number = sign_off.revision.number
        if sign_off.digest != sign_off.revision.digest:
            yield f"what {sign_off.name} said of version {number} is about another text"
        if sign_off.link and sign_off.link.revision_id != sign_off.revision_id:
            yield f"what {sign_off.name} said of version {number} came by a link for another"
        if sign_off.is_guest and sign_off.by_id is not None:
            yield f"what {sign_off.name} said of version {number} is not recorded as what it is"


def _edition_problems(page: Page, edition: Edition, redaction: Redaction | None) -> Iterator[str]:
    if not _is_whole(edition.body, edition.digest, is_redacted=redaction is not None):
        yield f"edition {edition.number} does not match its digest"
    if (edition.redacted_at is None) != (redaction is None):
        yield f"edition {edition.number} was redacted without two people, or not after all"
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

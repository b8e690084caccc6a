"""Editions: how one opens, ends and is taken back. Called by the verbs, within their locks."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils.dateparse import parse_date

from causes.editorial.acting import NotPossible
from causes.editorial.documents import digest
from causes.models import (
    Address,
    Edition,
    EditionLink,
    EditionName,
    EditionPhrase,
    Kind,
    Page,
    Revision,
    Tag,
    TaggedEdition,
    months_after,
)

HISTORY = "history"  # the last part of the address of every page's history
SHORTEST_INTERVAL = timedelta(microseconds=1)


def path_of(body: dict[str, Any], at: datetime) -> str:
    """The public address, as DESIGN.md lays them out; a translation's begins with its language."""
    from_language = f"/{body['language']}" if body["original"] else ""
    match body["kind"]:
        case Kind.CATEGORY:
            if body["slug"] == HISTORY:
                raise NotPossible("The address ends in “history”, where a page's history is.")
            symptom = Edition.objects.live(at).filter(key=body["symptom"]).first()
            if symptom is None:
                raise NotPossible("Publish the symptom first: the group's address is part of it.")
            return f"{symptom.path}{body['slug']}/"
        case Kind.INFORMATION:
            return f"{from_language}/about/{body['slug']}/"
        case kind:
            return f"{from_language}/{kind}s/{body['slug']}/"


def unschedule(waiting: Edition) -> None:
    """Delete an edition that nobody saw, and reopen the one that it would have ended.

    Its version is a draft again.
    """
    before = Edition.objects.filter(page=waiting.page_id, live_until=waiting.live_from).first()
    waiting.delete()
    if not Edition.objects.filter(revision=waiting.revision_id).exists():
        Revision.objects.filter(pk=waiting.revision_id).update(state=Revision.State.DRAFT)
    if not Edition.objects.filter(page=waiting.page_id, path=waiting.path).exists():
        Address.objects.filter(page=waiting.page_id, path=waiting.path).delete()
    if before is not None:
        before.live_until = None
        before.save(update_fields=["live_until"])


def end_edition(edition: Edition, at: datetime) -> None:
    edition.live_until = max(at, edition.live_from + SHORTEST_INTERVAL)
    edition.save(update_fields=["live_until", "safety_warning"])


def open_edition(
    page: Page,
    revision: Revision,
    body: dict[str, Any],
    path: str,
    start: datetime,
    **about: Any,
) -> Edition:
    """Add an edition from ``start`` on, between the one live then and the next scheduled.

    ``about`` are fields beside the text, such as ``note``.
    """
    current = page.editions.live(start).first()
    if current is not None:
        until = current.live_until
        end_edition(current, start)
        start = current.live_until
    else:
        waiting = page.editions.scheduled(start).order_by("live_from").first()
        until = waiting.live_from if waiting else None
    _claim_address(page, path)
    number = (page.editions.aggregate(last=Max("number"))["last"] or 0) + 1
    edition = unsaved_edition(page, revision, body, path, start, number=number, **about)
    edition.live_until = until
    edition.save()
    write_projections(edition)
    return edition


def unsaved_edition(
    page: Page,
    revision: Revision,
    body: dict[str, Any],
    path: str,
    start: datetime,
    **about: Any,
) -> Edition:
    """The edition that the body would be: what a preview shows and `open_edition` keeps."""
    fields = {"review_due_on": _review_due(revision.document)} | about
    return Edition(
        page_id=page.pk,
        revision=revision,
        key=body["key"],
        kind=body["kind"],
        language=body["language"],
        path=path,
        parent=Page.objects.filter(key=body.get("symptom", "")).first(),
        order=body.get("order", 1),
        title=body["title"],
        summary=body["summary"],
        body=body,
        digest=digest(body),
        live_from=start,
        **fields,
    )


def _review_due(document: dict[str, Any]) -> date | None:
    reviewed_on = parse_date(document.get("reviewed_on") or "")
    return months_after(reviewed_on, document.get("review_interval", 0))


def _claim_address(page: Page, path: str) -> None:
    address, _ = Address.objects.select_related("page").get_or_create(
        path=path, defaults={"page_id": page.pk}
    )
    if address.page_id != page.pk:
        raise NotPossible(
            f"The address {path} belongs to “{address.page}” for good. Choose another slug."
        )


def write_projections(edition: Edition) -> None:
    """The rows that lists and look-ups read: links, names, phrases, tags."""
    body = edition.body
    relations = {cause["condition"]: cause["relation"] for cause in body.get("causes", [])}
    keys = edition.links_of_text()
    named = Page.objects.filter(key__in=edition.linked_keys())
    ids = dict(named.values_list("key", "pk"))
    EditionLink.objects.bulk_create(
        EditionLink(
            edition=edition,
            kind=kind,
            target_id=ids[key],
            order=order,
            relation=relations[key] if kind == EditionLink.Kind.CAUSE else "",
        )
        for kind, targets in keys.items()
        for order, key in enumerate(targets, start=1)
        if key in ids
    )
    names = {edition.title: True} | {
        name["name"]: False for name in body["names"] if name["name"] != edition.title
    }
    EditionName.objects.bulk_create(
        EditionName(edition=edition, name=name, is_title=is_title)
        for name, is_title in names.items()
    )
    EditionPhrase.objects.bulk_create(
        EditionPhrase(edition=edition, card=card, phrase=phrase)
        for card, phrase in edition.phrases_of_cards()
    )
    slugs = [tag["slug"] for tag in body["tags"]]
    TaggedEdition.objects.bulk_create(
        TaggedEdition(edition=edition, tag=tag) for tag in Tag.objects.named(slugs)
    )

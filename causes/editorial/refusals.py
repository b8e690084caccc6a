"""What a page must have, and what a time must be, before it goes live. Each raises NotPossible."""

from datetime import datetime, timedelta
from typing import Any

from causes.editorial.acting import NotPossible
from causes.editorial.anchors import reserved_anchors
from causes.models import CareCard, Edition, Kind, Page
from causes.models.fields import page_keys

FURTHEST_SCHEDULE = timedelta(days=5 * 365)


def refuse_incomplete(body: dict[str, Any]) -> None:
    """A reader in danger must meet the emergency card before anything that leads elsewhere."""
    _refuse_gaps(body)
    if body["original"]:
        raise NotPossible("Translations cannot be published yet: they have no addresses.")
    if reserved := reserved_anchors(body["kind"], body["sections"]):
        raise NotPossible(
            f"Give the section “{reserved[0]}” of “{body['key']}” another anchor: "
            "the page uses this one itself."
        )
    if body["kind"] not in {Kind.SYMPTOM, Kind.CONDITION}:
        return
    if not any(card["level"] == "emergency" and card["items"] for card in body["cards"]):
        raise NotPossible("Add an emergency care card: readers in danger look for it first.")
    if body["cards"][0]["level"] != "emergency":
        raise NotPossible("Put the emergency care card first.")
    if page_keys(body["lead"]):
        raise NotPossible(
            "Take the links to other pages out of the lead: it stands before the emergency card."
        )


def _refuse_gaps(body: dict[str, Any]) -> None:
    """A draft may have them."""
    if body.get("in_sentence") == "":
        raise NotPossible(f"Write how “{body['title']}” stands in a sentence.")
    for section in body["sections"]:
        if not section["heading"]:
            raise NotPossible("Write what the section without a heading is about.")
        if not section["body"]:
            raise NotPossible(f"Write the text of the section “{section['heading']}”.")
    for card in body["cards"]:
        if not card["items"]:
            level = CareCard.Level(card["level"]).label.split(":")[0].lower()
            raise NotPossible(f"Write what the {level} card says.")


def refuse_odd_times(at: datetime | None, now: datetime) -> None:
    if at is not None and at <= now:
        raise NotPossible("That time has passed. Choose a later one, or publish now.")
    if at is not None and at > now + FURTHEST_SCHEDULE:
        raise NotPossible("That is more than 5 years ahead. Choose an earlier time.")


def refuse_moving_groups_later(symptom: Page, path: str, *, later: bool) -> None:
    """A symptom's new address moves its groups with it, which no schedule can undo."""
    groups = Edition.objects.filter(parent=symptom.pk).exclude(path__startswith=path)
    if later and groups.live().exists():
        raise NotPossible("A new address cannot be scheduled. Publish it now, or keep the slug.")
    if waiting := groups.scheduled().first():
        raise NotPossible(
            f"“{waiting.title}” is scheduled under the old address. Cancel that first."
        )

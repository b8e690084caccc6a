"""What a page must have, and what a time must be, before it goes live. Each raises NotPossible."""

from datetime import datetime, timedelta
from typing import Any

from causes.editorial.acting import NotPossible
from causes.editorial.quality import safety_errors
from causes.models import Edition, Page

REVIEW_FIELDS = {"reviewed_by", "reviewed_on"}
BESIDE_THE_TEXT = {"status", "sources", "schema"}
FURTHEST_SCHEDULE = timedelta(days=5 * 365)


def refuse_incomplete(body: dict[str, Any]) -> None:
    """Findings that are errors, in one sentence each: the form has shown them already."""
    if errors := list(safety_errors(body)):
        raise NotPossible(" ".join(finding.text for finding in errors))


def refuse_wrong_kind(change: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    """Other words are no review and do not move its date; a review alone has no other words."""
    differ = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    if change == Edition.Change.WORDING and differ & REVIEW_FIELDS:
        raise NotPossible(
            "This version names another review, which a change of wording does not bring. "
            "Choose another kind of change."
        )
    if change == Edition.Change.REVIEW and differ - REVIEW_FIELDS - BESIDE_THE_TEXT:
        raise NotPossible(
            "The text has changed too, so this is more than a review without change. "
            "Choose another kind of change."
        )


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

"""The parts of a page on which a reader's safety depends, and the sign-off that they need.

They are the care cards, the causes with the relation "emergency", and the sections marked so.
"""

from typing import Any

from causes.editorial.acting import NotPossible
from causes.editorial.documents import LATER_ROW_FIELDS
from causes.models import Edition, Revision, SignOff

Body = dict[str, Any]


class NotSignedOff(NotPossible):
    """A clinical reviewer must sign the version off before it is published."""


def changed_safety(before: Body | None, after: Body) -> list[str]:
    """The names of the safety fields that differ ("Care cards"); of a first text, all it has."""
    old, new = _safety_fields(before or {}), _safety_fields(after)
    return [name for name in new if old[name] != new[name]]


def _safety_fields(body: Body) -> dict[str, Any]:
    later = LATER_ROW_FIELDS["cards"]
    return {
        "Care cards": [later | card for card in body.get("cards", [])],
        "Causes that are emergencies": {
            cause["anchor"]: {name: part for name, part in cause.items() if name != "note"}
            for cause in body.get("causes", [])
            if cause["relation"] == "emergency"
        },
        "Sections that safety depends on": {
            section["anchor"]: section
            for section in body.get("sections", [])
            if section.get("safety")
        },
    }


def sign_off_of(revision: Revision) -> SignOff | None:
    """The newest approval of exactly this text, whichever version it was given for."""
    approvals = SignOff.objects.filter(
        revision__page=revision.page_id,
        digest=revision.digest,
        verdict=SignOff.Verdict.APPROVED,
    )
    return approvals.first()


def refuse_unsigned(revision: Revision, live: Edition | None, body: Body) -> None:
    """Raises NotSignedOff if a safety field differs from what patients see and nobody signed."""
    changed = changed_safety(live.body if live else None, body)
    if changed and sign_off_of(revision) is None:
        raise NotSignedOff(
            f"A clinical reviewer must sign off version {revision.number} first, because these "
            f"parts are new or changed: {', '.join(changed).lower()}."
        )

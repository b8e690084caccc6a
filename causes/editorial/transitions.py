"""What can be done with a page, in one table: in which states, by whom, and what comes of it.

A page has two states at once: that of its newest version (`Revision.State`) and what patients see
of it (`Public`). Verbs, buttons, messages, events and the README's section "States" follow TABLE.
"""

from dataclasses import dataclass
from typing import Literal

from django.db import models

from causes.editorial.roles import ROLES
from causes.models import Event, Page, Revision

Version = Revision.State
Verb = Event.Verb

EDIT = "causes.change_{kind}"
PUBLISH_PERMISSION = "causes.publish_page"
SIGN_OFF_PERMISSION = "causes.sign_off_page"
REDACT_PERMISSION = "causes.redact_page"


class Public(models.TextChoices):
    """What patients see of a page."""

    UNSEEN = "unseen", "Never published"
    SCHEDULED = "scheduled", "Scheduled"
    LIVE = "live", "Live"
    LIVE_SCHEDULED = "live_scheduled", "Live, its next edition scheduled"
    WITHDRAWN = "withdrawn", "Withdrawn"
    ARCHIVED = "archived", "Archived"


@dataclass(frozen=True)
class State:
    """Of the newest version (None: never saved), and of what patients see."""

    version: Version | None
    public: Public


@dataclass(frozen=True)
class Rule:
    """One verb: from which states, with any of which permissions, to which states.

    ``about`` says what its address names beside the page. Where ``reopens``, a newest version
    that was only scheduled is a draft again. ``message`` is said after it, ``refusal`` where the
    states do not allow it.
    """

    verb: Verb
    permissions: tuple[str, ...]
    versions: frozenset[Version | None]
    public: frozenset[Public]
    button: str
    message: str
    refusal: str
    version_after: Version | None = None
    public_after: frozenset[Public] = frozenset()
    reopens: bool = False
    about: Literal["page", "version", "edition", "link"] = "page"

    @property
    def name(self) -> str:
        """The verb as one reads it."""
        return "save" if self.verb == Verb.RECORD else self.verb.value.replace("_", " ")

    def allows(self, state: State) -> bool:
        return state.version in self.versions and state.public in self.public

    def permissions_for(self, page: Page) -> list[str]:
        return [permission.format(kind=page.kind) for permission in self.permissions]

    def roles(self) -> list[str]:
        """The groups that have it, in the order of ROLES."""
        codenames = {p.format(kind="page").removeprefix("causes.") for p in self.permissions}
        return [name for name, role in ROLES.items() if codenames & role]


SAVED = frozenset({Version.DRAFT, Version.SUBMITTED, Version.RETURNED, Version.PUBLISHED})
IN_USE = frozenset(Public) - {Public.ARCHIVED}
UPCOMING = frozenset({Public.SCHEDULED, Public.LIVE_SCHEDULED})
SEEN_NOW = frozenset({Public.LIVE, Public.LIVE_SCHEDULED})
OFF_SITE = frozenset({Public.UNSEEN, Public.WITHDRAWN})
ONCE_SEEN = frozenset(Public) - {Public.UNSEEN}

_RULES = (
    Rule(
        Verb.RECORD,
        (EDIT, "causes.add_{kind}"),
        SAVED | {None},
        IN_USE,
        button="",
        message="",
        refusal="This page is archived. Take it out of the archive first.",
        version_after=Version.DRAFT,
    ),
    Rule(
        Verb.SUBMIT,
        (EDIT,),
        frozenset({Version.DRAFT, Version.RETURNED}),
        IN_USE,
        button="Submit version {number} for review…",
        message="Version {number} is submitted. Those who can publish it are told.",
        refusal="Only a draft can be submitted for review.",
        version_after=Version.SUBMITTED,
        about="version",
    ),
    Rule(
        Verb.GIVE_BACK,
        (SIGN_OFF_PERMISSION, PUBLISH_PERMISSION),
        frozenset({Version.SUBMITTED}),
        IN_USE,
        button="Return version {number}…",
        message="Version {number} is returned. Its authors are told.",
        refusal="This version is not submitted for review.",
        version_after=Version.RETURNED,
        about="version",
    ),
    Rule(
        Verb.SIGN_OFF,
        (SIGN_OFF_PERMISSION,),
        SAVED,
        IN_USE,
        button="Sign off version {number}…",
        message="You have signed off version {number}.",
        refusal="There is no version of this page to sign off.",
        about="version",
    ),
    Rule(
        Verb.COMMENT,
        (EDIT,),
        SAVED,
        IN_USE,
        button="Comment on version {number}…",
        message="Your comment stands beside version {number}.",
        refusal="There is no version of this page to comment on.",
        about="version",
    ),
    Rule(
        Verb.INVITE,
        (SIGN_OFF_PERMISSION, PUBLISH_PERMISSION),
        SAVED,
        IN_USE,
        button="Ask a guest to review version {number}…",
        message="The link is ready.",
        refusal="There is no version of this page to review.",
        about="version",
    ),
    Rule(
        Verb.REVOKE,
        (SIGN_OFF_PERMISSION, PUBLISH_PERMISSION),
        SAVED,
        frozenset(Public),
        button="Take back",
        message="The link no longer opens.",
        refusal="This page has no links for guests.",
        about="link",
    ),
    Rule(
        Verb.PUBLISH,
        (PUBLISH_PERMISSION,),
        SAVED - {Version.RETURNED},
        IN_USE,
        button="Publish version {number}…",
        message="Patients now see version {number}.",
        refusal="This version was returned. Change it, or submit it again.",
        version_after=Version.PUBLISHED,
        public_after=SEEN_NOW,
        about="version",
    ),
    Rule(
        Verb.SCHEDULE,
        (PUBLISH_PERMISSION,),
        SAVED - {Version.RETURNED},
        IN_USE,
        button="",  # a time on the screen of publishing
        message="Version {number} goes live at the time that you chose.",
        refusal="This version was returned. Change it, or submit it again.",
        version_after=Version.PUBLISHED,
        public_after=UPCOMING,
        about="version",
    ),
    Rule(
        Verb.CANCEL,
        (PUBLISH_PERMISSION,),
        SAVED,
        UPCOMING,
        button="Cancel the schedule…",
        message="The schedule is cancelled.",
        refusal="Nothing is scheduled for this page.",
        public_after=OFF_SITE | {Public.LIVE},
        reopens=True,
    ),
    Rule(
        Verb.WITHDRAW,
        (PUBLISH_PERMISSION,),
        SAVED,
        SEEN_NOW | UPCOMING,
        button="Withdraw…",
        message="The page is withdrawn. Its address now says that it is gone.",
        refusal="This page is not published.",
        public_after=OFF_SITE,
        reopens=True,
    ),
    Rule(
        Verb.RESTORE,
        (EDIT,),
        SAVED,
        IN_USE,
        button="",  # beside each version of the history
        message="Version {number} is the draft again.",
        refusal="This page is archived. Take it out of the archive first.",
        version_after=Version.DRAFT,
        about="version",
    ),
    Rule(
        Verb.ARCHIVE,
        (PUBLISH_PERMISSION,),
        SAVED,
        OFF_SITE,
        button="Archive…",
        message="The page is in the archive. Lists and pickers leave it out.",
        refusal="Only a page that patients do not see can be archived. Withdraw it first.",
        public_after=frozenset({Public.ARCHIVED}),
    ),
    Rule(
        Verb.UNARCHIVE,
        (PUBLISH_PERMISSION,),
        SAVED,
        frozenset({Public.ARCHIVED}),
        button="Take out of the archive…",
        message="The page is out of the archive. Patients do not see it until it is published.",
        refusal="This page is not archived.",
        public_after=OFF_SITE,
    ),
    Rule(
        Verb.ASK_REDACTION,
        (REDACT_PERMISSION,),
        SAVED,
        ONCE_SEEN,
        button="Ask for a redaction…",
        message="Another person who may redact must now confirm it.",
        refusal="Patients have seen nothing of this page: there is nothing to take out.",
    ),
    Rule(
        Verb.REDACT,
        (REDACT_PERMISSION,),
        SAVED,
        ONCE_SEEN,
        button="Confirm the redaction…",
        message="The text is taken out. A notice stands in its place.",
        refusal="Patients have seen nothing of this page: there is nothing to take out.",
        about="edition",
    ),
)
TABLE: dict[Verb, Rule] = {rule.verb: rule for rule in _RULES}


def state_of(page: Page) -> State:
    """The page's present states, in three queries."""
    newest = page.revisions.in_line().only("state").first()
    version = Version(newest.state) if newest else None
    if Page.objects.filter(pk=page.pk, archived_at__isnull=False).exists():
        return State(version, Public.ARCHIVED)
    is_live, waits = page.editions.live().exists(), page.editions.scheduled().exists()
    if is_live:
        return State(version, Public.LIVE_SCHEDULED if waits else Public.LIVE)
    if waits:
        return State(version, Public.SCHEDULED)
    return State(version, Public.WITHDRAWN if page.editions.exists() else Public.UNSEEN)

"""The table of verbs, walked: every state, every verb, every role."""

from collections.abc import Callable
from datetime import timedelta
from itertools import product

import pytest
from django.conf import settings as site_settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from causes.editorial import reviewing
from causes.editorial.acting import FIXTURE, NotPossible
from causes.editorial.archiving import archive, restore, unarchive
from causes.editorial.publishing import cancel, publish, record, withdraw
from causes.editorial.redaction import ask_redaction, redact
from causes.editorial.roles import ROLES
from causes.editorial.state_diagram import readme_section
from causes.editorial.transitions import (
    TABLE,
    UPCOMING,
    Public,
    State,
    Verb,
    Version,
    state_of,
)
from causes.models import Event, Information, Page, ReviewLink

VERSIONS = [Version.DRAFT, Version.SUBMITTED, Version.RETURNED, Version.PUBLISHED]
STATES = [
    State(version, public)
    for version, public in product(VERSIONS, Public)
    if not (version == Version.PUBLISHED and public == Public.UNSEEN)
]
SHOWN_ALREADY = State(Version.PUBLISHED, Public.LIVE)  # there is nothing to publish
TOMORROW = timedelta(days=1)


def number_of(page: Page) -> int:
    return page.revisions.in_line().first().number


def change(page: Page) -> None:
    """A save, so that there is a newer version."""
    Information.objects.filter(pk=page.pk).update(summary=f"After {page.revisions.count()}.")
    record(page, actor=FIXTURE)


def put_live(page: Page, **options: object) -> None:
    change(page)
    publish(page, actor=FIXTURE, number=number_of(page), **options)


def bring_to(page: Page, state: State) -> None:
    """By the verbs themselves, as a fixture, that may do everything; version 1 is another text."""
    record(page, actor=FIXTURE)
    was_seen = {Public.LIVE, Public.LIVE_SCHEDULED, Public.WITHDRAWN}
    if state.public in was_seen or state.version == Version.PUBLISHED:
        put_live(page)
    if state.public in {Public.WITHDRAWN, Public.SCHEDULED, Public.ARCHIVED} and was_live(page):
        withdraw(page, actor=FIXTURE, note="for the test")
    if state.public in UPCOMING:
        put_live(page, at=timezone.now() + TOMORROW)
    if state.version != Version.PUBLISHED:
        change(page)
    if state.version in {Version.SUBMITTED, Version.RETURNED}:
        reviewing.submit(page, actor=FIXTURE, number=number_of(page))
    if state.version == Version.RETURNED:
        reviewing.give_back(page, actor=FIXTURE, number=number_of(page), note="again")
    if state.public == Public.ARCHIVED:
        archive(page, actor=FIXTURE)
    assert state_of(page) == state


def was_live(page: Page) -> bool:
    return page.editions.live().exists()


def redact_the_first(page: Page, actor: object) -> None:
    edition = page.editions.order_by("number").first()
    ask_redaction(
        page, actor=FIXTURE, edition=edition.number if edition else 0, reason="libel", note="x"
    )
    redact(page, actor=actor, edition=edition.number)


def change_as(page: Page, actor: object) -> None:
    Information.objects.filter(pk=page.pk).update(summary="Typed just now.")
    record(page, actor=actor)


ACTS: dict[Verb, Callable] = {
    Verb.RECORD: change_as,
    Verb.SUBMIT: lambda p, a: reviewing.submit(p, actor=a, number=number_of(p)),
    Verb.GIVE_BACK: lambda p, a: reviewing.give_back(p, actor=a, number=number_of(p), note="no"),
    Verb.SIGN_OFF: lambda p, a: reviewing.sign_off(p, actor=a, number=number_of(p), role="Dr"),
    Verb.COMMENT: lambda p, a: reviewing.comment(
        p, actor=a, number=number_of(p), role="Dr", note="Well."
    ),
    Verb.INVITE: lambda p, a: reviewing.invite(
        p, actor=a, number=number_of(p), recipient="Dr X", days=3
    ),
    Verb.REVOKE: lambda p, a: reviewing.revoke(p, actor=a, link=link_to(p).pk),
    Verb.PUBLISH: lambda p, a: publish(p, actor=a, number=number_of(p), scheduled="replace"),
    Verb.SCHEDULE: lambda p, a: publish(
        p, actor=a, number=number_of(p), scheduled="replace", at=timezone.now() + 2 * TOMORROW
    ),
    Verb.CANCEL: lambda p, a: cancel(p, actor=a),
    Verb.WITHDRAW: lambda p, a: withdraw(p, actor=a, note="wrong"),
    Verb.RESTORE: lambda p, a: restore(p, actor=a, number=1),
    Verb.ARCHIVE: lambda p, a: archive(p, actor=a),
    Verb.UNARCHIVE: lambda p, a: unarchive(p, actor=a),
    Verb.ASK_REDACTION: lambda p, a: ask_redaction(
        p, actor=a, edition=first_edition(p), reason="libel", note="x"
    ),
    Verb.REDACT: redact_the_first,
}
# Need more than the page's states: an edition that has ended. They have tests of their own.
NEED_MORE = {Verb.ASK_REDACTION, Verb.REDACT}


def first_edition(page: Page) -> int:
    edition = page.editions.order_by("number").first()
    return edition.number if edition else 0


def link_to(page: Page) -> ReviewLink:
    now = timezone.now()
    return ReviewLink.objects.create(
        revision=page.revisions.first(), recipient="Dr X", created_at=now, expires_at=now + TOMORROW
    )


@pytest.fixture
def people(make_person) -> dict[str, object]:
    return {"nobody": make_person("nobody"), **{role: make_person(role, role) for role in ROLES}}


def test_every_verb_is_walked():
    assert set(ACTS) == set(TABLE)


@pytest.mark.parametrize("state", STATES, ids=lambda s: f"{s.version}-{s.public}")
def test_each_verb_does_what_the_table_says_for_each_role(state, people, make_information):
    page = make_information()
    bring_to(page, state)
    if state.version != Version.DRAFT:  # these may do nothing, in whatever state
        people = {role: people[role] for role in ("Author", "Clinical reviewer", "Publisher")}
    for (verb, act), (role, person) in product(ACTS.items(), people.items()):
        with transaction.atomic():
            _walk(page, state, verb, act, role, person)
            transaction.set_rollback(True)


def _walk(page: Page, state: State, verb: Verb, act: Callable, role: str, person: object) -> None:
    rule, where = TABLE[verb], f"{role}: {verb} in {state}"
    before, error = page.events.count(), None
    try:
        act(page, person)
    except (PermissionDenied, NotPossible) as refusal:
        error = refusal
    after = state_of(page)
    if isinstance(error, PermissionDenied):
        assert role not in rule.roles(), where
        assert after == state, where
        refused = page.events.first()
        assert (refused.verb, refused.actor_name) == (Verb.REFUSED, str(person)), where
        assert refused.note.startswith(rule.name), where
    elif error is not None:
        assert not rule.allows(state) or verb in NEED_MORE, f"{where}: {error}"
        assert after == state, where
        assert page.events.count() == before or verb == Verb.REDACT, where
    else:
        assert role in rule.roles(), where
        assert rule.allows(state), where
        if verb in {Verb.PUBLISH, Verb.SCHEDULE} and state == SHOWN_ALREADY:
            assert after == state, where
            return
        assert after.version == _version_after(rule, state), where
        assert after.public in (rule.public_after or {state.public}), where
        assert page.events.filter(verb=verb).exists(), where


def _version_after(rule, state: State) -> Version:
    if rule.reopens and state.version == Version.PUBLISHED and state.public in UPCOMING:
        return Version.DRAFT
    return rule.version_after or state.version


def test_the_readme_shows_the_table():
    readme = (site_settings.BASE_DIR / "README.md").read_text("utf-8")
    start, end = "<!-- states: made by state_diagram.readme_section() -->", "<!-- /states -->"
    assert start in readme
    shown = readme.split(start)[1].split(end)[0].strip()
    assert shown == readme_section()


def test_a_page_that_was_never_saved_can_only_be_saved(make_information, publisher):
    page = make_information()
    assert state_of(page) == State(None, Public.UNSEEN)
    with pytest.raises(NotPossible, match="Save the page first"):
        publish(page, actor=publisher, number=1)
    with pytest.raises(NotPossible, match="Withdraw it first"):
        archive(page, actor=publisher)
    record(page, actor=publisher)
    assert state_of(page) == State(Version.DRAFT, Public.UNSEEN)


def test_every_event_of_a_verb_has_words(db):
    for verb, rule in TABLE.items():
        assert Event.Verb(verb).label
        assert rule.refusal
        assert rule.message or verb == Verb.RECORD

"""Pages put away, texts brought back, texts taken out."""

import pytest
from django.core.exceptions import PermissionDenied

from causes.editorial.acting import FIXTURE, NotPossible
from causes.editorial.archiving import archive, restore, unarchive
from causes.editorial.documents import digest
from causes.editorial.publishing import publish, record, withdraw
from causes.editorial.redaction import NOTICE, TITLE, SamePerson, ask_redaction, redact
from causes.editorial.verification import problems
from causes.models import (
    Condition,
    Edition,
    EditionName,
    Event,
    Page,
    Redaction,
    RelatedLink,
    Revision,
    TagAlias,
)
from causes.public.pages import page_response

pytestmark = pytest.mark.django_db


def save(page: Page, words: str, actor=FIXTURE) -> int:
    Page.objects.filter(pk=page.pk).update(summary=words)
    return record(page, actor=actor).number


# --- Archive -----------------------------------------------------------------------------


def test_an_archived_page_keeps_its_history_and_comes_back_as_a_draft(
    make_condition, published, publisher
):
    condition = make_condition()
    published(condition)
    with pytest.raises(NotPossible, match="Withdraw it first"):
        archive(condition, actor=publisher)
    withdraw(condition, actor=publisher, note="old")
    archive(condition, actor=publisher, note="replaced")
    with pytest.raises(NotPossible, match="archived"):
        record(condition, actor=publisher)
    with pytest.raises(NotPossible):
        publish(condition, actor=publisher, number=1)
    assert list(problems()) == []
    unarchive(condition, actor=publisher)
    publish(condition, actor=FIXTURE, number=1)
    verbs = list(condition.events.order_by("id").values_list("verb", flat=True))
    assert verbs == ["record", "publish", "withdraw", "archive", "unarchive", "publish"]
    assert list(problems()) == []


def test_withdrawing_for_safety_keeps_the_warning_with_the_edition(
    make_condition, published, publisher
):
    condition = make_condition()
    published(condition)
    withdraw(condition, actor=publisher, note="A dose.", safety_warning="Do not take 10 tablets.")
    assert condition.editions.get().safety_warning == "Do not take 10 tablets."


# --- Restore -----------------------------------------------------------------------------


def test_any_version_becomes_the_draft_again_and_the_others_stay(make_condition, author):
    condition = make_condition(owner=author)
    save(condition, "First.", author)
    save(condition, "Second.", author)
    Page.objects.filter(pk=condition.pk).update(owner=None)
    revision, said = restore(condition, actor=author, number=1)
    assert (revision.number, revision.based_on, revision.state) == (3, 1, "draft")
    assert (revision.document["summary"], said) == ("First.", [])
    assert Condition.objects.get().summary == "First."
    assert Condition.objects.get().owner is None  # who looks after it today
    assert condition.events.first().verb == Event.Verb.RESTORE
    assert list(problems()) == []


def test_a_restored_version_says_what_is_not_there_any_more(
    make_condition, make_tag, publisher, source
):
    gone, old, new = make_condition("gone"), make_tag("old-name"), make_tag("new-name")
    condition = make_condition(tags=(old, new))
    RelatedLink.objects.create(page=condition, anchor="see", target=gone)
    for page in (gone, condition):
        record(page, actor=FIXTURE)
    RelatedLink.objects.all().delete()
    condition.tags.set([new])
    record(condition, actor=FIXTURE)
    old.delete()
    TagAlias.objects.create(tag=new, name="Old name", slug="old-name")
    archive(gone, actor=publisher)
    condition.tags.clear()
    record(condition, actor=FIXTURE)

    revision, said = restore(condition, actor=publisher, number=1)

    assert said == [
        "The tag “old-name” is now “new-name”.",
        "“Gone” is archived: what led to it was left out.",
    ]
    assert all(sentence in revision.note for sentence in said)
    assert revision.document["tags"] == ["new-name"]
    assert revision.document["related"] == []


def test_a_version_of_an_older_schema_is_restored(make_condition, author):
    condition = make_condition()
    save(condition, "First.")
    old = Revision.objects.get(number=1)
    for card in old.document["cards"]:
        del card["phrases"]  # as the first release wrote it
    del old.document["review_interval"]
    old.digest = digest(old.document)
    old.save()
    save(condition, "Second.")
    revision, said = restore(condition, actor=author, number=1)
    assert (revision.document["summary"], said) == ("First.", [])


@pytest.mark.parametrize("number", [0, 2, 99])
def test_what_cannot_be_restored_changes_nothing(number, make_condition, author):
    condition = make_condition()
    save(condition, "First.")
    save(condition, "Second.")
    before = Page.objects.filter(pk=condition.pk).values().get()
    with pytest.raises(NotPossible):
        restore(condition, actor=author, number=number)
    assert Page.objects.filter(pk=condition.pk).values().get() == before
    assert condition.revisions.count() == 2


def test_a_version_from_a_newer_release_is_left_alone(make_condition, author):
    condition = make_condition()
    save(condition, "First.")
    save(condition, "Second.")
    newer = Revision.objects.get(number=1)
    newer.document["schema"] = 99
    newer.save()
    with pytest.raises(NotPossible, match="schema 99"):
        restore(condition, actor=author, number=1)


# --- Redaction ---------------------------------------------------------------------------


@pytest.fixture
def exposed(make_condition, published) -> Condition:
    """Edition 1 says too much; edition 2 and the draft do not."""
    condition = make_condition(title="Mr Miller's leg")
    condition.alternatenames.create(anchor="m", name="Miller's leg")
    published(condition)
    save(condition, "Mr Miller had it.")
    save(condition, "Mr Miller of Mill Lane had it.")
    published(condition)
    condition.alternatenames.all().delete()
    Page.objects.filter(pk=condition.pk).update(title="A leg")
    save(condition, "Somebody had it.")
    published(condition)
    return condition


def ask(page: Page, actor, edition: int = 2) -> Redaction:
    return ask_redaction(page, actor=actor, edition=edition, reason="personal", note="A name.")


def test_two_people_take_out_what_patients_once_read(exposed, publisher, make_person):
    original = exposed.editions.get(number=2)
    ask(exposed, publisher)
    assert "Miller" in exposed.editions.get(number=2).summary
    redact(exposed, actor=make_person("sam", "Publisher"), edition=2)

    edition = exposed.editions.get(number=2)
    assert (edition.title, edition.summary, edition.body["lead"]) == (TITLE, "", NOTICE)
    assert "Miller" not in str(edition.body)
    assert (edition.digest, edition.live_from) == (original.digest, original.live_from)
    assert [name.name for name in EditionName.objects.filter(edition=edition)] == [TITLE]
    texts = {revision.number: str(revision.document) for revision in exposed.revisions.all()}
    assert [number for number in sorted(texts) if "Miller" in texts[number]] == [1]
    assert exposed.revisions.get(number=3).digest == original.revision.digest
    redaction = Redaction.objects.get()
    assert (redaction.asked_by_name, redaction.confirmed_by_name) == ("paul", "sam")
    assert list(problems()) == []


def test_the_page_of_a_redacted_edition_shows_the_notice(exposed, publisher, make_person, rf):
    ask(exposed, publisher)
    redact(exposed, actor=make_person("sam", "Publisher"), edition=2)
    edition = exposed.editions.get(number=2)
    response = page_response(rf.get(edition.path), edition, edition.live_from)
    text = response.render().content.decode()
    assert "was taken out" in text
    assert "Miller" not in text


def test_one_person_cannot_redact_alone(exposed, publisher):
    with pytest.raises(NotPossible, match="Nobody has asked"):
        redact(exposed, actor=publisher, edition=2)
    ask(exposed, publisher)
    with pytest.raises(SamePerson):
        redact(exposed, actor=publisher, edition=2)
    assert "Miller" in exposed.editions.get(number=2).summary


def test_only_those_with_the_permission_redact(exposed, publisher, author, reviewer):
    for person in (author, reviewer):
        with pytest.raises(PermissionDenied):
            ask(exposed, person)
    ask(exposed, publisher)
    with pytest.raises(PermissionDenied):
        redact(exposed, actor=author, edition=2)


def test_what_patients_see_or_the_draft_says_must_change_first(exposed, publisher):
    with pytest.raises(NotPossible, match="no longer see"):
        ask(exposed, publisher, edition=3)
    restore(exposed, actor=publisher, number=3)
    with pytest.raises(NotPossible, match="out of the draft first"):
        ask(exposed, publisher)


def test_a_redacted_version_is_neither_restored_nor_redacted_again(exposed, publisher, make_person):
    ask(exposed, publisher)
    redact(exposed, actor=make_person("sam", "Publisher"), edition=2)
    with pytest.raises(NotPossible, match="was taken out"):
        restore(exposed, actor=publisher, number=3)
    with pytest.raises(NotPossible, match="only once"):
        ask(exposed, publisher)


TAMPERING = {
    "a notice without two people": (
        lambda: Redaction.objects.all().update(confirmed_at=None),
        "edition 2 was redacted without two people",
    ),
    "another text in place of the notice": (
        lambda: Edition.objects.filter(number=2).update(body={"redacted": True, "title": TITLE}),
        "edition 2 does not match its digest",
    ),
    "another draft in place of the notice": (
        lambda: Revision.objects.filter(number=3).update(document={"redacted": True, "lead": "x"}),
        "version 3 does not match its digest",
    ),
}


@pytest.mark.parametrize("what", TAMPERING)
def test_verify_knows_what_a_redaction_is(what, exposed, publisher, make_person):
    ask(exposed, publisher)
    redact(exposed, actor=make_person("sam", "Publisher"), edition=2)
    tamper, expected = TAMPERING[what]
    tamper()
    assert any(expected in problem for problem in problems()), list(problems())

"""Who may approve what: second persons, safety fields, sign-offs that hold for one text."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from causes.editorial import reviewing
from causes.editorial.acting import FIXTURE, NewerVersion, NotPossible
from causes.editorial.archiving import restore
from causes.editorial.four_eyes import OwnText, contributors
from causes.editorial.publishing import cancel, publish, record
from causes.editorial.reviewing import sign_off
from causes.editorial.safety import NotSignedOff, sign_off_of
from causes.editorial.verification import problems
from causes.models import CareCard, Cause, Edition, Event, Information, Page, Section, SignOff

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(make_person):
    """A second publisher: from now on two people may approve."""
    return make_person("sam", "Publisher")


@pytest.fixture
def page(make_information, published) -> Page:
    page = make_information()
    published(page)
    return page


def save(page: Page, actor, words: str) -> int:
    Page.objects.filter(pk=page.pk).update(summary=words)
    return record(page, actor=actor).number


def test_one_publisher_publishes_alone_and_is_marked(page, publisher):
    number = save(page, publisher, "Mine.")
    assert publish(page, actor=publisher, number=number).published_alone


def test_another_persons_text_is_not_published_alone(page, publisher, author):
    number = save(page, author, "Ada's.")
    assert not publish(page, actor=publisher, number=number).published_alone


def test_with_two_publishers_nobody_publishes_their_own_text(page, publisher, second):
    number = save(page, publisher, "Mine.")
    with pytest.raises(OwnText, match="These may: sam"):
        publish(page, actor=publisher, number=number)
    assert page.events.first().verb == Event.Verb.REFUSED
    assert page.editions.count() == 1
    assert not publish(page, actor=second, number=number).published_alone


def test_whoever_wrote_any_version_since_the_last_publication_is_a_contributor(
    page, publisher, second, author
):
    save(page, publisher, "A first draft.")
    number = save(page, author, "Written anew by Ada.")
    with pytest.raises(OwnText):
        publish(page, actor=publisher, number=number)
    publish(page, actor=second, number=number)
    number = save(page, author, "And once more.")
    assert set(contributors(page, number).values()) == {"ada"}
    publish(page, actor=publisher, number=number)


def test_a_restored_text_brings_its_writers_along(page, publisher, second, author):
    theirs = save(page, publisher, "Paul's draft.")
    publish(page, actor=second, number=save(page, author, "Ada's."))
    again, _ = restore(page, actor=author, number=theirs)
    with pytest.raises(OwnText):
        publish(page, actor=publisher, number=again.number)


@pytest.mark.parametrize("change", ["inactive", "no staff", "no role"])
def test_only_active_people_who_may_approve_count(change, page, publisher, second):
    if change == "inactive":
        second.is_active = False
    elif change == "no staff":
        second.is_staff = False
    else:
        second.groups.set(Group.objects.filter(name="Author"))
    second.save()
    assert publish(page, actor=publisher, number=save(page, publisher, "Mine.")).published_alone


@pytest.mark.parametrize(("setting", "may"), [("on", False), ("off", True)])
def test_the_setting_decides_whatever_the_number_of_people(
    setting, may, settings, page, publisher, second
):
    settings.FOUR_EYES = setting
    if setting == "on":
        second.delete()
    number = save(page, publisher, "Mine.")
    if may:
        assert publish(page, actor=publisher, number=number).published_alone
    else:
        with pytest.raises(OwnText, match="Nobody else may"):
            publish(page, actor=publisher, number=number)


def test_a_cancelled_schedule_is_no_publication(page, publisher, second, author):
    number = save(page, author, "Next week.")
    publish(page, actor=second, number=number, at=timezone.now() + timedelta(days=7))
    cancel(page, actor=second)
    newer = save(page, second, "Better.")
    assert set(contributors(page, newer).values()) == {"ada", "sam"}


def test_the_approval_of_one_version_never_publishes_the_next(page, publisher, author):
    read = save(page, author, "As read.")
    save(page, author, "Sneaked in.")
    with pytest.raises(NewerVersion):
        publish(page, actor=publisher, number=read)


# --- Safety fields -----------------------------------------------------------------------


@pytest.fixture
def group(make_symptom, make_category, make_condition, published) -> Page:
    symptom = make_symptom()
    published(symptom)
    group = make_category(symptom, conditions=(make_condition(), make_condition("stroke")))
    Section.objects.create(
        page=group, anchor="safe", heading="Safe", body="<p>Careful.</p>", safety=True
    )
    Cause.objects.filter(category=group, condition__key="stroke").update(relation="emergency")
    published(group)
    return group


SAFETY = {
    "a card": lambda g: CareCard.objects.filter(page=g).update(items=["you feel unwell"]),
    "a card's words for search": lambda g: CareCard.objects.filter(page=g).update(phrases=["x"]),
    "a card less": lambda g: CareCard.objects.filter(page=g).delete(),
    "an emergency's text": lambda g: Cause.objects.filter(category=g, relation="emergency").update(
        how="<p>Otherwise.</p>"
    ),
    "an emergency no more": lambda g: Cause.objects.filter(relation="emergency").update(
        relation="direct"
    ),
    "an emergency more": lambda g: Cause.objects.filter(category=g).update(relation="emergency"),
    "a section": lambda g: Section.objects.filter(page=g, safety=True).update(body="<p>x</p>"),
    "a section's flag": lambda g: Section.objects.filter(page=g).update(safety=False),
}
NOT_SAFETY = {
    "the summary": lambda g: Page.objects.filter(pk=g.pk).update(summary="Other."),
    "another section": lambda g: Section.objects.filter(page=g, safety=False).update(heading="x"),
    "another cause": lambda g: Cause.objects.filter(category=g, relation="direct").update(
        how="<p>x</p>"
    ),
    "an editor's note": lambda g: Cause.objects.filter(category=g).update(note="Ask Ada."),
}


@pytest.mark.parametrize("what", SAFETY)
def test_a_changed_safety_field_needs_a_sign_off(what, group, author, publisher, signed_off):
    SAFETY[what](group)
    number = record(group, actor=author).number
    assert number == 2
    with pytest.raises(NotSignedOff, match="A clinical reviewer must sign off version 2"):
        publish(group, actor=publisher, number=number)
    signed_off(group)
    publish(group, actor=publisher, number=number)
    assert group.editions.count() == 2


@pytest.mark.parametrize("what", NOT_SAFETY)
def test_any_other_change_needs_none(what, group, author, publisher):
    NOT_SAFETY[what](group)
    publish(group, actor=publisher, number=record(group, actor=author).number)


def test_a_first_text_with_safety_fields_needs_a_sign_off(make_condition, author, publisher):
    condition = make_condition()
    number = record(condition, actor=author).number
    with pytest.raises(NotSignedOff, match="care cards"):
        publish(condition, actor=publisher, number=number)


def test_a_sign_off_holds_for_exactly_its_text(make_condition, author, publisher, signed_off):
    condition = make_condition()
    record(condition, actor=author)
    signed_off(condition)
    signed = condition.revisions.first()
    assert sign_off_of(signed).digest == signed.digest
    newer = save(condition, author, "One word more.")
    with pytest.raises(NotSignedOff):
        publish(condition, actor=publisher, number=newer)
    again = save(condition, author, "What sciatica is.")
    assert sign_off_of(condition.revisions.get(number=again)) == SignOff.objects.get()
    publish(condition, actor=publisher, number=again)


def test_a_comment_is_no_sign_off(make_condition, author, reviewer, publisher):
    condition = make_condition()
    number = record(condition, actor=author).number
    reviewing.comment(condition, actor=reviewer, number=number, role="Neurologist", note="Fine.")
    with pytest.raises(NotSignedOff):
        publish(condition, actor=publisher, number=number)


def test_the_first_administrator_alone_can_sign_off_and_publish_and_is_marked(
    make_condition, django_user_model
):
    admin = django_user_model.objects.create_superuser("admin")
    condition = make_condition()
    number = record(condition, actor=admin).number
    sign_off(condition, actor=admin, number=number, role="Editor")
    assert "their own text" in condition.events.first().note
    assert publish(condition, actor=admin, number=number).published_alone


def test_with_a_second_reviewer_nobody_signs_off_their_own_text(
    make_condition, reviewer, make_person
):
    make_person("rex", "Clinical reviewer")
    condition = make_condition()
    number = record(condition, actor=reviewer).number
    with pytest.raises(OwnText, match="These may: rex"):
        sign_off(condition, actor=reviewer, number=number, role="Neurologist")
    assert not SignOff.objects.exists()


def test_neither_an_author_nor_a_publisher_can_sign_off(make_condition, author, publisher):
    condition = make_condition()
    number = record(condition, actor=author).number
    for person in (author, publisher):
        with pytest.raises(PermissionDenied):
            sign_off(condition, actor=person, number=number, role="Dr")


def test_fixtures_are_outside_of_all_this(make_condition, second, publisher):
    condition = make_condition()
    number = record(condition, actor=FIXTURE).number
    edition = publish(condition, actor=FIXTURE, number=number)
    assert (edition.published_alone, SignOff.objects.count()) == (False, 0)


# --- Kinds of change ---------------------------------------------------------------------


@pytest.fixture
def reviewed(make_information, published) -> Page:
    page = make_information(reviewed_by="Dr Ng", reviewed_on="2026-01-05", review_interval=12)
    published(page)
    return page


def test_a_change_of_wording_never_moves_the_date_of_the_review(reviewed, publisher, author):
    before = reviewed.editions.get().review_due_on
    Information.objects.update(review_interval=36, summary="Plainer.")
    number = record(reviewed, actor=author).number
    wording = Edition.Change.WORDING
    new = publish(reviewed, actor=publisher, number=number, change=wording)
    assert new.review_due_on == before
    Information.objects.update(reviewed_on="2026-05-05", summary="Plainer still.")
    number = record(reviewed, actor=author).number
    with pytest.raises(NotPossible, match="change of wording"):
        publish(reviewed, actor=publisher, number=number, change=wording)
    new = publish(reviewed, actor=publisher, number=number, change="evidence")
    assert str(new.review_due_on) == "2029-05-05"


def test_a_review_without_change_changes_the_review_only(reviewed, publisher, author):
    Information.objects.update(reviewed_on="2026-05-05", summary="And this.")
    number = record(reviewed, actor=author).number
    with pytest.raises(NotPossible, match="more than a review"):
        publish(reviewed, actor=publisher, number=number, change="review")
    Information.objects.update(summary="")
    number = record(reviewed, actor=author).number
    assert publish(reviewed, actor=publisher, number=number, change="review").change == "review"
    assert list(problems()) == []

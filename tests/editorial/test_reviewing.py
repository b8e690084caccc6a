"""Submitting, returning, guests' links, and the mail that each sends."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from causes.editorial import guests, notices
from causes.editorial.acting import FIXTURE, NotPossible
from causes.editorial.publishing import publish, record
from causes.editorial.reviewing import (
    LinkClosed,
    answer_as_guest,
    comment,
    give_back,
    invite,
    revoke,
    sign_off,
    submit,
)
from causes.editorial.safety import sign_off_of
from causes.editorial.verification import problems
from causes.models import Event, Page, ReviewLink, Revision, SignOff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(django_user_model, author, publisher, reviewer):
    for person in (author, publisher, reviewer):
        person.email = f"{person.username}@clinic.example"
        person.save()


@pytest.fixture
def page(make_condition, author) -> Page:
    page = make_condition()
    record(page, actor=author)
    return page


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Runs a verb; returns {address: text} of the messages that it sent."""

    def run(verb, *args, **kwargs) -> dict[str, str]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            verb(*args, **kwargs)
        for message in mail.outbox:
            assert len(message.to) == 1
        return {message.to[0]: f"{message.subject}\n{message.body}" for message in mail.outbox}

    return run


def test_a_draft_is_submitted_returned_and_submitted_again(page, author, publisher):
    states = [page.revisions.get().state]
    submit(page, actor=author, number=1)
    states.append(page.revisions.get().state)
    with pytest.raises(NotPossible, match="what should change"):
        give_back(page, actor=publisher, number=1, note="  ")
    give_back(page, actor=publisher, number=1, note="Too long.")
    states.append(page.revisions.get().state)
    submit(page, actor=author, number=1)
    states.append(page.revisions.get().state)
    assert states == ["draft", "submitted", "returned", "submitted"]
    assert page.events.filter(verb="give_back").get().note == "Too long."


def test_a_save_after_submission_is_a_draft_again(page, author):
    submit(page, actor=author, number=1)
    Page.objects.filter(pk=page.pk).update(summary="One thing more.")
    assert record(page, actor=author).state == Revision.State.DRAFT


def test_mail_goes_to_the_people_concerned_and_no_one_else(
    page, author, publisher, reviewer, sent, make_person, settings
):
    owner = make_person("olga", "Author")
    owner.email = "olga@clinic.example"
    owner.save()
    Page.objects.filter(pk=page.pk).update(owner=owner)
    page.refresh_from_db()
    ada, olga = "ada@clinic.example", "olga@clinic.example"
    paul, rosa = "paul@clinic.example", "rosa@clinic.example"

    told = sent(submit, page, actor=author, number=1, note="Please look.")
    assert set(told) == {paul, rosa, olga}
    form = f"{settings.SITE_URL}/admin/causes/condition/{page.pk}/change/"
    for words in ("Version 1 of “Sciatica” waits for review, by ada.", "Please look.", form):
        assert words in told[paul]
    assert "The first sentence" not in told[paul]
    assert set(sent(give_back, page, actor=publisher, number=1, note="No.")) == {ada}
    sent(submit, page, actor=author, number=1)
    told = sent(sign_off, page, actor=reviewer, number=1, role="Neurologist")
    assert set(told) == {ada, olga}
    told = sent(publish, page, actor=publisher, number=1, note="New.")
    assert set(told) == {ada, olga}
    assert "was published, by paul." in told[ada]


def test_a_mail_server_that_is_down_stops_nobody(page, author, sent, settings, caplog):
    def broken(self, *args, **kwargs):
        raise ConnectionRefusedError("no server")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notices.EmailMessage, "send", broken)
        sent(submit, page, actor=author, number=1)
    assert page.revisions.get().state == "submitted"
    assert "A message was not sent" in caplog.text


def test_what_is_rolled_back_is_not_mailed(page, author, sent):
    mail.outbox.clear()
    with pytest.raises(NotPossible):
        sent(give_back, page, actor=FIXTURE, number=1, note="never submitted")
    assert mail.outbox == []


def test_a_title_with_a_line_break_makes_no_header(make_condition, author, publisher, sent):
    page = make_condition(title="A\nBcc: x@example.org")
    record(page, actor=author)
    told = sent(submit, page, actor=author, number=1)
    assert "A Bcc: x@example.org" in told["paul@clinic.example"].splitlines()[0]


# --- Guests ------------------------------------------------------------------------------


@pytest.fixture
def link(page, publisher) -> ReviewLink:
    return invite(page, actor=publisher, number=1, recipient="Dr Ng, neurologist", days=14)


def answer(link: ReviewLink, **changed) -> SignOff:
    said = {"verdict": SignOff.Verdict.APPROVED, "name": "Dr Ng", "role": "Neurologist"}
    return answer_as_guest(link, **said | changed)


def test_a_guests_approval_is_the_sign_off_of_that_text_and_recorded_as_a_guests(
    page, publisher, link
):
    said = answer(link, note="Fine.")
    assert (said.is_guest, said.by, said.link, said.digest) == (
        True,
        None,
        link,
        link.revision.digest,
    )
    event = page.events.first()
    assert (event.verb, event.actor, event.actor_name) == ("sign_off", None, "Dr Ng")
    assert event.note == "guest, Neurologist, by the link for Dr Ng, neurologist; Fine."
    publish(page, actor=publisher, number=1)
    assert list(problems()) == []


def test_a_guests_comment_is_no_approval(page, link):
    answer(link, verdict=SignOff.Verdict.COMMENTED, note="Wrong side.")
    assert sign_off_of(link.revision) is None
    assert page.events.first().verb == Event.Verb.COMMENT


@pytest.mark.parametrize(
    "changed",
    [{"name": " "}, {"role": ""}, {"verdict": SignOff.Verdict.COMMENTED, "note": " "}],
)
def test_an_answer_without_name_role_or_words_is_refused(changed, link):
    with pytest.raises(NotPossible):
        answer(link, **changed)
    assert not SignOff.objects.exists()


def test_a_guest_is_told_of_by_mail(link, sent):
    told = sent(answer, link)
    assert "was signed off, by Dr Ng (guest)." in told["ada@clinic.example"]


def test_a_link_that_has_expired_or_was_taken_back_takes_no_answer(page, publisher, link):
    revoke(page, actor=publisher, link=link.pk)
    with pytest.raises(LinkClosed):
        answer(link)
    with pytest.raises(NotPossible, match="closed already"):
        revoke(page, actor=publisher, link=link.pk)
    second = invite(page, actor=publisher, number=1, recipient="Dr Ng", days=1)
    past = timezone.now() - timedelta(days=3)
    ReviewLink.objects.filter(pk=second.pk).update(
        created_at=past, expires_at=past + timedelta(days=1)
    )
    with pytest.raises(LinkClosed):
        answer(second)
    assert not SignOff.objects.exists()


def test_an_author_cannot_make_a_link_to_approve_their_own_text(page, author):
    with pytest.raises(PermissionDenied):
        invite(page, actor=author, number=1, recipient="me", days=1)


@pytest.mark.parametrize("days", [0, -1, 91, 10**6])
def test_a_link_holds_for_a_time_that_makes_sense(days, page, publisher):
    with pytest.raises(NotPossible):
        invite(page, actor=publisher, number=1, recipient="Dr Ng", days=days)


def test_a_link_of_another_page_is_not_taken_back_here(page, publisher, link, make_information):
    other = make_information()
    record(other, actor=publisher)
    with pytest.raises(NotPossible):
        revoke(other, actor=publisher, link=link.pk)
    assert ReviewLink.objects.get().is_open()


def test_a_link_is_counted_in_the_database_and_opens_again_after_a_while(link):
    used = [guests.count_use(link) for _ in range(guests.MOST_USES + 2)]
    assert used == [True] * guests.MOST_USES + [False, False]
    ReviewLink.objects.update(counted_from=timezone.now() - guests.WINDOW)
    assert guests.count_use(link)
    assert ReviewLink.objects.get().uses == 1


def test_a_token_that_we_have_not_signed_leads_nowhere(link):
    token = guests.address_of(link).split("/")[-2]
    assert guests.link_of(token) == link
    for forged in ("", "1", token[:-1], token + "x", "x" + token, "\0", token.swapcase()):
        assert guests.link_of(forged) is None, forged


def test_who_says_something_names_their_role(page, reviewer):
    with pytest.raises(NotPossible, match="role"):
        sign_off(page, actor=reviewer, number=1, role=" ")
    with pytest.raises(NotPossible, match="comment"):
        comment(page, actor=reviewer, number=1, role="Dr", note="")

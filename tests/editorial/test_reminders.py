"""Reminders of reviews: at 90, 30 and 0 days, one mail a person, each once."""

import io
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone

from causes.editorial.reminders import AlreadyRunning, _write_down, send_reminders
from causes.models import Page, Reminder

pytestmark = pytest.mark.django_db

TODAY = date(2026, 8, 6)


@pytest.fixture
def owner(make_person):
    person = make_person("olga", "Author")
    person.email = "olga@example.org"
    person.save()
    return person


@pytest.fixture
def due(make_condition, owner):
    """Makes a page whose review is due in so many days from TODAY."""

    def due(key: str, days: int, **fields) -> Page:
        page = make_condition(key, **{"owner": owner} | fields)
        Page.objects.filter(pk=page.pk).update(review_due_on=TODAY + timedelta(days=days))
        return page

    return due


def stages(key: str) -> list[int]:
    found = Reminder.objects.filter(page__key=key).order_by("-days_before")
    return list(found.values_list("days_before", flat=True))


def test_a_person_gets_one_mail_with_all_their_pages(due):
    due("overdue", -3)
    due("soon", 20)
    due("later", 80)
    due("not-yet", 91)
    sent = send_reminders(TODAY)
    assert sent.mails == {"olga@example.org": 3}
    [message] = mail.outbox
    assert message.to == ["olga@example.org"]
    assert message.subject == "Causes: 3 pages to review"
    assert message.body.index("Overdue") < message.body.index("Soon") < message.body.index("Later")
    assert "Not yet" not in message.body
    assert f"/admin/causes/condition/{Page.objects.get(key='soon').pk}/change/" in message.body
    assert "due on 3 August 2026" in message.body


def test_a_second_run_sends_nothing_and_the_next_stage_is_sent_once(due):
    due("stroke", 90)
    for days, expected in ((0, [90]), (0, [90]), (59, [90]), (60, [90, 30]), (61, [90, 30])):
        send_reminders(TODAY + timedelta(days=days))
        assert stages("stroke") == expected
    for _ in range(2):
        send_reminders(TODAY + timedelta(days=90))
    assert stages("stroke") == [90, 30, 0]
    assert len(mail.outbox) == 3


def test_a_page_that_was_reviewed_is_reminded_of_its_next_review(due):
    page = due("stroke", 0)
    send_reminders(TODAY)
    Page.objects.filter(pk=page.pk).update(review_due_on=TODAY + timedelta(days=365))
    send_reminders(TODAY + timedelta(days=275))
    assert len(mail.outbox) == 2


@pytest.mark.parametrize("trouble", ["no owner", "no address", "inactive"])
def test_a_page_whose_owner_cannot_be_told_goes_to_the_publishers(trouble, due, owner, publisher):
    due("stroke", 0, owner=None if trouble == "no owner" else owner)
    if trouble == "no address":
        owner.email = ""
    owner.is_active = trouble != "inactive"
    owner.save()
    publisher.email = "paul@example.org"
    publisher.save()
    assert send_reminders(TODAY).mails == {"paul@example.org": 1}


def test_a_publisher_who_owns_pages_gets_one_mail_for_all(due, publisher):
    publisher.email = "paul@example.org"
    publisher.save()
    due("owned", 0, owner=publisher)
    due("nobodys", 0, owner=None)
    assert send_reminders(TODAY).mails == {"paul@example.org": 2}


def test_without_publishers_the_sites_address_is_told_and_else_it_says_so(due, settings):
    due("stroke", 0, owner=None)
    sent = send_reminders(TODAY)
    assert [page.key for page in sent.nobody] == ["stroke"]
    assert not Reminder.objects.exists()
    settings.CONTACT_EMAIL = "desk@example.org"
    assert send_reminders(TODAY).mails == {"desk@example.org": 1}


def test_archived_pages_rest(due):
    page = due("stroke", 0)
    Page.objects.filter(pk=page.pk).update(archived_at=timezone.now())
    assert send_reminders(TODAY).mails == {}


class Refusing(EmailBackend):
    def send_messages(self, messages):
        raise ConnectionRefusedError("no server")


def test_a_mail_that_could_not_be_sent_is_tried_again(due):
    due("stroke", 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend", Refusing)
        sent = send_reminders(TODAY)
    assert sent.failed == {"olga@example.org": "no server"}
    assert not Reminder.objects.exists()
    assert send_reminders(TODAY).mails == {"olga@example.org": 1}


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_the_same_time_send_nothing_twice(due, monkeypatch):
    due("stroke", 0)

    def first_the_other(wanted):
        monkeypatch.setattr("causes.editorial.reminders._write_down", _write_down)
        send_reminders(TODAY)
        _write_down(wanted)

    monkeypatch.setattr("causes.editorial.reminders._write_down", first_the_other)
    with pytest.raises(AlreadyRunning):
        send_reminders(TODAY)
    assert len(mail.outbox) == 1


def test_the_command_says_what_it_did(due, owner):
    page = due("stroke", 0)
    Page.objects.filter(pk=page.pk).update(review_due_on=timezone.localdate())
    output = io.StringIO()
    call_command("send_reminders", stdout=output)
    assert output.getvalue() == "olga@example.org: 1 page(s)\n1 mail(s) sent.\n"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.core.mail.backends.locmem.EmailBackend", Refusing)
        Reminder.objects.all().delete()
        errors = io.StringIO()
        with pytest.raises(CommandError, match="tries them again"):
            call_command("send_reminders", stdout=output, stderr=errors)
    assert "olga@example.org: not sent: no server" in errors.getvalue()

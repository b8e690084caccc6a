"""Fixtures of people and their mail."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import AbstractUser
from django.core import mail as outbox
from django.db.models import F

from causes.people import mail


class AtOnce:
    """In place of the thread that sends mail."""

    def submit(self, act: Callable, *arguments: object) -> None:
        act(*arguments)


@pytest.fixture
def mails(settings, monkeypatch, django_capture_on_commit_callbacks) -> Callable[..., list]:
    """``mails(act)``: does it, and returns the messages that were sent meanwhile."""
    settings.HAS_MAIL_SERVER = True
    monkeypatch.setattr(mail, "sender", AtOnce())

    def sent_while(act: Callable[[], object]) -> list:
        before = len(outbox.outbox)
        with django_capture_on_commit_callbacks(execute=True):
            act()
        return outbox.outbox[before:]

    return sent_while


def with_mail(person: AbstractUser) -> AbstractUser:
    person.email = f"{person.get_username()}@causes.example"
    person.save()
    return person


@pytest.fixture
def ada(make_person) -> AbstractUser:
    return with_mail(make_person("ada", "Author"))


@pytest.fixture
def anna(make_person) -> AbstractUser:
    return with_mail(make_person("anna", "Administrator"))


@pytest.fixture
def later() -> Callable[..., None]:
    """Lets time pass for what django-axes has counted."""

    def pass_by(**time: float) -> None:
        for model in (AccessAttempt, AccessLog):
            model.objects.update(attempt_time=F("attempt_time") - timedelta(**time))

    return pass_by

"""Whether a balancer may send requests here, and who is told why."""

import threading
import time

import pytest
from django.db import OperationalError
from django.test import Client

from causes.monitoring import deadline
from causes.monitoring.deadline import Question

WORDS = "database"  # of the reasons


def test_a_site_that_is_ready_says_so_in_one_word(db, client):
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (200, b"ready\n")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.parametrize("error", [OperationalError("secret detail"), TimeoutError()])
def test_a_site_that_is_not_says_so_and_nothing_more(client, asked_here, error):
    asked_here["_migrations"].error = error
    client.cookies["sessionid"] = "anybody's"  # looked up nowhere: it lies in the database
    response = client.get("/readyz")
    assert (response.status_code, response.content) == (503, b"not ready\n")
    assert response["Retry-After"] == "5"
    assert response["Content-Security-Policy"]


def test_staff_are_told_why(publishing_client):
    text = publishing_client.get("/readyz").content.decode()
    assert text.startswith("ready\n\nok    database: The database answers.\n")
    assert "warn  backup" in text


@pytest.mark.parametrize("kind", ["reader", "inactive", "junk"])
def test_nobody_else_is(db, django_user_model, kind):
    client = Client()
    if kind == "junk":
        client.cookies["sessionid"] = "x" * 32
    else:
        person = django_user_model.objects.create_user("rita", is_staff=kind == "inactive")
        client.force_login(person)
        django_user_model.objects.update(is_active=kind != "inactive")
    headers = {"x-forwarded-for": "127.0.0.1", "x-real-ip": "127.0.0.1"}
    assert client.get("/readyz?verbose=1", headers=headers).content == b"ready\n"


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_ever_read(db, client, method):
    assert getattr(client, method)("/readyz").status_code == 405
    assert client.head("/readyz").status_code == 200


class Hanging:
    """A question that may hang; ``asked`` counts how often it was."""

    def __init__(self) -> None:
        self.runs, self.asked = threading.Event(), 0

    def __call__(self) -> int:
        self.asked += 1
        assert self.runs.wait(30)
        return self.asked


@pytest.fixture
def hanging():
    made = Hanging()
    yield made
    made.runs.set()


@pytest.fixture(autouse=True)
def connections_stay(monkeypatch):
    """The questions below ask no database."""
    monkeypatch.setattr(deadline.connections, "close_all", lambda: None)


def test_a_question_that_hangs_is_given_up_in_time_and_not_asked_twice(hanging):
    question = Question(hanging)
    began = time.monotonic()
    for _again in range(3):
        with pytest.raises(TimeoutError):
            question.answer(0.1)
    assert time.monotonic() - began < 1.5
    assert hanging.asked == 1
    hanging.runs.set()
    assert question.answer(10) == 1
    assert question.answer(10) == 2


def test_an_answer_counts_for_as_long_as_it_is_remembered(hanging):
    hanging.runs.set()
    question = Question(hanging, memory=60)
    assert [question.answer(10) for _ in range(3)] == [1, 1, 1]
    question._answered -= 61
    assert question.answer(10) == 2


def test_what_a_question_raises_reaches_who_asked():
    def fail() -> None:
        raise OperationalError("gone")

    with pytest.raises(OperationalError, match="gone"):
        Question(fail).answer(10)

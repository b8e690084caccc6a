"""Freshness on PostgreSQL: asked beside the answers, with a deadline; nobody waits in vain."""

import logging
import os
import threading
import time
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, connections
from django.utils import timezone

from causes.public.dates import end_of
from causes.public.pagecache import postgres
from causes.public.pagecache.postgres import PostgresFreshness, PostgresQuestion


class Database:
    """Stands for PostgreSQL: it may answer, refuse, or be frozen."""

    def __init__(self) -> None:
        self.version, self.moments, self.asked = 7, [None, None], 0
        self.runs, self.error = threading.Event(), None
        self.runs.set()

    def __call__(self):
        self.asked += 1
        if not self.runs.wait(timeout=20):
            raise TimeoutError
        if self.error:
            raise self.error
        return self.version, list(self.moments)


@pytest.fixture
def database():
    made = Database()
    yield made
    made.runs.set()


@pytest.fixture
def freshness(database, monkeypatch):
    monkeypatch.setattr(postgres, "DEADLINE", 5.0)  # of a busy machine
    return PostgresFreshness(database)


def older(freshness, seconds: float) -> None:
    """As if the last answer were that old."""
    state, began = freshness._known
    freshness._known = state, began - seconds
    freshness._last -= seconds


def until(condition) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_the_first_reader_waits_for_the_answer_and_the_next_ones_do_not_ask(
    freshness, database, monkeypatch
):
    monkeypatch.setattr(postgres, "PAUSE", 60.0)
    monkeypatch.setattr(postgres, "TRUST", 60.0)
    first = freshness.read()
    assert first.epoch == 1
    assert first.until == end_of(timezone.localdate()).timestamp()
    assert {freshness.read() for _ in range(1000)} == {first}
    assert database.asked == 1


def test_an_answer_older_than_a_second_is_never_trusted(freshness, database):
    freshness.read()
    database.version = 8
    older(freshness, postgres.TRUST)
    assert freshness.read().epoch == 2
    assert database.asked == 2


def test_before_that_it_is_asked_beside_the_answers(freshness, database, monkeypatch):
    monkeypatch.setattr(postgres, "PAUSE", 60.0)  # however busy the machine is
    monkeypatch.setattr(postgres, "TRUST", 600.0)
    first = freshness.read()
    database.version = 8
    older(freshness, postgres.PAUSE)
    database.runs.clear()
    assert freshness.read() == first  # without waiting
    database.runs.set()
    until(lambda: freshness.read().epoch == 2)
    assert database.asked == 2


def test_a_schedule_ends_an_answer_however_new(freshness, database):
    database.moments = [time.time() + 0.2, time.time() + 3600]
    assert freshness.read().until < time.time() + 1
    time.sleep(0.25)
    database.moments = [None, time.time() + 3600]
    midnight = end_of(timezone.localdate()).timestamp()
    assert freshness.read().until > min(midnight, time.time() + 3600) - 600


def test_one_thread_asks_for_all_readers(freshness, database, monkeypatch):
    for name in ("PAUSE", "TRUST", "DEADLINE", "GIVE_UP"):  # however busy the machine is
        monkeypatch.setattr(postgres, name, 60.0)
    database.runs.clear()
    answers, threads = [], []
    for _ in range(8):
        threads.append(threading.Thread(target=lambda: answers.append(freshness.read())))
        threads[-1].start()
    until(lambda: database.asked == 1)
    database.runs.set()
    for thread in threads:
        thread.join()
    assert {answer.epoch for answer in answers} == {1}
    assert database.asked == 1


def test_a_reader_who_looked_just_before_the_answer_came_does_not_ask_again(
    freshness, database, monkeypatch
):
    monkeypatch.setattr(postgres, "PAUSE", 60.0)
    monkeypatch.setattr(postgres, "TRUST", 60.0)
    look, seen = freshness._trusted, []

    def look_just_before_the_answer():
        seen.append(look())
        if len(seen) == 1:
            freshness._note(database(), time.monotonic())
        return seen[-1]

    monkeypatch.setattr(freshness, "_trusted", look_just_before_the_answer)
    assert freshness.read().epoch == 1
    assert seen[0][0] is None
    assert database.asked == 1


def test_a_frozen_database_is_waited_for_once_and_trusted_again_as_soon_as_it_answers(
    freshness, database, monkeypatch
):
    first = freshness.read()
    monkeypatch.setattr(postgres, "DEADLINE", 0.1)
    database.runs.clear()
    older(freshness, postgres.TRUST)
    began = time.monotonic()
    assert freshness.read() is None
    assert time.monotonic() - began >= 0.09
    began = time.monotonic()
    assert {freshness.read() for _ in range(1000)} == {None}
    assert time.monotonic() - began < 5
    assert database.asked == 2
    database.runs.set()
    until(lambda: freshness.read() == first)


def test_a_database_that_is_gone_is_asked_now_and_then_while_nobody_waits(
    freshness, database, monkeypatch, caplog
):
    monkeypatch.setattr(postgres, "PAUSE", 60.0)
    freshness.read()
    database.error = OSError("refused")
    older(freshness, postgres.TRUST)
    with caplog.at_level(logging.WARNING):
        assert {freshness.read() for _ in range(200)} == {None}
        assert database.asked == 2
        older(freshness, postgres.PAUSE)
        assert freshness.read() is None
        until(lambda: database.asked == 3 and freshness._asking is None)
        database.error, database.version = None, 9
        older(freshness, postgres.PAUSE)
        until(lambda: freshness.read() is not None)
    assert freshness.read().epoch == 2
    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 2  # not once a question
    assert "does not answer" in said[0]
    assert "answers again" in said[1]


def test_a_restored_database_with_an_older_version_is_another_epoch(freshness, database):
    for number in (7, 9, 7, 9):
        database.version = number
        older(freshness, postgres.TRUST)
        freshness.read()
    assert freshness.epoch == 4


def test_a_fork_asks_in_a_thread_of_its_own(freshness, database):
    before = freshness.read()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        ok = False
        try:
            state = freshness.read()
            ok = state is not None and state.epoch > before.epoch and database.asked == 2
        finally:
            os.write(writer, b"1" if ok else b"0")
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 1) == b"1"
    os.close(reader)
    os.close(writer)


# --- The question itself, on a real server -------------------------------------------------------

on_postgres = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="asks a real PostgreSQL server"
)


@pytest.fixture
def question():
    made = PostgresQuestion(lambda: connections["default"])
    yield made
    made.close()


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_the_question_is_about_the_content_version_and_the_next_moments(
    question, make_condition, published
):
    page, then = make_condition("now"), timezone.now() + timedelta(hours=1)
    published(page)
    version, moments = question()
    assert moments == [None, None]
    page.lead = "<p>Other words.</p>"
    page.save()
    published(page, at=then)
    assert question() == (version + 1, [pytest.approx(then.timestamp(), abs=1e-5)] * 2)


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_question_that_is_not_answered_in_time_is_given_up(question, monkeypatch):
    expected = question()
    lost = question._connection
    with monkeypatch.context() as slow:
        slow.setattr(postgres, "GIVE_UP", 0.3)
        slow.setattr(postgres, "question", lambda *_: "SELECT pg_sleep(5), 1, 2")
        with pytest.raises(TimeoutError):
            question()
    assert lost.closed
    assert question() == expected


@on_postgres
@pytest.mark.django_db(transaction=True)
def test_a_question_asks_again_on_a_new_connection_after_the_server_hung_up(question):
    question()
    number = question._connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [number])
    with pytest.raises(psycopg.OperationalError):
        question()
    assert question()[1] == [None, None]

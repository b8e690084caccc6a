"""In a server a thread keeps the index current: no search looks at what has changed."""

import logging
from types import SimpleNamespace

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from causes import search
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Page
from causes.search import catching_up, following


@pytest.fixture
def looks(monkeypatch):
    """Has the thread look, here and so many times; what it waited for between them."""

    class Stopped(Exception):
        pass

    def sleep(seconds):
        waited.append(seconds)
        if len(waited) >= wanted[0]:
            raise Stopped

    def times(number: int = 1) -> list[float]:
        waited.clear()
        wanted[0] = number
        with pytest.raises(Stopped):
            following._work()
        return waited

    waited, wanted = [], [0]
    monkeypatch.setattr(following, "sleep", sleep)
    monkeypatch.setattr(following, "close_old_connections", lambda: None)
    return times


@pytest.fixture
def followed(monkeypatch, looks):
    """A server's process; its thread is the test's to run."""
    started = []

    class Thread:
        def __init__(self, *, target, name, daemon):
            started.append((target, daemon))

        def start(self):
            started.append("running")

    monkeypatch.setattr(following.threading, "Thread", Thread)
    search.follow()
    assert started == [(following._work, True), "running"]
    return looks


def withdraw_page(key: str) -> None:
    withdraw(Page.objects.get(key=key).specific(), actor=FIXTURE, note="wrong")


def test_a_search_reads_its_hits_and_nothing_else(
    make_page, keys, followed, django_assert_num_queries
):
    make_page("a", title="Alpha")
    followed()
    make_page("b", title="Alpha too")
    with django_assert_num_queries(1):
        assert keys("alpha") == ["a"]
    with django_assert_num_queries(1):
        search.suggest("alph", at=timezone.now())
    followed()
    assert set(keys("alpha")) == {"a", "b"}


def test_what_was_withdrawn_is_gone_before_the_thread_has_looked(make_page, keys, found, followed):
    make_page("a", title="Alpha", names=["first letter"])
    make_page("b", title="Alpha too")
    followed()
    withdraw_page("a")
    assert keys("alpha") == ["b"]
    assert search.suggest("first", at=timezone.now()) == []
    assert search.status().pages == 2
    followed()
    assert keys("alpha") == ["b"]
    assert search.status().pages == 1


def test_two_pauses_leave_time_for_the_work_within_a_second():
    """One process writes in its look, the others see it in their next (`test_processes`)."""
    assert 2 * following.PAUSE <= 0.7


def test_a_search_looks_itself_where_the_thread_does_not(make_page, keys, followed, monkeypatch):
    """As where it was killed, or has not begun."""
    make_page("a", title="Alpha")
    assert keys("alpha") == ["a"]
    make_page("b", title="Alpha too")
    assert keys("alpha") == ["a"]
    monkeypatch.setattr(catching_up, "FOLLOWER_LATE", 0.0)
    assert set(keys("alpha")) == {"a", "b"}


def test_a_fork_of_a_followed_process_is_not_followed(make_page, keys, followed, monkeypatch):
    make_page("a", title="Alpha")
    followed()
    make_page("b", title="Alpha too")
    assert keys("alpha") == ["a"]
    monkeypatch.setattr(catching_up, "os", SimpleNamespace(getpid=lambda: -1))
    assert set(keys("alpha")) == {"a", "b"}


def test_an_index_is_searched_as_it_is_while_a_new_process_compares(make_page, found, monkeypatch):
    make_page("a", title="Alpha")
    found("alpha")
    catching_up.forget()
    during = []

    def compare(*args):
        during.append(found("alpha"))
        return original(*args)

    original = catching_up.live_editions
    monkeypatch.setattr(catching_up, "live_editions", compare)
    after = found("alpha")
    assert [(answer.engine, answer.total, answer.version) for answer in during] == [(True, 1, None)]
    assert (after.engine, after.total) == (True, 1)
    assert after.version is not None


def test_the_vocabulary_is_read_once_and_learns_what_is_published(
    make_page, found, followed, monkeypatch
):
    make_page("a", title="Alpha", text="Numbness of both feet.")
    followed()
    assert found("numbnes").corrected == "numbness"

    def read_again(self, searchers):
        raise AssertionError

    monkeypatch.setattr("causes.search.spelling.Vocabulary.__init__", read_again)
    make_page("b", title="Beta", names=["peripheral neuropathy"], text="Clumsiness of the hands.")
    followed()
    assert found("clumsines").corrected == "clumsiness"
    assert found("periferal").corrected == "peripheral"
    assert found("numbnes").corrected == "numbness"


def test_no_word_is_corrected_to_one_that_no_page_has_any_more(make_page, found, followed):
    make_page("a", title="Alpha", text="Numbness of both feet.")
    make_page("b", title="Beta", text="Clumsiness of the hands.")
    followed()
    assert found("clumsines").corrected == "clumsiness"
    withdraw_page("b")
    followed()
    assert found("clumsines").corrected == ""
    assert found("numbnes").corrected == "numbness"


def test_the_vocabulary_is_read_anew_after_many_changes(make_page, found, followed, monkeypatch):
    monkeypatch.setattr(catching_up, "MANY_PAGES", 0)
    make_page("a", title="Alpha", text="Numbness of both feet.")
    followed()
    before = catching_up._process.reading.vocabulary
    make_page("b", title="Beta", text="Clumsiness of the hands.")
    followed()
    assert catching_up._process.reading.vocabulary._in_texts is not before._in_texts
    assert found("clumsines").corrected == "clumsiness"


@pytest.mark.parametrize("error", [OperationalError, ValueError])
def test_one_look_that_fails_is_not_the_last(make_page, keys, followed, caplog, error):
    make_page("a", title="Alpha")
    followed()
    make_page("b", title="Alpha too")
    asked = []

    def fail_at_first(execute, sql, *others):
        asked.append(sql)
        if len(asked) == 1:
            raise error
        return execute(sql, *others)

    with connection.execute_wrapper(fail_at_first), caplog.at_level(logging.ERROR):
        assert followed(2) == [following.PAUSE] * 2
    assert set(keys("alpha")) == {"a", "b"}
    # A database that is gone says so elsewhere, and not three times a second.
    assert len(caplog.records) == (error is ValueError)

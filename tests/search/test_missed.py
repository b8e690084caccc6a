"""What readers looked for in vain is learned without watching them, and only if asked for."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from causes.models import MissedSearch
from causes.search import missed


@pytest.fixture(autouse=True)
def learning(settings, monkeypatch) -> list[threading.Timer]:
    """Turned on; nothing is written before a test says so. Returns the timers that were made."""
    settings.LEARN_FROM_SEARCHES = True
    timers: list[threading.Timer] = []
    monkeypatch.setattr(threading.Timer, "start", lambda timer: timers.append(timer))
    missed._counts.clear()
    return timers


def counts() -> dict[str, int]:
    return dict(MissedSearch.objects.values_list("words", "count"))


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("Zzz Legs", "zzz legs"),
        ("  wobbly   knee? ", "wobbly knee"),
        ("jumper’s knee", "jumper’s knee"),
        ("one two three four", "one two three four"),
        ("one two three four five", ""),
        ("numb 1975", "numb"),
        ("b12 low", "low"),
        ("0123 456 789", ""),
        ("ada@example.org numb", "numb"),
        ("see https://example.org/ada numb", "see numb"),
        ("www.example.org", ""),
        ("example.org/ada numb", "numb"),
        ("numb ada@", "numb"),
        ("", ""),
        ("?!", ""),
        ("\0\ud800", ""),
        ("w" * 300, ""),
        ("ß" * 50, "ss" * 50),
    ],
)
def test_only_short_questions_are_kept_without_digits_and_addresses(question, kept):
    assert missed.kept_words(question) == kept


def test_nothing_is_counted_unless_an_operator_says_so(settings, db):
    settings.LEARN_FROM_SEARCHES = False
    missed.note("wobbly knee")
    missed.write()
    assert counts() == {}


def test_questions_are_added_up_and_written_later(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        for question in ("wobbly knee", "Wobbly  KNEE!", "other"):
            missed.note(question)
    missed.write()
    assert counts() == {"wobbly knee": 2, "other": 1}
    missed.note("wobbly knee")
    missed.write()
    assert counts() == {"wobbly knee": 3, "other": 1}
    assert set(MissedSearch.objects.values_list("last_seen", flat=True)) == {timezone.localdate()}


def test_one_writer_waits_a_minute_whatever_comes(db, learning):
    for number in range(10):
        missed.note(f"wobbly {chr(97 + number)}")
    assert [timer.interval for timer in learning] == [60]
    assert learning[0].daemon
    missed.write()
    missed.note("again")
    assert len(learning) == 2


def test_junk_fills_neither_memory_nor_disk(db, monkeypatch):
    monkeypatch.setattr(missed, "MOST_IN_MEMORY", 3)
    monkeypatch.setattr(missed, "MOST_ROWS", 4)
    for letter in "abcdef":
        missed.note(f"junk {letter}")
    missed.note("junk a")
    missed.write()
    assert counts() == {"junk a": 2, "junk b": 1, "junk c": 1}
    for letter in "xyza":
        missed.note(f"junk {letter}")
    missed.write()
    assert counts() == {"junk a": 2, "junk b": 1, "junk c": 1, "junk x": 1}
    monkeypatch.setattr(missed, "MOST_IN_MEMORY", 9)
    missed.note("junk a")
    missed.write()
    assert counts()["junk a"] == 3


def test_what_nobody_looks_for_any_more_is_dropped_after_90_days(db):
    today = timezone.localdate()
    for words, days in (("old", 91), ("young", 90)):
        MissedSearch.objects.create(words=words, count=9, last_seen=today - timedelta(days=days))
    missed.write()
    assert counts() == {"young": 9}


def test_a_failure_to_write_ends_in_the_log(db, monkeypatch, caplog):
    monkeypatch.setattr(missed, "connection", type("None", (), {"close": lambda: None}))

    def fail(*args, **kwargs):
        raise missed.DatabaseError("gone")

    monkeypatch.setattr(MissedSearch.objects, "filter", fail)
    missed.note("secret words")
    missed._write_and_close()
    assert "could not be written" in caplog.text
    assert "secret words" not in caplog.text

"""Pages are rendered once at a time, in threads that may hang without harm to readers."""

import os
import threading
import time

import pytest

from causes.public.middleware import UNAVAILABLE
from causes.public.pagecache import PageCache, layer
from causes.public.pagecache.renders import THREADS, Renders
from tests.public.pagecache.wsgi import ask

PAGE = "/conditions/disc/"


class Gate:
    """An application that renders when it is let, and says 503 at any time."""

    def __init__(self) -> None:
        self.opened, self.lock = threading.Event(), threading.Lock()
        self.rendered: list[str] = []
        self.text = "one"

    def __call__(self, environ, start_response):
        if UNAVAILABLE in environ:
            start_response("503 Service Unavailable", [])
            return [b"later"]
        with self.lock:
            self.rendered.append(environ["PATH_INFO"])
            text = self.text
        self.opened.wait(timeout=20)
        said = {"Cache-Control": "public, s-maxage=1", "ETag": f'"{text}"', "Vary": ""}
        start_response("200 OK", list(said.items()))
        return [text.encode()]


@pytest.fixture
def gate():
    made = Gate()
    yield made
    made.opened.set()


@pytest.fixture
def cache(gate, known):
    return PageCache(gate, freshness=known, megabytes=1)


def until(condition) -> None:
    end = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def readers(cache, addresses):
    """One thread each. They are joined, and their answers returned, by the function returned."""
    answers = {}

    def read(number: int, address: str) -> None:
        answers[number] = ask(cache, address)

    threads = [
        threading.Thread(target=read, args=(number, address))
        for number, address in enumerate(addresses)
    ]
    for thread in threads:
        thread.start()

    def joined():
        for thread in threads:
            thread.join(timeout=20)
        return [answers[number] for number in sorted(answers)]

    return joined


def test_a_cold_page_is_rendered_once_for_all_who_ask(cache, gate):
    joined = readers(cache, [PAGE] * 8)
    until(lambda: gate.rendered)
    time.sleep(0.1)
    gate.opened.set()
    assert [answer.body for answer in joined()] == [b"one"] * 8
    assert gate.rendered == [PAGE]


def test_a_changed_page_is_rendered_once_and_all_get_the_new_text(cache, gate, known):
    gate.opened.set()
    ask(cache, PAGE)
    known.epoch, gate.text = 2, "two"
    gate.opened.clear()
    joined = readers(cache, [PAGE] * 8)
    until(lambda: len(gate.rendered) == 2)
    gate.opened.set()
    assert [answer.body for answer in joined()] == [b"two"] * 8
    assert len(gate.rendered) == 2


def test_a_render_that_takes_too_long_gives_readers_the_previous_copy(
    cache, gate, known, monkeypatch, counted
):
    gate.opened.set()
    ask(cache, PAGE)
    monkeypatch.setattr(layer, "LONGEST_WAIT", 0.05)
    known.epoch, gate.text = 2, "two"
    gate.opened.clear()
    assert [answer.body for answer in readers(cache, [PAGE] * 4)()] == [b"one"] * 4
    assert len(gate.rendered) == 2
    assert counted()["stale"] == 4
    gate.opened.set()
    until(lambda: ask(cache, PAGE).body == b"two")
    assert len(gate.rendered) == 2


def test_readers_who_wait_for_a_new_copy_get_the_old_one_as_soon_as_the_database_is_silent(
    cache, gate, known, monkeypatch
):
    gate.opened.set()
    ask(cache, PAGE)
    monkeypatch.setattr(layer, "LONGEST_WAIT", 3600.0)
    known.epoch = 2
    gate.opened.clear()
    joined = readers(cache, [PAGE] * 3)
    until(lambda: len(gate.rendered) == 2)
    known.answers = False
    assert [answer.body for answer in joined()] == [b"one"] * 3


def test_a_render_that_began_before_a_publication_is_no_answer_to_who_asks_after_it(
    cache, gate, known
):
    """A reader who asks after it must not be given what was read before it."""
    first = readers(cache, [PAGE])
    until(lambda: gate.rendered)
    known.epoch, gate.text = 2, "two"
    second = readers(cache, [PAGE])
    until(lambda: len(gate.rendered) == 2)
    gate.opened.set()
    assert [first()[0].body, second()[0].body] == [b"one", b"two"]
    assert ask(cache, PAGE).body == b"two"
    assert len(gate.rendered) == 2


def test_where_every_render_hangs_known_pages_are_answered_at_once_and_others_with_503(
    cache, gate, known, monkeypatch
):
    gate.opened.set()
    ask(cache, PAGE)
    gate.opened.clear()
    monkeypatch.setattr(layer, "LONGEST_WAIT", 0.3)
    known.epoch = 2
    hanging = [f"/about/{number}/" for number in range(THREADS)]
    assert {answer.status for answer in readers(cache, hanging)()} == {503}
    until(lambda: cache._renders.are_stuck(0.3))
    asked = len(gate.rendered)
    began = time.monotonic()
    assert {ask(cache, PAGE).body for _ in range(50)} == {b"one"}
    assert ask(cache, "/about/another/").status == 503
    assert time.monotonic() - began < 5
    assert len(gate.rendered) == asked
    gate.opened.set()
    until(lambda: not cache._renders.are_stuck(0))
    gate.text = "two"
    assert ask(cache, PAGE).body == b"two"


def test_a_cold_page_is_not_waited_for_long_while_the_database_does_not_answer(
    cache, gate, known, monkeypatch
):
    monkeypatch.setattr(layer, "LONGEST_WAIT", 3600.0)
    monkeypatch.setattr(layer, "COLD_IN_DOUBT", 0.1)
    known.answers = False
    assert ask(cache, PAGE).status == 503
    assert gate.rendered == [PAGE]


def test_what_a_render_raises_is_raised_to_who_asked_and_the_next_one_is_asked_anew():
    asked = Renders()

    def fail():
        raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        asked.submit("a", fail).result(timeout=10)
    until(lambda: asked._flights == {})
    assert asked.submit("a", lambda: 1).result(timeout=10) == 1


def test_no_more_threads_than_a_few():
    asked, gate = Renders(), threading.Event()
    flights = [asked.submit(number, lambda: gate.wait(timeout=20)) for number in range(20)]
    assert asked._threads == THREADS
    gate.set()
    assert all(flight.result(timeout=20) for flight in flights)


def test_a_fork_has_threads_of_its_own():
    asked = Renders()
    asked.submit("a", lambda: 1).result(timeout=10)
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        ok = False
        try:
            ok = asked.submit("b", lambda: 2).result(timeout=10) == 2
        finally:
            os.write(writer, b"1" if ok else b"0")
            os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 1) == b"1"
    os.close(reader)
    os.close(writer)

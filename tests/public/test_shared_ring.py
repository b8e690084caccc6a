"""What is read is what was put, or nothing: whoever writes meanwhile, stops or is killed."""

import multiprocessing
import os
import random
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causes.public.shared_ring import Ring, Text

ROOM = 100_000
forking = multiprocessing.get_context("fork")


def noise(seed: int, size: int = 5000) -> bytes:
    return random.Random(seed).randbytes(size)


def read(ring: Ring, begin: int, text: bytes) -> bytes | None:
    return ring.read(begin, begin + len(text))


def in_another_process(work) -> None:
    """It must end well."""
    child = forking.Process(target=work)
    child.start()
    child.join(60)
    assert child.exitcode == 0


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 300)), max_size=60))
def test_a_text_is_read_as_it_was_put_until_it_is_overwritten_and_the_newest_are_there(puts):
    ring, placed = Ring(1000), []
    for seed, size in puts:
        text = noise(seed, size)
        begin = ring.put(text)
        assert (begin is None) == (size > 250)
        if begin is not None:
            placed.append((begin, text))
        for begin, text in placed:
            assert read(ring, begin, text) in {text, None}
            if not ring.is_old(begin):
                assert read(ring, begin, text) == text


def test_what_is_overwritten_is_not_read():
    ring = Ring(ROOM)
    first = ring.put(noise(0))
    for number in range(1, 20):
        ring.put(noise(number))
    assert read(ring, first, noise(0)) == noise(0)
    assert ring.is_old(first)
    ring.put(noise(20))
    assert read(ring, first, noise(0)) is None


def test_a_part_can_be_read():
    text = Text(b"one two three")
    assert text.read(4, 7) == b"two"
    assert text.settle(Ring(ROOM))
    assert (text.read(4, 7), text.read(0, 0), text.read()) == (b"two", b"", b"one two three")


def test_the_same_text_is_there_once_and_comes_back_when_it_is_old():
    ring = Ring(ROOM)
    begin, head = ring.put(noise(0)), ring.head
    assert (ring.put(noise(0)), ring.head) == (begin, head)
    for number in range(1, 18):
        ring.put(noise(number))
    again = ring.put(noise(0))
    assert again > begin
    assert read(ring, again, noise(0)) == noise(0)


def test_texts_of_the_same_checksum_do_not_stand_for_each_other(monkeypatch):
    monkeypatch.setattr("causes.public.shared_ring.zlib.crc32", lambda text: 7)
    ring = Ring(ROOM)
    begins = [ring.put(noise(number)) for number in range(5)]
    assert [read(ring, begin, noise(n)) == noise(n) for n, begin in enumerate(begins)] == [True] * 5
    shorter = noise(4)[:3000]
    assert read(ring, ring.put(shorter), shorter) == shorter


def test_what_is_larger_than_a_quarter_is_not_taken():
    ring = Ring(ROOM)
    head = ring.head
    assert ring.put(noise(0, ROOM // 4 + 1)) is None
    assert ring.head == head
    assert ring.put(noise(0, ROOM // 4)) is not None


def test_processes_share_what_both_have():
    ring = Ring(ROOM)
    begin, head = ring.put(noise(0)), ring.head

    def work() -> None:
        assert read(ring, begin, noise(0)) == noise(0)
        assert (ring.put(noise(0)), ring.head) == (begin, head)
        ring.put(noise(1))

    in_another_process(work)
    assert ring.head == head + 5000
    assert read(ring, ring.put(noise(1)), noise(1)) == noise(1)
    assert ring.head == head + 5000


def test_what_another_process_overwrites_is_not_read():
    ring = Ring(ROOM)
    begin = ring.put(noise(0))
    in_another_process(lambda: [ring.put(noise(number)) for number in range(1, 25)])
    assert read(ring, begin, noise(0)) is None


def write_and_read(ring: Ring, seed: int) -> int:
    """How often a text was still there."""
    chance, found = random.Random(seed), 0
    mine: list[tuple[int, bytes]] = []
    for _ in range(1500):
        text = noise(chance.randrange(200), chance.randrange(100, 20_000))
        begin = ring.put(text)
        if begin is not None:
            mine = [*mine[-9:], (begin, text)]
        said = [read(ring, begin, text) for begin, text in mine]
        assert all(said in {None, text} for said, (_, text) in zip(said, mine, strict=True))
        found += len(said) - said.count(None)
    return found


def test_many_who_write_at_once_never_read_anothers_text():
    ring = Ring(ROOM)

    def work(seed: int) -> None:
        with ThreadPoolExecutor(2) as threads:
            assert all(
                found > 1000 for found in threads.map(write_and_read, [ring] * 2, [seed, seed + 1])
            )

    children = [forking.Process(target=work, args=(seed,)) for seed in (10, 20, 30)]
    for child in children:
        child.start()
    for child in children:
        child.join(120)
    assert [child.exitcode for child in children] == [0, 0, 0]


@pytest.fixture
def stopped_while_it_writes():
    """Another process that stands still in its turn, and its ring."""
    ring, (reader, writer) = Ring(ROOM), os.pipe()

    def work() -> None:
        with ring._turn.ours():
            os.write(writer, b"1")
            os.kill(os.getpid(), signal.SIGSTOP)

    child = forking.Process(target=work)
    child.start()
    os.read(reader, 1)
    yield ring, child
    child.kill()
    child.join(20)
    os.close(reader)
    os.close(writer)


def test_a_process_that_stands_still_holds_nobody_up(stopped_while_it_writes):
    ring, _ = stopped_while_it_writes
    began = time.monotonic()
    assert ring.put(noise(0)) is None
    assert time.monotonic() - began < 5
    assert not Text(noise(0)).settle(ring)


def test_what_lies_there_stays_while_another_stands_still(stopped_while_it_writes):
    ring, _ = stopped_while_it_writes
    text = Text(noise(0))
    assert text.settle(Ring(ROOM))
    assert text.settle(ring)  # it could not move
    assert text.read() == noise(0)


def test_a_process_that_is_killed_in_its_turn_gives_it_back(stopped_while_it_writes):
    ring, child = stopped_while_it_writes
    child.kill()
    child.join(20)
    begin = ring.put(noise(0))
    assert read(ring, begin, noise(0)) == noise(0)


def test_a_write_that_was_cut_short_spoils_nothing_but_itself():
    """As a process that is killed between the steps leaves it."""
    ring = Ring(ROOM)
    begin = ring.put(noise(0))
    start = ring.start(ring.head)
    ring.lost[0] += 5000  # it had counted its text, and written a part
    ring.memory[start : start + 100] = b"x" * 100
    assert read(ring, begin, noise(0)) == noise(0)
    assert read(ring, ring.put(noise(1)), noise(1)) == noise(1)


def test_a_text_moves_on_before_it_is_overwritten_and_says_when_it_is_lost():
    ring, kept, lost = Ring(ROOM), Text(noise(0)), Text(noise(1))
    assert (kept.settle(ring), lost.settle(ring)) == (True, True)
    for number in range(2, 60):
        ring.put(noise(number))
        if number % 4 == 0:
            assert kept.settle(ring)
    assert kept.read() == noise(0)
    assert lost.read() is None
    assert not lost.settle(ring)


def test_room_that_nothing_was_written_to_is_known():
    ring = Ring(ROOM)
    assert ring.has_untouched(ROOM)
    ring.put(noise(0))
    assert (ring.has_untouched(ROOM - 5000), ring.has_untouched(ROOM - 4999)) == (True, False)
    for number in range(1, 40):
        ring.put(noise(number))
    assert not ring.has_untouched(1)

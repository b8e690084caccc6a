"""Room is counted in bytes; what readers come back to survives what nobody comes back to."""

import random
import threading

import pytest

from causes.public.pagecache.answers import Page, Rendered
from causes.public.pagecache.freshness import State
from causes.public.pagecache.store import Store

LIMIT = 1_000_000


def a_page(size: int = 5000, epoch: int = 1) -> Page:
    body = random.Random(size).randbytes(size)  # nothing to compress
    return Page(Rendered("200 OK", [("ETag", '"x"')], body), State(epoch, float("inf")), 0.0)


def key(name: object, path: str = "/") -> tuple[str, str, str, str]:
    return "http", "host", path, str(name)


def put_and_ask_for(store: Store, names: list[tuple[str, str, str, str]]) -> None:
    for name in names:
        store.put(name, a_page(), newest=1)
        store.get(name)


def sizes(store: Store) -> int:
    return sum(page.size for queue in (store._new, store._used) for page in queue.values())


def test_what_is_put_is_found_and_what_is_dropped_is_not():
    store, page = Store(LIMIT), a_page()
    store.put(key(1), page, newest=1)
    assert store.get(key(1)) is page
    assert store.get(key(2)) is None
    store.drop(key(1))
    assert store.get(key(1)) is None
    assert (len(store), store.bytes) == (0, 0)


def test_it_never_holds_more_bytes_than_its_limit_and_counts_them_truly():
    store, chance = Store(LIMIT), random.Random(1)
    for _ in range(3000):
        name, path = chance.randrange(400), f"/{chance.randrange(20)}/"
        match chance.randrange(5):
            case 0 | 1:
                store.put(key(name, path), a_page(chance.randrange(200, 60_000)), newest=1)
            case 2 | 3:
                store.get(key(name, path))
            case _:
                store.drop(key(name, path)) if chance.random() < 0.9 else store.drop_path(path)
        assert store.bytes <= LIMIT
        assert store.bytes == sizes(store)
    known = {found for keys in store._keys.values() for found in keys}
    assert known == store._new.keys() | store._used.keys()
    assert len(store) > 10


def test_what_is_asked_for_now_and_then_stays_and_what_nobody_asks_for_goes():
    store = Store(LIMIT)
    for number in range(400):
        store.put(key(number), a_page(6000 + number % 7), newest=1)
        store.get(key(number))
        if number % 20 == 0:
            assert store.get(key(0)), number
    assert store.get(key(1)) is None
    assert all(store.get(key(number)) for number in range(350, 400))


def test_a_copy_that_is_overwritten_is_no_copy():
    store = Store(LIMIT)
    lost = [key(f"lost-{number}") for number in range(10)]
    put_and_ask_for(store, lost)
    for number in range(300):  # as another process would, without this one's knowledge
        store._ring_of_used.put(random.Random(-number).randbytes(5000))
    before = store.bytes
    assert [store.get(name) for name in lost] == [None] * 10
    assert before - store.bytes == 10 * a_page().size
    assert not any(name in store for name in lost)
    store.put(lost[0], a_page(), newest=1)
    assert store.get(lost[0])


def test_pages_asked_for_once_may_have_all_the_room_that_nobody_else_needs():
    store = Store(LIMIT)
    for number in range(140):
        store.put(key(number), a_page(5000 + number), newest=1)
    assert sum(store.get(key(number)) is not None for number in range(140)) > 120


def test_a_page_too_large_for_the_ring_of_new_pages_is_kept_all_the_same():
    store = Store(LIMIT)
    for number in range(200):
        store.put(key(number), a_page(6000), newest=1)
    store.put(key("large"), a_page(100_000), newest=1)
    assert store.get(key("large"))


def test_a_scan_of_junk_does_not_push_out_what_readers_come_back_to():
    store = Store(LIMIT)
    hot = [key(f"hot-{number}") for number in range(40)]
    put_and_ask_for(store, hot)
    for number in range(20_000):
        store.put(key(f"junk-{number}"), a_page(900), newest=1)
    assert all(store.get(name) for name in hot)
    assert len(store) > len(hot)


def test_hot_pages_survive_junk_that_is_asked_for_twice_as_well():
    store = Store(LIMIT)
    hot = [key(f"hot-{number}") for number in range(40)]
    for name in hot:
        store.put(name, a_page(), newest=1)
    for number in range(2000):
        store.put(key(f"junk-{number}"), a_page(), newest=1)
        store.get(key(f"junk-{number}"))
        store.get(hot[number % 40])
    assert all(store.get(name) for name in hot)


def test_a_page_too_large_for_the_room_is_not_kept_and_pushes_nothing_out():
    store = Store(LIMIT)
    store.put(key("small"), a_page(), newest=1)
    store.put(key("large"), a_page(LIMIT // 8), newest=1)
    assert key("large") not in store
    assert key("small") in store


def test_a_page_that_has_grown_too_large_leaves_no_older_copy_of_an_ended_text():
    store = Store(LIMIT)
    store.put(key("page"), a_page(), newest=1)
    store.put(key("page"), a_page(LIMIT // 8, epoch=2), newest=2)
    assert key("page") not in store


def test_every_copy_of_an_address_can_be_dropped_at_once():
    store = Store(LIMIT)
    for name in range(3):
        store.put(key(name, "/gone/"), a_page(), newest=1)
        store.put(key(name, "/stays/"), a_page(), newest=1)
    store.get(key(1, "/gone/"))
    store.drop_path("/gone/")
    assert [key(name, "/gone/") in store for name in range(3)] == [False] * 3
    assert [key(name, "/stays/") in store for name in range(3)] == [True] * 3


def test_a_slow_render_from_before_a_withdrawal_does_not_bring_the_page_back():
    store = Store(LIMIT)
    store.put(key("page"), a_page(epoch=1), newest=1)
    store.drop_path("/")  # it was withdrawn in epoch 2
    store.put(key("page"), a_page(epoch=1), newest=2)
    assert key("page") not in store


def test_a_slow_render_does_not_take_the_place_of_a_newer_one():
    store, newer = Store(LIMIT), a_page(epoch=3)
    store.put(key("page"), newer, newest=3)
    store.put(key("page"), a_page(epoch=2), newest=3)
    assert store.get(key("page")) is newer


def test_a_copy_that_is_already_outdated_still_takes_the_place_of_an_older_one():
    """Where pages change all the time, the next outage finds the newest copy there is."""
    store, newer = Store(LIMIT), a_page(epoch=2)
    store.put(key("page"), a_page(epoch=1), newest=1)
    store.put(key("page"), newer, newest=3)
    assert store.get(key("page")) is newer


@pytest.mark.parametrize("limit", [100_000, LIMIT])
def test_threads_do_not_lose_count(limit):
    store, failures = Store(limit), []

    def work(seed: int) -> None:
        chance = random.Random(seed)
        try:
            for _ in range(1500):
                name = key(chance.randrange(60), f"/{chance.randrange(5)}/")
                if chance.random() < 0.5:
                    store.get(name)
                elif chance.random() < 0.9:
                    store.put(name, a_page(chance.choice([500, 3000])), newest=1)
                else:
                    store.drop_path(name[2])
        except Exception as error:  # shown below
            failures.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.bytes == sizes(store) <= limit

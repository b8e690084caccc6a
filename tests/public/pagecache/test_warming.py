"""The cache is filled before readers come, and again with what changed."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone

import config.wsgi
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Condition, Edition
from causes.public import catalog
from causes.public.pagecache import warming
from causes.public.pagecache.warming import changed_addresses, fill, first_addresses, keep_warm
from causes.search.kept import content_version
from tests.conftest import go_live

PAGE = "/conditions/disc/"
LISTS = {"/", "/symptoms/", "/conditions/", "/tags/", "/search/"}
LISTS |= {
    "/robots.txt",
    "/.well-known/security.txt",
    "/sitemap.xml",
    "/opensearch.xml",
    "/changes.atom",
}


@pytest.fixture(autouse=True)
def contact(settings):
    """Without one there is no security.txt."""
    settings.SECURITY_CONTACT = "mailto:security@example.org"


@pytest.fixture(autouse=True)
def the_tests_connection_stays_open(monkeypatch):
    monkeypatch.setattr(warming, "close_old_connections", lambda: None)


@pytest.fixture
def ours(settings):
    """The address under which the warm-up asks."""
    settings.SITE_URL = "http://testserver"


def test_every_page_is_there_before_readers_come(site, ours):
    live = set(Edition.objects.live().values_list("path", flat=True))
    assert fill(site.cache, first_addresses)
    assert set(site.rendered) == LISTS | live
    rendered = len(site.rendered)
    for address in LISTS | live:
        assert site.get(address).status == 200
    assert len(site.rendered) == rendered


def test_it_is_bounded_in_number(site, ours, monkeypatch):
    monkeypatch.setattr(warming, "MOST_PAGES", len(LISTS) + 2)
    fill(site.cache, first_addresses)
    assert len(site.rendered) == len(LISTS) + 2
    assert "/symptoms/leg-numbness/" in site.rendered


def test_it_is_bounded_in_time(site, ours, monkeypatch):
    monkeypatch.setattr(warming, "LONGEST", -1.0)
    assert fill(site.cache, first_addresses)
    assert site.rendered == []


def test_what_is_there_already_is_not_rendered_again(site, ours):
    site.get(PAGE)
    fill(site.cache, first_addresses)
    assert site.rendered.count(PAGE) == 1


def test_after_a_publication_what_changed_is_rendered_again(site, ours, monkeypatch):
    monkeypatch.setattr(warming, "MARGIN", timedelta(0))
    since = timezone.now()
    fill(site.cache, first_addresses)
    site.rendered.clear()
    page = Condition.objects.get(key="disc")
    page.lead = "<p>Other words.</p>"
    page.save()
    go_live(page)
    site.known.epoch += 1
    fill(site.cache, lambda: changed_addresses(since, timezone.now()))
    assert set(site.rendered) == LISTS | {PAGE}
    assert "Other words." in site.get(PAGE).text
    assert site.rendered.count(PAGE) == 1


def test_what_was_withdrawn_while_nobody_read_it_is_gone_when_the_database_is(site, ours):
    since = timezone.now()
    fill(site.cache, first_addresses)
    assert site.get(PAGE, host="localhost").status == 200
    withdraw(Edition.objects.live().get(path=PAGE).page, actor=FIXTURE, note="wrong")
    site.known.epoch += 1
    fill(site.cache, lambda: changed_addresses(since, timezone.now()))
    site.known.answers = False
    assert site.get(PAGE).status == 410
    assert site.get(PAGE, host="localhost").status == 410
    assert site.get("/conditions/sciatica/").status == 200


def test_a_schedule_counts_as_a_change_when_its_second_has_come(small_site, monkeypatch):
    monkeypatch.setattr(warming, "MARGIN", timedelta(0))
    page, then = Condition.objects.get(key="disc"), timezone.now() + timedelta(hours=1)
    page.lead = "<p>Other words.</p>"
    page.save()
    go_live(page, at=then)
    before, after = then - timedelta(minutes=1), then + timedelta(minutes=1)
    assert PAGE not in changed_addresses(before - timedelta(minutes=1), before)
    assert changed_addresses(before, after).count(PAGE) == 1


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_without_a_database_it_says_so_and_is_tried_again(site, caplog, error):
    def fails():
        raise error("gone")

    assert not fill(site.cache, fails)
    assert "not filled yet: gone" in caplog.text


def test_a_render_that_fails_does_not_end_it(scripted, ours):
    scripted.says.status = "500 Internal Server Error"
    assert fill(scripted.cache, lambda: ["/", "/tags/"])
    assert scripted.rendered == ["/", "/tags/"]


class Stop(Exception):
    pass


def test_the_thread_fills_first_then_follows_what_changes(monkeypatch, scripted):
    """Changes that it could not read are looked for again with the next look."""
    asked, turns = [], iter(range(6))

    def fill(cache, addresses):
        asked.append((turn[0], "all" if addresses is first_addresses else "changes"))
        return turn[0] != 3

    def sleep(seconds):
        turn[0] = next(turns)
        known = scripted.known
        if turn[0] == 5:
            raise Stop
        known.answers = turn[0] != 2
        known.epoch += turn[0] == 3

    turn = [-1]
    scripted.known.answers = False
    monkeypatch.setattr(warming, "fill", fill)
    monkeypatch.setattr(warming, "sleep", sleep)
    with pytest.raises(Stop):
        warming._follow(scripted.cache)
    assert asked == [(0, "all"), (3, "changes"), (4, "changes")]


@pytest.fixture
def begun(monkeypatch) -> Iterator[list[str]]:
    """What the thread did, in order. It ends before what is patched here is put back: the real
    thread would follow for ever.
    """
    seen = []
    monkeypatch.setattr(warming, "_follow", lambda cache: seen.append("followed"))
    monkeypatch.setattr(warming, "close_old_connections", lambda: None)
    yield seen
    for thread in threading.enumerate():
        if thread.name == "warm-up":
            thread.join(10)
            assert not thread.is_alive()


def test_lists_ask_nothing_that_was_read_ahead(small_site, django_assert_num_queries):
    at, version = timezone.now(), content_version()
    catalog.read_ahead(at)
    with django_assert_num_queries(0):
        assert catalog.names.value(at, version).letters.keys() >= {"S"}
        assert catalog.tagged_conditions.value(at, version).carriers
        assert catalog.known_tags.value(at, version).labels.keys() >= {"one-leg"}
        assert catalog.symptoms.value(at, version)


def test_a_server_takes_readers_when_it_has_read_what_lists_know(begun, scripted, monkeypatch):
    def read(at):
        threading.Event().wait(0.2)
        begun.append("read")

    monkeypatch.setattr(warming.catalog, "read_ahead", read)
    keep_warm(scripted.cache)
    assert begun[0] == "read"


def test_a_database_that_is_gone_or_silent_holds_no_server_up(begun, scripted, monkeypatch, caplog):
    def fails(at):
        raise OperationalError("gone")

    monkeypatch.setattr(warming.catalog, "read_ahead", fails)
    keep_warm(scripted.cache)
    assert "not read yet: gone" in caplog.text
    answers = threading.Event()

    def is_silent(at):
        answers.wait(60)
        begun.append("read")

    monkeypatch.setattr(warming, "LONGEST_START", 0.05)
    monkeypatch.setattr(warming.catalog, "read_ahead", is_silent)
    keep_warm(scripted.cache)
    assert "read" not in begun
    answers.set()


def test_only_the_server_starts_it(monkeypatch):
    started = []
    monkeypatch.setattr(config.wsgi, "keep_warm", started.append)
    monkeypatch.setattr(config.wsgi.search, "follow", lambda: started.append("search"))
    monkeypatch.setattr(config.wsgi.server, "begin", lambda: started.append("numbers"))
    assert started == []
    assert config.wsgi.warm_application() is config.wsgi.application
    assert started == [config.wsgi.cached_site, "search", "numbers"]

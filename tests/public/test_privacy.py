"""What the privacy page promises: our log knows neither a reader's device nor their words."""

import logging

import pytest
from django.conf import settings as site_settings
from django.test import Client

from causes.public import reading
from tests.public.seen import links, page_at, words

DEVICE = "203.0.113.9"
WORDS = "numbnesswords"
REQUESTS = [
    (f"/search/?q={WORDS}", 200),
    (f"/symptoms/leg-numbness/?tag={WORDS}", 200),
    (f"/nowhere/?q={WORDS}", 404),
    (f"/search/?q={WORDS}%00", 400),
    (f"/admin/?q={WORDS}", 302),
]


@pytest.fixture
def reader() -> Client:
    return Client(REMOTE_ADDR=DEVICE, HTTP_USER_AGENT=WORDS, raise_request_exception=False)


def logged(caplog) -> str:
    """All of it, tracebacks too, as the log's own handler writes it."""
    formatter = logging.Formatter()
    return "\n".join(formatter.format(record) for record in caplog.records)


@pytest.mark.parametrize(("address", "status"), REQUESTS)
def test_the_log_has_no_words_and_no_device(reader, small_site, caplog, address, status):
    caplog.set_level(logging.DEBUG, logger="django.request")
    assert reader.get(address).status_code == status
    text = logged(caplog)
    assert bool(text) == (status in {400, 404})
    assert WORDS not in text
    assert DEVICE not in text


def test_neither_has_it_when_something_goes_wrong(reader, small_site, caplog, monkeypatch):
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("The database went away.")

    monkeypatch.setattr(reading, "linked_pages", broken)
    assert reader.get(f"/search/?q={WORDS}").status_code == 500
    text = logged(caplog)
    assert "Traceback" in text
    assert WORDS not in text
    assert DEVICE not in text


def test_the_log_keeps_the_messages_plain():
    """A format of its own could name more than the message; this test should know of it."""
    handler = {"class": "logging.StreamHandler", "formatter": "lines"}
    assert site_settings.LOGGING["handlers"] == {"stderr": handler}  # see tests/test_logs.py


@pytest.mark.parametrize("learns", [False, True])
def test_the_page_says_itself_whether_searches_are_kept(client, shipped, settings, learns):
    settings.LEARN_FROM_SEARCHES = learns
    document = page_at(client, "/about/privacy/")
    text = words(document.query_one("main"))
    assert "#words-you-search-for" in links(document, "main a")
    assert ("This site does not store the words you search for." in text) != learns
    assert ("If a search finds no page, this site may keep its words." in text) == learns
    assert ("more than 4 words" in text) == ("in 90 days are deleted" in text) == learns
    assert "does not store" not in document.query_one("meta[name='description']").attrs["content"]
    other = page_at(client, "/about/accessibility/")
    assert "words you search for" not in words(other.query_one("main"))

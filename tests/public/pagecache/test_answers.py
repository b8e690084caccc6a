"""Which copy a reader gets: content coding, entity tags, and when a 304 is enough."""

import gzip

import brotli
import pytest

from causes.public.pagecache.answers import Page, Rendered, preferred
from causes.public.pagecache.freshness import State

BODY = b"<p>The same words again.</p>" * 100
KEPT = {
    "Content-Type": "text/html",
    "Content-Length": str(len(BODY)),
    "Cache-Control": "public, max-age=0, s-maxage=1, stale-if-error=86400",
    "ETag": '"abc"',
    "Content-Security-Policy": "default-src 'none'",
}


def a_page(body: bytes = BODY, until: float = float("inf"), **headers: str) -> Page:
    return Page(Rendered("200 OK", list((KEPT | headers).items()), body), State(1, until), 0.0)


def sent(page: Page, now: float = 0.0, method: str = "GET", **headers: str):
    said = []
    environ = {"REQUEST_METHOD": method} | headers
    body = page.send(environ, lambda status, fields: said.extend([status, dict(fields)]), now)
    return said[0], said[1], b"".join(body)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", "identity"),
        ("br", "br"),
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("BR", "br"),
        (" gzip ; q=0.5 , br ; q=0.4", "gzip"),
        ("br;q=0.5, gzip;q=1.0", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0, gzip;q=0", "identity"),
        ("deflate", "identity"),
        ("*", "br"),
        ("br;q=0, *", "gzip"),
        ("*;q=0", "identity"),
        ("identity", "identity"),
        ("identity;q=0.5, gzip;q=0.4", "identity"),
        ("identity;q=0, *;q=0", "identity"),
        ("gzip;q=0.001", "gzip"),
        ("gzip;q=nan", "identity"),
        ("gzip;q=2", "identity"),
        ("gzip;q=-1", "identity"),
        ("gzip;q=", "identity"),
        ("gzip;level=9", "gzip"),
        ("\xff\xfe, ;;;, q=1", "identity"),
        ("gzip, " * 100, "identity"),
    ],
)
def test_the_coding_that_a_reader_likes_best(accepted, coding):
    assert preferred(accepted) == coding


@pytest.mark.parametrize(
    ("accepted", "unpack"),
    [("br", brotli.decompress), ("gzip", gzip.decompress), ("", bytes)],
)
def test_each_coding_holds_the_same_page_and_says_its_own_length(accepted, unpack):
    status, headers, body = sent(a_page(), HTTP_ACCEPT_ENCODING=accepted)
    assert status == "200 OK"
    assert unpack(body) == BODY
    assert headers["Content-Length"] == str(len(body))
    assert headers.get("Content-Encoding", "") == accepted
    assert headers["Content-Security-Policy"] == "default-src 'none'"


def test_each_coding_has_an_entity_tag_of_its_own():
    tags = [sent(a_page(), HTTP_ACCEPT_ENCODING=coding)[1]["ETag"] for coding in ("br", "gzip", "")]
    assert tags == ['"abc-br"', '"abc-gzip"', '"abc"']


def test_what_does_not_shrink_is_sent_as_it_is():
    _, headers, body = sent(a_page(b"ok"), HTTP_ACCEPT_ENCODING="br, gzip")
    assert (body, headers["ETag"]) == (b"ok", '"abc"')
    assert "Content-Encoding" not in headers


@pytest.mark.parametrize(
    "asked", ['"abc-br"', 'W/"abc-br"', '"x", "abc-br"', "*", '"x",W/"abc-br" , "y"']
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_reader_who_has_it_is_told_so(asked, method):
    status, headers, body = sent(
        a_page(), method=method, HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=asked
    )
    assert (status, body) == ("304 Not Modified", b"")
    assert headers["ETag"] == '"abc-br"'
    assert headers["Cache-Control"] == KEPT["Cache-Control"]
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert not headers.keys() & {"Content-Type", "Content-Length", "Content-Encoding"}


@pytest.mark.parametrize("asked", ['"abc"', '"abc-gzip"', "abc-br", '"other"', "", '"' * 3000])
def test_another_copy_is_no_match(asked):
    status, _, body = sent(a_page(), HTTP_ACCEPT_ENCODING="br", HTTP_IF_NONE_MATCH=asked)
    assert status == "200 OK"
    assert brotli.decompress(body) == BODY


def test_a_head_has_the_headers_of_a_get_and_no_body():
    got, head = sent(a_page()), sent(a_page(), method="HEAD")
    assert head == (*got[:2], b"")


def test_what_a_schedule_ends_within_the_second_is_kept_by_no_other_cache():
    page = a_page(until=100.0)
    assert "s-maxage=1," in sent(page, now=98.9)[1]["Cache-Control"]
    assert "s-maxage=0," in sent(page, now=99.1)[1]["Cache-Control"]
    unchanged = sent(page, now=99.1, HTTP_IF_NONE_MATCH='"abc"')
    assert "s-maxage=0," in unchanged[1]["Cache-Control"]


def test_a_server_that_changes_the_headers_it_was_given_changes_no_copy():
    page, said = a_page(), []
    page.send({"REQUEST_METHOD": "GET"}, lambda status, fields: said.append(fields), 0.0)
    said[0].clear()
    assert "ETag" in sent(page)[1]


@pytest.mark.parametrize(
    "headers",
    [
        {"Cache-Control": ""},
        {"Cache-Control": "no-store"},
        {"Cache-Control": "public, s-maxage=1, no-store"},
        {"Cache-Control": "private, s-maxage=1"},
        {"Cache-Control": "public, s-maxage=1, no-cache"},
        {"Cache-Control": "public, max-age=60"},
        {"Cache-Control": "s-maxage=1"},
        {"Vary": "Cookie"},
        {"Vary": "Accept-Encoding, Accept-Language"},
        {"Vary": "*"},
        {"Set-Cookie": "a=b"},
        {"ETag": ""},
    ],
    ids=lambda headers: "; ".join(f"{name}: {value}" for name, value in headers.items()),
)
def test_only_what_says_so_may_be_kept(headers):
    assert Rendered("200 OK", list(KEPT.items()), BODY).may_be_kept
    assert not Rendered("200 OK", list((KEPT | headers).items()), BODY).may_be_kept


@pytest.mark.parametrize("status", ["301 Moved", "404 Not Found", "500 No", "206 Partial Content"])
def test_only_a_200_may_be_kept(status):
    assert not Rendered(status, list(KEPT.items()), BODY).may_be_kept

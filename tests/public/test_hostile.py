"""Junk in every address and every parameter: 400, 404 or a normal page, never a 500."""

from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import URLPattern

from causes.public import urls
from tests.public.seen import parsed

JUNK = {
    "a NUL byte": b"\0",
    "a NUL byte inside": b"leg\0numb",
    "10 kB": b"a" * 10_000,
    "10 kB of words": b"leg " * 2_500,
    "search operators": b'"leg* AND NOT (numb OR ^pain:2 NEAR/3 -x +y ~z',
    "quotes": b"'\"`\\",
    "SQL": b"'; DROP TABLE causes_edition; --",
    "SQL in a number": b"1 OR 1=1",
    "LIKE": b"%_%\\%",
    "markup": b"<script>alert(1)</script>",
    "template syntax": b"{{ 7|add:7 }}{% debug %}",
    "right-to-left marks": "‮leg‏ ⁦numb⁩".encode(),
    "emoji": "🦵🏽 numb 👩‍⚕️".encode(),
    "combining marks": ("z" + "̂" * 500).encode(),
    "letters that grow": "ŉßİﬃΐ".encode(),
    "digits that are none": "²①٣".encode(),
    "broken UTF-8": b"\xff\xfe\xc3",
    "a lone surrogate": b"\xed\xa0\x80",
    "an overlong NUL": b"\xc0\x80",
    "a byte order mark": b"\xef\xbb\xbfleg",
    "line breaks": b"leg\r\nSet-Cookie: a=b\r\n\r\nnumb",
    "dots": b"../../../etc/passwd",
    "a host": b"//evil.example/",
    "empty": b"",
    "blank": b"   \t  ",
    "control characters": bytes(range(1, 32)),
    "a number too large": b"9" * 5_000,
    "a negative number": b"-1",
    "not a number": b"NaN",
    "infinity": b"1e999",
}
PARAMETERS = ["q", "tag", "page", "p", "on", "csrfmiddlewaretoken", ""]
PLACES = [
    "/",
    "/symptoms/",
    "/symptoms/leg-numbness/",
    "/symptoms/leg-numbness/trapped/",
    "/conditions/",
    "/conditions/disc/",
    "/about/privacy/",
    "/tags/",
    "/tags/one-leg/",
    "/search/",
    "/sitemap.xml",
    "/robots.txt",
    "/healthz",
]
FINE = {200, 301, 400, 404}


@pytest.fixture
def visitor(small_site) -> Client:
    return Client(raise_request_exception=False)


def public_patterns() -> list[str]:
    """The addresses of the public site as Django's routes spell them."""
    assert all(isinstance(pattern, URLPattern) for pattern in urls.urlpatterns)
    return [str(pattern.pattern) for pattern in urls.urlpatterns]


def filled(route: str, junk: bytes) -> str:
    """The route with junk in the place of its last part, or after it if it has none."""
    before, found, after = route.rpartition("<")
    if not found:
        return f"/{route}{quote(junk, safe='')}"
    return f"/{before}{quote(junk, safe='')}{after.partition('>')[2]}".replace(
        "<slug:symptom>", "leg-numbness"
    )


def test_the_places_are_all_of_the_public_addresses():
    resolved = {
        route.replace("<slug:symptom>", "leg-numbness").split("<")[0] for route in public_patterns()
    }
    assert {
        place
        for place in resolved
        if not any(place == known[1:] or known[1:].startswith(place) for known in PLACES)
    } == set()
    assert len(PLACES) == len(public_patterns())


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
@pytest.mark.parametrize("route", public_patterns())
def test_junk_in_an_address(visitor, route, junk):
    response = visitor.get(filled(route, junk))
    assert response.status_code in FINE
    if b"\0" in junk:
        assert response.status_code == 400


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
@pytest.mark.parametrize("place", PLACES)
def test_junk_in_each_parameter(visitor, place, junk):
    for parameter in PARAMETERS:
        response = visitor.get(f"{place}?{parameter}={quote(junk, safe='')}")
        assert response.status_code in ({400} if b"\0" in junk else FINE), parameter


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_junk_in_all_parameters_at_once_and_more_than_once(visitor, junk):
    value = quote(junk, safe="")
    query = "&".join(f"{parameter}={value}" for parameter in PARAMETERS * 2)
    for place in ("/search/", "/symptoms/leg-numbness/", "/tags/one-leg/"):
        assert visitor.get(f"{place}?{query}").status_code in FINE


@pytest.mark.parametrize(
    "query",
    [
        "&".join(f"tag=t{number}" for number in range(900)),
        "&".join(f"x{number}=1" for number in range(5_000)),
        "q" * 50_000,
        "&" * 5_000,
        "=" * 5_000,
        "q[]=1&q[a]=2&tag[]=3",
        "%",
        "q=%zz&tag=%",
        ";;;q=1;tag=2",
    ],
    ids=lambda query: query[:12],
)
def test_odd_query_strings(visitor, query):
    for place in ("/search/", "/symptoms/leg-numbness/", "/tags/one-leg/", "/conditions/disc/"):
        assert visitor.get(f"{place}?{query}").status_code in FINE


@pytest.mark.parametrize("junk", [junk for junk in JUNK.values() if b"<" in junk or b"{" in junk])
def test_junk_in_a_question_is_only_ever_text(visitor, junk):
    response = visitor.get(f"/search/?q={quote(junk)}")
    document = parsed(response)
    assert len(document.query("script")) == 1
    assert [node.attrs["value"] for node in document.query("input[name='q']")] == [junk.decode()]


@pytest.mark.parametrize(
    "charset",
    ["zlib", "base64", "hex", "rot13", "bz2", "uu", "quopri", "no-such", "\0", "x" * 5000],
)
@pytest.mark.parametrize("method", ["get", "post", "head"])
def test_a_body_in_no_text_encoding_answers_415(visitor, charset, method):
    headers = {"content-type": f"text/plain; charset={charset}"}
    for place in ("/search/?q=leg", "/conditions/disc/", "/admin/login/"):
        response = visitor.generic(method.upper(), place, b"x", headers=headers)
        assert response.status_code == 415


@pytest.mark.parametrize(
    "charset",
    [
        *("undefined", "idna", "punycode", "utf-7", "unicode_escape", "raw_unicode_escape"),
        *("utf-16", "utf-32", "utf-16-le", "mbcs", "oem", "cp037", "latin-1", "ascii", "UTF-8"),
    ],
)
@pytest.mark.parametrize(
    "value", ["leg", "%2B2AA-", "+2AA-", "+AAA-", "\\ud800", "\\x00", "%FF", "xn--a", "l%C3%A9g"]
)
def test_an_odd_text_encoding_is_no_way_in(visitor, charset, value):
    """Some encodings make NUL bytes and lone surrogates out of innocent ones."""
    headers = {"content-type": f"text/plain; charset={charset}"}
    for place in ("/search/", "/symptoms/leg-numbness/"):
        response = visitor.get(f"{place}?q={value}&tag={value}", headers=headers)
        assert response.status_code in {200, 400, 415}


@pytest.mark.parametrize("body", [b"\0", b"\xff" * 100, b"a=1&" * 2000, b"--x\r\n\r\n"])
@pytest.mark.parametrize(
    "content_type",
    ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "multipart/form-data"],
)
def test_a_body_is_never_read(visitor, body, content_type):
    for place in ("/search/", "/conditions/disc/", "/tags/one-leg/"):
        response = visitor.generic("POST", place, body, content_type=content_type)
        assert response.status_code == 405


@pytest.mark.parametrize(
    "headers",
    [
        {"accept-language": "\xff;q=abc, " * 500},
        {"accept-encoding": "\0"},
        {"cookie": "sessionid=\xff\xfe; csrftoken='"},
        {"cookie": "=" * 5_000},
        {"if-modified-since": "x" * 5_000},
        {"if-none-match": '"' * 5_000},
        {"range": "bytes=5-1"},
        {"user-agent": "\xf0\x9f"},
        {"referer": "javascript:alert(1)"},
        {"x-forwarded-host": "evil.example"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_odd_headers_change_nothing(visitor, headers):
    for place in ("/search/?q=leg", "/conditions/disc/"):
        response = visitor.get(place, headers=headers)
        assert response.status_code == 200
        assert "evil.example" not in response.content.decode()

"""Junk in every address and every parameter: 400, 404 or a normal page, never a 500."""

from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

import pytest
from django.test import Client
from django.urls import URLPattern

from causes.public import urls
from config.wsgi import site
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
    "/symptoms/leg-numbness/history/",
    "/symptoms/leg-numbness/trapped/",
    "/symptoms/leg-numbness/trapped/history/",
    "/conditions/",
    "/conditions/disc/",
    "/conditions/disc/history/",
    "/about/privacy/",
    "/about/privacy/history/",
    "/tags/",
    "/tags/one-leg/",
    "/search/",
    "/opensearch.xml",
    "/changes.atom",
    "/sitemap.xml",
    "/robots.txt",
    "/.well-known/security.txt",
    "/healthz",
    "/manifest.webmanifest",
    "/favicon.ico",
    "/search/suggest/",
    "/sitemap-1.xml",
    "/symptoms/x/tag=foot/",
]
FINE = {200, 301, 302, 400, 404}  # 302: where the icon is


@pytest.fixture
def visitor(small_site) -> Client:
    return Client(raise_request_exception=False)


def public_patterns() -> list[str]:
    """The addresses of the public site as Django's routes spell them."""
    assert all(isinstance(pattern, URLPattern) for pattern in urls.urlpatterns)
    routes = (str(pattern.pattern) for pattern in urls.urlpatterns)
    return [route for route in routes if not route.startswith("^")] + ["symptoms/x/tag=<slug>/"]


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
def test_junk_in_each_address(visitor, junk):
    for route in public_patterns():
        status = visitor.get(filled(route, junk)).status_code
        assert status in ({400} if b"\0" in junk else FINE), route


@pytest.mark.parametrize("junk", JUNK.values(), ids=JUNK.keys())
def test_junk_in_every_parameter_of_each_address(visitor, junk):
    value = quote(junk, safe="")
    query = "&".join(f"{parameter}={value}" for parameter in PARAMETERS * 2)
    for place in PLACES:
        status = visitor.get(f"{place}?{query}").status_code
        assert status in ({400} if b"\0" in junk else FINE), place


@pytest.mark.parametrize("parameter", PARAMETERS)
@pytest.mark.parametrize("place", ["/search/", "/symptoms/leg-numbness/", "/sitemap.xml"])
def test_junk_in_one_parameter(visitor, place, parameter):
    for name, junk in JUNK.items():
        status = visitor.get(f"{place}?{parameter}={quote(junk, safe='')}").status_code
        assert status in ({400} if b"\0" in junk else FINE), name


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
    assert len(document.query("script:not([src])")) == 1
    assert [node.attrs["value"] for node in document.query("input[name='q']")] == [junk.decode()]


def status_of(place: str, content_type: str, method: str = "GET") -> int:
    """What the server's own application answers: the test client's has Django's request."""
    path, _, query = place.partition("?")
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
    }
    setup_testing_defaults(environ)
    return site.get_response(site.request_class(environ)).status_code


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "us-ascii", "", "UTF8"])
def test_the_encodings_that_browsers_send_are_taken(small_site, charset):
    assert status_of("/search/?q=l%C3%A9g", f"text/plain; charset={charset}") == 200


@pytest.mark.parametrize(
    "charset",
    [
        *("zlib", "base64", "hex", "rot13", "bz2", "uu", "quopri", "no-such", "\0", "x" * 5000),
        *("undefined", "idna", "punycode", "utf-7", "unicode_escape", "raw_unicode_escape"),
        *("utf-16", "utf-32", "utf-16-le", "mbcs", "oem", "cp037", "latin-1", "\xff", "a b"),
    ],
    ids=lambda charset: charset[:20],
)
@pytest.mark.parametrize("method", ["GET", "POST", "HEAD"])
def test_another_text_encoding_answers_415(small_site, charset, method):
    """Some make NUL bytes and lone surrogates out of innocent bytes, some raise."""
    junk = "%2B2AA-+2AA-+AAA-\\ud800\\x00%FFxn--a%C3%A9"
    for place in (f"/search/?q=leg&tag={junk}", f"/conditions/disc/?{junk}", "/admin/login/"):
        assert status_of(place, f"text/plain; charset={charset}", method) == 415


@pytest.mark.parametrize(
    "content_type",
    [
        *("text/plain; charset*=zlib''utf-8", "text/plain; charset*=no-such'en'utf-8"),
        *("text/plain; charset*=utf-8''zlib", "text/plain; charset*=utf-8''%00"),
        *("text/plain; charset*0=z; charset*1=lib", "text/plain; charset"),
        *("text/plain; " + "a=b; " * 5_000, ";" * 5_000, "\xff\xfe", "\xff; charset=\xff"),
    ],
    ids=lambda value: value[:40],
)
def test_odd_content_types(small_site, content_type):
    assert status_of("/search/?q=leg", content_type) in {200, 415}


def test_too_many_parameters_are_refused_whatever_the_content_type(small_site):
    query = "&".join(f"x{number}=1" for number in range(5_000))
    assert status_of(f"/search/?{query}", "text/plain; charset=utf-8") == 400


@pytest.mark.parametrize("method", ["get", "post"])
def test_django_itself_refuses_a_body_in_no_text_encoding(visitor, method):
    headers = {"content-type": "text/plain; charset=zlib"}
    assert getattr(visitor, method)("/conditions/disc/", headers=headers).status_code == 415


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

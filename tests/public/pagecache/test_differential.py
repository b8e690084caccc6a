"""With the cache and without: some hundred requests must get the same answer both ways.

Each is sent to Django alone and, in two different orders, to a cache in front of it. Status,
headers and the unpacked body must be equal; only what a content coding changes may differ.
"""

import random
from dataclasses import replace
from itertools import product

import pytest

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Edition
from causes.public.pagecache import PageCache
from config.wsgi import Application
from tests.conftest import go_live
from tests.public.pagecache.wsgi import Known, RendersAtOnce, answer_to, environ_for

ADDRESSES = [
    *("/", "/?", "/?utm_source=x", "/symptoms/", "/symptoms/leg-numbness/", "/tags/"),
    *("/symptoms/leg-numbness/?tag=one-leg", "/symptoms/leg-numbness/?tag=sudden&tag=one-leg"),
    *("/symptoms/leg-numbness/?tag=one-leg&tag=sudden&tag=one-leg&junk=1",),
    *("/symptoms/leg-numbness/?tag=junk", "/symptoms/leg-numbness/?tag=single-leg"),
    *("/symptoms/leg-numbness/?tag=&tag=%22%3E&x=%00",),
    *("/symptoms/leg-numbness/trapped/", "/symptoms/nowhere/trapped/", "/conditions/"),
    *(
        "/conditions/disc/",
        "/conditions/disc/?q=1&page=2",
        "/conditions/disc",
        "/conditions/disc?a=b",
    ),
    *("/conditions/%64isc/", "/conditions/DISC/", "/conditions//", "/conditions/disc/x/", "//"),
    *("/conditions/nowhere/", "/conditions/withdrawn/", "/conditions/old-name/?x=1"),
    *("/conditions/%00/", "/conditions/%ff/", "/conditions/d%C3%AFsc/", "/nowhere/?x=1"),
    *("/about/privacy/", "/tags/one-leg/", "/tags/one-leg/?tag=both-legs", "/tags/single-leg/"),
    *("/search/", "/search/?q=", "/search/?q=disc", "/search/?q=disc&tag=one-leg", "/search"),
    *("/search/?tag=one-leg&q=disc&utm=1", "/search/?tag=one-leg", "/search/?q=zzzzzz"),
    *(
        "/search/?q=dsic",
        "/search/?q=dsic&exact=1",
        "/search/?q=disc&exact=",
        "/search/?q=leg&page=9",
    ),
    *("/search/?q=first&q=disc", "/search/?q=disc&format=json", "/search/?format=json&q=zzzzzz"),
    *("/search/?q=%00", "/search/?q=%ff%fe", "/search/?q=%3Cscript%3E", "/search/?tag=single-leg"),
    *("/search/?" + "&".join(f"x{number}=1" for number in range(2000)), "/search/?%zz&==&;"),
    *("/search/suggest/?q=di", "/search/suggest/?q=di&format=opensearch&x=1", "/opensearch.xml"),
    *("/sitemap.xml", "/sitemap.xml?p=1", "/sitemap.xml?p=2", "/sitemap.xml?p=x", "/robots.txt"),
    *("/manifest.webmanifest", "/favicon.ico", "/healthz", "/static/causes/nothing.css"),
    *("/admin/", "/admin/login/", "/admin/login/?next=/admin/", "/admin", "/x" * 200),
]
REQUESTS = [
    {},
    {"method": "HEAD"},
    {"method": "POST"},
    {"method": "PUT"},
    {"method": "OPTIONS"},
    {"scheme": "https"},
    {"host": "localhost"},
    {"host": "LOCALHOST:8000"},
    {"host": "evil.example"},
    {"host": "testserver:80:80"},
    {"host": ""},
    {"host": None},
    {"accept_encoding": "br"},
    {"accept_encoding": "gzip, deflate, br;q=0.1"},
    {"accept_encoding": "identity;q=0, *;q=0"},
    {"accept_encoding": "br", "method": "HEAD"},
    {"if_none_match": "*"},
    {"if_none_match": '"other"'},
    {"if_none_match": "junk", "accept_encoding": "gzip"},
    {"if_none_match": "THE TAG"},
    {"if_none_match": 'W/THE TAG, "x"', "accept_encoding": "br"},
    {"if_none_match": "THE TAG", "method": "HEAD", "accept_encoding": "gzip"},
    {"if_modified_since": "Sun, 01 Jan 2999 00:00:00 GMT"},
    {"if_modified_since": "junk", "if_none_match": "THE TAG"},
    {"if_match": '"other"'},
    {"if_match": "*"},
    {"if_unmodified_since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    {"range": "bytes=0-9"},
    {"range": "bytes=9999999-", "if_range": '"x"'},
    {"cookie": "csrftoken=abcdefabcdefabcdefabcdefabcdefab; theme=dark"},
    {"cookie": "sessionid=nobodys"},
    {"cookie": "messages=junk; =; ;"},
    {"authorization": "Basic YTpi"},
    {"x_forwarded_proto": "https"},
    {"x_forwarded_proto": "http", "x_forwarded_host": "evil.example", "forwarded": "host=evil"},
    {"accept_language": "de, fr;q=0.5", "user_agent": "\xff", "accept": "application/json"},
    {"content_type": "text/plain; charset=zlib"},
    {"content_type": "application/x-www-form-urlencoded", "content_length": "0"},
    {"cache_control": "no-cache", "pragma": "no-cache"},
    {"method": "POST", "cookie": "csrftoken=abc", "referer": "https://evil.example/"},
    {"x_http_method_override": "DELETE", "x_original_url": "/admin/", "x_rewrite_url": "/admin/"},
]
OF_A_CODING = {"content-encoding", "content-length", "etag"}


@pytest.fixture
def both(real_application, small_site, make_condition, settings, request):
    """Django alone and behind a cache; with an alias, a page that moved and one withdrawn."""
    small_site.one_leg.aliases.create(name="Single leg", slug="single-leg")
    moved = make_condition("moved", slug="old-name")
    go_live(moved)
    moved.slug = "new-name"
    moved.save()
    go_live(moved)
    page = make_condition("withdrawn")
    go_live(page)
    withdraw(page, actor=FIXTURE, note="wrong")
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
    if getattr(request, "param", False):
        settings.SECURE_SSL_REDIRECT = True
        settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
        settings.SECURE_HSTS_SECONDS = 60
    django = Application()
    cache = PageCache(django, freshness=Known(), renders=RendersAtOnce(), megabytes=4)
    return django, cache


def requests() -> list[tuple[str, dict]]:
    """Each address plainly, each kind of request on some pages, and a shuffle of both."""
    some = ["/", "/conditions/disc/", "/search/?q=disc&tag=one-leg&x=1", "/conditions/nowhere/"]
    some += ["/conditions/old-name/", "/sitemap.xml", "/search/?q=zzzzzz", "/admin/login/"]
    chance = random.Random(6)
    mixed = [(chance.choice(ADDRESSES), chance.choice(REQUESTS)) for _ in range(150)]
    return [*((address, {}) for address in ADDRESSES), *product(some, REQUESTS), *mixed]


def tagged(application, address: str, asked: dict) -> dict:
    """The request, with the entity tag that this application gives such a reader."""
    if "THE TAG" not in asked.get("if_none_match", ""):
        return asked
    plain = environ_for(address, accept_encoding=asked.get("accept_encoding", ""))
    etag = answer_to(application, plain).headers.get("etag", "none")
    return asked | {"if_none_match": asked["if_none_match"].replace("THE TAG", etag)}


def described(answer) -> dict:
    headers = {name: value for name, value in answer.headers.items() if name not in OF_A_CODING}
    # The form for signing in has a moment and a token of its own each time.
    headers |= {name: "its own" for name in ("expires", "set-cookie") if name in headers}
    body = b"a form with a token" if b"csrfmiddlewaretoken" in answer.body else answer.plain
    return {
        "status": answer.status,
        "headers": headers,
        "body": body,
        "has an etag": "etag" in answer.headers,
        "twice": sorted(n for n in set(answer.fields) if answer.fields.count(n) > 1),
    }


@pytest.mark.parametrize(
    ("both", "share"), [(False, 1), (True, 3)], indirect=["both"], ids=["http", "https"]
)
def test_the_cache_answers_as_django_does(both, share):
    django, cache = both
    plan = requests()[::share]
    assert len(plan) > 450 // share
    expected = [answer_to(django, environ_for(url, **tagged(django, url, h))) for url, h in plan]
    for turn in ("cold", "warm"):
        pairs = list(zip(plan, expected, strict=True))
        random.Random(turn).shuffle(pairs)
        for (address, asked), alone in pairs:
            got = answer_to(cache, environ_for(address, **tagged(cache, address, asked)))
            if asked.get("method") == "HEAD":  # a server sends no body, whatever it is given
                alone, got = replace(alone, body=b""), replace(got, body=b"")
            if alone.status == 405:  # its `Allow` names the methods in no order
                continue
            assert described(got) == described(alone), (turn, address, asked)
            if got.status == 200 and got.body:
                assert got.headers["content-length"] == str(len(got.body))
    assert Edition.objects.live().count() == 8

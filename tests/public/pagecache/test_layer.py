"""What is kept, for whom, and for how long; each trap that a prototype fell into has a test."""

import pytest

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Condition, Edition
from causes.public.pagecache import PageCache, layer
from causes.public.pagecache.answers import Page
from causes.public.pagecache.keys import Keys
from causes.search import catching_up
from config.wsgi import Application
from tests.conftest import go_live
from tests.public.pagecache.wsgi import ask, environ_for

PAGE = "/conditions/disc/"
KEPT = "public, max-age=0, s-maxage=1, stale-if-error=86400"


def test_a_page_is_rendered_once_and_then_answered_from_its_copy(scripted, counted):
    first = scripted.get(PAGE, accept_encoding="br")
    again = scripted.get(PAGE, accept_encoding="br")
    assert scripted.rendered == [PAGE]
    assert (first.status, first.headers, first.body) == (again.status, again.headers, again.body)
    assert again.plain == scripted.says.body
    assert {"hits": 1, "misses": 1, "renders": 1, "stale": 0}.items() <= counted().items()


@pytest.mark.parametrize(
    "other",
    [
        {"host": "other.example"},
        {"host": "TESTSERVER"},
        {"host": "testserver:80"},
        {"scheme": "https"},
    ],
    ids=str,
)
def test_another_host_or_scheme_is_another_copy(scripted, other):
    scripted.get(PAGE)
    scripted.get(PAGE, **other)
    assert len(scripted.rendered) == 2


def test_a_head_fills_the_cache_for_those_who_read(scripted):
    head = scripted.get(PAGE, method="HEAD")
    got = scripted.get(PAGE)
    assert (head.body, head.headers) == (b"", got.headers)
    assert got.body == scripted.says.body
    assert len(scripted.rendered) == 1


def test_a_copy_that_another_process_overwrites_meanwhile_is_asked_of_django(scripted, monkeypatch):
    copy = scripted.get(PAGE)
    monkeypatch.setattr(Page, "send", lambda *_: None)
    answer = scripted.get(PAGE)
    assert (answer.status, answer.body) == (copy.status, copy.body)
    assert scripted.rendered == [PAGE, PAGE]


def test_a_new_epoch_and_a_schedule_end_a_copy(scripted):
    scripted.get(PAGE)
    scripted.known.epoch += 1
    scripted.says.body = b"two"
    assert scripted.get(PAGE).body == b"two"
    scripted.known.until = 1.0  # long ago
    scripted.get(PAGE)
    scripted.says.body = b"three"
    assert scripted.get(PAGE).body == b"two"
    scripted.known.epoch, scripted.known.until = 3, 1.0
    assert scripted.get(PAGE).body == b"three"
    scripted.says.body = b"four"
    assert scripted.get(PAGE).body == b"four"


def test_the_version_is_read_before_the_page_is_rendered(scripted):
    """What is published while a page is rendered ends that copy; it may hold the old text."""
    published = iter([True])

    def publish_meanwhile(environ, start_response):
        if next(published, False):
            scripted.known.epoch += 1
        start_response("200 OK", list(scripted.says.headers.items()))
        return [b"text"]

    scripted.application = publish_meanwhile
    scripted.get(PAGE)
    scripted.get(PAGE)
    scripted.get(PAGE)
    assert len(scripted.rendered) == 2


# --- Who is served from copies ----------------------------------------------------------------

PERSONAL = [
    {"cookie": "sessionid=abc"},
    {"cookie": "a=b; sessionid=abc"},
    {"authorization": "Basic abc"},
]
UNUSUAL_REQUESTS = [
    {"method": "POST"},
    {"method": "OPTIONS"},
    {"if_match": '"x"'},
    {"if_unmodified_since": "Thu, 01 Jan 1970 00:00:00 GMT"},
    {"content_type": "text/plain; charset=zlib"},
    {"content_length": "5"},
    {"transfer_encoding": "chunked"},
    {"host": None},
]


@pytest.mark.parametrize("asked", [*PERSONAL, *UNUSUAL_REQUESTS], ids=str)
def test_what_is_personal_or_unusual_goes_to_django_whole_and_is_not_kept(scripted, asked):
    environ = environ_for(f"{PAGE}?junk=1", **asked)
    assert Keys()(environ) is None
    scripted.get(f"{PAGE}?junk=1", **asked)
    assert scripted.rendered == [f"{PAGE}?junk=1"]
    for name in ("cookie", "authorization", "if_match"):
        if name in asked:
            assert scripted.says.environ[f"HTTP_{name.upper()}"] == asked[name]
    scripted.get(PAGE)
    assert len(scripted.rendered) == 2


@pytest.mark.parametrize("asked", PERSONAL, ids=str)
def test_a_person_who_is_signed_in_is_not_given_a_copy(scripted, asked):
    scripted.get(PAGE)
    scripted.get(PAGE, **asked)
    assert len(scripted.rendered) == 2


def test_other_cookies_and_headers_are_no_part_of_the_question(scripted):
    """And reach no view: nothing that one reader sends can be in what others get."""
    scripted.get(
        PAGE,
        cookie="csrftoken=abc; theme=dark",
        accept_language="de",
        user_agent="curl",
        x_forwarded_host="evil.example",
        x_forwarded_proto="https",
        x_original_url="/admin/",
        range="bytes=0-1",
        if_none_match='"other"',
        referer="https://evil.example/",
    )
    reached = {name for name in scripted.says.environ if name.startswith("HTTP_")}
    assert reached == {"HTTP_HOST"}
    assert scripted.says.environ["wsgi.url_scheme"] == "http"
    scripted.get(PAGE)
    assert len(scripted.rendered) == 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Cache-Control": "no-store"}, "200 OK"),
        ({"Cache-Control": "private, s-maxage=1"}, "200 OK"),
        ({}, "404 Not Found"),
        ({}, "500 Internal Server Error"),
    ],
)
def test_what_may_not_be_kept_is_passed_on_and_forgotten(scripted, headers, status):
    scripted.says.headers |= headers
    scripted.says.status = status
    for _ in range(2):
        answer = scripted.get(PAGE, accept_encoding="br")
        assert (answer.status, answer.body) == (int(status[:3]), scripted.says.body)
        assert "content-encoding" not in answer.headers
    assert scripted.get(PAGE, method="HEAD").body == b""
    assert len(scripted.rendered) == 3


@pytest.mark.parametrize("headers", [{"Set-Cookie": "a=b"}, {"Vary": "Accept-Language"}], ids=str)
def test_what_depends_on_more_than_the_key_is_asked_for_anew_with_the_whole_request(
    scripted, headers
):
    scripted.says.headers |= headers
    scripted.get(PAGE, accept_language="de")
    assert scripted.says.environ["HTTP_ACCEPT_LANGUAGE"] == "de"
    assert len(scripted.rendered) == 2
    scripted.get(PAGE)
    assert len(scripted.rendered) == 4


def test_behind_a_proxy_the_scheme_is_the_one_that_django_sees(scripted, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    scripted.begin()
    scripted.get(PAGE, x_forwarded_proto="https")
    assert scripted.says.environ["wsgi.url_scheme"] == "https"
    scripted.get(PAGE, x_forwarded_proto="https, http")
    assert len(scripted.rendered) == 1
    scripted.get(PAGE, x_forwarded_proto="http", scheme="https")
    assert scripted.says.environ["wsgi.url_scheme"] == "http"


def test_no_room_means_no_copies_but_the_same_answers(scripted, known, settings):
    settings.PAGE_CACHE_MB = 0
    cache = PageCache(scripted._noted, freshness=known)
    answers = [ask(cache, PAGE, accept_encoding="br") for _ in range(2)]
    kept = scripted.get(PAGE, accept_encoding="br")
    assert len(scripted.rendered) == 3
    for answer in answers:
        assert (answer.status, answer.body, answer.headers["etag"]) == (
            kept.status,
            kept.body,
            kept.headers["etag"],
        )


def test_a_page_that_is_too_large_to_keep_is_answered_all_the_same(scripted):
    scripted.says.body = bytes(range(256)) * 4000
    assert scripted.get(PAGE).body == scripted.says.body
    assert scripted.get(PAGE, accept_encoding="br").plain == scripted.says.body
    assert len(scripted.rendered) == 2


# --- Parameters --------------------------------------------------------------------------------


def test_a_page_has_one_copy_whatever_its_visitors_append(scripted):
    for query in ("", "?", "?utm_source=x", "?fbclid=1&utm=2", "?q=leg", "?tag="):
        scripted.get(PAGE + query)
    assert scripted.rendered == [PAGE]


def test_a_search_has_one_copy_however_it_is_spelt(scripted):
    for query in ("q=leg&tag=b&tag=a", "tag=a&tag=b&tag=b&q=leg", "utm=1&tag=b&q=leg&tag=a&page="):
        scripted.get(f"/search/?{query}")
    assert scripted.rendered == ["/search/?q=leg&tag=a&tag=b"]


@pytest.mark.parametrize("address", ["/search/?q=disc", "/symptoms/leg-numbness/?tag=one-leg"])
def test_a_visitors_junk_gets_into_nobodys_links(site, address):
    junk = f"{address}&utm_source=evil&next=//evil.example&tag=%22evil%22"
    assert "evil" not in site.get(junk).text
    assert "evil" not in site.get(address).text


def test_junk_does_not_push_out_pages_that_are_read(scripted):
    scripted.get(PAGE)
    scripted.get(PAGE)
    for number in range(3000):
        scripted.get(f"/search/?q=junk{number}")
    rendered = len(scripted.rendered)
    scripted.get(PAGE)
    assert len(scripted.rendered) == rendered


@pytest.mark.parametrize(
    "query", ["q=%00", "x=%00", "&".join(f"x{number}=1" for number in range(2000))]
)
def test_what_django_refuses_stays_refused(site, query):
    for _ in range(2):
        assert site.get(f"/search/?{query}").status == 400


# --- The real site -----------------------------------------------------------------------------


def test_every_public_page_is_kept(site):
    addresses = [
        *Edition.objects.live().values_list("path", flat=True),
        *("/", "/symptoms/", "/conditions/", "/tags/", "/tags/one-leg/"),
        *("/search/", "/search/?q=disc", "/search/?tag=one-leg", "/search/?q=disc&tag=one-leg"),
        *("/search/?q=disc&format=json", "/symptoms/leg-numbness/?tag=one-leg&tag=sudden"),
        *("/opensearch.xml", "/sitemap.xml", "/robots.txt"),
    ]
    for address in addresses:
        first, again = site.get(address), site.get(address)
        assert first.status == again.status == 200
        assert first.headers["cache-control"] == KEPT
        assert again.body == first.body
    assert len(site.rendered) == len(addresses)


@pytest.mark.parametrize("address", ["/search/?q=disc", "/search/?q=disc&format=json"])
def test_a_search_whose_index_is_behind_is_not_kept_under_the_new_version(
    site, address, monkeypatch
):
    site.get(address)
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 3600.0)
    page = Condition.objects.get(key="disc")
    page.summary = "Other words."
    page.save()
    go_live(page)
    site.known.epoch += 1
    for _ in range(2):
        assert site.get(address).headers["cache-control"] == "no-store"
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 0.0)
    for _ in range(2):
        assert site.get(address).headers["cache-control"] == KEPT
    assert len(site.rendered) == 4


@pytest.mark.parametrize(
    ("address", "status", "said"),
    [
        ("/search/?q=zzzzzz", 200, "no-store"),
        ("/search/?q=zzzzzz&format=json", 200, "no-store"),
        ("/conditions/nowhere/", 404, "no-store"),
        ("/healthz", 200, "no-store"),
        ("/search/suggest/?q=di", 200, "public, max-age=60"),
        ("/manifest.webmanifest", 200, "public, max-age=3600"),
        ("/favicon.ico", 302, "public, max-age=3600"),
    ],
)
def test_what_says_otherwise_is_not_kept(site, address, status, said):
    for _ in range(2):
        answer = site.get(address)
        assert (answer.status, answer.headers["cache-control"]) == (status, said)
    assert len(site.rendered) == 2


def test_a_host_that_is_not_ours_never_fills_the_cache(site, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    site.get(PAGE)
    for host in (
        "evil.example",
        "testserver.evil.example",
        "evil.example:80",
        "a b",
        "testserver.",
    ):
        assert site.get(PAGE, host=host).status == (200 if host == "testserver." else 400)
        assert site.get(PAGE, host=host).status == (200 if host == "testserver." else 400)
    settings.ALLOWED_HOSTS = ["*"]
    assert site.get(PAGE, host="evil.example").status == 200  # and not a kept refusal


def test_a_redirect_to_https_is_djangos_to_the_letter(site, settings):
    settings.SECURE_SSL_REDIRECT = True
    site.application = Application()  # its middleware reads the setting once, as the cache does
    site.begin()
    assert site.get(PAGE, scheme="https").status == 200
    answer = site.get(f"{PAGE}?utm=1&b=2")
    assert answer.status == 301
    assert answer.headers["location"] == f"https://testserver{PAGE}?utm=1&b=2"
    assert site.get(PAGE, scheme="https").status == 200


@pytest.mark.parametrize("warm", [True, False])
def test_a_withdrawn_page_is_gone_at_once_and_stays_gone_without_a_database(site, warm):
    """No copy that was forgotten may come back: not of another host, not of a narrowed page."""
    variants = [(PAGE, "testserver"), (PAGE, "localhost"), (f"{PAGE}?tag=x", "testserver")]
    for address, host in variants * 2:
        assert site.get(address, host=host).status == 200
    page = Edition.objects.live().get(path=PAGE).page
    withdraw(page, actor=FIXTURE, note="wrong")
    site.known.epoch += 1
    if warm:
        site.cache.renew(("http", "testserver", PAGE, ""))
    else:
        assert site.get(PAGE).status == 410
    site.known.answers = False
    for address, host in variants:
        assert site.get(address, host=host).status == 410


def test_a_page_that_moved_leads_to_its_new_address_at_once(site):
    site.get(PAGE)
    disc = Edition.objects.live().get(path=PAGE).page.specific()
    disc.slug = "herniated-disc"
    disc.save()
    go_live(disc)
    site.known.epoch += 1
    for _ in range(2):
        answer = site.get(PAGE)
        assert (answer.status, answer.headers["location"]) == (301, "/conditions/herniated-disc/")
    assert site.get("/conditions/herniated-disc/").status == 200


def test_a_page_that_finds_nothing_now_is_not_answered_from_when_it_did(site):
    found = site.get("/search/?q=blood")
    assert found.headers["cache-control"] == KEPT
    withdraw(Edition.objects.live().get(key="clot").page, actor=FIXTURE, note="wrong")
    site.known.epoch += 1
    assert site.get("/search/?q=blood").headers["cache-control"] == "no-store"
    site.known.answers = False
    assert site.get("/search/?q=blood").text != found.text


# --- Without a database ------------------------------------------------------------------------


def test_without_a_database_a_page_seen_before_is_answered_from_its_old_copy(scripted, counted):
    scripted.get(PAGE)
    scripted.known.epoch += 1  # outdated, and nobody can say by what
    scripted.known.answers = False
    assert scripted.get(PAGE).body == scripted.says.body
    assert len(scripted.rendered) == 1
    assert counted()["stale"] == 1
    scripted.known.answers = True
    scripted.says.body = b"new"
    assert scripted.get(PAGE).body == b"new"


@pytest.mark.parametrize("status", ["503 Service Unavailable", "500 Internal Server Error"])
def test_a_render_that_fails_gives_the_old_copy_and_keeps_it(scripted, status):
    scripted.get(PAGE)
    scripted.known.epoch += 1
    scripted.says.status, good = status, scripted.says.body
    for _ in range(2):
        answer = scripted.get(PAGE)
        assert (answer.status, answer.body) == (200, good)
    assert scripted.get("/tags/").status == int(status[:3])


def test_an_old_copy_is_not_given_for_ever(scripted, monkeypatch):
    scripted.get(PAGE)
    scripted.known.answers = False
    monkeypatch.setattr(layer, "STALE_IF_ERROR", 0.0)
    scripted.says.status = "503 Service Unavailable"
    assert scripted.get(PAGE).status == 503


def test_what_is_rendered_while_nobody_knows_the_version_is_not_kept(scripted):
    scripted.known.answers = False
    scripted.get(PAGE)
    scripted.known.answers = True
    scripted.get(PAGE)
    assert len(scripted.rendered) == 2


def test_a_page_not_seen_says_503_with_every_header_where_all_renders_hang(site, settings, counted):
    settings.EMERGENCY_NUMBER = "112"
    normal = site.get("/")
    site.renders.stuck = True
    site.known.epoch += 1
    assert site.get("/").text == normal.text  # seen before: not waited for
    answer = site.get(PAGE)
    assert answer.status == 503
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["retry-after"] == "5"
    assert "In an emergency, call" in answer.text
    assert "112" in answer.text
    for name in ("content-security-policy", "x-frame-options", "x-content-type-options"):
        assert answer.headers[name] == normal.headers[name]
    assert site.get(PAGE, method="HEAD").status == 503
    assert counted()["unavailable"] == 2
    site.renders.stuck = False
    assert site.get(PAGE).status == 200


def test_no_header_of_a_reader_can_make_a_page_unavailable(site):
    assert site.get(PAGE, causes_unavailable="1", cookie="sessionid=x").status == 200

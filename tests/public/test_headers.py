"""What goes with every page: the security headers, no cookie, one true address."""

import io

import pytest
from csp.middleware import CSPMiddleware
from django.core.signals import request_finished
from django.http import FileResponse, HttpResponse
from django.test import Client

from causes.public.middleware import send_files_whole
from tests.public.seen import page_at

SITE = "http://127.0.0.1:8000"
PAGES = [
    *("/", "/symptoms/", "/symptoms/leg-numbness/", "/symptoms/leg-numbness/trapped/"),
    *("/conditions/", "/conditions/disc/", "/about/privacy/", "/tags/", "/tags/one-leg/"),
    *("/search/", "/search/?q=disc"),
]
OTHER_ANSWERS = [
    *("/nowhere/", "/conditions/nowhere/", "/conditions/disc", "/search/?q=%00"),
    *("/sitemap.xml", "/robots.txt", "/healthz", "/static/causes/site.css"),
]
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "report-uri": "/csp-report",
    "report-to": "csp",
}


def policy(response) -> dict[str, str]:
    directives = response["Content-Security-Policy"].split(";")
    return dict(directive.strip().split(" ", 1) for directive in directives)


@pytest.mark.parametrize("address", [*PAGES, *OTHER_ANSWERS])
def test_every_answer_has_the_strict_policy_and_no_nonce(client, small_site, address):
    assert policy(client.get(address)) == POLICY


def test_the_policy_that_is_built_once_is_django_csps_to_the_letter(client, small_site, rf):
    answer = CSPMiddleware(lambda request: HttpResponse())(rf.get("/"))
    assert client.get("/")["Content-Security-Policy"] == answer["Content-Security-Policy"]


@pytest.mark.parametrize("address", [*PAGES, *OTHER_ANSWERS])
def test_every_answer_has_the_other_security_headers(client, small_site, address):
    response = client.get(address)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Permissions-Policy"].startswith("camera=(), geolocation=(), microphone=()")
    assert response["Reporting-Endpoints"] == 'csp="/csp-report"'


@pytest.mark.parametrize("address", [*PAGES, *OTHER_ANSWERS])
def test_no_public_answer_sets_a_cookie_or_differs_by_one(client, small_site, address):
    response = client.get(address)
    assert not response.cookies
    assert "cookie" not in response.get("Vary", "").casefold()


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_the_same_for_an_editor_who_is_signed_in(
    client, publishing_client, small_site, address
):
    assert Client().get(address).content == publishing_client.get(address).content


@pytest.mark.parametrize("address", PAGES)
def test_a_page_asks_no_other_host_and_has_no_inline_style_or_script(client, small_site, address):
    document = page_at(client, address)
    loaded = [
        *(node.attrs["src"] for node in document.query("[src]")),
        *(node.attrs["href"] for node in document.query("link[rel='stylesheet']")),
        *(node.attrs["href"] for node in document.query("link[rel='icon']")),
    ]
    assert loaded
    assert all(address.startswith("/static/") for address in loaded)
    assert not document.query("style")
    assert not document.query("[style]")
    inline = document.query("script:not([src])")
    assert {node.attrs.get("type") for node in inline} == {"application/ld+json"}
    handlers = [
        name for node in document.query("*") for name in node.attrs if name.startswith("on")
    ]
    assert handlers == []


KEPT = "public, max-age=0, s-maxage=1, stale-if-error=86400"


@pytest.mark.parametrize(
    "address",
    [
        *(*PAGES, "/search/?tag=one-leg", "/symptoms/leg-numbness/?tag=one-leg", "/sitemap.xml"),
        *("/robots.txt", "/opensearch.xml", "/search/?q=disc&format=json"),
    ],
)
@pytest.mark.parametrize("method", ["get", "head"])
def test_a_page_tells_caches_what_they_may_do(client, small_site, address, method):
    response = getattr(client, method)(address)
    assert response["Cache-Control"] == KEPT
    assert response["Vary"] == "Accept-Encoding"
    etag = response["ETag"]
    unchanged = getattr(client, method)(address, headers={"if-none-match": etag})
    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert unchanged["ETag"] == etag
    assert unchanged["Cache-Control"] == KEPT
    assert response["X-Accel-Expires"] == unchanged["X-Accel-Expires"] == "@1"
    assert policy(unchanged) == POLICY
    assert getattr(client, method)(address, headers={"if-none-match": '"x"'}).status_code == 200


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/search/?q=zzzzzz", "no-store"),
        ("/search/?q=zzzzzz&format=json", "no-store"),
        ("/nowhere/", "no-store"),
        ("/healthz", "no-store"),
        ("/search/suggest/?q=di", "public, max-age=60"),
        ("/manifest.webmanifest", "public, max-age=3600"),
        ("/favicon.ico", "public, max-age=3600"),
    ],
)
def test_other_answers_keep_what_they_say_themselves(client, small_site, address, said):
    response = client.get(address)
    assert response["Cache-Control"] == said
    assert "ETag" not in response


def test_an_entity_tag_changes_with_the_page(client, small_site, settings):
    before = client.get("/robots.txt")["ETag"]
    settings.SITE_URL = "https://other.example"
    assert client.get("/robots.txt")["ETag"] != before


def canonical(client, address: str) -> str:
    [link] = page_at(client, address).query("link[rel='canonical']")
    return link.attrs["href"]


def is_for_search_engines(client, address: str) -> bool:
    return not [
        node
        for node in page_at(client, address).query("meta[name='robots']")
        if "noindex" in node.attrs["content"]
    ]


@pytest.mark.parametrize("address", PAGES)
def test_the_one_true_address_is_under_site_url_without_what_is_not_ours(
    client, settings, small_site, address
):
    settings.SITE_URL = "https://www.causes.example"
    settings.ALLOWED_HOSTS = ["*"]
    [link] = page_at(client, f"{address}{'&' if '?' in address else '?'}utm=x").query(
        "link[rel='canonical']"
    )
    assert link.attrs["href"] == f"https://www.causes.example{address}"
    asked = client.get(address, headers={"host": "other.example"}).content.decode()
    assert "other.example" not in asked


@pytest.mark.parametrize(
    ("address", "unnarrowed"),
    [
        ("/symptoms/leg-numbness/?tag=sudden", "/symptoms/leg-numbness/"),
        ("/symptoms/leg-numbness/?tag=sudden&tag=one-leg&utm=x", "/symptoms/leg-numbness/"),
        ("/tags/one-leg/?tag=sudden", "/tags/one-leg/"),
        ("/conditions/disc/?utm_source=x", "/conditions/disc/"),
    ],
)
def test_a_narrowed_page_points_to_the_whole_one(client, small_site, address, unnarrowed):
    assert canonical(client, address) == f"{SITE}{unnarrowed}"


@pytest.mark.parametrize("address", [page for page in PAGES if not page.startswith("/search/")])
def test_a_whole_page_is_for_search_engines(client, small_site, address):
    assert is_for_search_engines(client, address)


@pytest.mark.parametrize(
    "address",
    [
        *("/symptoms/leg-numbness/?tag=sudden", "/tags/one-leg/?tag=sudden"),
        *("/search/", "/search/?q=disc", "/search/?tag=sudden", "/search/?q=zzzzzz"),
    ],
)
def test_narrowed_pages_and_searches_are_not_for_search_engines(client, small_site, address):
    assert not is_for_search_engines(client, address)


def test_plain_http_is_led_to_https_where_the_site_has_it(client, small_site, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/conditions/disc/")
    assert response.status_code == 301
    assert response["Location"] == "https://testserver/conditions/disc/"


def test_a_static_file_is_read_whole_and_closed_before_the_request_is_over(rf):
    ended = []
    request_finished.connect(note := lambda **_: ended.append(1))
    file = io.BytesIO(b"words")
    answer = send_files_whole(lambda request: FileResponse(file))(rf.get("/"))
    assert (answer.content, file.closed, ended) == (b"words", True, [])
    answer = send_files_whole(lambda request: FileResponse(()))(rf.head("/"))
    assert (answer.content, ended) == (b"", [])
    request_finished.disconnect(note)


def test_a_static_file_carries_the_headers_too(client, settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "probe.css").write_text("p {}")
    response = client.get("/static/probe.css")
    assert (response.status_code, response.content) == (200, b"p {}")
    assert response["Content-Length"] == "4"
    part = client.get("/static/probe.css", headers={"range": "bytes=2-"})
    assert (part.status_code, part.content) == (206, b"{}")
    assert policy(response) == POLICY
    assert response["X-Content-Type-Options"] == "nosniff"

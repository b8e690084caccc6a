"""The outermost layer: ids, the access log, counts; and what happens if the cache itself fails."""

import json
import logging
import time
from ipaddress import ip_network

import pytest

from causes.monitoring.counts import Counts
from causes.public.pagecache import PageCache
from causes.public.pagecache.counts import CACHED
from config import access, logs
from config.access import Access, copies_first
from config.proxies import behind_proxies
from config.wsgi import site
from tests.public.pagecache.wsgi import Known, RendersAtOnce, ask

TRUSTED = [ip_network("192.0.2.7")]  # who asks, in these tests
QUERY = "q=burning+feet&tag=foot"


@pytest.fixture
def lines(monkeypatch):
    """What the log would hold, as JSON."""
    found = []

    class Kept(logging.Handler):
        def emit(self, record):
            found.append(json.loads(logs.JsonLines().format(record)))

    kept = Kept()
    logging.getLogger().addHandler(kept)
    yield found
    logging.getLogger().removeHandler(kept)


class Site:
    """An application that says what it is told, behind the layer."""

    def __init__(self, wanted: str = "all", *, trusted=()) -> None:
        self.status, self.seconds, self.cached, self.error = "200 OK", 0.0, False, None
        self.counts = Counts()
        self.environ = {}
        layer = Access(self._answer, self.counts, wanted=wanted, in_trouble=site)
        self.application = behind_proxies(layer, list(trusted))

    def _answer(self, environ, start_response):
        self.environ = environ
        if self.error:
            raise self.error
        if self.cached:
            environ[CACHED] = True
        start_response(self.status, [("Content-Type", "text/plain")])
        return [b"x"]

    def get(self, address: str = "/", **headers):
        return ask(self.application, address, **headers)


def test_every_answer_carries_an_id_of_its_own():
    made = Site()
    found = [made.get().headers["x-request-id"] for _ in range(3)]
    assert len(set(found)) == 3
    assert all(access.REQUEST_ID.fullmatch(one) for one in found)


@pytest.mark.parametrize("given", ["abc", "A-z_9" * 6, "f" * 32])
def test_a_trusted_proxys_id_is_kept_and_a_visitors_is_not(given):
    assert Site(trusted=TRUSTED).get(x_request_id=given).headers["x-request-id"] == given
    assert Site().get(x_request_id=given).headers["x-request-id"] != given


@pytest.mark.parametrize("given", ["", "f" * 33, "a b", "a\nb", "é", '"', "a;b", "../x"])
def test_an_id_that_could_do_harm_is_not_even_a_trusted_proxys(given):
    answer = Site(trusted=TRUSTED).get(x_request_id=given)
    assert access.REQUEST_ID.fullmatch(answer.headers["x-request-id"])
    assert answer.headers["x-request-id"] != given
    assert answer.fields.count("x-request-id") == 1


def test_a_line_says_what_was_answered_and_not_what_was_asked_for(lines):
    made = Site()
    made.status, made.cached = "304 Not Modified", True
    answer = made.get(f"/search/?{QUERY}")
    [line] = lines
    assert line.pop("ms") >= 0
    del line["time"]
    assert line == {
        "level": "info",
        "logger": "causes.access",
        "message": "GET /search/ 304",
        "request_id": answer.headers["x-request-id"],
        "method": "GET",
        "path": "/search/",
        "status": 304,
        "cached": True,
    }


@pytest.mark.parametrize(
    ("wanted", "logged"),
    [("none", []), ("errors", [404, 400, 503]), ("all", [200, 404, 301, 400, 503])],
)
def test_the_setting_says_which_answers_have_a_line(wanted, logged, lines):
    made = Site(wanted)
    for made.status in ("200 OK", "404 Not Found", "301 Moved", "400 Bad", "503 No"):
        made.get()
    assert [line["status"] for line in lines] == logged
    levels = {line["status"]: line["level"] for line in lines}
    assert levels.get(503, "error") == "error"
    assert levels.get(404, "info") == "info"


@pytest.mark.parametrize(("wanted", "count"), [("none", 0), ("errors", 1), ("all", 1)])
def test_a_slow_answer_has_a_line_unless_there_is_no_log(wanted, count, lines, monkeypatch):
    monkeypatch.setattr(access, "SLOW", 0.0)
    Site(wanted).get()
    assert len(lines) == count


def test_an_odd_method_or_path_cannot_break_the_log(lines):
    made = Site()
    made.get("/%0a%1b[31m%ff%e2%80%ae/", method="GET\n")
    [line] = lines
    assert line["method"] == "?"
    assert all(character.isprintable() for character in line["path"])


def test_answers_are_counted_by_where_they_came_from():
    made = Site("none")
    for made.status, made.cached in (
        *((s, False) for s in ("200 OK", "404 Not Found", "503 No", "200 OK")),
        *((s, True) for s in ("200 OK", "304 Not Modified")),
    ):
        made.get()
    assert made.counts.rendered == [0, 2, 0, 1, 1]
    assert made.counts.cached == [0, 1, 1, 0, 0]


def test_a_render_is_counted_by_its_time():
    counts = Counts()

    def slow(environ, start_response):
        time.sleep(0.011)
        start_response("200 OK", [])
        return []

    ask(access.timed(slow, counts), "/")
    assert sum(counts.buckets) == 1
    assert sum(counts.buckets[:2]) == 0
    assert counts.seconds >= 0.011


def test_where_the_cache_itself_fails_django_says_so_with_every_header(lines, real_application):
    made = Site("errors")
    made.error = RuntimeError(f"a secret detail, {QUERY}")
    answer = made.get(f"/?{QUERY}", host="127.0.0.1")
    assert answer.status == 503
    assert "In an emergency, call" in answer.text
    assert answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"]
    trace = next(line for line in lines if "exception" in line)
    assert trace["message"] == "No answer could be made."
    assert trace["request_id"] == answer.headers["x-request-id"]
    assert "burning" not in json.dumps(lines)


def test_where_even_that_page_fails_a_bare_line_says_so(lines):
    def broken(environ, start_response):
        raise RuntimeError("broken")

    answer = ask(Access(broken, Counts(), wanted="errors", in_trouble=broken), "/")
    assert (answer.status, answer.body) == (503, access.LAST_WORDS)
    assert answer.headers["content-length"] == str(len(answer.body))
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert len({line["request_id"] for line in lines}) == 1


def test_what_the_cache_answers_is_known_as_such(real_application, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    counts, known = Counts(), Known()
    cache = PageCache(site, freshness=known, renders=RendersAtOnce(), megabytes=4)
    application = Access(cache, counts, wanted="none", in_trouble=site)
    ask(application, "/robots.txt")
    ask(application, "/robots.txt")
    etag = ask(application, "/robots.txt").headers["etag"]
    ask(application, "/robots.txt", if_none_match=etag)
    known.answers = False
    ask(application, "/robots.txt")
    assert counts.rendered == [0, 1, 0, 0, 0]
    assert counts.cached == [0, 3, 1, 0, 0]


def test_copies_that_are_true_come_first_and_are_counted(real_application, settings, lines):
    settings.ALLOWED_HOSTS = ["testserver"]
    counts, known = Counts(), Known()
    cache = PageCache(site, freshness=known, renders=RendersAtOnce(), megabytes=4)
    access = Access(cache, counts, wanted="errors", in_trouble=site)
    application = copies_first(cache, access, counts)
    first = ask(application, "/robots.txt")
    again = ask(application, "/robots.txt")
    assert "x-request-id" in first.headers
    assert "x-request-id" not in again.headers
    assert (again.status, again.body) == (200, first.body)
    assert ask(application, "/robots.txt", method="HEAD").status == 200
    assert ask(application, "/robots.txt", if_none_match=first.headers["etag"]).status == 304
    assert (counts.rendered, counts.cached) == ([0, 1, 0, 0, 0], [0, 2, 1, 0, 0])
    known.answers = False  # not surely true: the cache decides, and is seen to
    assert "x-request-id" in ask(application, "/robots.txt").headers
    assert ask(application, "/nowhere/").status == 404
    assert counts.cached == [0, 3, 1, 0, 0]


def test_a_copy_that_is_lost_meanwhile_is_left_to_the_layer_behind():
    class Lost:
        def true_copy(self, environ):
            return self

        def send(self, *_):
            return None

    made = Site("errors")
    answer = ask(copies_first(Lost(), made.application, made.counts), "/")
    assert (answer.status, "x-request-id" in answer.headers) == (200, True)
    assert made.counts.cached == [0, 0, 0, 0, 0]


def test_a_cache_that_fails_to_look_is_met_by_the_layer_behind(lines):
    class Broken:
        def true_copy(self, environ):
            raise RuntimeError("broken")

    made = Site("errors")
    made.error = RuntimeError("broken as well")
    answer = ask(copies_first(Broken(), made.application, made.counts), "/")
    assert answer.status == 503
    assert lines


def test_what_goes_wrong_in_a_render_names_the_readers_request(lines, settings):
    """It happens in a thread of the cache's own."""

    def broken(environ, start_response):
        logging.getLogger("causes.test").error("broken, for %s", "burning")
        start_response("500 Broken", [])
        return [b""]

    cache = PageCache(broken, freshness=Known(), megabytes=4)
    application = Access(cache, Counts(), wanted="errors", in_trouble=site)
    answer = ask(application, f"/search/?{QUERY}", host="127.0.0.1")
    assert [line["request_id"] for line in lines] == [answer.headers["x-request-id"]] * 2
    assert "burning" not in json.dumps(lines)


def test_the_editors_side_is_logged_with_the_account(
    lines, real_application, publishing_client, publisher
):
    """By its number only; a reader who is signed in has none."""
    cookie = f"sessionid={publishing_client.cookies['sessionid'].value}"
    application = Access(site, Counts(), wanted="all", in_trouble=site)
    for path in ("/admin/guide/", "/healthz", "/admin/login/"):
        ask(application, path, host="127.0.0.1", cookie=cookie)
    ask(application, "/admin/guide/", host="127.0.0.1")
    assert [line.get("account") for line in lines] == [publisher.pk, None, publisher.pk, None]
    assert "sessionid" not in json.dumps(lines)

"""Links that lead nowhere: between pages, and on a local server that plays the other sites."""

import io
import threading
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from causes.editorial import asking
from causes.editorial.acting import FIXTURE
from causes.editorial.asking import is_public, problem_of
from causes.editorial.publishing import record, withdraw
from causes.management.commands import check_links
from causes.models import CheckedLink, RelatedLink, Section, Source

AGENT = "Causes link check"


class OtherSite(BaseHTTPRequestHandler):
    """Answers by the path: /200, /404, /to/<address>, /get-only, /shut …"""

    def do_HEAD(self) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        match self.path.split("/")[1:]:
            case ["to", *rest]:
                self._answer(302, "/".join(rest))
            case ["circle"]:
                self._answer(301, "/circle")
            case ["get-only"]:
                self._answer(405 if self.command == "HEAD" else 200)
            case ["shut"]:
                self.connection.close()
            case ["silent"]:
                self.server.hush.wait(5)
            case [status]:
                self._answer(int(status))

    do_GET = do_HEAD

    def _answer(self, status: int, location: str = "") -> None:
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def other_site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), OtherSite)
    server.asked, server.hush = [], threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.address = f"http://127.0.0.1:{server.server_port}"
    yield server
    server.hush.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def inside_allowed(monkeypatch):
    """Lets the command ask the local server."""
    monkeypatch.setattr(
        "causes.management.commands.check_links.problem_of",
        lambda url, agent: problem_of(url, agent, lambda address, port: True),
    )


def ask(site, path: str) -> str:
    return problem_of(f"{site.address}/{path}", AGENT, lambda address, port: True)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        *((str(status), "") for status in (200, 204, 401, 403, 405, 429)),
        ("404", "404 Not Found"),
        ("410", "410 Gone"),
        ("500", "500 Internal Server Error"),
        ("get-only", ""),
        ("circle", "redirects in circles"),
        ("to//200", ""),
        ("to//404", "404 Not Found"),
        ("to/ftp:/x", "is no address of the web"),
        ("shut", "cannot be asked"),
    ],
)
def test_an_address_answers_or_it_is_said_why_not(path, said, other_site):
    problem = ask(other_site, path)
    assert problem.startswith(said)
    assert bool(problem) == bool(said)


def test_it_says_who_asks_and_reads_nothing_without_need(other_site):
    ask(other_site, "200?q=1#part")
    ask(other_site, "get-only")
    methods = [(method, path) for method, path, _ in other_site.asked]
    assert methods == [("HEAD", "/200?q=1"), ("HEAD", "/get-only"), ("GET", "/get-only")]
    assert {headers["User-Agent"] for _, _, headers in other_site.asked} == {AGENT}


def test_a_site_that_does_not_answer_is_left_in_time(other_site, monkeypatch):
    monkeypatch.setattr(asking, "TIMEOUT", 0.3)
    assert ask(other_site, "silent") == "does not answer in time"
    monkeypatch.setattr(asking, "TIMEOUT", 10.0)
    monkeypatch.setattr(asking, "PATIENCE", 0.3)
    assert ask(other_site, "silent").startswith("cannot be asked")


@pytest.mark.parametrize(
    "url",
    [
        *("http://127.0.0.1/", "http://localhost/", "http://10.0.0.1/", "http://192.168.1.1/"),
        *(
            "http://169.254.169.254/latest/",
            "http://[::1]/",
            "http://0.0.0.0/",
            "http://224.0.0.1/",
        ),
        *("http://[::ffff:127.0.0.1]/", "http://2130706433/", "http://[fd00::1]/"),
    ],
)
def test_private_addresses_are_never_asked(url, monkeypatch):
    monkeypatch.setattr(
        "socket.create_connection", lambda *args, **options: pytest.fail("it connected")
    )
    assert problem_of(url, AGENT) == "leads to a private address or an odd port"


def test_a_redirect_does_not_lead_inside(other_site):
    """The site itself is allowed here; what it redirects to is not."""
    port = other_site.server_port

    def allowed(address: str, asked: int) -> bool:
        return asked == port or is_public(address, asked)

    problem = problem_of(f"{other_site.address}/to/http://127.0.0.1:1/", AGENT, allowed)
    assert problem == "leads to a private address or an odd port"


def test_a_name_with_one_private_address_is_not_asked(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 80)), (2, 1, 6, "", ("10.0.0.1", 80))]
    monkeypatch.setattr("socket.getaddrinfo", lambda *args, **options: found)
    assert "private address" in problem_of("http://rebinding.example/", AGENT)


def test_odd_ports_schemes_and_passwords_are_not_asked():
    assert not is_public("93.184.216.34", 22)
    assert is_public("93.184.216.34", 443)
    assert problem_of("ftp://example.org/", AGENT) == "is no address of the web"
    assert problem_of("http://a:b@example.org/", AGENT) == "holds a password"
    assert problem_of("http://[broken/", AGENT).startswith("cannot be asked")


# --- The command -------------------------------------------------------------------------


def check(*arguments: str) -> tuple[list[str], bool]:
    """The lines that `check_links` prints, and whether all was well."""
    output = io.StringIO()
    try:
        call_command("check_links", *arguments, stdout=output)
    except CommandError as error:
        return [*output.getvalue().splitlines(), str(error)], False
    return output.getvalue().splitlines(), True


def test_links_between_pages_are_checked_without_asking_anyone(make_condition, published):
    stroke, gone = make_condition("stroke"), make_condition("gone")
    published(gone)
    link = RelatedLink.objects.create(page=stroke, target=gone, anchor="gone")
    published(stroke)
    assert check() == (["Every link leads somewhere."], True)
    withdraw(gone, actor=FIXTURE, note="wrong")
    link.delete()
    Section.objects.filter(page=stroke).update(body='<p><a href="page:nowhere">A</a></p>')
    record(stroke, actor=FIXTURE)
    lines, is_well = check()
    assert not is_well
    assert lines == [
        "stroke (live): the link to “gone” leads nowhere: it is not published",
        "stroke (draft): the link to “nowhere” leads nowhere: there is no such page",
        "2 broken link(s).",
    ]


@pytest.fixture
def naming(make_condition, source, other_site):
    """A page that names three addresses of the other site, one as a source."""
    page = make_condition("stroke")
    Source.objects.filter(pk=source.pk).update(url=f"{other_site.address}/200")
    links = "".join(f'<a href="{other_site.address}/{path}">A</a>' for path in ("404", "get-only"))
    Section.objects.filter(page=page).update(body=f"<p>{links}</p>")
    record(page, actor=FIXTURE)
    return page


def test_other_sites_are_asked_and_the_answers_kept(naming, other_site, inside_allowed):
    lines, is_well = check("--external", "--pause", "0")
    assert not is_well
    assert f"stroke: {other_site.address}/404: 404 Not Found" in lines
    found = dict(CheckedLink.objects.values_list("url", "problem"))
    assert found == {
        f"{other_site.address}/200": "",
        f"{other_site.address}/404": "404 Not Found",
        f"{other_site.address}/get-only": "",
    }


def test_a_run_goes_on_where_the_last_one_stopped(naming, other_site, inside_allowed):
    for number in (1, 2, 3):
        lines, _ = check("--external", "--pause", "0", "--limit", "1")
        assert CheckedLink.objects.count() == number
        assert ("more are due" in " ".join(lines)) == (number < 3)
    asked = len(other_site.asked)
    assert check("--external", "--pause", "0")[1]  # all were asked within the week
    assert len(other_site.asked) == asked


def test_what_fails_again_is_counted_and_what_answers_again_is_forgiven(
    naming, other_site, inside_allowed
):
    for _ in range(2):
        check("--external", "--pause", "0")
        CheckedLink.objects.update(checked_at=timezone.now() - timedelta(days=8))
    failures = dict(CheckedLink.objects.values_list("url", "failures"))
    assert Counter(failures.values()) == {0: 2, 2: 1}
    CheckedLink.objects.filter(url__endswith="/200").update(problem="500", failures=3)
    check("--external", "--pause", "0")
    good = CheckedLink.objects.get(url__endswith="/200")
    assert (good.problem, good.failures) == ("", 0)


def test_addresses_that_no_page_names_any_more_are_forgotten(naming, other_site, inside_allowed):
    check("--external", "--pause", "0")
    Section.objects.filter(page=naming).update(body="<p>Nothing.</p>")
    record(naming, actor=FIXTURE)
    check("--external", "--pause", "0")
    assert list(CheckedLink.objects.values_list("url", flat=True)) == [f"{other_site.address}/200"]


def test_one_site_is_asked_slowly(naming, other_site, inside_allowed, monkeypatch):
    slept = []
    monkeypatch.setattr(check_links, "sleep", slept.append)
    check("--external", "--pause", "5")
    assert len([seconds for seconds in slept if 4 < seconds <= 5]) == 2


def test_the_shipped_pages_have_no_dead_link(shipped):
    assert check() == (["Every link leads somewhere."], True)

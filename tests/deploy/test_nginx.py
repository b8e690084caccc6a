"""The shipped site file in a real nginx, before an app server that says what it is told to."""

import gzip
import http.client
import socket
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.deploy.front import SHIPPED, Front
from tests.deploy.upstream import PAGE, Upstream
from tests.environment import nginx

pytestmark = pytest.mark.skipif(nginx() is None, reason="no nginx: `make test` unpacks Debian's")

STYLE = "causes/site.abc123.css"


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: http.client.HTTPMessage


def ask(
    front: Front, path: str, method: str = "GET", body: bytes | None = None, **headers: str
) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", front.port, timeout=20)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, named)
        answer = connection.getresponse()
        return Answer(answer.status, answer.read(), answer.headers)
    finally:
        connection.close()


def keep(front: Front, upstream: Upstream, path: str, **headers: str) -> Answer:
    """Until nginx asks whether its copy is still true: it keeps an answer after it has sent it."""
    for _attempt in range(100):
        answer = ask(front, path, **headers)
        if "If-None-Match" in upstream.asked[-1].headers:
            return answer
    raise AssertionError(f"{path} is not kept.")


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    """What `prepare` and `export` leave in DATA_DIR."""
    folder = tmp_path_factory.mktemp("data")
    folder.parent.chmod(0o755)  # nginx's workers are not root
    folder.chmod(0o755)
    for name, content in {
        f"static/{STYLE}": b"p {}",
        "static/staticfiles.json": b"{}",
        "copy/404.html": b"<p>Not found",
        "copy/index.html": b"<p>Copy of home",
        "copy/conditions/ache/index.html": b"<p>Copy of ache",
    }.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        file.with_name(f"{file.name}.gz").write_bytes(gzip.compress(content))
    return folder


@pytest.fixture
def upstream():
    with Upstream() as upstream:
        yield upstream


@pytest.fixture
def front(tmp_path, data, upstream):
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    with Front(tmp_path / "nginx", [upstream.port], data) as front:
        yield front


def test_nginx_has_nothing_to_say_against_the_shipped_files(tmp_path, data):
    for site in ("causes.conf", "causes-mirror.conf"):
        said = Front(tmp_path / site, [1], data, site=site).check()
        assert "syntax is ok" in said
        assert "warn" not in said


def test_the_operators_part_is_good_with_certificates(tmp_path, data):
    front = Front(tmp_path / "nginx", [1], data)
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=www.example.org"]
    files = {name: str(tmp_path / name) for name in ("fullchain.pem", "privkey.pem")}
    keys = ["-keyout", files["privkey.pem"], "-out", files["fullchain.pem"]]
    subprocess.run(["openssl", *made, *keys], check=True, capture_output=True)
    lines = (SHIPPED / "causes/site.conf").read_text()
    for name, file in files.items():
        lines = lines.replace(f"/etc/letsencrypt/live/www.example.org/{name}", file)
    assert "/etc/" not in lines
    ports = {"80;": f"{front.port};", "443 ssl": "127.0.0.1:0 ssl"}
    for shipped, ours in ports.items():
        assert f"listen {shipped}" in lines
        lines = lines.replace(f"listen {shipped}", f"listen {ours}")
    lines = "\n".join(line for line in lines.splitlines() if "[::]" not in line)
    front.set_site(lines.replace("127.0.0.1:0 ssl", f"127.0.0.1:{_free()} ssl"))
    with front:
        plain = ask(front, "/conditions/?letter=a")
        assert plain.status == 301
        assert plain.headers["Location"] == "https://www.example.org/conditions/?letter=a"


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize("path", ["/", "/conditions/?letter=a", "/admin/", "/static/none.css"])
def test_what_a_visitor_says_of_where_a_request_comes_from_is_overwritten(front, upstream, path):
    lies = {
        "X_Forwarded_For": "203.0.113.9, 198.51.100.7",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_Port": "1",
        "X_Real_IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "X_Request_ID": "mine",
    }
    ask(front, path, Host="localhost:1", **lies)
    [asked] = upstream.asked
    assert asked.headers["X-Forwarded-For"] == "127.0.0.1"
    assert asked.headers["X-Forwarded-Proto"] == "http"
    assert asked.headers["Host"] == "localhost:1"
    assert len(asked.headers["X-Request-ID"]) == 32
    assert not {"X-Forwarded-Host", "X-Forwarded-Port", "X-Real-IP", "Forwarded"} & {*asked.headers}


def test_each_change_of_a_page_is_seen_at_once_and_an_unchanged_one_is_not_sent_again(
    front, upstream
):
    upstream.pages["/"] = (200, PAGE, b"first")
    assert keep(front, upstream, "/").body == b"first"
    upstream.pages["/"] = (200, PAGE | {"ETag": '"2"'}, b"second")
    assert ask(front, "/").body == b"second"


DEAD = (0, {}, b"")


@pytest.mark.parametrize("status", [0, 500, 502, 503, 504])
def test_while_no_app_server_answers_readers_get_the_last_copy_of_each_coding(
    front, upstream, status
):
    for coding in ("gzip, deflate", "br;q=1.0, gzip", ""):
        packed = {"gzip, deflate": "gzip", "br;q=1.0, gzip": "br", "": ""}[coding]
        upstream.pages["/"] = (200, PAGE | {"ETag": f'"{packed}"'}, packed.encode())
        keep(front, upstream, "/", Accept_Encoding=coding)
        assert upstream.asked[-1].headers.get("Accept-Encoding", "") == packed
    upstream.pages["/"] = (status, {"Cache-Control": "no-store"}, b"it burns")
    for coding, packed in {"gzip": b"gzip", "gzip, br": b"br", "": b"", "gzip;q=0": b""}.items():
        answer = ask(front, "/", Accept_Encoding=coding)
        assert (answer.status, answer.body) == (200, packed)


def test_a_page_that_was_withdrawn_does_not_come_back_when_the_site_is_down(front, upstream):
    upstream.pages["/conditions/ache/"] = (200, PAGE, b"a wrong dose")
    assert keep(front, upstream, "/conditions/ache/").status == 200
    gone = {name: value for name, value in PAGE.items() if name != "ETag"}
    upstream.pages["/conditions/ache/"] = (410, gone, b"taken down")
    for _turn in range(3):
        assert ask(front, "/conditions/ache/").body == b"taken down"
    upstream.pages["/conditions/ache/"] = DEAD
    assert ask(front, "/conditions/ache/").body == b"taken down"


@pytest.mark.parametrize(
    ("more", "asked_with"),
    [
        ({"Set-Cookie": "a=b"}, {}),
        ({"Vary": "Cookie"}, {}),
        ({"Vary": "Accept-Encoding, Cookie"}, {}),
        ({"Cache-Control": "no-store", "X-Accel-Expires": ""}, {}),
        ({"Cache-Control": "private", "X-Accel-Expires": ""}, {}),
        ({}, {"Cookie": "a=1; sessionid=x"}),
        ({}, {"Cookie": "__Host-sessionid=x"}),
        ({}, {"Authorization": "Basic eA=="}),
    ],
)
def test_nothing_of_one_reader_is_kept_for_others(front, upstream, more, asked_with):
    upstream.pages["/about/x/"] = (200, {k: v for k, v in (PAGE | more).items() if v}, b"mine")
    assert ask(front, "/about/x/", **asked_with).body == b"mine"
    upstream.pages["/about/x/"] = DEAD
    assert ask(front, "/about/x/").status == 503


def test_a_page_with_a_question_is_never_an_old_one(front, upstream):
    upstream.pages["/conditions/ache/?on=2025-01-01"] = (200, PAGE, b"then")
    assert ask(front, "/conditions/ache/?on=2025-01-01").body == b"then"
    upstream.pages.clear()
    upstream.says = DEAD
    assert ask(front, "/conditions/ache/?on=2025-01-01").body == b"<p>Copy of ache"


def test_the_last_resort_is_the_exported_copy(front, upstream):
    upstream.end()
    for path, body in {"/": b"<p>Copy of home", "/conditions/ache/": b"<p>Copy of ache"}.items():
        plain, packed = ask(front, path), ask(front, path, Accept_Encoding="gzip")
        assert (plain.status, plain.body) == (200, body)
        assert plain.headers["Content-Type"] == "text/html; charset=utf-8"
        assert plain.headers["Cache-Control"] == "no-cache"
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.body) == body
        assert ask(front, path, "HEAD").status == 200
    missing = ask(front, "/conditions/other/")
    assert (missing.status, missing.headers["Retry-After"]) == (503, "60")
    assert b"In an emergency, call" in missing.body
    for outside in ("/../static/staticfiles.json", "/%2e%2e/static/staticfiles.json"):
        assert ask(front, outside).status in {400, 404, 503}


@pytest.mark.parametrize("path", ["/admin/", "/accounts/login/", "/review/token/"])
def test_editors_read_the_sites_own_words_where_it_can_speak(front, upstream, path):
    upstream.says = (503, {"Retry-After": "5"}, b"What you typed is still in your browser.")
    answer = ask(front, path, "POST", b"x=1")
    assert (answer.status, answer.body) == (503, upstream.says[2])
    upstream.end()
    answer = ask(front, path, "POST", b"x=1")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
    assert b"What you typed is still in your browser" in answer.body


@pytest.fixture
def other():
    with Upstream(says=(200, {}, b"the other one")) as other:
        yield other


@pytest.mark.parametrize("failing", [0, 502, 503])
def test_where_one_app_server_fails_another_is_asked_for_pages_and_never_for_forms(
    tmp_path, data, upstream, other, failing
):
    upstream.says = (failing, {}, b"")
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    with Front(tmp_path / "nginx", [upstream.port, other.port], data) as front:
        for _turn in range(6):
            assert ask(front, "/").body == b"the other one"
        assert upstream.asked
        forms = [ask(front, "/admin/save/", "POST", str(n).encode()).status for n in range(8)]
        taken = [asked.body for server in (upstream, other) for asked in server.asked if asked.body]
        assert len(taken) == len(set(taken)) == 8, "a form was sent to two servers"
        assert set(forms) <= {200, 503, 502}


def test_a_form_goes_to_the_server_that_listens(tmp_path, data, upstream, other):
    upstream.end()
    for folder in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        folder.chmod(0o755)
    with Front(tmp_path / "nginx", [upstream.port, other.port], data) as front:
        answers = {ask(front, "/admin/save/", "POST", b"x").body for _turn in range(6)}
    assert answers == {b"the other one"}
    assert len(other.asked) == 6


def test_static_files_are_given_by_nginx_and_missing_ones_by_an_app_server(front, upstream):
    answer = ask(front, f"/static/{STYLE}", Accept_Encoding="gzip")
    assert (answer.status, gzip.decompress(answer.body)) == (200, b"p {}")
    assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert answer.headers["Cache-Control"] == "max-age=315360000, public, immutable"
    assert answer.headers["Vary"] == "Accept-Encoding"
    assert not upstream.asked
    upstream.says = (200, {}, b"of another release")
    assert ask(front, "/static/causes/site.old.css").body == b"of another release"
    assert ask(front, "/static/staticfiles.json").status == 404


SECURITY = ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"]


def test_what_nginx_says_itself_carries_the_security_headers(front, upstream):
    long = ask(front, "/", X="x" * 40_000)
    large = ask(front, "/admin/", "POST", b"x" * (9 << 20))
    upstream.end()
    answers = {
        400: long,
        413: large,
        503: ask(front, "/none/"),
        200: ask(front, "/"),
        404: ask(front, "/static/staticfiles.json"),
    }
    for status, answer in answers.items():
        assert answer.status == status
        for name in SECURITY:
            assert len(answer.headers.get_all(name, [])) == 1, (status, name)
        assert answer.headers["Server"] == "nginx"
    assert b"copy it" in large.body


def test_forms_and_requests_of_one_address_are_limited_and_others_are_not(front, upstream):
    forms = [ask(front, "/accounts/login/", "POST", b"x").status for _turn in range(60)]
    assert 40 <= forms.count(200) < 60
    refused = ask(front, "/accounts/login/", "POST", b"x")
    assert (refused.status, refused.headers["Retry-After"]) == (429, "5")
    assert b"In an emergency, call" in refused.body
    assert refused.headers["Content-Security-Policy"]
    assert ask(front, "/").status == 200
    elsewhere = http.client.HTTPConnection("127.0.0.1", front.port, source_address=("127.0.0.2", 0))
    elsewhere.request("POST", "/accounts/login/", b"x")
    assert elsewhere.getresponse().status == 200
    elsewhere.close()


def test_neither_a_readers_words_nor_a_guests_link_get_into_a_log(front, upstream):
    for path in ("/search/?q=private+words", "/review/secret-token/", "/conditions/"):
        ask(front, path, Referer="http://x/?q=private+words")
    upstream.end()
    for path in ("/search/?q=private+words", "/review/secret-token/"):
        ask(front, path)
    front.stop()
    logs = front.log + (front.folder / "causes-error.log").read_text()
    assert '"GET /search/" 200' in logs
    assert '"GET /review/..." 503' in logs
    assert '"GET /conditions/"' in logs
    assert "private" not in logs
    assert "secret" not in logs
    front.start()


def test_a_client_that_sends_nothing_is_let_go(front):
    with socket.create_connection(("127.0.0.1", front.port), timeout=30) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n")
        began = time.monotonic()
        with pytest.raises(ConnectionError):  # noqa: PT012 - either an end or a reset
            if client.recv(1000) == b"":
                raise ConnectionError
    assert time.monotonic() - began > 5

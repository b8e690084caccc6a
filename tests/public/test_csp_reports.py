"""What browsers report: counted, one line each, nothing of a reader; and junk does no harm."""

import json

import pytest
from django.test import Client

from causes.public import csp_reports
from causes.public.csp_reports import LARGEST, MOST_BODIES, MOST_REPORTS, _Allowance, counts
from causes.public.middleware import LARGEST_PUBLIC_FORM

ADDRESS = "/csp-report"
OLD = {
    "csp-report": {
        "blocked-uri": "https://evil.example:8443/a.js?reader=ada",
        "document-uri": "https://www.example.org/search/?q=burning+feet",
        "effective-directive": "script-src-elem",
        "violated-directive": "script-src-elem",
        "original-policy": "default-src 'none'",
        "referrer": "https://www.example.org/?q=private",
        "script-sample": "alert('ada')",
        "status-code": 200,
    }
}
NEW = [
    {
        "type": "csp-violation",
        "url": "https://www.example.org/tags/?q=private",
        "user_agent": "Ada's browser",
        "body": {
            "blockedURL": "inline",
            "documentURL": "https://www.example.org/tags/?q=private",
            "effectiveDirective": "style-src-attr",
            "sample": "color: ada",
            "disposition": "enforce",
        },
    }
]


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch):
    monkeypatch.setattr(csp_reports, "_allowance", _Allowance(MOST_BODIES))
    for name in counts:
        monkeypatch.setitem(counts, name, 0)


def send(body: object, content_type: str = "application/csp-report") -> int:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    client = Client(enforce_csrf_checks=True, raise_request_exception=True)
    response = client.post(ADDRESS, data, content_type=content_type)
    assert not response.content or response.status_code not in {204, 400}
    assert not response.cookies
    return response.status_code


@pytest.mark.parametrize(
    ("body", "content_type", "directive", "line"),
    [
        (
            *(OLD, "application/csp-report", "script-src-elem"),
            "script-src-elem blocked https://evil.example on /search/",
        ),
        (
            *(NEW, "application/reports+json", "style-src-attr"),
            "style-src-attr blocked inline on /tags/",
        ),
    ],
)
def test_a_report_is_counted_and_leaves_one_line_without_its_reader(
    body, content_type, directive, line, caplog
):
    assert send(body, content_type) == 204
    assert counts[directive] == sum(counts.values()) == 1
    assert caplog.messages == [line]


@pytest.mark.parametrize(
    ("blocked", "shown"),
    [
        *(("inline", "inline"), ("eval", "eval"), ("wasm-eval", "wasm-eval"), ("", "other")),
        *(("data:text/html,ada", "data:"), ("blob:https://x/ada", "blob:")),
        *(("chrome-extension://abcdef/x.js", "chrome-extension:"), ("self", "self")),
        *(("https://user:pass@evil.example/x", "https://evil.example"), ("//evil/", "other")),
        *(("https://evil.example\n2026 ERROR", "other"), ("https://ev%0ail/", "other")),
        *(("https://" + "a" * 300, "other"), ("https://[::1]/", "other"), ("https://[", "other")),
        *((None, "other"), (5, "other"), (["x"], "other"), ({"a": 1}, "other")),
        ("WSS://Evil.Example/x", "wss://evil.example"),
    ],
)
def test_of_what_was_blocked_only_the_origin_is_kept(blocked, shown, caplog):
    report = OLD["csp-report"] | {"blocked-uri": blocked}
    status = send({"csp-report": report})
    assert (status, caplog.messages) in (
        (204, [f"script-src-elem blocked {shown} on /search/"]),
        (400, []),  # an address that cannot be one
    )


@pytest.mark.parametrize(
    ("document", "shown"),
    [
        *(("https://www.example.org/a/?q=x#y", "/a/"), ("about:blank", "blank"), ("", "other")),
        *(("/a\n\x1b[31m", "other"), ("https://x/" + "a" * 900, "/" + "a" * 99), (7, "7")),
    ],
)
def test_of_the_page_only_a_plain_path_is_kept(document, shown, caplog):
    assert send({"csp-report": OLD["csp-report"] | {"document-uri": document}}) == 204
    assert caplog.messages[0].endswith(f" on {shown}")


def test_a_directive_that_nobody_knows_is_one_of_the_others():
    for name in ("x-src", "", "script-src-elem\n", "A" * 10_000, 5, None, [], {"a": 1}):
        report = {"effective-directive": name, "blocked-uri": "inline"}
        assert send({"csp-report": report}) == 204
    assert counts["other"] == 8
    old = {"violated-directive": "script-src 'self' https:", "blocked-uri": "inline"}
    assert send({"csp-report": old}) == 204
    assert counts["script-src"] == 1
    assert counts.keys() == {*csp_reports.DIRECTIVES, "other"}


JUNK = [
    *(b"", b"{", b"null", b"5", b'"x"', b"[]", b"{}", b"\xff\xfe", b"\0", b"[" * 16_000),
    *(b'{"a":' * 3000, b"1" * 16_000, b"[5, null]", b'[{"body": 5}]', b'{"csp-report": []}'),
    *(b'{"csp-report": null}', b"x" * (LARGEST + 1), b"x" * 3_000_000, b"\xef\xbb\xbf{}", b"NaN"),
]


@pytest.mark.parametrize("body", JUNK, ids=range(len(JUNK)))
@pytest.mark.parametrize(
    "content_type",
    ["application/csp-report", "multipart/form-data", "application/x-www-form-urlencoded", "x"],
)
def test_junk_is_a_bad_request_and_counts_for_nothing(body, content_type, caplog):
    assert send(body, content_type) == (413 if len(body) > LARGEST_PUBLIC_FORM else 400)
    assert sum(counts.values()) == 0
    assert caplog.messages == []


def test_of_many_reports_in_one_body_only_some_are_read():
    assert send(NEW * 40) == 204
    assert sum(counts.values()) == MOST_REPORTS


def test_too_many_are_thanked_for_and_thrown_away(monkeypatch):
    statuses = {send(OLD) for _ in range(MOST_BODIES * 2)}
    assert statuses == {204}
    assert MOST_BODIES <= sum(counts.values()) <= MOST_BODIES * 1.5
    monkeypatch.setattr(csp_reports._allowance, "_at", csp_reports._allowance._at - 60)
    before = sum(counts.values())
    send(OLD)
    assert sum(counts.values()) == before + 1


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options"])
def test_reports_are_only_ever_sent(client, method):
    assert getattr(client, method)(ADDRESS).status_code == 405

"""What Prometheus reads, who may read it, and that the public address knows nothing of it."""

import http.client
import json
import os
import socket
import threading
import urllib.error
import urllib.request

import pytest
from django.db import OperationalError
from prometheus_client.parser import text_string_to_metric_families

from causes.monitoring import server
from causes.monitoring.metrics import exposition
from causes.monitoring.server import InternalServer
from causes.public.pagecache.counts import counts as cache_counts
from tests.conftest import go_live


def samples() -> dict[str, float]:
    """By name and labels."""
    found = {}
    for family in text_string_to_metric_families(exposition().decode()):
        for sample in family.samples:
            labels = ",".join(sample.labels.values())
            found[f"{sample.name} {labels}".strip()] = sample.value
    return found


@pytest.fixture
def internal(db, monkeypatch):
    """The internal server's address."""
    made = InternalServer(("127.0.0.1", 0))
    monkeypatch.setattr(server, "report", list)
    monkeypatch.setattr(server, "exposition", lambda: b"causes_processes 1.0\n")
    thread = threading.Thread(target=made.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{made.server_address[1]}"
    made.shutdown()
    made.server_close()
    thread.join()


def test_each_number_is_there_under_its_name(make_condition, reporting, data_dir):
    go_live(make_condition())
    cache_counts.hits, cache_counts.stale, cache_counts.bytes = 5, 2, 1000
    reporting.write()
    (data_dir / "last-backup.json").write_text('{"made_at": "2020-01-01T00:00:00+00:00"}')
    found = samples()
    expected = {
        "causes_processes": 1,
        "causes_page_cache_hits_total": 5,
        "causes_page_cache_stale_total": 2,
        "causes_page_cache_bytes": 1000,
        "causes_publications_total": 1,
        "causes_live_pages": 1,
        "causes_reviews_waiting": 0,
        "causes_reviews_overdue": 0,
        "causes_health database": 0,
        "causes_health backup": 1,
        "causes_search_behind": 1,
    }
    assert {name: found[name] for name in expected} == expected
    assert found["causes_backup_age_seconds"] > 1e8


def test_what_is_not_known_is_absent_and_the_rest_is_there(asked_here):
    """A gauge that says 0 while the database is gone would be a lie."""
    for question in asked_here.values():
        question.error = OperationalError("gone")
    found = samples()
    assert found["causes_health database"] == 2
    for absent in ("causes_reviews_waiting", "causes_publications_total", "causes_live_pages"):
        assert absent not in found
    assert "causes_backup_age_seconds" not in found
    assert "causes_page_cache_hits_total" in found


def test_the_number_of_series_does_not_depend_on_readers(db, client):
    before = samples().keys()
    for number in range(50):
        client.get(f"/nowhere-{number}/?x={number}", headers={"user-agent": f"x{number}"})
        client.generic("FOO", f"/{number}")
        report = {"csp-report": {"effective-directive": f"x{number}-src", "blocked-uri": "x"}}
        client.post("/csp-report", json.dumps(report), content_type="application/csp-report")
    assert samples().keys() == before


def test_the_histogram_adds_up(db):
    found = samples()
    buckets = [value for name, value in found.items() if name.startswith("causes_render_seconds_b")]
    assert buckets == sorted(buckets)
    assert buckets[-1] == found["causes_render_seconds_count"]


@pytest.mark.parametrize("path", ["/metrics", "/metrics/", "/admin/metrics", "/metrics?x=1"])
def test_the_public_address_has_no_metrics(db, client, path):
    for headers in ({}, {"x-forwarded-for": "127.0.0.1"}, {"host": "127.0.0.1:9100"}):
        assert client.get(path, headers=headers).status_code in {302, 404}


def test_the_internal_address_has_them_and_the_reasons(internal):
    with urllib.request.urlopen(f"{internal}/metrics") as answer:  # noqa: S310 - our own server
        assert answer.read() == b"causes_processes 1.0\n"
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        assert "Python" not in answer.headers["Server"]
    with urllib.request.urlopen(f"{internal}/readyz") as answer:  # noqa: S310
        assert answer.status == 200


@pytest.mark.parametrize("path", ["/", "/nothing", "/metrics/../admin", "//", "/%00", "/readyz?x"])
def test_the_internal_address_has_nothing_else(internal, path):
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{internal}{path}")  # noqa: S310


@pytest.mark.parametrize(
    "junk", [b"", b"\0\0\0", b"GET", b"POST /metrics HTTP/1.1\r\n\r\n", b"x" * 100_000, b"\r\n\r\n"]
)
def test_junk_at_the_internal_address_harms_nothing(internal, junk):
    port = int(internal.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(junk)
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    link.request("GET", "/metrics")
    assert link.getresponse().status == 200
    link.close()


def test_only_one_process_listens_and_another_takes_over_when_it_ends():
    first = InternalServer(("127.0.0.1", 0))
    address = first.server_address
    with pytest.raises(OSError, match="in use"):
        InternalServer(address)
    first.server_close()
    InternalServer(address).server_close()


def test_it_speaks_ipv6_too():
    if not os.path.exists("/proc/net/if_inet6"):
        pytest.skip("this machine has no IPv6")
    InternalServer(("::1", 0)).server_close()

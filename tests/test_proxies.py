"""Behind proxies: whose word counts, and who is asking."""

from ipaddress import ip_network

import pytest

from config.proxies import behind_proxies

TRUSTED = [ip_network("127.0.0.1"), ip_network("10.0.0.0/8"), ip_network("::1")]


def seen(**environ: str) -> tuple[str, str, set[str]]:
    """(address, scheme, forwarded headers) as the site sees them."""
    found = {}

    def site(environ, start_response):
        found.update(environ)
        return []

    given = {"REMOTE_ADDR": "203.0.113.9", "wsgi.url_scheme": "http"} | environ
    behind_proxies(site, TRUSTED)(given, lambda *args: None)
    left = {name for name in found if "FORWARDED" in name or "REAL_IP" in name}
    return found["REMOTE_ADDR"], found["wsgi.url_scheme"], left


def test_a_trusted_proxy_says_who_asks_and_how():
    said = {"HTTP_X_FORWARDED_FOR": "198.51.100.7", "HTTP_X_FORWARDED_PROTO": "https"}
    assert seen(REMOTE_ADDR="127.0.0.1", **said) == ("198.51.100.7", "https", set())


def test_a_visitors_own_headers_change_nothing():
    said = {
        "HTTP_X_FORWARDED_FOR": "198.51.100.7",
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_HOST": "evil.example",
        "HTTP_X_REAL_IP": "198.51.100.7",
        "HTTP_FORWARDED": "for=198.51.100.7;proto=https",
    }
    assert seen(**said) == ("203.0.113.9", "http", set())


def test_what_a_visitor_claims_before_the_proxys_own_entry_is_not_believed():
    chain = "1.2.3.4, 198.51.100.7, 10.0.0.5"
    assert seen(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=chain)[0] == "198.51.100.7"


@pytest.mark.parametrize("chain", ["", "unknown", "junk, \x00", "198.51.100.7, junk", ",,,"])
def test_a_chain_that_makes_no_sense_leaves_the_proxys_address(chain):
    assert seen(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=chain)[0] == "127.0.0.1"


@pytest.mark.parametrize("scheme", ["", "ftp", "https, http", "javascript"])
def test_an_odd_scheme_is_ignored(scheme):
    assert seen(REMOTE_ADDR="::1", HTTP_X_FORWARDED_PROTO=scheme)[1] == "http"


def test_a_connection_without_an_address_is_nobodys_proxy():
    assert seen(REMOTE_ADDR="", HTTP_X_FORWARDED_PROTO="https")[1] == "http"

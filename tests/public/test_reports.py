""" "Report a mistake on this page": a message that is begun for the reader."""

from email.utils import parseaddr
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest

from causes.models import Edition
from causes.public.reports import report_address
from tests.public.seen import page_at, words

EDITIONS = [
    *("/symptoms/leg-numbness/", "/symptoms/leg-numbness/trapped/"),
    *("/conditions/disc/", "/about/privacy/"),
]
HARMFUL = [
    "Nerves & vessels",
    "50% of legs? #1 + more = numb",
    'A "quoted" <b>title</b>',
    "Line\r\nBcc: everyone@example.org",
    "Guillain-Barré syndrome",
    "नसें",
]


@pytest.fixture
def contact(settings) -> str:
    settings.CONTACT_EMAIL = "editor+pages@causes.example"
    settings.SITE_URL = "https://causes.example"
    return settings.CONTACT_EMAIL


def message(address: str) -> tuple[str, dict[str, str]]:
    """To whom, and the fields, read as a mail program does (RFC 6068: "+" is a plus)."""
    assert address.isascii()
    assert not set(address) & set(" \r\n\"<>'")
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.fragment) == ("mailto", "", "")
    fields = dict(parse_qsl(parts.query.replace("+", "%2B"), strict_parsing=True))
    return unquote(parts.path), fields


def report_links(client, address: str) -> list[str]:
    return [
        node.attrs["href"]
        for node in page_at(client, address).query("main a[href]")
        if node.attrs["href"].startswith("mailto:")
    ]


@pytest.mark.parametrize("path", EDITIONS)
def test_every_edition_offers_a_message_that_names_it(client, small_site, contact, path):
    edition = Edition.objects.get(path=path)
    [link] = report_links(client, path)
    to, fields = message(link)
    assert parseaddr(to) == ("", contact)
    assert fields.keys() == {"subject", "body"}
    assert fields["subject"] == f"Mistake on the page: {edition.title}"
    lines = fields["body"].split("\r\n")
    assert lines[:3] == [
        f"Page: {edition.title}",
        f"Address: https://causes.example{path}",
        f"Edition: {edition.number}",
    ]


def test_the_page_says_what_to_write_and_what_not(client, small_site, contact, settings):
    settings.EMERGENCY_NUMBER = "112"
    report = words(page_at(client, "/conditions/disc/").query_one("main .report"))
    assert "Report a mistake on this page" in report
    assert "Say which sentence you mean" in report
    assert "leave out details about your health" in report
    assert "call 112 now" in report


def test_a_second_edition_has_its_own_number(client, small_site, contact, published):
    small_site.disc.title = "Slipped disc"
    small_site.disc.save()
    published(small_site.disc)
    _, fields = message(*report_links(client, "/conditions/disc/"))
    assert "Edition: 2" in fields["body"].split("\r\n")
    assert "Page: Slipped disc" in fields["body"].split("\r\n")


@pytest.mark.parametrize("title", HARMFUL)
def test_a_title_changes_neither_the_fields_nor_the_lines(title, contact):
    edition = Edition(title=title, path="/conditions/x/", number=7)
    to, fields = message(report_address(edition))
    assert to == contact
    assert fields.keys() == {"subject", "body"}
    assert fields["subject"] == f"Mistake on the page: {' '.join(title.split())}"
    assert "\n" not in fields["subject"]
    assert fields["body"].split("\r\n")[0] == f"Page: {' '.join(title.split())}"


@pytest.mark.parametrize("path", EDITIONS)
def test_without_an_address_nothing_is_offered(client, small_site, settings, path):
    settings.CONTACT_EMAIL = ""
    page = page_at(client, path)
    assert "mailto:" not in str(client.get(path).content)
    assert not page.query(".report")
    assert "no contact address yet" in words(page.query_one("footer"))

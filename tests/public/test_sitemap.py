"""The sitemap with true dates, and robots.txt."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Edition, Page
from causes.public import sitemaps
from tests.conftest import go_live

SITE = "http://127.0.0.1:8000"
NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LISTS = {"/", "/symptoms/", "/conditions/", "/tags/"}
LONG_AGO = timedelta(days=400)


def dates(client, **options) -> dict[str, str | None]:
    """The sitemap's `lastmod` of each address, as written."""
    response = client.get("/sitemap.xml", **options)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own answer
    return {
        entry.findtext(f"{NAMESPACE}loc").removeprefix(SITE): entry.findtext(f"{NAMESPACE}lastmod")
        for entry in root.iter(f"{NAMESPACE}url")
    }


@pytest.fixture
def aged(small_site) -> datetime:
    """All editions of the small site are older; the day on which they began."""
    for edition in Edition.objects.all():
        Edition.objects.filter(pk=edition.pk).update(live_from=edition.live_from - LONG_AGO)
    return Edition.objects.get(key="disc").live_from


def change(page: Page, **fields: object) -> Edition:
    Page.objects.filter(pk=page.pk).update(**fields)
    return go_live(page)


def changed_since(client, day: datetime) -> set[str]:
    """The addresses whose date is later than that day."""
    limit = (day + timedelta(days=1)).date().isoformat()
    return {path for path, date in dates(client).items() if date and date >= limit}


def test_every_live_page_and_list_is_in_the_sitemap(client, small_site):
    assert dates(client).keys() == {*small_site.addresses, *LISTS}


def test_drafts_and_withdrawn_and_scheduled_pages_are_not(
    client, small_site, make_condition, published
):
    make_condition("draft")
    published(make_condition("later"), at=timezone.now() + timedelta(days=1))
    withdraw(small_site.clot, actor=FIXTURE, note="wrong")
    assert dates(client).keys() == {*small_site.addresses, *LISTS} - {"/conditions/clot/"}


def test_only_the_present_address_of_a_page_is_in_the_sitemap(client, small_site):
    change(small_site.disc, slug="herniated-disc")
    found = dates(client)
    assert "/conditions/herniated-disc/" in found
    assert "/conditions/disc/" not in found


def test_a_date_is_that_of_the_edition(client, small_site, aged):
    found = dates(client)
    for edition in Edition.objects.all():
        assert found[edition.path] == aged.date().isoformat()


def test_a_list_claims_no_date(client, small_site):
    assert {dates(client)[path] for path in LISTS} == {None}


def test_a_conditions_own_change_moves_only_its_own_date(client, small_site, aged):
    change(small_site.sciatica, title="Sciatica, again")
    assert changed_since(client, aged) == {"/conditions/sciatica/"}


def test_a_groups_change_moves_its_symptom_and_its_conditions(client, small_site, aged):
    change(small_site.trapped, title="Pinched nerves")
    assert changed_since(client, aged) == {
        "/symptoms/leg-numbness/trapped/",
        "/symptoms/leg-numbness/",
        "/conditions/sciatica/",
        "/conditions/disc/",
    }


def test_an_information_pages_change_moves_no_other(client, small_site, aged):
    change(small_site.privacy, title="Your privacy")
    assert changed_since(client, aged) == {"/about/privacy/"}


def test_a_draft_moves_no_date(client, small_site, aged):
    Page.objects.filter(key="disc").update(title="Unfinished")
    assert changed_since(client, aged) == set()


def test_addresses_are_those_of_site_url_whatever_host_was_asked(client, small_site, settings):
    settings.SITE_URL = "https://www.causes.example"
    settings.ALLOWED_HOSTS = ["other.example"]
    for address in ("/sitemap.xml", "/robots.txt"):
        text = client.get(address, headers={"host": "other.example"}).content.decode()
        assert "https://www.causes.example/" in text
        assert "other.example" not in text


def test_robots_may_read_all_but_the_search_and_the_editors_screens(client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /search/",
        "",
        f"Sitemap: {SITE}/sitemap.xml",
    ]


def test_the_index_of_the_parts_is_like_its_parts_no_page_to_be_found(
    client, small_site, monkeypatch
):
    whole = client.get("/sitemap.xml")
    monkeypatch.setattr(sitemaps, "PART_LENGTH", 3)
    index, part = client.get("/sitemap.xml"), client.get("/sitemap-1.xml")
    assert b"<sitemapindex" in index.content
    for name in ("X-Robots-Tag", "Content-Type"):
        assert index[name] == part[name] == whole[name]
    assert "noindex" in index["X-Robots-Tag"]

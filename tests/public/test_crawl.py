"""The crawl finds links that lead nowhere; `tests/test_shipped_content.py` lets it loose."""

import pytest
from django.http import HttpResponse

from tests.public.crawl import Crawl

PAGES = {
    "/": "<a href='/conditions/'>Conditions</a>",
    "/conditions/": "<h1 id='top'>Conditions</h1><a href='#top'>Top</a> {more}",
}


def crawl(more: str = "") -> Crawl:
    def get(address: str) -> HttpResponse:
        if address in PAGES:
            return HttpResponse(PAGES[address].format(more=more))
        return HttpResponse("Nothing here.", status=404)

    return Crawl(get)


def test_good_links_pass():
    site = crawl(
        "<a href='/'>Home</a> <a href='/conditions/#top'>Top</a> <a href='http://www.nhs.uk/a'>A</a>"
        "<a href='mailto:a@causes.example?subject=A%20mistake'>Write</a> <a href='tel:112'>Call</a>"
    )
    assert set(site.documents) == set(PAGES)
    assert site.dead_links() == []
    assert site.odd_links() == []


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("/gone/", "/gone/ (404), linked from /conditions/"),
        ("#bottom", "/conditions/#bottom, linked from /conditions/"),
        ("/#top", "/#top, linked from /conditions/"),
    ],
)
def test_a_link_that_leads_nowhere_is_found(link, said):
    assert crawl(f"<a href='{link}'>Words</a>").dead_links() == [said]


@pytest.mark.parametrize(
    "link",
    [
        "http:www.nhs.uk",
        "https://nhs",
        "javascript:void(0)",
        "//www.nhs.uk/",
        "https://a.uk/a b",
    ],
)
def test_a_link_out_of_the_site_that_is_no_whole_address_is_found(link):
    assert crawl(f"<a href='{link}'>Words</a>").odd_links() == [f"{link}, on /conditions/"]

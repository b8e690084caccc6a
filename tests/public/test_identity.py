"""Whose site it is: name, icon, colours and number on every page, and another organisation's."""

import re

import pytest
from django.conf import settings as site_settings
from django.contrib import admin
from django.contrib.staticfiles import finders
from django.utils.translation import override

from causes.public import brand
from causes.templatetags.reading import full_date
from tests.public.seen import graph, page_at, parsed, words, words_of

PAGES = [
    *("/", "/symptoms/", "/symptoms/leg-numbness/", "/symptoms/leg-numbness/trapped/"),
    *("/conditions/", "/conditions/disc/", "/about/privacy/", "/tags/", "/tags/one-leg/"),
    *("/search/", "/search/?q=disc"),
]
MISSING = ["/nowhere/", "/conditions/nowhere/"]
OURS = re.compile(r"\bCauses\b")  # the shipped name; "causes" is a word of the texts


@pytest.fixture
def northfield(settings):
    """Another organisation, by settings alone."""
    settings.SITE_NAME = "Northfield & Sons <Clinic>"
    settings.SITE_URL = "https://northfield.example"
    settings.BRAND_COLOR = "#7a1f5c"
    settings.EMERGENCY_NUMBER = "0118 999"
    settings.CONTACT_EMAIL = "pages@northfield.example"
    settings.ALLOWED_HOSTS = ["*"]
    return settings


def head(document) -> dict[str, str]:
    """The content of each `meta` by its name or property, with its media query."""
    return {
        " ".join(filter(None, (a.get("name", a.get("property")), a.get("media")))): a["content"]
        for a in (node.attrs for node in document.query("meta[content]"))
    }


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_whose_it_is(client, small_site, northfield, address):
    document = page_at(client, address)
    [title] = words_of(document, "title")
    assert title.endswith(northfield.SITE_NAME)
    assert words_of(document, "a.site-name") == [northfield.SITE_NAME]
    meta = head(document)
    assert meta["og:site_name"] == northfield.SITE_NAME
    assert northfield.SITE_NAME in meta["og:image:alt"]
    names = {node["@type"]: node.get("name") for node in graph(document)}
    assert names["WebSite"] == names["Organization"] == northfield.SITE_NAME
    light, dark = brand.theme_colors()
    assert meta["theme-color (prefers-color-scheme: light)"] == light == "#7a1f5c"
    assert meta["theme-color (prefers-color-scheme: dark)"] == dark


@pytest.mark.parametrize("address", PAGES + MISSING)
def test_our_name_and_address_are_nowhere_on_another_organisations_pages(
    client, small_site, northfield, address
):
    html = client.get(address).content.decode()
    assert not OURS.search(html)
    assert "127.0.0.1" not in html
    assert "causes.example" not in html


def test_our_name_is_written_in_the_settings_only():
    """Texts say "this site"; headings such as "Causes of sciatica" are about causes."""
    for path in (site_settings.BASE_DIR / "templates").rglob("*.html"):
        assert not OURS.search(path.read_text("utf-8")), path
    assert not OURS.search((site_settings.BASE_DIR / "fixtures/information.json").read_text())
    assert admin.site.site_header == admin.site.site_title == site_settings.SITE_NAME


@pytest.mark.parametrize("address", PAGES + MISSING)
def test_every_page_has_the_organisations_number(client, small_site, northfield, address):
    page = parsed(client.get(address))
    assert "call 0118 999 now" in words(page.query_one("footer"))
    assert "911" not in words(page)


def test_the_cards_and_the_texts_have_it_too(client, small_site, northfield):
    [title] = words_of(page_at(client, "/conditions/disc/"), ".card-emergency .card-title")
    assert title.endswith("Call 0118 999 now if:")


@pytest.mark.parametrize("address", PAGES)
def test_a_shared_link_shows_the_picture_and_the_language(client, small_site, northfield, address):
    meta = head(page_at(client, address))
    assert meta["og:image"].startswith("https://northfield.example/static/causes/social")
    assert (meta["og:image:width"], meta["og:image:height"]) == ("1200", "630")
    assert meta["twitter:card"] == "summary_large_image"
    assert meta["og:locale"] == "en_US"


@pytest.mark.parametrize(
    ("language", "locale"),
    [("en-gb", "en_GB"), ("pt-br", "pt_BR"), ("de", None), ("zh-hans", None)],
)
def test_a_language_without_a_country_has_no_locale(client, small_site, settings, language, locale):
    settings.LANGUAGE_CODE = language
    assert head(page_at(client, "/tags/")).get("og:locale") == locale


@pytest.mark.parametrize(
    ("language", "day"), [("en-us", "September 3, 2026"), ("en-gb", "3 September 2026")]
)
def test_a_date_is_written_in_full_in_the_languages_own_way(language, day):
    with override(language):
        assert full_date("2026-09-03") == day


@pytest.mark.parametrize("address", PAGES + MISSING)
def test_every_page_names_an_icon_for_each_use(client, small_site, address):
    document = parsed(client.get(address))
    found = {node.attrs["rel"]: node.attrs["href"] for node in document.query("link")}
    assert found["manifest"] == "/manifest.webmanifest"
    for rel in ("icon", "apple-touch-icon"):
        assert finders.find(found[rel].removeprefix("/static/"))


def test_the_manifest_has_the_organisations_name_and_colors(client, northfield):
    response = client.get("/manifest.webmanifest")
    assert response["Content-Type"] == "application/manifest+json"
    assert "max-age" in response["Cache-Control"]
    manifest = response.json()
    assert manifest["name"] == manifest["short_name"] == northfield.SITE_NAME
    assert manifest["theme_color"] == "#7a1f5c"
    assert manifest["background_color"] == brand.shipped()[0]["--paper"]
    assert (manifest["start_url"], manifest["display"]) == ("/", "browser")
    assert (manifest["lang"], manifest["dir"]) == ("en-us", "ltr")
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))
    assert {icon.get("purpose") for icon in manifest["icons"]} == {None, "maskable"}
    assert not OURS.search(response.content.decode())


def test_the_address_that_browsers_ask_by_themselves_leads_to_the_icon(client):
    response = client.get("/favicon.ico")
    assert response.status_code == 302
    assert finders.find(response["Location"].removeprefix("/static/"))
    assert client.post("/favicon.ico").status_code == 405


@pytest.mark.parametrize("address", ["/manifest.webmanifest", "/favicon.ico"])
def test_neither_needs_the_database_or_sets_a_cookie(client, address):
    """No `db` here: a query would be an error."""
    response = client.get(address)
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")

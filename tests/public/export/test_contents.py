"""What a copy holds, as a reader of any static server gets it."""

import gzip
import re

import brotli
from django.conf import settings as site_settings
from django.utils import timezone

from causes.public.export.rendering import in_words
from tests.public.export.copied import files_in, page_in
from tests.public.seen import links, words, words_of

SYMPTOM = "/symptoms/leg-numbness/"
OUR_HOST = site_settings.SITE_URL


def test_every_page_is_a_file_with_its_variants_beside_it(copy, small_site):
    pages = {f"{path}index.html" for path in [*small_site.addresses, "/", "/symptoms/"]}
    pages |= {f"{path}index.html" for path in ["/conditions/", "/tags/", "/tags/one-leg/"]}
    others = {"/404.html", "/robots.txt", "/sitemap.xml", "/manifest.webmanifest", "/favicon.ico"}
    others |= {"/static/causes/site.css", "/static/causes/icon.svg", "/static/causes/social.png"}
    files = files_in(copy)
    assert pages | others <= {f"/{name}" for name in files}
    for path in files.values():
        content = path.read_bytes()
        assert brotli.decompress(path.with_name(f"{path.name}.br").read_bytes()) == content
        assert gzip.decompress(path.with_name(f"{path.name}.gz").read_bytes()) == content


def test_nothing_in_a_copy_needs_the_site_to_answer(copy, small_site):
    for name in files_in(copy, "*.html"):
        html = (copy / name).read_text("utf-8")
        document = page_in(copy, name.removesuffix("index.html")) if "index" in name else None
        assert "<form" not in html, name
        assert '<script type="module"' not in html, name
        assert "opensearch" not in html, name
        assert not re.search(r'href="/[^"]*\?', html), name
        if document:
            canonical = links(document, "link[rel=canonical]")
            ours = {href for href in links(document, "[href]") if OUR_HOST in href}
            assert ours == set(canonical), name
            assert all(href.startswith(f"{OUR_HOST}/") for href in canonical), name


def test_every_page_says_when_it_was_copied_and_what_to_do_in_an_emergency(copy, small_site):
    made = in_words(timezone.now())[:-10]  # without the time of day
    for name in files_in(copy, "*.html"):
        html = (copy / name).read_text("utf-8")
        assert f"This is a copy of Causes, made on {made}" in html, name
        assert "In an emergency, call" in html, name
        assert "\ue000" not in html, name


def test_the_site_itself_says_nothing_of_copies(client, small_site):
    for address in ["/", SYMPTOM, f"{SYMPTOM}?tag=one-leg", "/tags/one-leg/", "/none/"]:
        page = client.get(address).content.decode()
        assert "copy" not in page
        assert '<form class="search"' in page


def test_one_tag_narrows_and_another_takes_its_place(copy, small_site):
    narrowed = page_in(copy, f"{SYMPTOM}tag=both-legs/")
    assert links(narrowed, ".group .page-list a") == {"/conditions/disc/": "Herniated disc"}
    assert words_of(narrowed, ".shown") == ["1 of 3 causes: both legs."]
    assert links(narrowed, ".facets a") == {
        f"{SYMPTOM}tag=one-leg/#causes": "One leg 3 causes",
        f"{SYMPTOM}#causes": "Both legs, chosen, press to remove",
        f"{SYMPTOM}tag=sudden/#causes": "Sudden 1 cause",
    }
    assert "narrows by one answer at a time" in words(narrowed.query_one("#narrow").parent)
    assert narrowed.query_one("meta[name=robots]").attrs["content"] == "noindex"
    [canonical] = links(narrowed, "link[rel=canonical]")
    assert canonical == f"{OUR_HOST}{SYMPTOM}"


def test_a_tags_own_page_offers_no_second_tag(copy, small_site):
    page = page_in(copy, "/tags/one-leg/")
    assert page.query("#narrow") == []
    assert "cannot combine tags" in words(page.query_one("main"))
    assert len(links(page, ".group .page-list a")) == 3


def test_search_and_the_page_for_what_is_not_there_lead_to_the_lists(copy, small_site):
    for html in [
        page_in(copy, "/search/"),
        page_in(copy, "/"),
    ]:
        main = html.query_one("main")
        assert "This copy cannot search" in words(main)
        assert "/conditions/" in links(main)
    not_found = (copy / "404.html").read_text("utf-8")
    assert "We did not find this page" in not_found
    assert "search for" not in not_found
    assert 'href="/conditions/"' in not_found

"""A printed page is complete, and says where it is from."""

import pytest

from tests.browser.pages import EDITIONS, PUBLIC, open_public
from tests.browser.paper import missing, navigation, printed

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("kind", EDITIONS)
def test_every_sentence_of_an_edition_is_on_paper(kind, open_page, site):
    page = open_page()
    open_public(page, kind)
    assert missing(page) == []
    paper = "".join(printed(page))
    assert f"{site}{PUBLIC[kind]}".replace("-", "") in paper
    assert "edition1." in paper
    assert "published" in paper


@pytest.mark.parametrize("kind", EDITIONS)
def test_no_navigation_is_on_paper(kind, open_page):
    page = open_page()
    open_public(page, kind)
    assert navigation(page) == []


BAD = {
    "hidden on paper": "<style>@media print { .gone { display: none } }</style><p class=gone>",
    "closed": "<details><summary>More</summary><p>",
    "white on white": "<style>@media print { .gone { visibility: hidden } }</style><p class=gone>",
    "off the paper": "<div style='height: 2em; overflow: hidden'><p style='margin-top: 3em'>",
}


@pytest.mark.parametrize("how", BAD)
def test_a_sentence_that_is_lost_on_paper_is_found(how, open_page):
    page = open_page()
    page.set_content(f"<main><h1>Title</h1>{BAD[how]}A sentence that matters.")
    assert missing(page) == ["A sentence that matters."]


def test_sentences_over_several_lines_and_sheets_are_found_on_paper(open_page):
    page = open_page()
    style = "<style>@page { @bottom-right { content: counter(page) } }</style>"
    words = "<p lang=en style='hyphens: auto'>Hyphen-ated incomprehensibilities. " * 150
    page.set_content(f"{style}<main>{words}<p>{'Word and word ' * 120}</main>")
    assert len(printed(page)) > 2
    assert missing(page) == []


def test_navigation_on_paper_is_found(open_page):
    page = open_page()
    page.set_content("<nav><a href=/>Home</a></nav><main>Words.</main>")
    assert len(navigation(page)) == 1

"""Links are read and rewritten by a parser; all else stays as it is."""

import pytest

from causes.public.export.links import with_links


def shout(link: str) -> str:
    return link.upper() if "?" in link else link


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="/a/?b=c">A</a>', '<a href="/A/?B=C">A</a>'),
        (
            "<a rel=nofollow href='/a/?b=c' hidden>A</a>",
            '<a rel="nofollow" href="/A/?B=C" hidden>A</a>',
        ),
        ('<p>é\n<a\nhref="?a=1&amp;b=&quot;">A</a>\n', '<p>é\n<a href="?A=1&amp;B=&quot;">A</a>\n'),
        ('<img src="/a?b"/><b>', '<img src="/A?B"/><b>'),
        ('<form action="/a?b">', '<form action="/A?B">'),
        ('<svg viewBox="0 0 1 1"><a href="?x">', '<svg viewBox="0 0 1 1"><a href="?X">'),
    ],
)
def test_a_link_is_rewritten_and_nothing_else(before, after):
    assert with_links("text/html", before, shout)[0] == after


@pytest.mark.parametrize(
    "text",
    [
        '<!doctype html><p title="href=&quot;?a&quot;">href="?a" <!-- <a href="?a"> --></p>',
        '<script type="application/ld+json">{"a": "<a href=\'?a\'>"}</script>',
        "<style>a[href='?a'] { color: red }</style><p>5 < 6 & 7",
    ],
)
def test_text_that_looks_like_a_link_is_left_alone(text):
    assert with_links("text/html", text, shout) == (text, [])


def test_links_are_those_of_a_page_its_parts_and_its_picture():
    page = (
        '<link rel="canonical" href="https://causes.example/a/"><a href="/b/#c"></a>'
        '<meta property="og:image" content="https://causes.example/d.png">'
        '<meta property="og:url" content="https://causes.example/e/"><img src="/f.svg">'
    )
    assert with_links("text/html", page, shout)[1] == [
        *("https://causes.example/a/", "/b/#c", "https://causes.example/d.png", "/f.svg")
    ]


def test_a_sitemap_and_a_manifest_have_links_too():
    sitemap = (
        '<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
        "<sitemap><loc>https://a.example/s.xml?a=1&amp;p=2</loc></sitemap></sitemapindex>"
    )
    text, links = with_links("application/xml", sitemap, shout)
    assert links == ["https://a.example/s.xml?a=1&p=2"]
    assert "<loc>HTTPS://A.EXAMPLE/S.XML?A=1&amp;P=2</loc>" in text
    manifest = '{"icons": [{"src": "/a.svg"}]}'
    assert with_links("application/manifest+json", manifest, shout) == (manifest, ["/a.svg"])
    assert with_links("text/plain", "href=?a", shout) == ("href=?a", [])

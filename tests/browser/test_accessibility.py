"""axe-core finds nothing on any kind of public page, light and dark, narrow and wide."""

import pytest

from tests.browser import axe
from tests.browser.pages import PUBLIC, open_public

pytestmark = pytest.mark.browser

# axe itself writes inline styles while it looks, which the site's policy forbids.
AXE = {"bypass_csp": True}


@pytest.mark.parametrize("kind", PUBLIC)
def test_a_public_page_has_no_barrier(kind, open_page):
    page = open_page(**AXE)
    open_public(page, kind)
    found = axe.failures_in_every_look(page)
    assert not found, "\n".join(found)


GOOD = """<!doctype html><html lang="en"><title>A page</title><style>{style}</style>
<main><h1>A page</h1><p>Words.</p>{body}</main></html>"""
DRAWING = "<svg><rect width=200 height=99 /><text x=9 y=40>Words</text></svg>"
BAD = {
    "image-alt": {"body": '<img src="data:,">'},
    "label": {"body": "<input>"},
    "target-size": {
        "body": '<p><a href="#a">1</a> <a href="#b">2</a></p>',
        "style": "a { font-size: 9px }",
    },
    "heading-order": {"body": "<h4>Deep</h4>"},
    "color-contrast": {
        "style": "@media (prefers-color-scheme: dark) { body { background: #000; color: #222 } }"
    },
    "color-contrast, undecided over many colours": {
        "body": "<p class=over>Words.</p>",
        "style": ".over { background: linear-gradient(#000, #fff) }",
    },
    "color-contrast, undecided over a drawing": {
        "body": DRAWING,
        "style": "rect { fill: #888 } text { fill: #666 }",
    },
}


@pytest.mark.parametrize("rule", BAD)
def test_a_barrier_is_found(rule, open_page):
    page = open_page()
    page.set_content(GOOD.format(**{"body": "", "style": ""} | BAD[rule]))
    found = axe.failures_in_every_look(page)
    assert {line.partition(":")[0] for line in found} == {rule.partition(",")[0]}


def test_a_page_without_a_barrier_passes(open_page):
    page = open_page()
    drawing = (
        "<svg><rect width='200' height='99' fill='#ddd'/><text x='9' y='40'>Words</text></svg>"
    )
    page.set_content(GOOD.format(body=drawing, style="text { fill: #333 }"))
    assert axe.failures_in_every_look(page) == []


def test_the_size_of_targets_is_among_the_rules(open_page):
    assert "target-size" in axe.rules_run(open_page())

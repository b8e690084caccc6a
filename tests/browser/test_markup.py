"""The markup and the stylesheets are valid, say the checkers that others wrote."""

from pathlib import Path

import pytest

from tests.browser import markup
from tests.browser.pages import SCREENS, address
from tests.browser.served import ROOT

pytestmark = pytest.mark.browser

STATIC = ROOT / "causes/static/causes"
KNOWN_HTML: list[markup.Known] = [
    (
        "The “list” role is unnecessary for element",
        "Safari's screen reader forgets that a list without bullets is one, unless it is told",
    ),
]
DJANGO = "Django's own templates and widgets write it so"
KNOWN_ADMIN_HTML: list[markup.Known] = [
    *KNOWN_HTML,
    ("A table row was 2 columns wide", DJANGO),  # a kind of record that nobody adds, in the menu
    ("An “input” element with a “type” attribute whose value is “hidden”", DJANGO),
    ("Element “option” without attribute “label” must not be empty", DJANGO),
    ("The first “option” element in a “select” element with a “required”", DJANGO),
    ("The value of the “for” attribute of the “label” element must be the ID", DJANGO),
]
KNOWN_CSS: list[markup.Known] = [
    ("Unknown at-rule descriptor `margin`", "CSS Paged Media 3: the margin of @page"),
    ("Unknown at-rule `@bottom-right`", "CSS Paged Media 3: where a page number stands"),
]


def written(folder: Path, pages: dict[str, bytes]) -> list[Path]:
    """The pages as files, named by their addresses."""
    files = []
    for name, html in pages.items():
        file = folder / f"{name.strip('/').replace('/', '~') or 'home'}.html"
        file.write_bytes(html)
        files.append(file)
    return files


def test_the_html_of_every_public_page_is_valid(html_of_every_page, tmp_path):
    assert len(html_of_every_page) > 50
    files = [*written(tmp_path, html_of_every_page), *STATIC.glob("*.svg")]
    assert markup.html_failures(files, KNOWN_HTML) == {}


def test_the_html_of_the_admins_screens_is_valid(sign_in, tmp_path):
    editor = sign_in("paula").request
    pages = {kind: editor.get(address(editor, screen)).body() for kind, screen in SCREENS.items()}
    assert markup.html_failures(written(tmp_path, pages), KNOWN_ADMIN_HTML) == {}


@pytest.mark.parametrize("file", sorted(STATIC.glob("*.css")), ids=lambda file: file.name)
def test_a_stylesheet_is_valid(file):
    assert markup.css_failures(file, KNOWN_CSS) == []


BAD_HTML = {
    "Duplicate ID": "<p id=a>One</p><p id=a>Two</p>",
    "not allowed as child": "<ul><p>Words</p></ul>",
    "Bad value": "<a href='http://[/'>Words</a>",
    "Unclosed element": "<div><section>",
}


def test_bad_html_is_found(tmp_path):
    pages = {
        str(number): f"<!doctype html><html lang=en><title>Bad</title>{body}".encode()
        for number, body in enumerate(BAD_HTML.values())
    }
    found = markup.html_failures(written(tmp_path, pages))
    for number, message in enumerate(BAD_HTML):
        assert any(message in line for line in found[f"{number}.html"])


@pytest.mark.parametrize(
    "rule",
    [
        "a { colour: red }",
        "a { color: redd }",
        "@medai print {}",
        "a { color red }",
        "a { width: 3 }",
    ],
)
def test_a_bad_rule_is_found(rule, tmp_path):
    file = tmp_path / "bad.css"
    file.write_text(f"b {{ color: red }}\n{rule}\n")
    (line,) = markup.css_failures(file, KNOWN_CSS)
    assert line.startswith("line 2: ")

"""The links of what the site sends: read, and where a copy needs it rewritten."""

import json
from collections.abc import Callable, Iterator
from html import escape
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import fromstring

LINKING = {"href", "src", "action"}

Rewrite = Callable[[str], str]
Attributes = list[tuple[str, str | None]]


class _Page(HTMLParser):
    """Collects links; copies the page with each start tag whose link changes written anew."""

    def __init__(self, html: str, rewrite: Rewrite) -> None:
        super().__init__()
        self.links: list[str] = []
        self._html, self._rewrite = html, rewrite
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self._pieces: list[str] = []
        self._copied = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self.links += [value for name, value in attrs if name in LINKING and value]
        if tag == "meta" and ("property", "og:image") in attrs:
            self.links += [value for name, value in attrs if name == "content" and value]
        rewritten = [
            (name, self._rewrite(value) if name in LINKING and value else value)
            for name, value in attrs
        ]
        if rewritten != attrs:
            self._replace_tag(tag, rewritten)

    def _replace_tag(self, tag: str, attrs: Attributes) -> None:
        line, column = self.getpos()
        start, text = self._lines[line - 1] + column, self.get_starttag_text()
        written = "".join(f" {n}" if v is None else f' {n}="{escape(v)}"' for n, v in attrs)
        end = "/>" if text.endswith("/>") else ">"
        self._pieces += [self._html[self._copied : start], f"<{tag}{written}{end}"]
        self._copied = start + len(text)

    @property
    def text(self) -> str:
        return "".join([*self._pieces, self._html[self._copied :]])


def with_links(kind: str, text: str, rewrite: Rewrite) -> tuple[str, list[str]]:
    """The text with its links rewritten, and the links as they were. ``kind`` is a media type."""
    if kind == "text/html":
        page = _Page(text, rewrite)
        return page.text, page.links
    if kind == "application/xml":
        places = list(_places(text))
        for place in places:
            if (written := rewrite(place)) != place:
                text = text.replace(f">{escape(place)}<", f">{escape(written)}<")
        return text, places
    if kind == "application/manifest+json":
        return text, list(_sources(json.loads(text)))
    return text, []


def _places(text: str) -> Iterator[str]:
    """The addresses that a sitemap or an index of sitemaps names."""
    for node in fromstring(text).iter():  # noqa: S314 - what our own view wrote
        if node.tag.endswith("}loc") and node.text:
            yield node.text


def _sources(manifest: dict[str, Any]) -> Iterator[str]:
    for icon in manifest["icons"]:
        yield icon["src"]

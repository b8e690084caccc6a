"""Public pages as a reader's browser has them: parsed, and asked for what they say."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client
from justhtml import Element, JustHTML

from causes.models import CareCard, Page, Section


def parsed(response: HttpResponse) -> JustHTML:
    return JustHTML(response.content.decode(), sanitize=False, collect_errors=True)


def page_at(client: Client, address: str) -> JustHTML:
    """The page at the address, which must be there."""
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return parsed(response)


def words(node: JustHTML | Element) -> str:
    """The text as read: white space folded, words of one line together."""
    return " ".join(node.to_text(separator_blocks_only=True, strip=False).split())


def words_of(document: JustHTML, selector: str) -> list[str]:
    return [words(node) for node in document.query(selector)]


def links(node: JustHTML | Element, selector: str = "a[href]") -> dict[str, str]:
    """The words of each link by where it leads."""
    return {link.attrs["href"]: words(link) for link in node.query(selector)}


def graph(document: JustHTML) -> list[dict[str, Any]]:
    """The nodes of the page's one JSON-LD graph."""
    [script] = document.query('script[type="application/ld+json"]')
    structured_data = json.loads(script.to_text())
    assert structured_data.keys() == {"@context", "@graph"}
    assert structured_data["@context"] == "https://schema.org"
    return structured_data["@graph"]


def section_under(document: JustHTML, heading: str) -> Element:
    """The section that stands under a heading with these words."""
    [found] = [
        node.parent for node in document.query("main section > *") if is_heading(node, heading)
    ]
    return found


def is_heading(node: Element, text: str) -> bool:
    return node.name in {"h2", "h3", "h4"} and words(node) == text


def add_section(page: Page, body: str, **fields: Any) -> Section:
    fields = {"anchor": "more", "order": 9, "heading": "More"} | fields
    return Section.objects.create(page=page, body=body, **fields)


def add_card(page: Page, level: str, *items: str, **fields: Any) -> CareCard:
    fields = {"anchor": level.replace("_", "-"), "order": 9} | fields
    return CareCard.objects.create(page=page, level=level, items=list(items), **fields)

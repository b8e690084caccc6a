"""A whole site as its readers can reach it, and the blocks of a page from top to bottom."""

import re
from collections.abc import Callable
from urllib.parse import urldefrag, urljoin

from django.http import HttpResponse
from django.test import Client
from justhtml import Element, JustHTML

from causes.models import Edition
from tests.public.seen import links, parsed, words

# The parts of a page that are known by their class.
CLASSES = {
    *("breadcrumbs", "also-called", "lead", "emergency-line", "status"),
    *("card-emergency", "card-urgent", "card-non_urgent"),
}
OUTWARD = re.compile(r"https?://[a-z0-9.-]+\.[a-z]{2,}(/\S*)?|mailto:[^\s@]+@[^\s@]+|tel:\+?\d+")
SYMPTOMS = {"/symptoms/leg-numbness/"}


def block(node: Element) -> str | None:
    """The name of the part that begins with this element: its class, or its heading."""
    classes = (node.attrs.get("class") or "").split()
    if node.name == "h1":
        return "h1"
    if node.name == "h2" and "card-title" not in classes:
        return words(node)
    return next(iter(CLASSES.intersection(classes)), None)


def blocks(document: JustHTML) -> list[str]:
    """The parts of a page from top to bottom, each once."""
    return list(dict.fromkeys(filter(None, map(block, in_order(document)))))


def in_order(document: JustHTML) -> list[Element]:
    return document.query_one("main").query("*")


class Crawl:
    """Every page that links lead to from home, fetched once and parsed."""

    def __init__(self, get: Callable[[str], HttpResponse]) -> None:
        self.documents: dict[str, JustHTML] = {}
        self.statuses: dict[str, int] = {}
        self.linked_from: dict[str, str] = {"/": "a browser"}
        waiting = ["/"]
        while waiting:
            address = waiting.pop()
            response = get(address)
            self.statuses[address] = response.status_code
            if response.status_code != 200 or "html" not in response["Content-Type"]:
                continue
            self.documents[address] = parsed(response)
            for href in links(self.documents[address]):
                target = urldefrag(urljoin(address, href)).url
                # Choices of tags are many: those on the symptom stand for all of them.
                may_follow = "?" not in target or address in SYMPTOMS
                if href[0] in "/?" and target not in self.linked_from and may_follow:
                    self.linked_from[target] = address
                    waiting.append(target)

    def dead_links(self) -> list[str]:
        """Links inside the site that lead to no page, or to a part that the page does not have."""
        ids = {
            address: {node.attrs["id"] for node in document.query("[id]")}
            for address, document in self.documents.items()
        }
        dead = [
            f"{address} ({status}), linked from {self.linked_from[address]}"
            for address, status in self.statuses.items()
            if status != 200
        ]
        for address, document in self.documents.items():
            for href in links(document):
                target, fragment = urldefrag(urljoin(address, href))
                if fragment and target in ids and fragment not in ids[target]:
                    dead.append(f"{target}#{fragment}, linked from {address}")
        return dead

    def odd_links(self) -> list[str]:
        """Links out of the site that are no whole address of a page, an e-mail or a phone."""
        return [
            f"{href}, on {address}"
            for address, document in self.documents.items()
            for href in links(document)
            if (href[0] not in "/?#" or href.startswith("//")) and not OUTWARD.fullmatch(href)
        ]


class Site(Crawl):
    """The pages as the tests' own client gets them, and the editions that they show."""

    def __init__(self) -> None:
        super().__init__(Client().get)
        self.editions = {edition.key: edition for edition in Edition.objects.live()}

    def page(self, key: str) -> JustHTML:
        return self.documents[self.editions[key].path]

    def of_kinds(self, *kinds: str) -> dict[str, JustHTML]:
        return {
            edition.path: self.documents[edition.path]
            for edition in self.editions.values()
            if edition.kind in kinds
        }

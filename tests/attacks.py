"""Texts that try to become code on a page (data/attacks.json), and what a page may hold at most."""

import json
import re
from pathlib import Path

from justhtml import JustHTML

DATA = json.loads(Path(__file__).with_name("data").joinpath("attacks.json").read_text("utf-8"))
ATTACKS: list[str] = [text for texts in DATA.values() for text in texts]
NAMES = [f"{theme} {number}" for theme, texts in DATA.items() for number in range(len(texts))]

# What the editor offers, by element.
RICH_TEXT = {
    "p": set(),
    "h3": set(),
    "ul": set(),
    "ol": set(),
    "li": set(),
    "a": {"href", "title"},
}
ADDRESSES = {
    *("href", "src", "action", "formaction", "srcset", "poster", "data", "background", "ping"),
    *("cite", "xlink:href", "manifest", "longdesc"),
}
# A scheme of the web stands for itself: browsers read "https:a.example" as if it had slashes.
GOOD_ADDRESS = re.compile(r"(?:https?:|mailto:|tel:|page:|/(?![/\\])|[#?]|$)", re.IGNORECASE)
Shape = set[tuple[str, str]]


def storable(text: str) -> str:
    """As a database takes it: PostgreSQL refuses NUL bytes, and no encoding has half characters."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode()


def shape(html: str) -> Shape:
    """The elements of a page ("p", "") and their attributes ("p", "title"), as a browser has them.

    Fails where an address is none that a page of ours may have.
    """
    found: Shape = set()
    for node in JustHTML(html, sanitize=False).query("*"):
        found.add((node.name, ""))
        for name, value in node.attrs.items():
            found.add((node.name, name))
            if name in ADDRESSES:
                assert is_good(value or ""), f"{node.name} {name}={value!r}"
        if node.name == "script" and "src" not in node.attrs:
            assert node.attrs["type"] in {"application/ld+json", "application/json", "importmap"}
            json.loads("".join(child.data for child in node.children))
    return found


def is_good(address: str) -> bool:
    """Read as browsers read it: without white space around, tabs and line breaks."""
    plain = re.sub(r"[\t\n\r]", "", address).strip("".join(map(chr, range(33))))
    return bool(GOOD_ADDRESS.match(plain)) or plain.isidentifier() or plain.startswith("./")


def rich_shape() -> Shape:
    return {(name, a) for name, attributes in RICH_TEXT.items() for a in (*attributes, "")}


def assert_harmless(html: str, allowed: Shape) -> None:
    """The page has no element and no attribute but the allowed ones and those of rich text."""
    extra = shape(html) - allowed - rich_shape()
    assert not extra, extra

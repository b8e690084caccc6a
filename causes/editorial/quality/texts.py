"""The texts of a document that readers see, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

RICH = {"lead", "body", "how", "differs"}
# Titles and headings are no sentences; the others are measured for how hard they read. Other names
# are no text of ours: they hold the words that readers use.
GRADED = RICH | {"items", "change", "summary"}
_FIELDS = {
    "": ("title", "in_sentence", "summary", "lead"),
    "cards": ("heading", "items"),
    "sections": ("heading", "body"),
    "causes": ("how", "differs"),
    "statements": ("change",),
    "citations": ("note",),
}


@dataclass(frozen=True)
class Text:
    """A text as HTML, and where it stands. ``html`` is never empty."""

    html: str
    field: str
    rows: str = ""
    anchor: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        return self.field, self.rows, self.anchor


def texts(document: dict[str, Any]) -> Iterator[Text]:
    for rows, fields in _FIELDS.items():
        for row in [document] if not rows else document.get(rows, []):
            for field in fields:
                if html := as_html(field, row.get(field) or ""):
                    yield Text(html, field, rows, row["anchor"] if rows else "")


def as_html(field: str, value: str | list[str]) -> str:
    """What is stored in a field, as HTML: plain text as a paragraph, lines as a list."""
    if isinstance(value, list):
        items = "".join(f"<li>{escape(item, quote=False)}</li>" for item in value)
        return f"<ul>{items}</ul>" if items else ""
    return value if field in RICH or not value else f"<p>{escape(value, quote=False)}</p>"

"""Hints on characters that deceive: nobody sees them, or they look like another letter.

Forms and fixtures refuse what nobody sees; versions from before that rule may still have it.
"""

from collections.abc import Iterator

from causes.editorial.quality.findings import Document, Finding, hint
from causes.editorial.quality.texts import texts
from causes.models.text import mixed_word, named, unseen


def character_hints(document: Document) -> Iterator[Finding]:
    for text, place in _texts(document):
        if (first := next(unseen(text), None)) is not None:
            yield hint(f"Take out the {named(text[first])}: nobody sees it.", *place)
        if word := mixed_word(text):
            yield hint(
                f"Write “{word}” anew: some of its letters only look like Latin ones, so that "
                "search does not find it.",
                *place,
            )


def _texts(document: Document) -> Iterator[tuple[str, tuple[str, str, str]]]:
    for text in texts(document):
        yield text.html, text.place
    for name in document["names"]:
        yield name["name"], ("name", "names", name["anchor"])

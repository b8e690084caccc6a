"""Hints on each text by itself: hard to read, jargon, words that the house does not write."""

from collections.abc import Iterator

from causes.editorial.quality import jargon, wording
from causes.editorial.quality.findings import Context, Document, Finding, hint
from causes.editorial.quality.texts import GRADED, RICH, Text, texts
from causes.editorial.readability import Terms, grade, long_paragraphs, long_sentences

HIGHEST_GRADE = 8
# A grade says something of a text, not of a few words.
FEWEST_WORDS_GRADED = 8
SHOWN = 60


def text_hints(document: Document, context: Context) -> Iterator[Finding]:
    """The rules are of English; other languages have none yet."""
    if not document["language"].startswith("en"):
        return
    seen = list(texts(document))
    known = jargon.explained([text.html for text in seen]) | context.known.words
    known |= Terms(own_names(document)).words
    for text in seen:
        for advice in _of_text(text, document["language"], context.known):
            yield hint(advice, *text.place)
        for word, plain in jargon.unexplained(text.html, known):
            yield hint(
                f"“{word}”: write “{plain}”, or the plain word first with this one in brackets.",
                *text.place,
            )


def own_names(document: Document) -> list[str]:
    return [document["title"], *(name["name"] for name in document["names"])]


def _of_text(text: Text, language: str, known: Terms) -> Iterator[str]:
    for line in wording.unwanted_words(text.html, language):
        yield line[0].upper() + line[1:] + "."
    for words in wording.vague_links(text.html):
        yield f"Say where the link “{words}” leads."
    for item in wording.mixed_do_not_lists(text.html):
        yield (f"Begin every item of this list with “do not”, or make two lists: “{_short(item)}”.")
    for sentence in long_sentences(text.html):
        yield f"Make two sentences, of at most 20 words each: “{_short(sentence)}”."
    if text.field in GRADED:
        yield from _graded(text, known)


def _graded(text: Text, known: Terms) -> Iterator[str]:
    if text.field in RICH:
        for paragraph in long_paragraphs(text.html):
            yield f"Make two paragraphs, of at most 3 sentences each: “{_short(paragraph)}”."
    level = grade(text.html, known)
    if level > HIGHEST_GRADE and len(text.html.split()) >= FEWEST_WORDS_GRADED:
        yield (
            f"Use shorter words and sentences: the reading grade is {level:.0f}, "
            f"at most {HIGHEST_GRADE} is easy to read."
        )


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…"

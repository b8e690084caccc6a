"""How hard a text is to read: sentence length and Flesch-Kincaid grade, without a dictionary.

The grade is J. P. Kincaid's of 1975: 0.39 × words per sentence + 11.8 × syllables per word
- 15.59. Names of conditions and medical words that the page explains count as one plain
word, because a reader who came for them knows or has just been told what they are.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from html.parser import HTMLParser

BLOCKS = {"p", "li", "h2", "h3", "h4", "td", "th", "dt", "dd", "blockquote"}
WORD = re.compile(r"[A-Za-z0-9]+(?:['’.,/-][A-Za-z0-9]+)*")
SENTENCE_END = re.compile(r"(?<=[.!?:])[\"”’)]*\s+(?=[\"“‘(]*[A-Z0-9{])")
BRACKETED = re.compile(r"\(([^()]{3,60})\)")
PLAIN_WORD = "word"
TERM_ENDING = re.compile(r"(?:s|es)?(?!\w)")
TERM_END = re.compile(r"(?<=\S)(?!\w)")
LETTERS = re.compile(r"\w+")
VOWELS = re.compile(r"[aeiouy]+")
SILENT_ENDING = re.compile(
    r"(?<=[aeiouy][^aeiouytdl])ed$|(?<=[aeiouy]l)ed$|(?<=[^aeiouyscxzgl])es$|(?<=[aeiouy]l)es$|(?<=[^aeiouyl])e$"
    r"|(?<=[aeiouy]l)e$|(?<=[aeiouy][^aeiouytd][^aeiouytd])ed$|(?<=[^aeiouy])e(?=(?:ly|ment|ful|less)$)"
)
PARTED_VOWELS = re.compile(
    r"(?<![ctg])i(?=a|ou|um)|(?<=[aeiouy])(?=ing$)|(?<=s)(?=m$)|(?<=d)i(?=o)|(?<=[^gq]u)(?=a)"
)


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in BLOCKS or tag == "br":
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        self.blocks[-1] += data


def text_blocks(html: str) -> list[str]:
    """The text of each paragraph, list item and heading, white space folded, none empty."""
    return list(_parsed(html))


@lru_cache(maxsize=256)  # every rule about a text asks for its blocks
def _parsed(html: str) -> tuple[str, ...]:
    parser = _Blocks()
    parser.feed(html)
    parser.close()
    folded = (" ".join(block.split()) for block in parser.blocks)
    return tuple(block for block in folded if block)


def sentences(block: str) -> list[str]:
    """The sentences of one block; a list item or heading without a full stop is one."""
    return [part for part in SENTENCE_END.split(block) if WORD.search(part)]


def explained_terms(html: str) -> set[str]:
    """Medical words that the text itself explains: "plain word (medical word)"."""
    return {term.strip() for block in text_blocks(html) for term in BRACKETED.findall(block)}


@lru_cache(maxsize=8192)
def syllables(word: str) -> int:
    """Vowel groups, less silent endings, plus vowels that part within a group; at least 1."""
    word = word.lower()
    stem = SILENT_ENDING.sub("", word)
    groups = len(VOWELS.findall(stem)) + len(PARTED_VOWELS.findall(stem))
    return max(1, groups)


class Terms:
    """Terms that count as one plain word, found in a text by their first word.

    A site knows thousands of names: one look-up a word, whatever their number.
    """

    def __init__(self, terms: Iterable[str] = ()) -> None:
        self._by_first_word: dict[str, list[str]] = {}
        self.words: set[str] = set()
        for term in {term.lower().strip() for term in terms}:
            if words := LETTERS.findall(term):
                self.words.update(words)
                if term.startswith(words[0]):
                    self._by_first_word.setdefault(words[0], []).append(term)

    def starting_with(self, word: str) -> list[str]:
        stems = {word, word.removesuffix("s"), word.removesuffix("es")}
        return [term for stem in stems for term in self._by_first_word.get(stem, ())]


def possible_terms(html: str, longest: int) -> set[str]:
    """Every part of the text, in lower case, that a term of ``longest`` characters at most could
    be found in: from the beginning of a word to the end of a word, or of what follows it."""
    found = set()
    for block in map(str.lower, text_blocks(html)):
        ends = [end.start() for end in TERM_END.finditer(block)]
        for word in LETTERS.finditer(block):
            start = word.start()
            last = bisect_right(ends, start + longest + len("es"))
            found |= {block[start:end] for end in ends[bisect_right(ends, start) : last]}
    return found | {part.removesuffix(ending) for part in found for ending in ("s", "es")}


def _simplify(block: str, known: Terms, explained: Terms) -> str:
    """The block with each term replaced by one plain word, of several the longest."""
    lower, parts, end = block.lower(), [], 0
    for word in LETTERS.finditer(lower):
        if word.start() < end:
            continue
        terms = known.starting_with(word[0]) + explained.starting_with(word[0])
        here = [term for term in terms if lower.startswith(term, word.start())]
        for term in sorted(here, key=len, reverse=True):
            if match := TERM_ENDING.match(lower, word.start() + len(term)):
                parts += [block[end : word.start()], PLAIN_WORD]
                end = match.end()
                break
    return "".join([*parts, block[end:]])


def grade(html: str, known: Iterable[str] | Terms = ()) -> float:
    """Flesch-Kincaid grade (US school years) of the text in ``html``; 0 for no words.

    ``known`` are terms that count as one plain word; those explained in brackets are added.
    """
    known = known if isinstance(known, Terms) else Terms(known)
    explained = Terms(explained_terms(html))
    lines = [
        line
        for block in text_blocks(html)
        for line in sentences(_simplify(block, known, explained))
    ]
    words = [word for line in lines for word in WORD.findall(line)]
    if not words:
        return 0.0
    per_sentence = len(words) / len(lines)
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def long_sentences(html: str, limit: int = 20) -> list[str]:
    """Sentences of more than ``limit`` words."""
    return [
        sentence
        for block in text_blocks(html)
        for sentence in sentences(block)
        if len(WORD.findall(sentence)) > limit
    ]


def long_paragraphs(html: str, limit: int = 3) -> list[str]:
    """Paragraphs and list items of more than ``limit`` sentences."""
    return [block for block in text_blocks(html) if len(sentences(block)) > limit]

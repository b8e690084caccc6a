"""Which words of a text were added and which removed, block by block. No database.

What is read is compared: the words of each paragraph, heading and list item, what kind of block
it is, and where its links lead.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from typing import Any

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"
PARAGRAPH, HEADING, BULLET, NUMBERED = "paragraph", "heading", "bullet point", "numbered point"

# A word with the space before it. A number stays whole (1.5, 1,000), and so does the mark that
# stands for the emergency number; a link's address is one word.
WORD = re.compile(r" ?(?:\{emergency number\}|\u2060[^\u2060]*\u2060|\w+(?:[-'’.,]\w+)*|\S)")
LINK_MARK = "\u2060"  # a word joiner, which no editor types
ALIKE = 0.5  # the share of words that two versions of one paragraph have in common, at least
MOST_WORK = 300_000  # pairs of equal words that are looked at; two long sections have a tenth
MOST_PAIRS = 10_000

Words = list[Any]


@dataclass(frozen=True)
class Run:
    """Words that stayed, were added or were removed, with the spaces before them."""

    mark: str
    text: str


@dataclass(frozen=True)
class Text:
    """One paragraph, heading or list item, as it is read."""

    kind: str
    words: str


@dataclass(frozen=True)
class Block:
    """One paragraph, heading or list item of both texts, or of one. ``was``: its kind before."""

    kind: str
    change: str
    runs: tuple[Run, ...]
    was: str = ""


class _Blocks(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Text] = []
        self._kinds = [PARAGRAPH]
        self._lists: list[str] = []
        self._words: list[str] = []
        self._links: list[str] = []

    def _end_block(self) -> None:
        if words := " ".join("".join(self._words).split()):
            self.found.append(Text(self._kinds[-1], words))
        self._words = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        match tag:
            case "a":
                self._links.append(dict(attrs).get("href") or "")
            case "ul" | "ol":
                self._end_block()
                self._lists.append(BULLET if tag == "ul" else NUMBERED)
            case "li":
                self._end_block()
                self._kinds.append(self._lists[-1] if self._lists else BULLET)
            case "h3":
                self._end_block()
                self._kinds.append(HEADING)
            case "p":
                self._end_block()

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._words.append(_where_to(self._links.pop()))
        elif tag in {"p", "h3", "li", "ul", "ol"}:
            self._end_block()
            if tag in {"ul", "ol"} and self._lists:
                self._lists.pop()
            elif tag in {"h3", "li"} and len(self._kinds) > 1:
                self._kinds.pop()

    def handle_data(self, data: str) -> None:
        self._words.append(data.replace(LINK_MARK, ""))

    def close(self) -> None:
        super().close()
        self._end_block()


def _where_to(address: str) -> str:
    """What stands behind the words of a link, so that a new address shows as a new word."""
    address = address.replace(LINK_MARK, "")
    key = re.fullmatch("(?i:page):(.*)", address)
    where = f"the page “{key[1]}”" if key else address
    return f" {LINK_MARK}(link to {where}){LINK_MARK}"


def blocks_of_html(html: str) -> list[Text]:
    """What a rich text says, block by block; a link's address stands behind its words."""
    parser = _Blocks()
    parser.feed(html)
    parser.close()
    return parser.found


def blocks_of_lines(lines: Sequence[str]) -> list[Text]:
    """The entries of a list, each a block of its own."""
    return [Text(BULLET, " ".join(line.split())) for line in lines]


def blocks_of_text(text: str) -> list[Text]:
    """The paragraphs of a plain text."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [Text(PARAGRAPH, line) for line in lines if line]


def compare_blocks(before: list[Text], after: list[Text]) -> tuple[Block, ...]:
    """Both texts as one, in order: what stayed, what changed word by word, what came and went."""
    found: list[Block] = []
    for same, old, new in _stretches(before, after):
        if same:
            found += (_whole(text, SAME) for text in new)
        else:
            found += _pair(old, new)
    return tuple(found)


def _pair(before: list[Text], after: list[Text]) -> list[Block]:
    """Texts that replace each other: those that are alike word by word, the others whole."""
    found: list[Block] = []
    old_from = new_from = 0
    for old_to, new_to in [*_alike(before, after), (len(before), len(after))]:
        found += (_whole(text, REMOVED) for text in before[old_from:old_to])
        found += (_whole(text, ADDED) for text in after[new_from:new_to])
        if old_to < len(before):
            old, new = before[old_to], after[new_to]
            was = old.kind if old.kind != new.kind else ""
            found.append(Block(new.kind, CHANGED, compare_words(old.words, new.words), was))
        old_from, new_from = old_to + 1, new_to + 1
    return found


def _whole(text: Text, change: str) -> Block:
    return Block(text.kind, change, (Run(change, text.words.replace(LINK_MARK, "")),))


def _alike(before: list[Text], after: list[Text]) -> list[tuple[int, int]]:
    """Pairs of places in both texts, in order and never crossing; the most alike first."""
    if len(before) == len(after) == 1:
        return [(0, 0)]
    if len(before) * len(after) > MOST_PAIRS:
        return []
    old, new = ([Counter(WORD.findall(f" {t.words}")) for t in ts] for ts in (before, after))
    scores = [
        (2 * (a & b).total() / max(1, a.total() + b.total()), i, j)
        for i, a in enumerate(old)
        for j, b in enumerate(new)
    ]
    chosen: list[tuple[int, int]] = []
    for score, i, j in sorted(scores, key=lambda entry: (-entry[0], entry[1], entry[2])):
        if score >= ALIKE and all((i - a) * (j - b) > 0 for a, b in chosen):
            chosen.append((i, j))
    return sorted(chosen)


def compare_words(before: str, after: str) -> tuple[Run, ...]:
    """Both lines as one: without what is added it reads ``before``, without removed ``after``."""
    old, new = WORD.findall(f" {before}"), WORD.findall(f" {after}")
    stretches = _stretches(old, new)
    if sum(len(words) for same, words, _ in stretches if same) < ALIKE / 2 * len(old):
        stretches = [(False, old, new)]
    runs: list[Run] = []
    for place, (same, removed, added) in enumerate(stretches):
        if same and not (len(removed) == 1 and 0 < place < len(stretches) - 1):
            runs.append(Run(SAME, "".join(removed)))
            continue
        runs += (Run(REMOVED, "".join(removed)), Run(ADDED, "".join(added)))
    return _joined(runs)


def _joined(runs: list[Run]) -> tuple[Run, ...]:
    """Between two runs that stayed, all that was removed and then all that was added."""
    joined: list[Run] = []
    pending = {REMOVED: "", ADDED: ""}
    for run in [*runs, Run(SAME, "")]:
        if run.mark != SAME:
            pending[run.mark] += run.text
            continue
        joined += (Run(mark, text) for mark, text in pending.items() if text)
        pending = {REMOVED: "", ADDED: ""}
        if run.text:
            joined.append(run)
    # A link's address was held together by marks that are nobody's to read.
    return tuple(Run(run.mark, run.text.replace(LINK_MARK, "")) for run in joined)


def _stretches(before: Words, after: Words) -> list[tuple[bool, Words, Words]]:
    """(are they the same, the stretch of the one, that of the other), in order."""
    if before == after:
        return [(True, before, after)]
    counts = Counter(before), Counter(after)
    if sum(number * counts[1][word] for word, number in counts[0].items()) > MOST_WORK:
        return [(False, before, after)]
    codes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [(tag == "equal", before[i:j], after[k:m]) for tag, i, j, k, m in codes]

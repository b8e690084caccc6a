"""How the house writes (CONTENT.md's rules that a machine can see): text in, advice out."""

import re
from collections.abc import Iterator

from causes.editorial.readability import text_blocks

HREF = re.compile(r'href="[^"]*"')
# What is not written, and what to do. Patterns are looked for in HTML without its addresses.
FORBIDDEN: dict[str, str] = {
    r"(?i)\b(?:don|isn|aren|can|won|doesn|shouldn|didn|couldn)['’]t\b": "write the word in full",
    r"(?i)\b(?:it|you|they|we|that|there)['’](?:s|re|ll|ve)\b": "write the word in full",
    r"\be\.?g\b|\bi\.e\.|\betc\b": "no eg, ie or etc",
    r"\bA\s?[-–]\s?Z\b": "write A to Z",
    r"\d\s*[–—-]\s*\d": "write ranges with 'to'",
    r"—": "no dashes: make two sentences",
    r"(?i)\bdisorders?\b": "write condition",
    r"(?i)\bdrugs?\b": "write medicine",
    r"(?i)\bsuffer(?:s|ing|ed)?\b|\bvictims?\b|\balcoholic\b|\balcoholism\b": "stigmatizing",
    r"\b\d{1,2}[/.]\d{1,2}[/.]\d{2,4}\b|\b\d{4}-\d\d-\d\d\b": "dates in full",
}
AMERICAN = {
    r"(?i)\b(?:tumours?|paraesthe\w+|ischaemi\w+|anaemi\w+|oedema|centre|fibre)\b": (
        "American spelling"
    ),
}
VAGUE_LINK = re.compile(
    r"<a [^>]*>\s*((?:(?:please\s+)?click(?:\s+on)?\s+)?(?:here|more|read more|learn more"
    r"|find out more|more information|link|this|this link|this page))\W*</a>",
    re.IGNORECASE,
)
LIST = re.compile(r"(?:<(p|h3)>((?:(?!</?(?:p|h3|ul|ol)\b).)*)</\1>\s*)?<ul>(.*?)</ul>", re.DOTALL)
ENDS_IN_DO_NOT = re.compile(r"(?i)\bdo(?: not|n['’]t)\W*$")
DO_NOT = re.compile(r"(?i)\s*do not\b")


def unwanted_words(html: str, language: str = "en-us") -> Iterator[str]:
    """One line a rule that the text breaks: "'don't': write the word in full"."""
    visible = HREF.sub("", html)
    for pattern, advice in (FORBIDDEN | (AMERICAN if language == "en-us" else {})).items():
        if hit := re.search(pattern, visible):
            yield f"'{hit[0]}': {advice}"


def vague_links(html: str) -> list[str]:
    """The words of links that do not say where they lead."""
    return VAGUE_LINK.findall(html)


def mixed_do_not_lists(html: str) -> Iterator[str]:
    """The first item without "do not" of each list of what not to do.

    Such a list is introduced by "do not", or most of its items begin so. A list of steps may
    hold a warning among the others.
    """
    for _, before, inner in LIST.findall(html):
        warns = {item: bool(DO_NOT.match(item)) for item in text_blocks(inner)}
        is_warning = ENDS_IN_DO_NOT.search(before) or 2 * sum(warns.values()) > len(warns)
        if is_warning and not all(warns.values()):
            yield next(item for item, does in warns.items() if not does)


def is_title_case(heading: str, said: set[str]) -> str:
    """A later word of the heading with a capital that is not a name; "" if there is none.

    ``said`` are the words that the page writes in lower case: a name is never among them.
    """
    words = re.findall(r"[^\W\d_][\w'’-]*", heading)[1:]
    capital = [word for word in words if word[0].isupper() and word[1:].islower()]
    common = [word for word in capital if word.lower() in said]
    long = [word for word in words if len(word) > 3]
    if not common and len(long) > 1 and all(word in capital for word in long):
        common = long
    return common[0] if common else ""

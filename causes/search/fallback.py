"""Finding pages by words in their names and summaries, with the database alone.

What readers get while there is no index: before its first build, or where it cannot be read.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from causes.models import Edition, EditionName, TaggedEdition
from causes.search.index import KINDS
from causes.search.results import LIVE_PAGE, Found, Hit, LivePage, Suggestion
from causes.search.words import STOP_WORDS, words

MOST_WORDS = 12
MOST_ROWS = 2000
SHORTEST_STEM = 4


@dataclass
class _Match:
    """A page that was found, how well it fits (0 to 3), and the name it was found by."""

    page: LivePage
    score: float = 0.0
    name: str = ""
    tags: set[tuple[str, str]] = field(default_factory=set)

    def hit(self) -> Hit:
        return Hit(self.page, self.score, self.name if self.name != self.page.title else "")


def telling(text: str) -> list[str]:
    """The distinct words to look for; stop words only if there are no others."""
    found = list(dict.fromkeys(words(text)))
    return [word for word in found if word not in STOP_WORDS][:MOST_WORDS] or found[:MOST_WORDS]


def find(
    question: str,
    *,
    at: datetime,
    tags: Collection[str] = (),
    limit: int = 20,
    offset: int = 0,
) -> Found:
    """As `search.find`, in two queries."""
    wanted = telling(question[:1000])
    if not wanted:
        return Found()
    matching = _matching(wanted, at)
    by_edition = {match.page.edition: match for match in matching}
    tagged = TaggedEdition.objects.filter(edition__in=by_edition)
    for edition, slug, facet in tagged.values_list("edition_id", "tag__slug", "tag__facet"):
        by_edition[edition].tags.add((slug, facet))
    chosen: dict[str, set[str]] = {}
    for match in matching:
        for slug, facet in match.tags:
            if slug in tags:
                chosen.setdefault(facet, set()).add(slug)
    found = [match for match in matching if _fits(match, chosen)]
    counts: dict[str, int] = {}
    for match in matching:
        for slug, facet in match.tags:
            if _fits(match, {other: slugs for other, slugs in chosen.items() if other != facet}):
                counts[slug] = counts.get(slug, 0) + 1
    hits = tuple(match.hit() for match in found[offset : offset + limit])
    return Found(hits, len(found), len(found), counts, words=tuple(wanted))


def _fits(match: _Match, chosen: dict[str, set[str]]) -> bool:
    carried = {slug for slug, _ in match.tags}
    return all(slugs & carried for slugs in chosen.values())


def _matching(wanted: Sequence[str], at: datetime) -> list[_Match]:
    any_word = Q()
    for word in wanted:
        start = word[:SHORTEST_STEM]  # a plural has to find its singular too
        any_word |= Q(names__name__icontains=start) | Q(summary__icontains=start)
    rows = (
        Edition.objects.live(at)
        .filter(any_word)
        .order_by("key")
        .values_list("summary", "names__name", *LIVE_PAGE)[:MOST_ROWS]
    )
    matches: dict[int, _Match] = {}
    for summary, name, *columns in rows:
        page, in_summary = LivePage(*columns), _share(wanted, words(summary))
        match = matches.setdefault(page.edition, _Match(page, in_summary))
        score = in_summary + 2 * _name_score(wanted, words(name))
        if score > match.score:
            match.score, match.name = score, name
    return sorted(filter(lambda match: match.score, matches.values()), key=_rank)


def _rank(match: _Match) -> tuple[float, int, str]:
    """The best first, then the broadest."""
    return -match.score, KINDS.index(match.page.kind), match.page.title


def _matches(word: str, others: Sequence[str]) -> bool:
    """Whether a word is among the others, or begins or ends one of them (a plural, half a word)."""
    return any(
        other.startswith(word) or (len(other) >= SHORTEST_STEM and word.startswith(other))
        for other in others
    )


def _share(wanted: Sequence[str], text: Sequence[str]) -> float:
    """The share of the wanted words that the text has."""
    return sum(_matches(word, text) for word in wanted) / len(wanted)


def _name_score(wanted: Sequence[str], name: Sequence[str]) -> float:
    """1 if question and name have the same words; less for each word that one has alone."""
    if not name:
        return 0.0
    return _share(wanted, name) * sum(_matches(word, wanted) for word in name) / len(name)


def suggest(typed: str, *, at: datetime, limit: int) -> list[Suggestion]:
    """Pages with a name that goes on from what was typed, the shortest first. One query."""
    # PostgreSQL refuses a NUL byte, and both databases half a character.
    start = " ".join("".join(c if c.isprintable() else " " for c in typed).split())
    if not start:
        return []
    rows = (
        EditionName.objects.filter(edition__in=Edition.objects.live(at), name__istartswith=start)
        .order_by("name")
        .values_list("name", *(f"edition__{part}" for part in ("title", "path", "key", "kind")))
    )[:200]
    found: dict[str, Suggestion] = {}
    for row in sorted(rows, key=lambda row: (len(row[0]), row[0])):
        found.setdefault(row[3], Suggestion(*row))
    return list(found.values())[:limit]

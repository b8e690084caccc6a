"""Finding pages by words in their names and summaries, with the database alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from causes.models import Edition
from causes.public.forms import words

MOST_ROWS = 2000
SHORTEST_STEM = 4
# On a tie the broader page comes first.
KIND_ORDER = ["symptom", "category", "condition", "information"]


@dataclass
class Hit:
    """A page that was found: its key, how well it fits (0 to 3), and the name it was found by."""

    key: str
    title: str
    kind: str
    score: float = 0.0
    name: str = field(default="")


def search(query: str, at: datetime) -> list[Hit]:
    """Live pages with any of the words in a name or the summary, best first. One query."""
    wanted = words(query)
    if not wanted:
        return []
    any_word = Q()
    for word in wanted:
        start = word[:SHORTEST_STEM]  # a plural has to find its singular too
        any_word |= Q(names__name__icontains=start) | Q(summary__icontains=start)
    rows = (
        Edition.objects.live(at)
        .filter(any_word)
        .order_by("key")
        .values_list("key", "title", "kind", "summary", "names__name")[:MOST_ROWS]
    )
    hits: dict[str, Hit] = {}
    for key, title, kind, summary, name in rows:
        hit = hits.setdefault(key, Hit(key, title, kind, _share(wanted, words(summary))))
        score = _share(wanted, words(summary)) + 2 * _name_score(wanted, words(name))
        if score > hit.score:
            hit.score, hit.name = score, name
    found = [hit for hit in hits.values() if hit.score]
    return sorted(found, key=lambda hit: (-hit.score, KIND_ORDER.index(hit.kind), hit.title))


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

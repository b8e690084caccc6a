"""Names that go on from what a reader has typed so far."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tantivy import Occur, Order, Query

from causes.models import Edition, EditionName
from causes.search import fallback
from causes.search.catching_up import Reading, broken, reading
from causes.search.families import FamilyOrder, family_order
from causes.search.index import NAMES_SCHEMA, IndexBroken, engine_errors
from causes.search.parameters import SHORTEST_CORRECTED, TWO_MISTAKES_FROM
from causes.search.results import Suggestion
from causes.search.words import words

LONGEST_TYPED = 200
MOST_WORDS = 12
MOST_NAMES = 200  # looked at: a page may have many names that begin alike
SUGGESTED = ("title", "path", "key", "kind")  # of an edition
SPARE = 3  # pages that are not live any more, or read the same, leave room for others


def suggest(typed: str, *, at: datetime, limit: int = 8) -> list[Suggestion]:
    """Live pages by the name that fits best: begins so; has the words; has them nearly."""
    index = reading(at)
    if index is not None:
        try:
            with engine_errors():
                names = _names(index, words(typed[:LONGEST_TYPED])[:MOST_WORDS], limit)
            return _live(names, at, limit)
        except IndexBroken as error:
            broken(error)
    return fallback.suggest(typed[:LONGEST_TYPED], at=at, limit=limit)


def _names(index: Reading, typed: Sequence[str], limit: int) -> dict[int, str]:
    """{a page: its name that fits best}, best first."""
    found: dict[int, str] = {}
    if typed:
        for query in _queries(typed):
            for page, name in _best_first(index, query, SPARE * limit):
                found.setdefault(page, name)
            if len(found) >= limit:
                break
    return found


def _queries(typed: Sequence[str]) -> Iterator[Query]:
    start = " ".join(typed)
    yield Query.term_query(NAMES_SCHEMA, "whole", start, "basic")
    yield Query.fuzzy_term_query(NAMES_SCHEMA, "whole", start, distance=0, prefix=True)
    yield _each_word(typed, mistakes=False)
    yield _each_word(typed, mistakes=True)


def _each_word(typed: Sequence[str], *, mistakes: bool) -> Query:
    """Names with every word, the last of which may be half typed."""
    *whole, last = typed
    parts = [_word(word, mistakes, begun=False) for word in whole]
    return Query.boolean_query([(Occur.Must, q) for q in [*parts, _word(last, mistakes, True)]])


def _word(word: str, mistakes: bool, begun: bool) -> Query:
    allowed = 0
    if mistakes and len(word) >= SHORTEST_CORRECTED:
        allowed = 1 if len(word) < TWO_MISTAKES_FROM else 2
    return Query.fuzzy_term_query(NAMES_SCHEMA, "word", word, distance=allowed, prefix=begun)


def _best_first(index: Reading, query: Query, most: int) -> list[tuple[int, str]]:
    """(page, its best name) by the names' places, those of one place by the alphabet and number."""
    names = index.searchers.names
    hits = names.search(
        query, MOST_NAMES, count=False, order_by_field="place", order=Order.Asc
    ).hits
    pages = names.fast_field_values("page", [address for _, address in hits])
    first: dict[int, tuple[int, str]] = {}
    for page, (place, address) in zip(pages, hits, strict=True):
        if page not in first:
            first[page] = place, names.doc(address).get_first("shown")
            if len(first) == most:
                break

    def order(page: int) -> tuple[int, FamilyOrder, str, int]:
        place, name = first[page]
        return place, family_order(name), name.casefold(), page

    return [(page, first[page][1]) for page in sorted(first, key=order)]


def _live(names: dict[int, str], at: datetime, limit: int) -> list[Suggestion]:
    """One query. A name that its page no longer has is left out, whatever the index holds."""
    rows = (
        EditionName.objects.filter(
            edition__in=Edition.objects.live(at).filter(page_id__in=names),
            name__in=set(names.values()),
        )
        .order_by()
        .values_list("edition__page_id", "name", *(f"edition__{part}" for part in SUGGESTED))
    )
    live = {(page, name): rest for page, name, *rest in rows}
    found = (
        Suggestion(name, *live[page, name]) for page, name in names.items() if (page, name) in live
    )
    return _alike_last(found)[:limit]


def _alike_last(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Those that read the same as one before them are no choice to a reader."""
    seen: set[tuple[str, str]] = set()
    first, again = [], []
    for suggestion in suggestions:
        label = suggestion.name.casefold(), suggestion.kind
        (again if label in seen else first).append(suggestion)
        seen.add(label)
    return [*first, *again]

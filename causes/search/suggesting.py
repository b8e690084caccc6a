"""Names that go on from what a reader has typed so far."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from tantivy import Occur, Query

from causes.models import Edition, EditionName
from causes.search import fallback
from causes.search.catching_up import Reading, broken, reading
from causes.search.index import NAMES_SCHEMA, IndexBroken, engine_errors, whole_name
from causes.search.parameters import SHORTEST_CORRECTED, TWO_MISTAKES_FROM
from causes.search.results import Suggestion
from causes.search.words import words

LONGEST_TYPED = 200
MOST_WORDS = 12
MOST_NAMES = 200  # looked at; of one letter there are more
SPARE = 3  # names of one page come up together: some more than asked for are looked up


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


def _names(index: Reading, typed: Sequence[str], limit: int) -> dict[str, set[int]]:
    """{a name: its pages}, best first."""
    found: dict[str, set[int]] = {}
    if not typed:
        return found
    for query in _queries(index, typed):
        for name, page in _best_first(index, query, " ".join(typed)):
            found.setdefault(name, set()).add(page)
        if len(found) >= limit:
            break
    return dict(list(found.items())[: SPARE * limit])


def _queries(index: Reading, typed: Sequence[str]) -> Iterator[Query]:
    start = " ".join(typed)
    beginning = index.searchers.names.terms_with_prefix("whole", start, limit=MOST_NAMES)
    if beginning:
        yield Query.term_set_query(NAMES_SCHEMA, "whole", [name for name, _ in beginning])
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


def _best_first(index: Reading, query: Query, typed: str) -> list[tuple[str, int]]:
    """(name, page): what was typed exactly, then titles, then other names; the short ones first."""
    names = index.searchers.names
    hits = names.search(query, MOST_NAMES, count=False).hits
    addresses = [address for _, address in hits]
    pages = names.fast_field_values("page", addresses)
    titles = names.fast_field_values("title", addresses)
    shown = [names.doc(address).get_first("shown") for address in addresses]

    def place(row: tuple[str, int, int]) -> tuple[bool, bool, int, str]:
        name, _, is_title = row
        return whole_name(name) != typed, not is_title, len(name), name

    ranked = sorted(zip(shown, pages, titles, strict=True), key=place)
    return [(name, page) for name, page, _ in ranked]


def _live(names: dict[str, set[int]], at: datetime, limit: int) -> list[Suggestion]:
    """One query. A name that its page no longer has is left out, whatever the index holds."""
    pages = {page for found in names.values() for page in found}
    editions = Edition.objects.live(at).filter(page_id__in=pages)
    columns = ("name", *(f"edition__{part}" for part in ("title", "path", "key", "kind")))
    rows = EditionName.objects.filter(edition__in=editions, name__in=list(names))
    best = {name: place for place, name in enumerate(names)}
    found: dict[str, Suggestion] = {}
    for row in sorted(rows.values_list(*columns), key=lambda row: (best[row[0]], row[3])):
        found.setdefault(row[3], Suggestion(*row))
    return _alike_last(found.values())[:limit]


def _alike_last(suggestions: Iterable[Suggestion]) -> list[Suggestion]:
    """Those that read the same as one before them are no choice to a reader."""
    seen: set[tuple[str, str]] = set()
    first, again = [], []
    for suggestion in suggestions:
        label = suggestion.name.casefold(), suggestion.kind
        (again if label in seen else first).append(suggestion)
        seen.add(label)
    return [*first, *again]

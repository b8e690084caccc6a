"""Pages by words: what their text says and what they are called, best first."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import log

from django.db.models import FilteredRelation, Q
from tantivy import DocAddress, Occur, Query, Schema, Searcher

from causes.models import Edition
from causes.models.compiled import ANY_IDS, ANY_MOMENT, ANY_TEXTS, MOST_IDS, CompiledQuery
from causes.search import fallback
from causes.search.catching_up import Reading, broken, reading
from causes.search.index import (
    KINDS,
    NAMES_SCHEMA,
    PAGES_SCHEMA,
    IndexBroken,
    engine_errors,
)
from causes.search.parameters import (
    DEPTH,
    KIND_FACTOR,
    NAME_SHOWN_FROM,
    NAME_WEIGHT,
    SAME_WORD,
    SAME_WORD_IN_NAME,
    SHARE_POWER,
)
from causes.search.question import Question, understand
from causes.search.results import LIVE_PAGE, Found, Hit, LivePage

MOST_TAGS = 10_000
MOST_KNOWN_NAMES = 50_000  # some 15 MB
KIND_FACTORS = [KIND_FACTOR[kind] for kind in KINDS]


@dataclass
class _Scores:
    """{page: …} of the pages that were weighed."""

    kind: dict[int, int]
    text: dict[int, float]
    name: dict[int, float]
    found_by: dict[int, str]

    def best_first(self) -> list[tuple[float, int]]:
        """(score, page)"""
        text, name = self.text.get, self.name.get
        below_zero = [
            (-(text(page, 0.0) + NAME_WEIGHT * name(page, 0.0)) * KIND_FACTORS[kind], page)
            for page, kind in self.kind.items()
        ]
        return [(-score, page) for score, page in sorted(below_zero)]


def find(
    question: str,
    *,
    at: datetime,
    tags: Collection[str] = (),
    limit: int = 20,
    offset: int = 0,
    exact: bool = False,
) -> Found:
    """Live pages with any of the words, best first. ``exact``: spelling is left as it is.

    ``tags`` are slugs, OR within a facet, AND across; those that no page carries are ignored.
    """
    index = reading(at)
    if index is not None:
        try:
            return _find(index, understand(question, index, exact=exact), at, tags, limit, offset)
        except IndexBroken as error:
            broken(error)
    return fallback.find(question, at=at, tags=tags, limit=limit, offset=offset)


def _find(
    index: Reading,
    asked: Question,
    at: datetime,
    tags: Collection[str],
    limit: int,
    offset: int,
) -> Found:
    with engine_errors():
        by_facet = _by_facet(index, tags)
        if not asked.weights and not by_facet:
            return Found(version=index.version_at(at), engine=True)
        texts = _any_word(asked, PAGES_SCHEMA, "text")
        filtered = _narrowed(texts, PAGES_SCHEMA, by_facet.values())
        counts, total = _tag_counts(index, texts, by_facet)
        scores = _text_scores(index, filtered)
        if asked.weights:
            _add_name_scores(index, asked, by_facet, scores)
    best = scores.best_first()
    hits = _live_hits(best[offset : offset + limit], scores.found_by, at)
    return Found(
        hits=tuple(hits),
        total=total,
        reachable=len(best),
        tag_counts=counts,
        corrected=asked.corrected,
        words=asked.words,
        version=index.version_at(at),
        engine=True,
    )


# --- Queries ---------------------------------------------------------------------------------


def _any_word(asked: Question, schema: Schema, field: str, names: Searcher | None = None) -> Query:
    """OR: real questions hold words that their best page does not. No words: every page.

    In ``names`` a rarer word for the same weighs no more than the reader's own: who asks for a
    leg does not mean the thigh. In texts it may: the page with the rare word says it best.
    """
    if not asked.weights:
        return Query.const_score_query(Query.all_query(), 0.0)

    def term(stem: str, weight: float = 1.0) -> Query:
        query = Query.term_query(schema, field, stem, "freq")
        return query if weight == 1 else Query.boost_query(query, weight)

    def word(stem: str, weight: float) -> Query:
        """The word or, at less weight, the best of those that mean the same."""
        same = sorted(asked.same(stem))
        others = [
            term(other, SAME_WORD * (min(1, _rarity(names, stem, other)) if names else 1))
            for other in same
        ]
        query = Query.disjunction_max_query([term(stem), *others]) if others else term(stem)
        return query if weight == 1 else Query.boost_query(query, weight)

    words = (word(stem, weight) for stem, weight in asked.weights.items())
    return Query.boolean_query([(Occur.Should, query) for query in words])


def _rarity(names: Searcher, stem: str, other: str) -> float:
    """How much BM25 makes of one word, compared with another."""

    def weight(count: int) -> float:
        return log(1 + (names.num_docs - count + 0.5) / (count + 0.5))

    return weight(names.doc_freq("name", stem)) / weight(names.doc_freq("name", other))


def _narrowed(words: Query, schema: Schema, facets: Iterable[Collection[int]]) -> Query:
    """The words' pages that carry, of each facet, one of the tags. Tags change no score."""
    needed = [(Occur.Must, _any_tag(schema, tags)) for tags in facets]
    return Query.boolean_query([(Occur.Must, words), *needed]) if needed else words


def _any_tag(schema: Schema, tags: Collection[int]) -> Query:
    """As a term each: as one set of terms it costs twice the time, where pages are many."""
    carried = [
        (Occur.Should, Query.term_query(schema, "tag", tag, "basic")) for tag in sorted(tags)
    ]
    return Query.const_score_query(Query.boolean_query(carried), 0.0)


def _by_facet(index: Reading, slugs: Collection[str]) -> dict[str, set[int]]:
    """{facet: the chosen tags} of those slugs that a page carries."""
    found: dict[str, set[int]] = {}
    for pk, tag in index.tags.items():
        if tag.slug in slugs and index.searchers.pages.doc_freq("tag", pk):
            found.setdefault(tag.facet, set()).add(pk)
    return found


def _tag_counts(
    index: Reading, words: Query, by_facet: dict[str, set[int]]
) -> tuple[dict[str, int], int]:
    """({slug: pages}, pages in all). A facet's own counts ignore what is chosen in it."""
    everywhere = _narrowed(words, PAGES_SCHEMA, by_facet.values())
    counts, total = _counted(index, everywhere, lambda facet: facet not in by_facet)
    for facet in by_facet:
        others = [tags for other, tags in by_facet.items() if other != facet]
        query = _narrowed(words, PAGES_SCHEMA, others)
        counts |= _counted(index, query, lambda other, own=facet: other == own)[0]
    return counts, total


def _counted(
    index: Reading, query: Query, wanted: Callable[[str], bool]
) -> tuple[dict[str, int], int]:
    """({slug: pages} of the tags in the facets that are wanted, pages in all)."""
    parts = {
        "tags": {"terms": {"field": "tag", "size": MOST_TAGS}},
        "pages": {"value_count": {"field": "page"}},
    }
    answer = index.searchers.pages.aggregate(query, parts)
    tags = (
        (index.tags.get(int(row["key"])), row["doc_count"]) for row in answer["tags"]["buckets"]
    )
    counts = {tag.slug: count for tag, count in tags if tag is not None and wanted(tag.facet)}
    return counts, int(answer["pages"]["value"])


# --- Scores ----------------------------------------------------------------------------------


def _text_scores(index: Reading, query: Query) -> _Scores:
    pages = index.searchers.pages
    hits = pages.search(query, DEPTH, count=False).hits
    addresses = [address for _, address in hits]
    numbers = pages.fast_field_values("page", addresses)
    kinds = pages.fast_field_values("kind", addresses)
    text = {page: score for page, (score, _) in zip(numbers, hits, strict=True)}
    return _Scores(dict(zip(numbers, kinds, strict=True)), text, {}, {})


def _add_name_scores(
    index: Reading, asked: Question, by_facet: dict[str, set[int]], scores: _Scores
) -> None:
    """Each page's one best name: BM25 times the share of the name's words that were asked for."""
    names = index.searchers.names
    words = _any_word(asked, NAMES_SCHEMA, "name", names)
    hits = names.search(_narrowed(words, NAMES_SCHEMA, by_facet.values()), DEPTH, count=False).hits
    addresses = [address for _, address in hits]
    numbers = names.fast_field_values("page", addresses)
    kinds = names.fast_field_values("kind", addresses)
    ids = names.fast_field_values("number", addresses)
    worth = dict.fromkeys(
        (other for stem in asked.weights for other in asked.same(stem)), SAME_WORD_IN_NAME
    ) | dict.fromkeys(asked.weights, 1.0)
    for page, kind, number, (score, address) in zip(numbers, kinds, ids, hits, strict=True):
        if score <= scores.name.get(page, 0.0):
            continue  # the share is 1 at most
        shown, stems = _known_names.get(number) or _read_name(names, number, address)
        share = sum([worth[stem] for stem in stems if stem in worth]) / max(1, len(stems))
        weighed = score * share**SHARE_POWER
        if weighed > scores.name.get(page, 0.0):
            scores.kind[page] = kind
            scores.name[page] = weighed
            scores.found_by[page] = shown if share >= NAME_SHOWN_FROM else ""


# {the number of a name: the name as it is shown, its stems}
_known_names: dict[int, tuple[str, list[str]]] = {}


def _read_name(names: Searcher, number: int, address: DocAddress) -> tuple[str, list[str]]:
    """Kept: a search looks at hundreds of names, and common ones are the same each time."""
    name = names.doc(address)
    if len(_known_names) >= MOST_KNOWN_NAMES:
        _known_names.clear()
    known = name.get_first("shown"), name.get_first("stems").split()
    _known_names[number] = known
    return known


@cache
def _live_rows() -> CompiledQuery:
    """A row for each live edition of some pages and each of some names that it has; or None."""
    live = Edition.objects.live(ANY_MOMENT).filter(page_id__in=ANY_IDS).order_by()
    found_by = FilteredRelation("names", condition=Q(names__name__in=ANY_TEXTS))
    return CompiledQuery(
        live.annotate(found_by=found_by).values_list("page_id", "found_by__name", *LIVE_PAGE)
    )


def _live_hits(
    best: Sequence[tuple[float, int]], found_by: dict[int, str], at: datetime
) -> Iterator[Hit]:
    """One query for each `MOST_IDS`. What is no longer live is left out, whatever the index
    holds."""
    live: dict[int, LivePage] = {}
    names: set[tuple[int, str]] = set()
    for start in range(0, len(best), MOST_IDS):
        pages = [page for _, page in best[start : start + MOST_IDS]]
        texts = [found_by.get(page, "") for page in pages]
        for page, name, *columns in _live_rows().rows(at, pages, texts):
            live[page] = LivePage(*columns)
            names.add((page, name))
    for score, page in best:
        if page in live:
            name = found_by.get(page, "")
            is_other = name != live[page].title and (page, name) in names
            yield Hit(live[page], score, name if is_other else "")

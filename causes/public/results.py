"""The search page: emergency cards first, then what words and tags find, a page at a time."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from causes import search
from causes.public import catalog, reading
from causes.public.emergencies import LiveCard, cards_first
from causes.public.forms import SearchForm
from causes.public.lists import list_page, made_of_list
from causes.public.narrowing import Choices, LinkedPage, address, matches_and_counts, offer
from causes.public.pages import care_card
from causes.public.paging import Paging, paging
from causes.public.prepared import if_ready, prepared
from causes.public.reading import GroupOfCondition
from causes.public.richtext import marked_text
from causes.public.search import answer_json, may_be_kept
from causes.public.views import moved
from causes.search import missed
from causes.search.kept import Versions, content_versions

PAGE_LENGTH = 20
MOST_CARDS = 2
MOST_NEAREST = 5
MOST_REMEMBERED = 1000
SHOWN_IN_TITLE = 60  # characters of the question


@dataclass(frozen=True)
class Asked:
    """What a reader asks for: words, as typed or corrected; slugs of known tags; a page of it."""

    query: str
    exact: bool
    tags: tuple[str, ...]
    number: int
    path: str

    @property
    def parameters(self) -> list[tuple[str, str]]:
        words = [("q", self.query)] if self.query else []
        return [*words, ("exact", "1")] if words and self.exact else words

    def address(self, number: int = 1, *, exact: bool | None = None) -> str:
        """The one address of this question, on another page of the answer or spelt as typed."""
        parameters = replace(self, exact=self.exact if exact is None else exact).parameters
        parameters += [("page", str(number))] if number > 1 else []
        return address(self.path, parameters, self.tags)


@dataclass(frozen=True)
class Answer:
    """A page of what was found: each page's key and the hit of the index, if one found it.

    ``count`` pages in all; of ``total`` without the tags, where that is known.
    """

    hits: Sequence[tuple[str, search.Hit | None]]
    count: int
    pages: Paging
    tag_counts: dict[str, int]
    total: int | None = None
    found: search.Found | None = None


@dataclass(frozen=True)
class Shown:
    """A page that was found, as the list shows it, with the passage that holds the words."""

    page: LinkedPage
    name: str
    groups: list[tuple[str, str]]
    tags: str
    anchor: str = ""
    heading: str = ""
    passage: str = ""


@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Pages by words, by tags, or by both."""
    at, form = timezone.now(), SearchForm(request.GET)
    form.is_valid()
    versions = content_versions()
    version = versions.number
    known = catalog.known_tags.value(at, version)
    query, chosen = form.cleaned_data.get("q", ""), set(form.cleaned_data.get("tag", []))
    tags = {known.aliases.get(slug, slug) for slug in chosen} & known.labels.keys()
    exact, number = form.cleaned_data.get("exact", False), max(1, form.cleaned_data.get("page", 1))
    if form.cleaned_data.get("format") == "json":
        return answer_json(query, tags, number, exact=exact, at=at, version=version)
    asked = Asked(query, exact, tuple(sorted(tags)), number, request.path)
    if chosen & known.aliases.keys():
        return moved(asked.address())
    emergencies = cards_first(query, at, version, MOST_CARDS)
    cards = tuple((json.dumps(match.card), match.path, match.title) for match in emergencies)
    index = search.current(at, version) if query else None
    if (answered := _answered.get((index, asked))) is not None:
        ready = if_ready(request, at, (answered, cards))
        if ready is not None:
            return ready
    answer = _by_words(asked, at) if query else _by_tags(asked, known, at, version)
    found, facts = answer.found, _facts(asked, answer)

    def make() -> HttpResponse:
        return _page(request, asked, answer, known, emergencies, at, versions)

    nothing = found is not None and not found.total  # then names near it are looked for
    response = make() if nothing else prepared(request, at, (facts, cards), make)
    if found and not may_be_kept(found, version):
        response["Cache-Control"] = "no-store"
    elif index is not None:
        _remember(index, asked, facts)
    if found and not found.total and not tags:
        missed.note(query)
    return response


# {(the index that was read, what it was asked): the facts of its answer}
_answered: dict[tuple[int | None, Asked], int] = {}


def _remember(index: int, asked: Asked, facts: int) -> None:
    """Until another index is read it need not be asked again, while the page is still true."""
    if len(_answered) >= MOST_REMEMBERED:
        _answered.clear()
    _answered[index, asked] = facts


def _by_words(asked: Asked, at: datetime) -> Answer:
    """By the index."""

    def find(number: int) -> search.Found:
        offset = (number - 1) * PAGE_LENGTH
        options = {"tags": asked.tags, "exact": asked.exact, "at": at}
        return search.find(asked.query, limit=PAGE_LENGTH, offset=offset, **options)

    found = find(asked.number)
    pages = paging(found.reachable, asked.number, PAGE_LENGTH, asked.address)
    if pages.number < asked.number:
        found = find(pages.number)
    hits = [(hit.key, hit) for hit in found.hits]
    return Answer(hits, found.total, pages, found.tag_counts, found=found)


def _by_tags(asked: Asked, known: catalog.KnownTags, at: datetime, version: int) -> Answer:
    """By the database: without words, a list is never behind it."""
    conditions = catalog.tagged_conditions.value(at, version)
    left, counts = matches_and_counts(conditions.carriers, known.facets, asked.tags)
    found = left or 0  # where no tag is chosen, only what can be chosen is shown
    pages = paging(found.bit_count(), asked.number, PAGE_LENGTH, asked.address)
    hits = [(key, None) for key in conditions.keys_of(found, pages.start, pages.stop)]
    return Answer(hits, found.bit_count(), pages, counts, total=len(conditions.keys))


def _facts(asked: Asked, answer: Answer) -> int:
    """What a page of results depends on, beside the pages that it lists and the cards above them.

    As one number of 64 bits, for this process.
    """
    found = answer.found
    hits = (
        (key, hit and (hit.page.edition, hit.page.digest, hit.name)) for key, hit in answer.hits
    )
    facts = (
        (asked.query, asked.exact, asked.tags, answer.pages.number, answer.pages.last),
        (found and (found.corrected, tuple(found.words)), answer.count, answer.total),
        (tuple(hits), tuple(sorted(answer.tag_counts.items()))),
    )
    return hash(facts)


def _page(
    request: HttpRequest,
    asked: Asked,
    answer: Answer,
    known: catalog.KnownTags,
    emergencies: Sequence[LiveCard],
    at: datetime,
    versions: Versions,
) -> HttpResponse:
    keys = [key for key, _ in answer.hits]
    linked = reading.linked_pages(at, keys=keys)
    listed_in = reading.groups_by_condition(keys, at) if keys else []
    others = {group.edition for group in listed_in}
    by_words = [hit.page.edition for _, hit in answer.hits if hit]
    bodies = reading.bodies(by_words, at) if by_words else {}
    offered = offer(
        known.labels, answer.tag_counts, asked.tags, path=asked.path, query=asked.parameters
    )
    found = answer.found
    title = f"Search: {asked.query[:SHOWN_IN_TITLE]}" if asked.query else "Search"
    nothing = found is not None and not found.total and not asked.tags
    return list_page(
        request,
        "search",
        "SearchResultsPage",
        "Search",
        linked.values(),
        made_of=made_of_list(versions, linked, keys, others, reading.listing(keys)),
        page_title=title,
        canonical=answer.pages.here,
        query=asked.query,
        corrected=found.corrected if found else "",
        exact_href=asked.address(exact=True),
        narrowed=Choices(
            offered.chosen, offered.facets, offered.clear_href, answer.count, answer.total
        ),
        emergencies=[_first(match) for match in emergencies],
        hits=_shown(answer, linked, listed_in, bodies),
        nearest=search.suggest(asked.query, at=at, limit=MOST_NEAREST) if nothing else [],
        asked=bool(asked.query or asked.tags),
        pages=answer.pages,
        noindex=True,
    )


def _first(match: LiveCard) -> LiveCard:
    """The card in today's words; its sources are on its own page."""
    return replace(match, card=care_card(match.card) | {"citations": []})


def _shown(
    answer: Answer,
    linked: dict[str, LinkedPage],
    listed_in: Sequence[GroupOfCondition],
    bodies: dict[int, dict[str, Any]],
) -> list[Shown]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for group in listed_in:
        groups.setdefault(group.condition, []).append((group.path, group.title))
    words = answer.found.words if answer.found else ()
    return [
        Shown(
            page=linked[key],
            name=hit.name if hit else "",
            groups=groups.get(key, []),
            tags=", ".join(
                tag.name.lower() for tag in sorted(linked[key].tags, key=lambda tag: tag.order)
            ),
            **_passage(hit and bodies.get(hit.page.edition), words, linked[key].summary),
        )
        for key, hit in answer.hits
        if key in linked
    ]


def _passage(body: dict[str, Any] | None, words: Sequence[str], summary: str) -> dict[str, object]:
    """Where the words stand on the page, unless the summary says the same."""
    found = search.snippet(body, words) if body else None
    if found is None or found.text in summary:
        return {}
    return {
        "anchor": found.anchor,
        "heading": found.heading,
        "passage": marked_text(found.text, found.marks),
    }

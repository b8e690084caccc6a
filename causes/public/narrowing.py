"""Narrowing a list of pages by tags: OR within a facet, AND across facets. No database."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from causes.models import Facet

# What readers notice by themselves is asked first. The other questions need some knowledge.
NOTICED = (Facet.WHERE, Facet.ONSET, Facet.WITH)
PLACES = {facet: place for place, facet in enumerate(Facet.values)}


@dataclass(frozen=True)
class TagLabel:
    """A tag as a page carries it."""

    slug: str
    name: str
    facet: str
    order: int = 0


@dataclass(frozen=True)
class LinkedPage:
    """What another page shows of a live page: its name, address, one line and tags."""

    key: str
    kind: str
    path: str
    title: str
    summary: str = ""
    in_sentence: str = ""
    tags: frozenset[TagLabel] = frozenset()
    also_called: str = ""

    @property
    def tag_slugs(self) -> frozenset[str]:
        return frozenset(tag.slug for tag in self.tags)


@dataclass(frozen=True)
class Option:
    """One tag that a reader may add or take away, with how many pages it would leave."""

    tag: TagLabel
    count: int
    chosen: bool
    href: str


@dataclass(frozen=True)
class FacetOptions:
    name: str
    question: str
    options: tuple[Option, ...]

    @property
    def is_answered(self) -> bool:
        return any(option.chosen for option in self.options)


@dataclass(frozen=True)
class Narrowed:
    """The pages that remain, what was chosen, and what can be chosen next."""

    pages: tuple[LinkedPage, ...]
    total: int
    chosen: tuple[Option, ...]
    facets: tuple[FacetOptions, ...]
    clear_href: str

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(page.key for page in self.pages)

    @property
    def questions(self) -> tuple[FacetOptions, ...]:
        """The facets to ask first: those that readers notice, or all if there is none of them."""
        return tuple(facet for facet in self.facets if facet.name in NOTICED) or self.facets

    @property
    def more_questions(self) -> tuple[FacetOptions, ...]:
        return tuple(facet for facet in self.facets if facet not in self.questions)

    @property
    def more_is_answered(self) -> bool:
        return any(facet.is_answered for facet in self.more_questions)

    @property
    def in_words(self) -> str:
        """What was chosen, as it stands in a sentence: "one leg or both legs, sudden"."""
        answers = (
            " or ".join(in_sentence(option.tag.name) for option in facet.options if option.chosen)
            for facet in self.facets
        )
        return ", ".join(filter(None, answers))


def narrow(
    pages: Sequence[LinkedPage],
    chosen: Collection[str],
    *,
    path: str,
    query: Sequence[tuple[str, str]] = (),
    hidden: Collection[str] = (),
) -> Narrowed:
    """The pages that carry the chosen tags, and the tags that would leave at least one page.

    ``chosen`` are slugs; those that no page carries are ignored. ``query`` are other parameters
    that each link keeps. Tags in ``hidden`` are not offered.
    """
    labels = {tag.slug: tag for page in pages for tag in page.tags if tag.slug not in hidden}
    chosen = {slug for slug in chosen if slug in labels}
    by_facet = defaultdict(set)
    for slug in chosen:
        by_facet[labels[slug].facet].add(slug)

    def href(slugs: Iterable[str]) -> str:
        parameters = [*query, *(("tag", slug) for slug in sorted(slugs))]
        return f"{path}?{urlencode(parameters)}" if parameters else path

    def option(tag: TagLabel) -> Option:
        others = {facet: slugs for facet, slugs in by_facet.items() if facet != tag.facet}
        count = sum(_fits(page, others | {tag.facet: {tag.slug}}) for page in pages)
        return Option(tag, count, tag.slug in chosen, href(chosen ^ {tag.slug}))

    options = [
        option(tag)
        for tag in sorted(
            labels.values(),
            key=lambda tag: (PLACES.get(tag.facet, len(PLACES)), tag.order, tag.name),
        )
    ]
    facets = (
        FacetOptions(
            facet.value,
            facet.label,
            tuple(o for o in options if o.tag.facet == facet and (o.count or o.chosen)),
        )
        for facet in Facet
    )
    return Narrowed(
        pages=tuple(page for page in pages if _fits(page, by_facet)),
        total=len(pages),
        chosen=tuple(option for option in options if option.chosen),
        facets=tuple(facet for facet in facets if facet.options),
        clear_href=href(()),
    )


def _fits(page: LinkedPage, by_facet: dict[str, set[str]]) -> bool:
    return all(slugs & page.tag_slugs for slugs in by_facet.values())


def in_sentence(name: str) -> str:
    """A name with a small first letter, unless it is written in capitals ("MS")."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]

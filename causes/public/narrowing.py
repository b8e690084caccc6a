"""Narrowing a list of pages by tags: OR within a facet, AND across facets. No database."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from causes.models import Facet
from causes.public.bitsets import bits, in_all

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


Identity = tuple[int, str]  # an edition, which does not change: its id and digest


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
    edition: Identity | None = None

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
class Offered:
    """The tags that were chosen, and those that can be chosen next."""

    chosen: tuple[Option, ...]
    facets: tuple[FacetOptions, ...]
    clear_href: str

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


@dataclass(frozen=True)
class Choices(Offered):
    """The tags on offer, and how many pages the chosen ones leave of all."""

    count: int
    total: int | None


@dataclass(frozen=True)
class Narrowed(Offered):
    """The pages that remain of ``total``, and what can be chosen next."""

    pages: tuple[LinkedPage, ...]
    total: int

    @property
    def count(self) -> int:
        return len(self.pages)

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(page.key for page in self.pages)


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
    carried: dict[str, list[int]] = {slug: [] for slug in labels}
    for number, page in enumerate(pages):
        for slug in page.tag_slugs & labels.keys():
            carried[slug].append(number)
    facet_of = {slug: label.facet for slug, label in labels.items()}
    carriers = {slug: bits(numbers) for slug, numbers in carried.items()}
    left, counts = matches_and_counts(carriers, facet_of, chosen)
    offered = offer(labels, counts, chosen, path=path, query=query)
    return Narrowed(
        pages=tuple(page for n, page in enumerate(pages) if left is None or left >> n & 1),
        total=len(pages),
        chosen=offered.chosen,
        facets=offered.facets,
        clear_href=offered.clear_href,
    )


def matches_and_counts(
    carriers: Mapping[str, int], facet_of: Mapping[str, str], chosen: Collection[str]
) -> tuple[int | None, dict[str, int]]:
    """Which pages carry the chosen tags (None: nothing is chosen, so all), and for each tag how
    many would, if it were chosen in place of its facet's choice.

    ``carriers`` has the pages of each tag, by any numbers that stand for pages (see `bitsets`).
    """
    any_of: dict[str, int] = {}
    for slug in chosen:
        if slug in carriers:
            any_of[facet_of[slug]] = any_of.get(facet_of[slug], 0) | carriers[slug]
    without = {
        facet: in_all(pages for other, pages in any_of.items() if other != facet)
        for facet in any_of
    }
    found = in_all(any_of.values())
    counts = {}
    for slug, pages in carriers.items():
        among = without.get(facet_of[slug], found)
        counts[slug] = (pages if among is None else pages & among).bit_count()
    return found, counts


def offer(
    labels: Mapping[str, TagLabel],
    counts: Mapping[str, int],
    chosen: Collection[str],
    *,
    path: str,
    query: Sequence[tuple[str, str]] = (),
) -> Offered:
    """The tags to choose from, by facet, with links. One that would leave no page is left out."""
    chosen = {slug for slug in chosen if slug in labels}

    def href(slugs: Iterable[str]) -> str:
        return address(path, query, slugs)

    options = [
        Option(tag, counts.get(tag.slug, 0), tag.slug in chosen, href(chosen ^ {tag.slug}))
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
    return Offered(
        chosen=tuple(option for option in options if option.chosen),
        facets=tuple(facet for facet in facets if facet.options),
        clear_href=href(()),
    )


def in_sentence(name: str) -> str:
    """A name with a small first letter, unless it is written in capitals ("MS")."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def address(path: str, query: Iterable[tuple[str, str]], slugs: Iterable[str]) -> str:
    """The one address of a question and its tags: parameters in order, tags sorted."""
    parameters = [*query, *(("tag", slug) for slug in sorted(slugs))]
    return f"{path}?{urlencode(parameters)}" if parameters else path

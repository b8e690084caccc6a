"""What a search gives back."""

from dataclasses import dataclass, field
from typing import NamedTuple


class LivePage(NamedTuple):
    """A live edition by its id, and the digest of its text: most who search do not read that."""

    edition: int
    digest: str
    key: str
    kind: str
    path: str
    title: str


LIVE_PAGE = ("pk", *LivePage._fields[1:])  # the columns of an edition that make one


@dataclass(frozen=True)
class Hit:
    """A live page that was found. ``name`` is the other name it was found by, or ""."""

    page: LivePage
    score: float
    name: str = ""

    @property
    def key(self) -> str:
        return self.page.key


@dataclass(frozen=True)
class Found:
    """A part of what was found.

    ``total`` pages match, of which the best ``reachable`` can be paged to. ``tag_counts`` are
    over all of them. ``corrected`` is the question as it was understood, "" if as typed.
    ``version`` is the content version that this is true for; None if the index is behind.
    ``engine`` is False if only names and summaries were searched.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    reachable: int = 0
    tag_counts: dict[str, int] = field(default_factory=dict)
    corrected: str = ""
    words: tuple[str, ...] = ()
    version: int | None = None
    engine: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A live page, by the name that goes on from what was typed."""

    name: str
    title: str
    path: str
    key: str
    kind: str

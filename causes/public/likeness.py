"""The conditions that share tags with a condition, from what lists know of all of them."""

from dataclasses import dataclass
from datetime import datetime

from causes.models import Edition
from causes.public import catalog
from causes.public.related import by_shared_tags


@dataclass(frozen=True)
class Neighbors:
    """The tags of a condition by slug, with their names; and by key which of them others share."""

    tags: dict[str, str]
    shared: dict[str, list[str]]


@dataclass(frozen=True)
class Likeness:
    """What is asked: the condition's key and tags, and the keys that are shown already."""

    key: str
    slugs: tuple[str, ...]
    shown: frozenset[str]

    @classmethod
    def of(cls, edition: Edition) -> "Likeness":
        related = (link["target"] for link in edition.body["related"])
        slugs = tuple(tag["slug"] for tag in edition.body["tags"])
        return cls(edition.key, slugs, frozenset({edition.key, *related}))

    def neighbors(self, at: datetime, version: int) -> Neighbors:
        conditions = catalog.tagged_conditions.value(at, version)
        tags = conditions.present_tags(self.key, self.slugs)
        return Neighbors(tags, by_shared_tags(tags, conditions, left_out=self.shown))

"""The picture of the legs: which tags it knows, and which of its areas stands for each."""

import textwrap
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from causes.models import DRAWN_TAGS, Facet
from causes.public.narrowing import LinkedPage, Narrowed, Option, in_sentence

LOCAL = {"saddle", "thigh", "foot"}  # the others say in how much of the body it is felt
# With fewer areas the symptom is about another part of the body.
ENOUGH = 3
LABEL_LENGTH = 14  # characters in a line between the two figures


@dataclass(frozen=True)
class Area:
    """A part of the picture that is a link: the same choice as a chip of the facet "where"."""

    option: Option

    @property
    def label(self) -> list[str]:
        """The tag's name in at most two lines."""
        return textwrap.wrap(self.option.tag.name, LABEL_LENGTH, max_lines=2, placeholder="…")


def picture(conditions: Iterable[LinkedPage], narrowed: Narrowed) -> dict[str, Area]:
    """The areas that can be chosen now, by name; empty if the picture does not fit the symptom.

    Whether it fits depends on all of a symptom's conditions, so that it does not come and go
    while a reader narrows them. An area that would leave no condition has no link.
    """
    known = {slug for page in conditions for slug in page.tag_slugs} & DRAWN_TAGS.keys()
    if len(known) < ENOUGH:
        return {}
    offered = [o for f in narrowed.facets if f.name == Facet.WHERE for o in f.options]
    return {DRAWN_TAGS[o.tag.slug]: Area(o) for o in offered if o.tag.slug in DRAWN_TAGS}


@dataclass(frozen=True)
class Felt:
    """Where a condition is felt: the areas to mark in the small picture, and their names."""

    areas: tuple[str, ...]
    names: str

    @property
    def wide(self) -> list[str]:
        return [area for area in self.areas if area not in LOCAL]

    @property
    def local(self) -> list[str]:
        return [area for area in self.areas if area in LOCAL]

    @property
    def in_one_leg(self) -> bool:
        """Whether the outer thigh or the foot of one leg is meant: there alone it is marked."""
        return "one" in self.areas and "both" not in self.areas


def felt(tags: Collection[Mapping[str, Any]]) -> Felt | None:
    """What the tags of a condition say; None if the picture knows none of them."""
    where = [tag for tag in tags if tag["facet"] == Facet.WHERE and tag["slug"] in DRAWN_TAGS]
    if not where:
        return None
    areas = tuple(DRAWN_TAGS[tag["slug"]] for tag in where)
    return Felt(areas, ", ".join(in_sentence(tag["name"]) for tag in where))

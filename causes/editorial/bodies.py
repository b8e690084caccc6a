"""The text of an edition: a document without what only editors see, with its tags and sources."""

from collections.abc import Iterator
from typing import Any

from causes.editorial.acting import NotPossible
from causes.editorial.documents import digest
from causes.models import Edition, Source, Tag, TagAlias

EDITORS_ONLY = ("owner", "review_interval")
_SOURCE_FIELDS = ("key", "publisher", "title", "url", "licence", "checked", "last_reviewed")


def public_body(document: dict[str, Any]) -> dict[str, Any]:
    """What patients see of the document. Costs two queries: its tags and its sources.

    Raises NotPossible if a cited source no longer exists.
    """
    body = {name: value for name, value in document.items() if name not in EDITORS_ONLY}
    if "causes" in body:
        body["causes"] = [
            {name: value for name, value in cause.items() if name != "note"}
            for cause in body["causes"]
        ]
    tags = Tag.objects.named(document["tags"]).order_by("facet", "order", "name")
    body["tags"] = [{"slug": tag.slug, "name": tag.name, "facet": tag.facet} for tag in tags]
    sources = Source.objects.filter(key__in=set(cited_keys(document)))
    body["sources"] = {
        source.key: {name: getattr(source, name) for name in _SOURCE_FIELDS} for source in sources
    }
    if missing := set(cited_keys(document)) - body["sources"].keys():
        raise NotPossible(f"A cited source no longer exists: {', '.join(sorted(missing))}.")
    return body


def is_live_text(body: dict[str, Any], live: Edition) -> bool:
    """Whether patients read this text already, whatever its tags are called by now."""
    slugs = {tag["slug"] for tag in (*body["tags"], *live.body["tags"])}
    now = dict(TagAlias.objects.filter(slug__in=slugs).values_list("slug", "tag__slug"))

    def said(body: dict[str, Any]) -> str:
        tags = sorted({now.get(tag["slug"], tag["slug"]) for tag in body["tags"]})
        return digest(body | {"tags": tags})

    return digest(body) == live.digest or said(body) == said(live.body)


def cited_keys(document: dict[str, Any]) -> Iterator[str]:
    """The keys of the sources that the document cites, in its order, repeats included."""
    for rows in ("cards", "causes", "sections"):
        for row in document.get(rows, []):
            yield from row.get("citations", [])
    yield from (row["source"] for row in document.get("citations", []))

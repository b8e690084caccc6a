"""The real pages of the search benchmark, as live editions."""

import re
from html import escape
from typing import Any

from django.db import transaction

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record
from causes.editorial.quality.safety import WRITTEN_NUMBER
from causes.models import (
    AlternateName,
    CareCard,
    Condition,
    Section,
    Source,
    Tag,
)

FACETS = ["where", "onset", "with", "system", "linked-to"]
AT_A_TIME = 200


def publish_all(pages: list[dict[str, Any]]) -> None:
    """Through the verbs: editions, names and tags are what editors would have made."""
    tags = {name: slug(name) for page in pages for name in page["tags"]}
    with transaction.atomic():
        source = Source.objects.create(
            key="bench",
            publisher="NIH",
            title="MedQuAD",
            url="https://example.org/",
            checked="text",
        )
        for n, (name, tag_slug) in enumerate(sorted(tags.items())):
            Tag.objects.create(slug=tag_slug, name=name, facet=FACETS[n % len(FACETS)], order=n)
    by_name = {tag.name: tag for tag in Tag.objects.all()}
    for start in range(0, len(pages), AT_A_TIME):
        with transaction.atomic():
            for page in pages[start : start + AT_A_TIME]:
                _publish(page, source, by_name)


def _publish(page: dict[str, Any], source: Source, tags: dict[str, Tag]) -> None:
    key = page["slug"] or "without-a-name"
    condition = Condition.objects.create(key=key, slug=key, title=cut(page["title"], 65))
    names = dict.fromkeys(cut(n, 100) for n in [page["title"], *page["synonyms"]])
    AlternateName.objects.bulk_create(
        AlternateName(page=condition, anchor=f"n{n}", order=n, name=name)
        for n, name in enumerate(names)
        if name != condition.title
    )
    card = CareCard.objects.create(
        page=condition, anchor="emergency", level="emergency", items=["you need help"]
    )
    card.citations.add(source)
    Section.objects.bulk_create(
        Section(
            page=condition,
            anchor=f"s{n}",
            order=n,
            heading=section["heading"],
            body=rich_text(section["text"]),
        )
        for n, section in enumerate(page["sections"])
    )
    condition.tags.set([tags[name] for name in page["tags"]])
    revision = record(condition, actor=FIXTURE)
    publish(condition, actor=FIXTURE, number=revision.number)


def publish_again(page: Condition, words: str) -> None:
    """With other words in its lead."""
    page.lead = f"<p>{words}</p>"
    page.save()
    publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)


def slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower())


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def rich_text(text: str) -> str:
    lines = WRITTEN_NUMBER.sub(_placeholder, text).splitlines()
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines if line)


def _placeholder(written: re.Match[str]) -> str:
    """As an editor would write "call 911", which cannot be published."""
    return written[0][:-3] + "{emergency number}"

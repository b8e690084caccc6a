"""The real pages of the search benchmark, as live editions."""

import hashlib
import random
from datetime import timedelta
from html import escape
from typing import Any

from django.db import transaction
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record
from causes.models import (
    AlternateName,
    CareCard,
    Condition,
    Edition,
    EditionName,
    Page,
    Revision,
    Section,
    Source,
    Tag,
    TaggedEdition,
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


def slug(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name.lower())


def cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"


def rich_text(text: str) -> str:
    return "".join(f"<p>{escape(line, quote=False)}</p>" for line in text.splitlines() if line)


def grow(many: int) -> None:
    """Copies of the live editions with other names and some other words, as rows."""
    chance = random.Random(1)
    originals = list(Edition.objects.live().order_by("pk"))
    tags: dict[int, list[int]] = {}
    for edition, tag in TaggedEdition.objects.values_list("edition_id", "tag_id"):
        tags.setdefault(edition, []).append(tag)
    at, count, copy = timezone.now(), len(originals), 0
    while count < many:
        copy += 1
        part = originals[: many - count]
        pages = Page.objects.bulk_create(
            Page(key=name, slug=name, title=e.title, kind=e.kind)
            for e in part
            for name in [f"copy-{copy}-{e.key}"[:100]]
        )
        revisions = Revision.objects.bulk_create(
            Revision(page=page, number=1, document={}, digest="", schema=1, author_name="bench")
            for page in pages
        )
        editions = []
        for original, page, revision in zip(part, pages, revisions, strict=True):
            title = f"{original.title[:50]} type {copy}{chance.choice('abcdefgh')}"
            body = varied(original.body, copy, chance) | {"title": title, "key": page.key}
            editions.append(
                Edition(
                    page=page,
                    revision=revision,
                    number=1,
                    key=page.key,
                    kind=original.kind,
                    language=original.language,
                    path=f"/conditions/{page.slug}/",
                    title=title,
                    summary=original.summary,
                    body=body,
                    digest=hashlib.sha256(page.key.encode()).hexdigest(),
                    live_from=at - timedelta(days=1),
                )
            )
        editions = Edition.objects.bulk_create(editions, batch_size=500)
        EditionName.objects.bulk_create(
            (EditionName(edition=e, name=e.title, is_title=True) for e in editions), batch_size=2000
        )
        TaggedEdition.objects.bulk_create(
            (
                TaggedEdition(edition=edition, tag_id=tag)
                for edition, original in zip(editions, part, strict=True)
                for tag in tags.get(original.pk, ())
            ),
            batch_size=5000,
        )
        count += len(part)


def varied(body: dict[str, Any], copy: int, chance: random.Random) -> dict[str, Any]:
    """Every fifteenth word or so is another one, so that the vocabulary grows too."""

    def other(text: str) -> str:
        parts = text.split(" ")
        for _ in range(len(parts) // 15):
            place = chance.randrange(len(parts))
            if parts[place].isalpha():
                parts[place] = f"{parts[place]}{chance.choice('aeiou')}{chance.choice('nrst')}"
        return " ".join(parts)

    sections = [section | {"body": other(section["body"])} for section in body["sections"]]
    names = [name | {"name": f"{name['name'][:90]} {copy}"} for name in body["names"]]
    return body | {"sections": sections, "names": names}

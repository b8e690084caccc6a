"""A site grown to any size: copies of its live pages with rows, versions, editions and events.

Each copy is a small site of its own (a symptom, its groups, their conditions) under other names
and with some other words. It is written in bulk, and as the verbs would have left it: `verify`
finds nothing. The information pages stay as they are.
"""

import random
import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.models import ForeignKey, ManyToManyField
from django.utils import timezone

from causes.editorial.acting import FIXTURE, raise_content_version
from causes.editorial.bodies import EDITORS_ONLY
from causes.editorial.documents import SCHEMA, _page_fields, _row_fields, digest, row_lists
from causes.editorial.documents import owner_field as owner_of
from causes.editorial.editions import path_of
from causes.models import (
    SPECIFIC_MODELS,
    Address,
    Category,
    Edition,
    EditionLink,
    EditionName,
    EditionPhrase,
    Event,
    Kind,
    Page,
    Revision,
    Source,
    Tag,
    TaggedEdition,
    TaggedPage,
)
from tests.benchmarks._rows import Row, insert, let_the_database_count_on

Document = dict[str, Any]

AT_ONCE = 800  # pages written in one transaction
PAGE_IN_TEXT = re.compile(r'(?<=href="page:)[^"]+')
# What the copies' names begin with, so that they fall under every letter.
FIRST_WORDS = [
    *("Acute", "Benign", "Chronic", "Distal", "Early", "Familial", "Genetic", "Hidden", "Isolated"),
    *("Juvenile", "Known", "Late", "Mild", "New", "Old", "Partial", "Quiet", "Rare", "Severe"),
    *("Toxic", "Unusual", "Viral", "Wide", "Xeric", "Young", "Zonal"),
]


def grow(conditions: int, *, said: Callable[[str], None] = lambda line: None) -> None:
    """Copy the live pages until so many conditions are live."""
    originals = [
        (edition, edition.revision.document)
        for edition in Edition.objects.live().select_related("revision").order_by("pk")
        if edition.kind != Kind.INFORMATION
    ]
    # Groups name their symptom and their conditions, so they come last.
    originals.sort(key=lambda pair: pair[0].kind == Kind.CATEGORY)
    live = Edition.objects.live().filter(kind=Kind.CONDITION).count()
    copy, waiting = _copies_so_far(), []
    while live < conditions:
        copy += 1
        part = _first_conditions(originals, conditions - live)
        waiting += _copied(part, copy)
        live += sum(edition.kind == Kind.CONDITION for edition, _ in part)
        if len(waiting) >= AT_ONCE or live >= conditions:
            _write(waiting)
            waiting = []
            said(f"{live} conditions")
    let_the_database_count_on(apps.get_app_config("causes").get_models())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _copies_so_far() -> int:
    marked = Page.objects.filter(key__startswith="copy-").values_list("key", flat=True)
    return max((int(key.split("-")[1]) for key in marked), default=0)


def _first_conditions(originals: list[tuple[Edition, Document]], many: int) -> list:
    """Those originals that hold at most so many conditions; groups keep the causes among them."""
    conditions = [pair for pair in originals if pair[0].kind == Kind.CONDITION][:many]
    keys = {edition.key for edition, _ in conditions}
    return [pair for pair in originals if pair[0].kind != Kind.CONDITION or pair[0].key in keys]


def _copied(part: list[tuple[Edition, Document]], copy: int) -> list[tuple[Document, Document]]:
    """The (document, public body) of each page of a copy."""
    chance = random.Random(copy)
    keys = {edition.key: f"copy-{copy}-{edition.key}"[:100] for edition, _ in part}
    copied = []
    for edition, document in part:
        other = _with_other_words(_renamed(document, keys, copy, chance), chance)
        body = {name: value for name, value in other.items() if name not in EDITORS_ONLY}
        body |= {"tags": edition.body["tags"], "sources": edition.body["sources"]}
        if "causes" in body:
            body["causes"] = [
                {name: value for name, value in cause.items() if name != "note"}
                for cause in body["causes"]
            ]
        copied.append((other, body))
    return copied


def _renamed(old: Document, keys: dict[str, str], copy: int, chance: random.Random) -> Document:
    key = keys[old["key"]]
    title = f"{chance.choice(FIRST_WORDS)} {old['title'][:40].lower()} {copy}"
    new = old | {"key": key, "slug": key, "title": title, "owner": None}
    new["names"] = [name | {"name": f"{name['name'][:90]} {copy}"} for name in old["names"]]
    new["related"] = [
        link | {"target": keys.get(link["target"], link["target"])} for link in old["related"]
    ]
    if "symptom" in old:
        new["symptom"] = keys[old["symptom"]]
        new["causes"] = [
            cause | {"condition": keys[cause["condition"]]}
            for cause in old["causes"]
            if cause["condition"] in keys
        ]
    return _in_rich_text(new, lambda html: PAGE_IN_TEXT.sub(lambda m: keys.get(m[0], m[0]), html))


def _in_rich_text(document: Document, change: Callable[[str], str]) -> Document:
    new = document | {"lead": change(document["lead"])}
    new["sections"] = [s | {"body": change(s["body"])} for s in document["sections"]]
    if "causes" in document:
        new["causes"] = [
            cause | {"how": change(cause["how"]), "differs": change(cause["differs"])}
            for cause in document["causes"]
        ]
    return new


def _with_other_words(document: Document, chance: random.Random) -> Document:
    """About every fifteenth word is another one, so that the vocabulary grows too."""

    def other(html: str) -> str:
        parts = html.split(" ")
        for _ in range(len(parts) // 15):
            place = chance.randrange(len(parts))
            if parts[place].isalpha():
                parts[place] = f"{parts[place]}{chance.choice('aeiou')}{chance.choice('nrst')}"
        return " ".join(parts)

    new = document["sections"] and [s | {"body": other(s["body"])} for s in document["sections"]]
    return document | {"sections": new}


# --- Writing -----------------------------------------------------------------------------


@transaction.atomic
def _write(pages: list[tuple[Document, Document]]) -> None:
    at = timezone.now()
    ids = _write_working_copies([document for document, _ in pages])
    # The first version had another lead; it was live for a day.
    firsts = [
        (document | {"lead": "<p>First.</p>"}, body | {"lead": "<p>First.</p>"})
        for document, body in pages
    ]
    days = [at - timedelta(days=2), at - timedelta(days=1), None]
    for number, versions in enumerate([firsts, pages], start=1):
        _write_versions(versions, ids, number, days[number - 1], days[number])
    raise_content_version()


def _write_working_copies(documents: list[Document]) -> dict[str, int]:
    """Pages and their rows; returns the id of every page by its key."""
    fields = {field.name: field for field in _page_fields(Page)}
    pages = insert(
        Page,
        ({"key": d["key"], "kind": d["kind"]} | _values(d, fields.values(), {}) for d in documents),
    )
    ids = dict(Page.objects.values_list("key", "pk"))
    for kind, model in SPECIFIC_MODELS.items():
        own = [field for field in _page_fields(model) if field.name not in fields]
        of_kind = [document for document in documents if document["kind"] == kind]
        insert(model, ({"page_ptr_id": ids[d["key"]]} | _values(d, own, ids) for d in of_kind))
    tags = dict(Tag.objects.values_list("slug", "pk"))
    insert(
        TaggedPage,
        (
            {"content_object_id": page, "tag_id": tags[slug]}
            for page, document in zip(pages, documents, strict=True)
            for slug in document["tags"]
        ),
    )
    sources = dict(Source.objects.values_list("key", "pk"))
    for name, model in row_lists(Category.KIND):
        _write_rows(model, name, documents, ids, sources)
    return ids


def _values(document: Document, fields: Iterable, ids: dict[str, int]) -> Row:
    """The fields' values by attribute name; what another page is named by becomes its id."""
    return {
        field.attname: ids.get(document[field.name])
        if isinstance(field, ForeignKey)
        else field.to_python(document[field.name])
        for field in fields
        if field.name in document
    }


def _write_rows(
    model: type[models.Model],
    name: str,
    documents: list[Document],
    ids: dict[str, int],
    sources: dict[str, int],
) -> None:
    fields = _row_fields(model)
    plain = [field for field in fields if not isinstance(field, ManyToManyField)]
    known = sources if "source" in {field.name for field in plain} else ids
    entries = [
        (entry, {f"{owner_of(model)}_id": ids[document["key"]], "order": order})
        for document in documents
        for order, entry in enumerate(document.get(name, []), start=1)
    ]
    rows = insert(model, (place | _values(entry, plain, known) for entry, place in entries))
    for field in set(fields) - set(plain):
        insert(
            field.remote_field.through,
            (
                {f"{model._meta.model_name}_id": row, "source_id": sources[key]}
                for row, (entry, _) in zip(rows, entries, strict=True)
                for key in entry[field.name]
            ),
        )


def _write_versions(
    versions: list[tuple[Document, Document]],
    ids: dict[str, int],
    number: int,
    start: datetime,
    end: datetime | None,
) -> None:
    """A version of each page, and the edition that it went live as."""
    common = {"author_name": FIXTURE.name, "created_at": start, "schema": SCHEMA}
    common |= {"number": number, "state": Revision.State.PUBLISHED}
    revisions = insert(
        Revision,
        (
            common | {"page_id": ids[text["key"]], "document": text, "digest": digest(text)}
            for text, _ in versions
        ),
    )
    paths: dict[str, str] = {}
    rows = []
    for (_, body), revision in zip(versions, revisions, strict=True):
        if body["kind"] == Kind.CATEGORY:
            path = f"{paths[body['symptom']]}{body['slug']}/"
        else:
            path = paths[body["key"]] = path_of(body, start)
        rows.append(
            {
                "page_id": ids[body["key"]],
                "revision_id": revision,
                "number": number,
                "parent_id": ids.get(body.get("symptom", "")),
                "order": body.get("order", 1),
                "path": path,
                "body": body,
                "digest": digest(body),
                "live_from": start,
                "live_until": end,
                **{name: body[name] for name in ("key", "kind", "language", "title", "summary")},
            }
        )
    insert(Edition, rows)
    _write_projections(rows, ids)
    if number == 1:
        insert(Address, ({"path": row["path"], "page_id": row["page_id"]} for row in rows))
    insert(
        Event,
        (
            {"page_id": row["page_id"], "verb": verb, "revision_id": row["revision_id"]}
            | {"actor_name": FIXTURE.name, "by_fixture": True}
            for row in rows
            for verb in (Event.Verb.RECORD, Event.Verb.PUBLISH)
        ),
    )


def _write_projections(editions: list[Row], ids: dict[str, int]) -> None:
    tags = dict(Tag.objects.values_list("slug", "pk"))
    links, names, phrases, tagged = [], [], [], []
    for edition in editions:
        body, of = edition["body"], {"edition_id": edition["id"]}
        text = Edition(body=body)
        relations = {cause["condition"]: cause["relation"] for cause in body.get("causes", [])}
        links += [
            of
            | {"kind": kind, "target_id": ids[key], "order": order}
            | {"relation": relations[key] if kind == EditionLink.Kind.CAUSE else ""}
            for kind, keys in text.links_of_text().items()
            for order, key in enumerate(keys, start=1)
            if key in ids
        ]
        other = dict.fromkeys(n["name"] for n in body["names"] if n["name"] != body["title"])
        names.append(of | {"name": body["title"], "is_title": True})
        names += [of | {"name": name} for name in other]
        phrases += [of | {"card": c, "phrase": phrase} for c, phrase in text.phrases_of_cards()]
        tagged += [of | {"tag_id": tags[tag["slug"]]} for tag in body["tags"]]
    insert(EditionLink, links)
    insert(EditionName, names)
    insert(EditionPhrase, phrases)
    insert(TaggedEdition, tagged)

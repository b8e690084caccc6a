"""A page as one JSON document, and back: everything of it, and nothing of the database.

A document holds the page's fields, its tags and its rows in order. Other records are named by
their natural keys, row ids and positions are left out (a list's order is the order), so two
documents are equal exactly when the pages are. Fields are read from the models: a new field
of a page or a row is part of its document from the day it is added.
"""

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models import ForeignKey, ManyToManyField

from causes.models import (
    SPECIFIC_MODELS,
    AlternateName,
    CareCard,
    Cause,
    Citation,
    MedicalCode,
    Page,
    RelatedLink,
    Section,
    SourceStatement,
    Tag,
)

SCHEMA = 1

# Where a document keeps the rows of each model, in the order of the public page.
ROW_LISTS: dict[str, type[models.Model]] = {
    "names": AlternateName,
    "cards": CareCard,
    "sections": Section,
    "causes": Cause,
    "statements": SourceStatement,
    "codes": MedicalCode,
    "related": RelatedLink,
    "citations": Citation,
}
NEVER_CHANGES = {"id", "page_ptr", "key", "kind"}
STATE_FIELDS = {"review_due_on", "archived_at"}  # what the verbs keep beside the text
# Fields that rows were given after the first release, with what a document without them means.
# The digest leaves them out while they are empty, so a new release changes no page by itself.
LATER_ROW_FIELDS: dict[str, dict[str, Any]] = {"cards": {"phrases": []}}


def owner_field(row_model: type[models.Model]) -> str:
    """The name of the row's link to its page."""
    return "category" if row_model is Cause else "page"


def row_lists(kind: str) -> Iterator[tuple[str, type[models.Model]]]:
    """The lists that a document of this kind has; only a category has causes."""
    for name, row_model in ROW_LISTS.items():
        if row_model is not Cause or kind == Cause.category.field.related_model.KIND:
            yield name, row_model


def _page_fields(page_model: type[Page]) -> list[models.Field]:
    left_out = NEVER_CHANGES | STATE_FIELDS
    return [field for field in page_model._meta.concrete_fields if field.name not in left_out]


def _row_fields(row_model: type[models.Model]) -> list[models.Field]:
    left_out = {"id", "order", owner_field(row_model)}
    fields = [*row_model._meta.concrete_fields, *row_model._meta.local_many_to_many]
    return [field for field in fields if field.name not in left_out]


def _name_of(record: models.Model | None) -> str | None:
    """The natural key of a page, source, tag or user, as one text."""
    return record.natural_key()[0] if record is not None else None


def _to_json(record: models.Model, field: models.Field) -> Any:
    if isinstance(field, ManyToManyField):
        return sorted(_name_of(target) for target in getattr(record, field.name).all())
    if isinstance(field, ForeignKey):
        return _name_of(getattr(record, field.name))
    value = getattr(record, field.attname)
    is_plain = value is None or isinstance(value, bool | int | str | list)
    return value if is_plain else field.value_to_string(record)


def rows_of(page: Page, row_model: type[models.Model]) -> models.QuerySet:
    """The rows of one model of the page, in order, with what a document needs of them."""
    foreign = [field.name for field in _row_fields(row_model) if isinstance(field, ForeignKey)]
    many = [field.name for field in _row_fields(row_model) if isinstance(field, ManyToManyField)]
    rows = row_model.objects.filter(**{owner_field(row_model): page.pk})
    rows = rows.select_related(*foreign) if foreign else rows
    return rows.prefetch_related(*many) if many else rows


def document(page: Page) -> dict[str, Any]:
    """The page as stored, whole. Takes a page of any model; costs one query a row model."""
    page = page.specific()
    result: dict[str, Any] = {"schema": SCHEMA, "kind": page.kind, "key": page.key}
    result |= {field.name: _to_json(page, field) for field in _page_fields(type(page))}
    result["tags"] = sorted(
        Tag.objects.filter(tagged_pages__content_object=page.pk).values_list("slug", flat=True)
    )
    for name, row_model in row_lists(page.kind):
        result[name] = [
            {field.name: _to_json(row, field) for field in _row_fields(row_model)}
            for row in rows_of(page, row_model)
        ]
    return result


def digest(value: dict[str, Any]) -> str:
    """sha256, in hex, of the JSON text with sorted names, the owner's left out.

    Who looks after a page is not part of what it says, and accounts may go.
    """
    said = {name: part for name, part in value.items() if name != "owner"}
    for rows, later in LATER_ROW_FIELDS.items():
        if rows in said:
            said[rows] = [
                {
                    name: part
                    for name, part in row.items()
                    if name not in later or part != later[name]
                }
                for row in said[rows]
            ]
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def upgrade(old: dict[str, Any]) -> dict[str, Any]:
    """The document in today's schema. Raises ValueError for one from a newer release."""
    if old.get("schema", SCHEMA) > SCHEMA:
        raise ValueError(f"This document has schema {old['schema']}; this release reads {SCHEMA}.")
    later = {
        rows: [fields | row for row in old.get(rows, [])]
        for rows, fields in LATER_ROW_FIELDS.items()
    }
    return old | later | {"schema": SCHEMA}


def restore(page: Page, old: dict[str, Any]) -> list[str]:
    """Make the working copy equal to the document. Call inside a transaction.

    Rows are matched by anchor, so they keep their ids. What the document lacks keeps its
    default, and a tag is found by a name that it had. Returns one sentence for each thing that
    no longer exists and was left out.
    """
    old, missing = upgrade(old), []
    page = SPECIFIC_MODELS[page.kind].objects.get(pk=page.pk)
    for field in _page_fields(type(page)):
        if field.name in old:
            _set(page, field, old[field.name], missing)
    page.save()
    wanted = old.get("tags", [])
    tags = list(Tag.objects.named(wanted).prefetch_related("aliases"))
    slugs = {slug for tag in tags for slug in (tag.slug, *(a.slug for a in tag.aliases.all()))}
    missing += _absent("tag", wanted, slugs)
    page.tags.set(tags)
    for name, row_model in row_lists(page.kind):
        _restore_rows(page, row_model, old.get(name, []), missing)
    return missing


def _restore_rows(
    page: Page, row_model: type[models.Model], wanted: list[dict[str, Any]], missing: list[str]
) -> None:
    existing = {row.anchor: row for row in rows_of(page, row_model)}
    kept = {entry["anchor"] for entry in wanted}
    if row_model is Cause:  # a group has a condition once: free those that change places first
        conditions = {entry["anchor"]: entry.get("condition") for entry in wanted}
        kept = {a for a in kept & existing.keys() if existing[a].condition.key == conditions[a]}
    dropped = [existing.pop(anchor) for anchor in existing.keys() - kept]
    row_model.objects.filter(pk__in=[row.pk for row in dropped]).delete()
    for order, entry in enumerate(wanted, start=1):
        row = existing.get(entry["anchor"]) or row_model(
            **{f"{owner_field(row_model)}_id": page.pk}
        )
        row.order = order
        fields = [field for field in _row_fields(row_model) if field.name in entry]
        plain = [field for field in fields if not isinstance(field, ManyToManyField)]
        if all([_set(row, field, entry[field.name], missing) for field in plain]):
            row.save()
            for field in set(fields) - set(plain):
                related = field.related_model.objects
                found = list(related.filter(key__in=entry[field.name]))
                missing += _absent("source", entry[field.name], {source.key for source in found})
                getattr(row, field.name).set(found)
        elif row.pk:
            row.delete()


def _set(record: models.Model, field: models.Field, value: Any, missing: list[str]) -> bool:
    """Set one field from its JSON value; False if it names a record that is gone."""
    if not isinstance(field, ForeignKey):
        setattr(record, field.attname, field.to_python(value))
        return True
    try:
        target = (
            None
            if value is None
            else field.related_model._default_manager.get_by_natural_key(value)
        )
    except ObjectDoesNotExist:
        missing.append(f"The {field.related_model._meta.verbose_name} “{value}” no longer exists.")
        return field.null
    setattr(record, field.name, target)
    return True


def _absent(what: str, wanted: list[str], found: set[str]) -> list[str]:
    return [f"The {what} “{name}” no longer exists." for name in wanted if name not in found]

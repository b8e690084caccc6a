"""A page as it stands in its form, saved or not, as a document for the rules of writing."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import ForeignKey, ManyToManyField
from django.http import QueryDict

from causes.admin.rows import MOST_ROWS
from causes.admin.widgets import is_id
from causes.editorial.documents import SCHEMA, owner_field, row_lists, upgrade
from causes.editorial.quality import Document
from causes.models import SPECIFIC_MODELS, Page, Section
from causes.models.fields import LONGEST_RICH_TEXT, LinesField, RichTextField, clean_rich_text

Places = dict[tuple[str, str], str]  # (rows, anchor) → the prefix of the row's fields
LAST = 10**6


def prefix_of(row_model: type[models.Model]) -> str:
    """What the names of the inline's fields begin with."""
    link = row_model._meta.get_field(owner_field(row_model)).remote_field
    return link.get_accessor_name(model=row_model)


def typed_document(kind: str, data: QueryDict, page: Page | None) -> tuple[Document, Places]:
    """What ``data`` says of the page, and where its rows stand in the form.

    What the form does not show is as in the newest version. Nothing is checked or saved: what
    makes no sense yet counts as empty. A fixed number of queries.
    """
    page_model = SPECIFIC_MODELS[kind]
    newest = page.revisions.in_line().first() if page else None
    document = upgrade(newest.document) if newest else _blank(page_model, page)
    named = _Names(kind, data)
    document |= {
        field.name: named.value(field, field.name)
        for field in page_model._meta.concrete_fields
        if field.name in document and field.name in data
    }
    document["key"] = page.key if page else data.get("key", "")
    if "title" in data:  # a browser sends no tag by sending nothing
        document["tags"] = named.keys("tags")
    anchors = dict(page.sections.values_list("pk", "anchor")) if page else {}
    places: Places = {}
    for name, row_model in row_lists(kind):
        prefix = prefix_of(row_model)
        if f"{prefix}-TOTAL_FORMS" not in data:
            continue
        rows, fields = [], _row_fields(row_model)
        for number in _numbers(data, prefix):
            place = f"{prefix}-{number}"
            row = {field.name: named.value(field, f"{place}-{field.name}") for field in fields}
            if all(not row[field.name] or row[field.name] == _default(field) for field in fields):
                continue  # an empty row has what its model gives it
            row["anchor"] = place
            if row_model is Section and is_id(data.get(f"{place}-id", "")):
                row["anchor"] = anchors.get(int(data[f"{place}-id"]), place)
            places[name, row["anchor"]] = place
            rows.append((_order(data.get(f"{place}-order", "")), number, row))
        document[name] = [row for _, _, row in sorted(rows, key=lambda entry: entry[:2])]
    return document, places


def _blank(page_model: type[Page], page: Page | None) -> Document:
    """A page without text."""
    record = page or page_model()
    document: Document = {"schema": SCHEMA, "kind": page_model.KIND, "tags": []}
    for field in page_model._meta.concrete_fields:
        if field.name not in {"id", "page_ptr", "kind"}:
            value = None if isinstance(field, ForeignKey) else getattr(record, field.attname)
            document[field.name] = "" if value is None and not field.null else value
    document["reviewed_on"] = str(document["reviewed_on"] or "")
    return document | {name: [] for name, _ in row_lists(page_model.KIND)}


def _row_fields(row_model: type[models.Model]) -> list[models.Field]:
    left_out = {"id", "order", "anchor", owner_field(row_model)}
    fields = [*row_model._meta.concrete_fields, *row_model._meta.local_many_to_many]
    return [field for field in fields if field.name not in left_out]


def _default(field: models.Field) -> Any:
    return None if isinstance(field, ManyToManyField) else field.get_default()


def _numbers(data: QueryDict, prefix: str) -> Iterable[int]:
    """The rows that are not to be deleted."""
    total = data.get(f"{prefix}-TOTAL_FORMS", "")
    count = min(int(total), MOST_ROWS) if is_id(total) else 0
    return (number for number in range(count) if f"{prefix}-{number}-DELETE" not in data)


def _order(value: str) -> int:
    return int(value) if is_id(value) and int(value) else LAST


class _Names:
    """Values of fields as a document has them; the ids in the form become keys and slugs."""

    def __init__(self, kind: str, data: QueryDict) -> None:
        self._data = data
        self._keys: dict[type[models.Model], dict[str, str]] = {}
        wanted: dict[type[models.Model], set[str]] = {}
        page_model = SPECIFIC_MODELS[kind]
        tag_model = page_model._meta.get_field("tags").related_model
        wanted[tag_model] = set(data.getlist("tags"))
        for field in page_model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.name in {"original", "symptom"}:
                wanted.setdefault(field.related_model, set()).update(data.getlist(field.name))
        for _, row_model in row_lists(kind):
            for field in _row_fields(row_model):
                if isinstance(field, ForeignKey | ManyToManyField):
                    ids = wanted.setdefault(field.related_model, set())
                    for number in _numbers(data, prefix_of(row_model)):
                        ids.update(data.getlist(f"{prefix_of(row_model)}-{number}-{field.name}"))
        for model, ids in wanted.items():
            found = model._default_manager.filter(pk__in=[pk for pk in ids if is_id(pk)])
            name = "slug" if model is tag_model else "key"
            self._keys[model] = {
                str(pk): key for pk, key in (found.values_list("pk", name) if ids else ())
            }
        self._tag_model = tag_model

    def keys(self, name: str, model: type[models.Model] | None = None) -> list[str]:
        known = self._keys.get(model or self._tag_model, {})
        return sorted(known[pk] for pk in self._data.getlist(name) if pk in known)

    def value(self, field: models.Field, name: str) -> Any:
        typed = self._data.get(name, "").replace("\x00", "")
        match field:
            case ManyToManyField():
                return self.keys(name, field.related_model)
            case ForeignKey():
                return next(iter(self.keys(name, field.related_model)), None)
            case LinesField():
                return [line.strip() for line in typed.splitlines() if line.strip()]
            case RichTextField():
                return clean_rich_text(typed) if len(typed) <= LONGEST_RICH_TEXT else ""
            case models.BooleanField():
                return name in self._data
            case models.IntegerField():
                return int(typed) if is_id(typed) and len(typed) < 5 else field.get_default() or 0
        return " ".join(typed.split())

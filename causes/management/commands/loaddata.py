"""`loaddata`, for pages: all or nothing, checked, and what is loaded goes live.

A page that a person has touched since it was loaded is left alone (`--overwrite` loads it all
the same). A fixture with history in it, without pages, or for another database is loaded as
Django does.
"""

import io
import sys
from argparse import ArgumentParser
from functools import cached_property
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.management.base import CommandError
from django.core.management.commands import loaddata
from django.core.serializers.base import DeserializedObject
from django.db import DEFAULT_DB_ALIAS, models, transaction

from causes.editorial.acting import NotPossible, raise_content_version
from causes.editorial.loading import (
    Loaded,
    is_overtaken,
    keys_touched_by_people,
    page_key,
    publish_loaded,
    remove_dropped_rows,
    rows_of_other_pages,
)
from causes.models import SPECIFIC_MODELS, Page, Source, Tag, TagAlias

SHARED = (Source, Tag, TagAlias)


class Command(loaddata.Command):
    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="Load pages that people have edited, too. Their versions stay in the history.",
        )
        parser.add_argument(
            "--keep-shared",
            action="store_true",
            help="Leave sources and tags that exist already as they are.",
        )

    def handle(self, *fixture_labels: str, **options: Any) -> None:
        self.overwrite, self.keep_shared = options["overwrite"], options["keep_shared"]
        super().handle(*fixture_labels, **options)

    @cached_property
    def compression_formats(self) -> dict:
        """Standard input is kept, because a fixture may be read twice."""
        kept: list[str] = []

        def read_stdin(*args: object) -> io.StringIO:
            if not kept:
                kept.append(sys.stdin.read())
            return io.StringIO(kept[0])

        return super().compression_formats | {"stdin": (read_stdin, None)}

    def loaddata(self, fixture_labels: tuple[str, ...]) -> None:
        if self.using != DEFAULT_DB_ALIAS:
            self.ours = False
            return super().loaddata(fixture_labels)
        self.ours = True
        touched = set() if self.overwrite else keys_touched_by_people()
        left_alone = self._first_look(fixture_labels, touched)
        if left_alone:
            self._load(fixture_labels, left_alone)
        if not self.loaded.has_history and self.loaded.pages:
            self._publish()
        if self.loaded.has_history or self.loaded.rows.keys() & {Tag, TagAlias}:
            raise_content_version()  # public at once, whether or not a page was published
        for key in sorted(left_alone):
            self.stdout.write(
                f"Left alone: {key}. A person has changed it since it was loaded "
                "(--overwrite loads it all the same)."
            )

    def _first_look(self, fixture_labels: tuple[str, ...], touched: set[str]) -> set[str]:
        """Load everything; if the fixture names touched pages, undo it all and return their keys.

        A fixture with history in it is loaded whole, whatever people have touched.
        """
        with transaction.atomic():
            self._load(fixture_labels, left_alone=set())
            left_alone = set() if self.loaded.has_history else touched & set(self.loaded.pages)
            transaction.set_rollback(bool(left_alone))
        return left_alone

    def _load(self, fixture_labels: tuple[str, ...], left_alone: set[str]) -> None:
        self.left_alone, self.loaded = left_alone, Loaded()
        self.postponed: list[tuple[str, DeserializedObject]] = []
        self.where = "the fixture"
        try:
            super().loaddata(fixture_labels)
        except CommandError:
            raise
        except Exception as error:
            raise CommandError(f"Nothing was loaded. {self.where}: {_root(error)}") from error
        for where, obj in self.postponed:
            self._save_postponed(where, obj)

    def load_label(self, fixture_label: str) -> None:
        self.label, self.position, self.where = fixture_label, 0, f"{fixture_label}, record 1"
        super().load_label(fixture_label)

    def save_obj(self, obj: DeserializedObject) -> bool:
        self.position += 1
        self.where = f"{self.label}, record {self.position} ({_name(obj.object)})"
        saved = self._save_ours(obj) if self._is_ours(obj.object) else super().save_obj(obj)
        # What fails next, before the next record is known, is in the one after this.
        self.where = f"{self.label}, record {self.position + 1} (after {_name(obj.object)})"
        return saved

    def _is_ours(self, record: models.Model) -> bool:
        return self.ours and record._meta.app_label == Page._meta.app_label

    def _save_ours(self, obj: DeserializedObject) -> bool:
        if page_key(obj.object) in self.left_alone:
            return False
        if self.keep_shared and isinstance(obj.object, SHARED) and obj.object.pk:
            return False
        if is_overtaken(obj.object):
            return False
        self.loaded.add(obj.object)
        if not self.loaded.has_history:
            _check(obj.object, self.where)
        if not obj.deferred_fields:
            return super().save_obj(obj)
        self.postponed.append((self.where, obj))
        return True

    def _save_postponed(self, where: str, obj: DeserializedObject) -> None:
        """Save a record that names others which come later in the fixture."""
        for field, value in obj.deferred_fields.items():
            many = field.many_to_many
            for key in value if many else [value]:
                try:
                    field.related_model._default_manager.get_by_natural_key(*key)
                except (ObjectDoesNotExist, TypeError) as error:
                    raise CommandError(
                        f"Nothing was loaded. {where}: {field.name}: "
                        f"there is no {field.related_model._meta.verbose_name} {key!r}."
                    ) from error
        already_known = obj.m2m_data or {}
        obj.save_deferred_fields(using=self.using)
        self.models.add(type(obj.object))
        for name, values in already_known.items():
            getattr(obj.object, name).set(values)

    def _publish(self) -> None:
        for key, page in self.loaded.pages.items():
            if not SPECIFIC_MODELS[page.kind].objects.filter(pk=page.pk).exists():
                raise CommandError(
                    f"Nothing was loaded. The page {key!r} is a {page.kind}, but no record "
                    f'"causes.{page.kind}" with "page_ptr": ["{key}"] follows it.'
                )
        if strangers := rows_of_other_pages(self.loaded):
            raise CommandError(
                f"Nothing was loaded. {_name(strangers[0])}: the fixture has this row of a page, "
                "but not the page. Add the page's records."
            )
        remove_dropped_rows(self.loaded)
        try:
            published = publish_loaded(self.loaded)
        except NotPossible as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        if self.verbosity:
            self.stdout.write(f"Published {published} of {len(self.loaded.pages)} page(s)")


def _name(record: models.Model) -> str:
    try:
        key = "/".join(record.natural_key())
    except (AttributeError, ObjectDoesNotExist):
        key = str(record.pk or "")
    return f"{record._meta.label_lower} {key}".strip()


def _root(error: BaseException) -> str:
    """What the database, the parser or the deserializer said first."""
    while error.__cause__ is not None:
        error = error.__cause__
    return str(error).strip().splitlines()[0]


def _check(record: models.Model, where: str) -> None:
    """Refuse a record whose values its model would refuse, and a child with the page's fields."""
    if isinstance(record, Page):
        _check_page(record, where)
    parents = {field.name for field in record._meta.fields if field.model is not type(record)}
    references = {
        field.name for field in record._meta.fields if isinstance(field, models.ForeignKey)
    }
    try:
        record.clean_fields(exclude=parents | references | {record._meta.pk.name})
        if isinstance(record, Tag | TagAlias):
            record.clean()  # their addresses do not meet
    except ValidationError as error:
        field, messages = next(iter(error.message_dict.items()))
        raise CommandError(f"Nothing was loaded. {where}: {field}: {messages[0]}") from error


def _check_page(record: Page, where: str) -> None:
    if type(record) is Page:
        if record.kind not in SPECIFIC_MODELS:
            kinds = ", ".join(SPECIFIC_MODELS)
            raise CommandError(f"Nothing was loaded. {where}: kind: must be one of {kinds}.")
        return
    for field in Page._meta.concrete_fields:
        if not field.primary_key and field.value_from_object(record) != field.get_default():
            raise CommandError(
                f"Nothing was loaded. {where}: {field.name}: belongs in the record "
                '"causes.page" before this one, which has "page_ptr" and its own fields only.'
            )

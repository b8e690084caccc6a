"""What a fixture means for the pages that it names: rows that it dropped go, the rest goes live."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import models
from django.db.models import OuterRef, Subquery

from causes.editorial.acting import FIXTURE, log_event
from causes.editorial.checking import count_again
from causes.editorial.documents import owner_field, row_lists
from causes.editorial.in_bulk import PUBLISHING_ORDER
from causes.editorial.publishing import publish, record
from causes.models import Edition, Event, Page, Revision, Tag, TagAlias, TaggedPage

HISTORY = {
    *("revision", "edition", "editionlink", "editionname", "editionphrase", "taggededition"),
    *("event", "address"),
}
CHANGE_NOTHING = {
    *(Event.Verb.MOVE, Event.Verb.REFUSED, Event.Verb.SIGN_OFF, Event.Verb.COMMENT),
    *Event.TAG_VERBS,  # the tags of a fixture are found by their old names
    *(Event.Verb.INVITE, Event.Verb.REVOKE, Event.Verb.ASK_REDACTION),
}


@dataclass
class Loaded:
    """The records of our models that one `loaddata` has saved."""

    pages: dict[str, Page] = field(default_factory=dict)
    rows: dict[type[models.Model], list[models.Model]] = field(
        default_factory=lambda: defaultdict(list)
    )
    has_history: bool = False

    def add(self, record: models.Model) -> None:
        if record._meta.model_name in HISTORY:
            self.has_history = True
        elif type(record) is Page:
            self.pages[record.key] = record
        else:
            self.rows[type(record)].append(record)


def page_key(record: models.Model) -> str | None:
    """The key of the page that a record is or belongs to; None for shared records."""
    if type(record) is Page:
        return record.key
    if isinstance(record, Page):  # a child's own record: it has only the link to its page
        return Page.objects.values_list("key", flat=True).get(pk=record.page_ptr_id)
    for name in ("page", "category", "content_object"):
        if getattr(record, f"{name}_id", None) is not None:
            return getattr(record, name).key
    return None


def keys_touched_by_people() -> set[str]:
    """Keys of the pages whose latest event is a person's: fixtures leave them alone."""
    # A group moves with its symptom; what was refused or only said changed nothing.
    own = Event.objects.exclude(verb__in=CHANGE_NOTHING)
    latest = own.filter(page=OuterRef("pk")).values("by_fixture")[:1]
    pages = Page.objects.annotate(latest_by_fixture=Subquery(latest))
    return set(pages.filter(latest_by_fixture=False).values_list("key", flat=True))


def is_overtaken(record: models.Model) -> bool:
    """Whether people have renamed or merged the tag since, so that the record has no place."""
    if isinstance(record, Tag):
        slug = record.slug
        return _was_renamed(slug) and TagAlias.objects.filter(slug=slug).exists()
    if isinstance(record, TagAlias):
        return Tag.objects.filter(pk=record.tag_id, slug=record.slug).exists() and any(
            _was_renamed(alias.slug) for alias in TagAlias.objects.filter(tag=record.tag_id)
        )
    return False


def _was_renamed(slug: str) -> bool:
    return Event.objects.filter(page=None, verb__in=Event.TAG_VERBS, subject=slug).exists()


def rows_of_other_pages(loaded: Loaded) -> list[models.Model]:
    """The rows whose page the fixture does not name: loading them would change it unrecorded."""
    rows = (row for rows in loaded.rows.values() for row in rows)
    keys = ((row, page_key(row)) for row in rows)
    return [row for row, key in keys if key is not None and key not in loaded.pages]


def remove_dropped_rows(loaded: Loaded) -> None:
    """Delete the rows and tags of the loaded pages that the fixture does not have."""
    kept = {model: [record.pk for record in records] for model, records in loaded.rows.items()}
    ids_by_kind = defaultdict(list)
    for page in loaded.pages.values():
        ids_by_kind[page.kind].append(page.pk)
    for kind, ids in ids_by_kind.items():
        for _, row_model in row_lists(kind):
            rows = row_model.objects.filter(**{f"{owner_field(row_model)}__in": ids})
            rows.exclude(pk__in=kept.get(row_model, [])).delete()
        tagged = TaggedPage.objects.filter(content_object__in=ids)
        tagged.exclude(pk__in=kept.get(TaggedPage, [])).delete()


def publish_loaded(loaded: Loaded) -> int:
    """Record each loaded page and publish it where its text is not live yet.

    Returns the number of new editions. Raises NotPossible, with the page's key in front.
    """
    before = Edition.objects.count()
    for page in sorted(loaded.pages.values(), key=lambda page: PUBLISHING_ORDER.index(page.kind)):
        _tell_if_unarchived(page)
        revision: Revision = record(page, actor=FIXTURE, find=False)
        publish(page, actor=FIXTURE, number=revision.number, scheduled="replace")
    count_again(loaded.pages.values())  # the pages point at each other: only now all are there
    return Edition.objects.count() - before


def _tell_if_unarchived(page: Page) -> None:
    """A loaded page is in use: where a person had archived it, that is an event."""
    moves = page.events.filter(verb__in=[Event.Verb.ARCHIVE, Event.Verb.UNARCHIVE])
    if (last := moves.first()) is not None and last.verb == Event.Verb.ARCHIVE:
        log_event(page, Event.Verb.UNARCHIVE, FIXTURE)

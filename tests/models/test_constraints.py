"""Every constraint of every model, tried in the database itself, not in Python."""

from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.models import CheckConstraint, UniqueConstraint
from django.utils import timezone

from causes.models import (
    Address,
    AlternateName,
    CareCard,
    Category,
    Cause,
    Citation,
    ContentVersion,
    Edition,
    EditionLink,
    EditionName,
    EditionPhrase,
    MedicalCode,
    Page,
    Presence,
    Redaction,
    RelatedLink,
    Reminder,
    ReviewLink,
    Revision,
    Section,
    SignOff,
    SourceStatement,
    Tag,
    TagAlias,
    TaggedEdition,
    TaggedPage,
)
from causes.models.constraints import NoOverlap

pytestmark = pytest.mark.django_db


@pytest.fixture
def violate(make_symptom, make_category, make_condition, make_tag, make_person, published, source):
    """For each constraint, by name, a function that breaks it and nothing else."""
    tag = make_tag("foot")
    symptom = make_symptom()
    condition = make_condition("sciatica", tags=(tag,))
    other = make_condition("stroke")
    category = make_category(symptom, conditions=(condition,))
    edition = published(condition)
    TagAlias.objects.create(tag=tag, name="Feet", slug="feet")
    person = make_person("ada")
    now = timezone.now()
    row = {"page_id": condition.pk, "order": 9}
    rows = {
        AlternateName: {"kind": "lay", "name": "x"},
        CareCard: {"level": "urgent", "items": []},
        Section: {"heading": "x", "body": "<p>x</p>"},
        SourceStatement: {"text": "x"},
        MedicalCode: {"code": "x"},
        RelatedLink: {"target_id": other.pk},
        Citation: {"source": source},
    }

    def update(**fields):
        return lambda: Page.objects.filter(pk=condition.pk).update(**fields)

    def twice(model, **fields):
        def make():
            model.objects.create(**fields)
            model.objects.create(**fields)

        return make

    def edition_with(**fields):
        values = {f.attname: getattr(edition, f.attname) for f in Edition._meta.concrete_fields}
        del values["id"]
        later = {"number": 2, "live_from": now + timedelta(days=9)}
        return lambda: Edition.objects.create(**values | later | fields)

    breaking = {
        "page_key_not_empty": update(key=""),
        "page_kind_known": update(kind="post"),
        "page_reviewer_and_date_together": update(reviewed_by="Dr No"),
        "page_is_not_its_own_original": update(original_id=condition.pk),
        "page_one_translation_per_language": lambda: Page.objects.filter(
            pk__in=[condition.pk, category.pk]
        ).update(original_id=other.pk, language="fr"),
        "cause_anchor_unique_per_category": lambda: Cause.objects.create(
            category=category, condition=other, anchor="sciatica"
        ),
        "cause_condition_once_per_category": lambda: Cause.objects.create(
            category=category, condition=condition, anchor="again"
        ),
        "cause_anchor_not_empty": lambda: Cause.objects.update(anchor=""),
        "cause_relation_known": lambda: Cause.objects.update(relation="perhaps"),
        "tag_slug_not_empty": lambda: Tag.objects.update(slug=""),
        "tag_alias_slug_not_empty": lambda: TagAlias.objects.update(slug=""),
        "tagged_page_once": lambda: TaggedPage.objects.create(content_object=condition, tag=tag),
        "tagged_edition_once": lambda: TaggedEdition.objects.create(edition=edition, tag=tag),
        "revision_number_unique_per_page": lambda: Revision.objects.create(
            page_id=condition.pk, number=1, document={}, digest="", schema=1
        ),
        "revision_number_from_1": lambda: Revision.objects.update(number=0),
        "edition_number_unique_per_page": edition_with(
            number=1, live_from=now - timedelta(9), live_until=now - timedelta(8)
        ),
        "edition_ends_after_it_starts": lambda: Edition.objects.update(
            live_until=edition.live_from
        ),
        "edition_intervals_do_not_overlap": edition_with(live_from=now + timedelta(days=1)),
        "edition_link_once": twice(
            EditionLink, edition=edition, target_id=other.pk, kind="related", order=1
        ),
        "edition_name_once": twice(EditionName, edition=edition, name="x"),
        "edition_phrase_once": twice(EditionPhrase, edition=edition, card="c", phrase="x"),
        "address_path_is_absolute": lambda: Address.objects.create(
            path="conditions/x", page_id=condition.pk
        ),
        "review_link_expires_after_it_was_made": lambda: ReviewLink.objects.create(
            revision=edition.revision, recipient="x", created_at=now, expires_at=now
        ),
        "sign_off_names_its_signer": lambda: SignOff.objects.create(
            revision=edition.revision, verdict="approved", name="x", role=""
        ),
        "redaction_needs_two_people": lambda: Redaction.objects.create(
            edition=edition,
            reason="libel",
            asked_by=person,
            confirmed_by=person,
            confirmed_at=now,
        ),
        "presence_once": twice(
            Presence, page_id=condition.pk, person=person, since=now, seen_at=now
        ),
        "reminder_once": twice(Reminder, page_id=condition.pk, due_on=now.date(), days_before=30),
        "content_version_is_one_row": lambda: ContentVersion.objects.create(pk=2),
    }
    for model, fields in rows.items():
        name = model._meta.model_name
        breaking[f"{name}_anchor_unique_per_page"] = twice(model, anchor="twice", **row, **fields)
        breaking[f"{name}_anchor_not_empty"] = lambda model=model, fields=fields: (
            model.objects.create(anchor="", **row, **fields)
        )
    assert Category.objects.get().causes.count() == 1
    return breaking


ALL = {
    constraint.name: constraint
    for model in apps.get_app_config("causes").get_models()
    for constraint in model._meta.constraints
}


@pytest.mark.parametrize("name", sorted(ALL))
def test_the_database_refuses_what_a_constraint_forbids(violate, name):
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        violate[name]()
    assert _names_the_constraint(ALL[name], str(refusal.value))


def _names_the_constraint(constraint, message: str) -> bool:
    """SQLite names the columns of a unique constraint instead of the constraint."""
    if connection.vendor == "sqlite" and isinstance(constraint, UniqueConstraint):
        return all(field in message for field in constraint.fields) or "UNIQUE" in message
    assert isinstance(constraint, CheckConstraint | UniqueConstraint | NoOverlap)
    return constraint.name in message


def test_intervals_may_touch_and_a_second_page_may_have_the_same_interval(
    make_condition, published
):
    first = published(make_condition("sciatica"))
    second = published(make_condition("stroke"))
    Edition.objects.update(live_until=first.live_from + timedelta(days=1))
    for edition in (first, second):
        edition.pk, edition.number = None, 2
        edition.live_from, edition.live_until = edition.live_from + timedelta(days=1), None
        edition.save(force_insert=True)
    assert Edition.objects.count() == 4


def test_an_interval_cannot_be_stretched_over_the_next(make_condition, published):
    condition = make_condition()
    first = published(condition)
    condition.title = "Another title"
    condition.save()
    second = published(condition)
    with pytest.raises(IntegrityError), transaction.atomic():
        Edition.objects.filter(pk=first.pk).update(live_until=second.live_from + timedelta(1))


@pytest.mark.django_db(transaction=True)
def test_the_overlap_constraint_outlives_a_rebuilt_table(make_condition, published):
    """A later migration of the editions rebuilds the table on SQLite, and its triggers."""
    if connection.vendor == "sqlite":
        with connection.schema_editor() as editor:
            editor._remake_table(Edition)
        with connection.cursor() as cursor:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
            names = [name for (name,) in cursor.fetchall()]
        assert names == [
            "edition_intervals_do_not_overlap_INSERT",
            "edition_intervals_do_not_overlap_UPDATE",
        ]
    edition = published(make_condition())
    edition.pk, edition.number = None, 2
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.save(force_insert=True)

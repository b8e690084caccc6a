"""A page and its document: there and back, with nothing lost."""

from datetime import date

import pytest
from django.db import models

from causes.editorial.documents import ROW_LISTS, STATE_FIELDS, digest, document, restore, upgrade
from causes.models import (
    AlternateName,
    CareCard,
    Cause,
    Citation,
    MedicalCode,
    Page,
    RelatedLink,
    Section,
    SourceStatement,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def full_category(make_symptom, make_category, make_condition, make_tag, source, author):
    """A page with something in every field and two rows of every kind."""
    first, second = make_condition("sciatica"), make_condition("stroke")
    page = make_category(
        make_symptom(),
        conditions=(first, second),
        summary="A summary.",
        lead="<p>A lead.</p>",
        status="checked",
        owner=author,
        review_interval=12,
        reviewed_by="Dr Ada, neurologist",
        reviewed_on=date(2026, 1, 31),
        order=3,
    )
    page.tags.set([make_tag("one-leg"), make_tag("sudden", "onset")])
    for number in (1, 2):
        row = {"page": page, "order": 3 - number}
        AlternateName.objects.create(**row, anchor=f"name-{number}", kind="lay", name=f"n{number}")
        card = CareCard.objects.create(
            **row, anchor=f"card-{number}", level="urgent", heading="H", items=["one", "two"]
        )
        CareCard.objects.filter(pk=card.pk).update(phrases=["cannot feel my face"])
        section = Section.objects.create(
            **row, anchor=f"section-{number}", heading="H", body="<p>B</p>", safety=True
        )
        card.citations.add(source)
        section.citations.add(source)
        SourceStatement.objects.create(
            **row, anchor=f"s{number}", text="It said.", change="We say."
        )
        MedicalCode.objects.create(**row, anchor=f"code-{number}", code=f"G{number}")
        target = (first, second)[number - 1]
        RelatedLink.objects.create(**row, anchor=f"link-{number}", target=target)
        Citation.objects.create(**row, anchor=f"cite-{number}", source=source, note="More")
    Cause.objects.filter(condition=first).update(
        relation="umbrella", differs="<p>D</p>", phrase="sciatica", note="Ask Ada."
    )
    return page


def empty(page: Page) -> None:
    """Bring a page back to its required fields."""
    for row_model in ROW_LISTS.values():
        row_model.objects.all().delete()
    page.tags.clear()
    defaults = {
        field.attname: field.get_default()
        for field in Page._meta.concrete_fields
        if field.has_default() or field.null or field.blank
        if not field.primary_key
    }
    Page.objects.filter(pk=page.pk).update(title="?", slug="x", **defaults)


def test_a_page_comes_back_from_its_document_whole(full_category):
    before = document(full_category)
    empty(full_category)
    assert document(full_category) != before
    assert restore(full_category, before) == []
    assert document(full_category) == before
    assert digest(document(full_category)) == digest(before)


def test_every_field_of_every_page_and_row_model_is_in_the_document(full_category):
    """Fields are read from the models, so a new one cannot be forgotten."""
    whole = document(full_category)
    left_out = {"id", "page_ptr", "page", "category", "order", "tags"} | STATE_FIELDS
    for field in type(full_category)._meta.concrete_fields:
        assert field.name in whole or field.name in left_out
    for name, row_model in ROW_LISTS.items():
        fields = [*row_model._meta.concrete_fields, *row_model._meta.local_many_to_many]
        assert len(whole[name]) >= 2
        for row in whole[name]:
            assert set(row) == {field.name for field in fields} - left_out, name


def test_the_fixture_page_leaves_no_field_at_its_default(full_category):
    """Otherwise the round trip above could not notice that a field was lost."""
    may_be_default = {"language", "original", "kind"}
    for field in type(full_category)._meta.concrete_fields:
        if field.has_default() and field.name not in may_be_default:
            assert field.value_from_object(full_category) != field.get_default(), field.name
    for row_model in ROW_LISTS.values():
        row = row_model.objects.order_by("pk").last()
        plain = [f for f in row_model._meta.concrete_fields if isinstance(f, models.TextField)]
        assert row is not None
        assert all(field.value_from_object(row) for field in plain if row_model is not Cause)


def test_rows_keep_their_ids_when_a_version_is_restored(full_category):
    before = document(full_category)
    ids = dict(Section.objects.values_list("anchor", "pk"))
    Section.objects.filter(anchor="section-1").update(heading="Changed")
    Section.objects.create(page=full_category, anchor="new", heading="New", body="<p>n</p>")
    Section.objects.filter(anchor="section-2").delete()
    restore(full_category, before)
    after = dict(Section.objects.values_list("anchor", "pk"))
    assert after.keys() == ids.keys()
    assert after["section-1"] == ids["section-1"]


def test_links_and_rows_keep_their_order(full_category):
    before = document(full_category)
    assert [link["target"] for link in before["related"]] == ["stroke", "sciatica"]
    RelatedLink.objects.filter(anchor="link-1").update(order=0)
    assert [link["target"] for link in document(full_category)["related"]] == ["sciatica", "stroke"]
    restore(full_category, before)
    assert [link["target"] for link in document(full_category)["related"]] == ["stroke", "sciatica"]


def test_two_causes_may_change_places(full_category):
    before = document(full_category)
    swapped = before | {
        "causes": [
            cause | {"condition": other["condition"]}
            for cause, other in zip(before["causes"], reversed(before["causes"]), strict=True)
        ]
    }
    restore(full_category, swapped)
    assert document(full_category) == swapped


def test_what_no_longer_exists_is_left_out_and_named(full_category, source):
    before = document(full_category)
    lost = before | {
        "tags": [*before["tags"], "gone-tag"],
        "owner": "nobody",
        "related": [*before["related"], {"anchor": "x", "target": "gone-page"}],
        "sections": [before["sections"][0] | {"citations": ["gone-source", source.key]}],
    }
    missing = "\n".join(restore(full_category, lost))
    for name in ("gone-tag", "nobody", "gone-page", "gone-source"):
        assert name in missing
    after = document(full_category)
    assert after["tags"] == before["tags"]
    assert after["related"] == before["related"]
    assert after["sections"][0]["citations"] == [source.key]


def test_an_old_document_without_a_field_is_read_with_defaults(full_category):
    old = document(full_category)
    del old["review_interval"], old["codes"], old["sections"][0]["safety"]
    restore(full_category, old)
    after = document(full_category)
    assert after["codes"] == []
    assert after["title"] == old["title"]


def test_a_field_that_came_later_changes_no_digest_while_it_is_empty(full_category):
    """Otherwise every page would have a new version, and an edition, after an upgrade."""
    now = document(full_category)
    CareCard.objects.update(phrases=[])
    empty_now = document(full_category)
    before = empty_now | {
        "cards": [
            {name: part for name, part in card.items() if name != "phrases"}
            for card in empty_now["cards"]
        ]
    }
    assert digest(before) == digest(empty_now) != digest(now)


def test_a_version_from_before_a_field_came_has_it_empty(full_category):
    old = document(full_category)
    for card in old["cards"]:
        del card["phrases"]
    restore(full_category, old)
    assert not any(card["phrases"] for card in document(full_category)["cards"])


def test_a_document_from_a_newer_release_is_refused():
    with pytest.raises(ValueError, match="schema 99"):
        upgrade({"schema": 99})


def test_who_looks_after_a_page_is_not_part_of_its_digest(full_category):
    before = document(full_category)
    full_category.owner.delete()
    full_category.refresh_from_db()
    after = document(full_category)
    assert (before["owner"], after["owner"]) == ("ada", None)
    assert digest(after) == digest(before)


def test_the_digest_ignores_row_ids_and_the_order_of_names(full_category):
    before = document(full_category)
    assert digest(before) == digest(dict(reversed(before.items())))
    assert digest(before) != digest(before | {"title": "Other"})
    Section.objects.all().delete()
    restore(full_category, before)
    assert digest(document(full_category)) == digest(before)


def test_a_document_costs_the_same_for_1_row_and_for_3(
    make_condition, source, django_assert_num_queries
):
    condition = Page.objects.get(pk=make_condition().pk)
    with django_assert_num_queries(11):
        document(condition)
    for number in range(2):
        section = Section.objects.create(
            page=condition, anchor=f"more-{number}", heading="H", body="<p>b</p>"
        )
        section.citations.add(source)
    with django_assert_num_queries(10):  # the specific page is known by now
        document(condition)

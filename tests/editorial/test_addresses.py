"""Addresses: one page each, for good; a symptom and its groups move together."""

from datetime import timedelta

import pytest
from django.utils import timezone

from causes.editorial.acting import NotPossible
from causes.editorial.bodies import public_body
from causes.editorial.documents import document
from causes.editorial.editions import path_of
from causes.editorial.publishing import cancel, withdraw
from causes.models import Address, Edition, Event

pytestmark = pytest.mark.django_db


def retitle(page, title: str) -> None:
    page.title = title
    page.save()


def verbs(page) -> list[str]:
    return list(page.events.order_by("id").values_list("verb", flat=True))


def test_an_address_belongs_to_its_page_for_good(make_condition, published, publisher):
    first = make_condition("sciatica")
    published(first)
    first.slug = "sciatic-pain"
    first.save()
    published(first)
    withdraw(first, actor=publisher, note="merged")
    rival = make_condition("rival", slug="sciatica")
    with pytest.raises(NotPossible, match="belongs to “Sciatica” for good"):
        published(rival)
    assert Edition.objects.filter(page=rival).count() == 0
    assert Address.objects.get(path="/conditions/sciatica/").page_id == first.pk


def test_a_schedule_that_nobody_saw_leaves_its_address_free(make_condition, published, publisher):
    first, tomorrow = make_condition("sciatica"), timezone.now() + timedelta(days=1)
    published(first, at=tomorrow)
    cancel(first, actor=publisher)
    rival = published(make_condition("rival", slug="sciatica"))
    assert rival.path == "/conditions/sciatica/"


def test_a_schedule_at_another_address_is_not_kept(make_condition, published):
    condition = make_condition()
    published(condition)
    retitle(condition, "Later")
    published(condition, at=timezone.now() + timedelta(days=1))
    condition.slug = "moved"
    condition.save()
    with pytest.raises(NotPossible, match="another address"):
        published(condition, scheduled="keep")
    assert published(condition, scheduled="replace").path == "/conditions/moved/"


def test_a_group_and_a_condition_of_one_name_stand_at_two_addresses(
    make_symptom, make_category, make_condition, published
):
    symptom, name = make_symptom(), "peripheral-neuropathy"
    published(symptom)
    condition = published(make_condition(name))
    group = published(make_category(symptom, f"leg-{name}", slug=name, title=condition.title))
    assert group.title == condition.title
    assert group.path == f"/symptoms/leg-numbness/{name}/"
    assert condition.path == f"/conditions/{name}/"


def test_a_page_in_another_language_has_its_own_address(make_condition, published):
    original = make_condition()
    published(original)
    translation = make_condition("sciatique", slug="sciatica", language="fr", original=original)
    body = public_body(document(translation))
    assert path_of(body, timezone.now()) == "/fr/conditions/sciatica/"
    with pytest.raises(NotPossible, match="Translations cannot be published yet"):
        published(translation)


def test_the_language_of_an_original_does_not_move_it(make_condition, published):
    condition = make_condition(language="en-gb")
    assert published(condition).path == "/conditions/sciatica/"


def test_a_group_cannot_be_published_before_its_symptom(make_symptom, make_category, published):
    with pytest.raises(NotPossible, match="Publish the symptom first"):
        published(make_category(make_symptom()))


def test_a_symptom_that_moves_takes_its_groups_along(make_symptom, make_category, published):
    symptom = make_symptom()
    published(symptom)
    group = make_category(symptom)
    before = published(group)
    symptom.slug = "numb-legs"
    symptom.save()
    published(symptom)
    now = Edition.objects.live().get(page=group)
    assert now.path == "/symptoms/numb-legs/trapped/"
    assert (now.digest, now.revision) == (before.digest, before.revision)
    assert {a.path for a in group.addresses.all()} == {before.path, now.path}
    assert verbs(group)[-1] == Event.Verb.MOVE


def test_a_symptom_cannot_move_later_or_under_a_waiting_group(
    make_symptom, make_category, published
):
    symptom, tomorrow = make_symptom(), timezone.now() + timedelta(days=1)
    published(symptom)
    group = make_category(symptom)
    published(group)
    symptom.slug = "numb-legs"
    symptom.save()
    with pytest.raises(NotPossible, match="cannot be scheduled"):
        published(symptom, at=tomorrow)
    retitle(group, "Changed")
    published(group, at=tomorrow)
    with pytest.raises(NotPossible, match="Cancel that first"):
        published(symptom)


def test_a_group_cannot_take_the_address_of_its_symptoms_history(
    make_symptom, make_category, published
):
    symptom = make_symptom()
    published(symptom)
    group = make_category(symptom, slug="history")
    with pytest.raises(NotPossible, match="history"):
        published(group)
    assert not Address.objects.filter(path="/symptoms/leg-numbness/history/").exists()

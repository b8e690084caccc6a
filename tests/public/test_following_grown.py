"""What lists know of a larger site follows many changes of many pages."""

import random

import pytest

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import AlternateName, Condition, Tag
from tests.benchmarks._growth import grow
from tests.conftest import go_live
from tests.public.watched import are_true, watched_catalog

TITLES = ("Ache", "ache", "Ärger", "aché", "Zoster", "äche", "MS", "Ms", "Éclair", "Über", "0 leg")


@pytest.fixture
def watched():
    return watched_catalog()


def change_one(chance: random.Random) -> None:
    page = chance.choice(Condition.objects.filter(editions__live_until=None).distinct())
    title = f"{chance.choice(TITLES)} {chance.choice(['', page.pk])}".strip()
    match chance.randrange(4):
        case 0:
            Condition.objects.filter(pk=page.pk).update(title=title)
        case 1:
            name = f"{title} too"
            AlternateName.objects.filter(page=page).delete()
            AlternateName.objects.create(page=page, anchor=f"n{chance.random()}", name=name)
        case 2:
            tags = list(Tag.objects.order_by("slug"))
            page.tags.set(chance.sample(tags, chance.randrange(1, 5)))
        case 3:
            withdraw(page, actor=FIXTURE, note="wrong")
            return
    go_live(page)


@pytest.mark.parametrize("seed", range(3))
def test_after_many_changes_of_many_pages_all_is_as_if_read_anew(shipped, watched, seed):
    grow(70)
    chance = random.Random(seed)
    assert are_true(watched)
    for turn in range(14):
        for _ in range(chance.randrange(1, 4)):
            change_one(chance)
        assert are_true(watched), turn
    assert [each.made for each in watched] == [1, 1]


def test_where_very_much_changed_all_is_read_anew(shipped, watched, monkeypatch):
    monkeypatch.setattr("causes.public.following.MOST_CHANGES", 3)
    assert are_true(watched)
    for page in Condition.objects.all()[:2]:
        Condition.objects.filter(pk=page.pk).update(title=f"New {page.pk}")
        go_live(page)
    assert are_true(watched)
    assert [each.made for each in watched] == [2, 2]

"""Names that go on from what was typed."""

import pytest
from django.utils import timezone

from causes import search
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Page


@pytest.fixture
def names(db):
    return lambda typed, **options: [
        suggestion.name for suggestion in search.suggest(typed, at=timezone.now(), **options)
    ]


def test_names_that_begin_so_come_first_the_shortest_first(make_page, names):
    make_page("a", title="Peripheral neuropathy")
    make_page("b", title="Peripheral artery disease", names=["PAD"])
    make_page("c", title="Diseases of peripheral nerves")
    assert names("periph") == [
        "Peripheral neuropathy",
        "Peripheral artery disease",
        "Diseases of peripheral nerves",
    ]
    assert names("pad") == ["PAD"]


def test_words_in_any_order_the_last_half_typed(make_page, names):
    make_page("a", title="Herniated disc", names=["slipped disc"])
    assert names("disc slip") == ["slipped disc"]
    assert names("disc hern") == ["Herniated disc"]


def test_a_mistake_is_forgiven(make_page, names):
    make_page("a", title="Peripheral neuropathy")
    assert names("periferal neur") == ["Peripheral neuropathy"]
    assert names("neuropaty") == ["Peripheral neuropathy"]


def test_a_page_is_suggested_once(make_page, names):
    make_page("a", title="Numb leg", names=["numb legs", "numb foot"])
    assert len(names("numb")) == 1


def test_at_most_so_many(make_page, names):
    for number in range(12):
        make_page(f"a{number}", title=f"Ache {number}")
    assert len(names("a", limit=8)) == 8


def test_punctuation_and_case_do_not_matter(make_page, names):
    make_page("a", title="Myelodysplastic/Myeloproliferative neoplasms")
    assert names("myelodysplastic myelo") == names("MYELODYSPLASTIC/ Myelop")
    assert names("myelodysplastic/") == ["Myelodysplastic/Myeloproliferative neoplasms"]


@pytest.mark.parametrize("typed", ["", "  ", "?", "\0", "*", ".*", "\ud800", "a" * 10_000])
def test_nothing_to_go_on_suggests_nothing(make_page, names, typed):
    make_page("b", title="Beta")
    assert names(typed) == []


def test_a_withdrawn_page_is_not_suggested(make_page, names):
    make_page("a", title="Alpha")
    assert names("alp") == ["Alpha"]
    withdraw(Page.objects.get(key="a"), actor=FIXTURE, note="wrong")
    assert names("alp") == []

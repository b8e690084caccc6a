"""Names that go on from what was typed."""

import pytest
from django.utils import timezone

from causes import search
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Page
from causes.search import suggesting
from causes.search.families import family_order


@pytest.fixture
def names(db):
    return lambda typed, **options: [
        suggestion.name for suggestion in search.suggest(typed, at=timezone.now(), **options)
    ]


@pytest.fixture
def found_titles(db):
    return lambda typed: [
        suggestion.title for suggestion in search.suggest(typed, at=timezone.now())
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


def test_a_short_title_is_found_among_more_names_than_are_looked_at(make_page, names, monkeypatch):
    monkeypatch.setattr(suggesting, "MOST_NAMES", 3)
    make_page("many", title="Mu", names=[f"mu other {number}" for number in range(4)])
    make_page("last", title="Mumps")
    assert names("mu") == ["Mu", "Mumps"]


def test_another_name_comes_before_a_title_only_if_it_is_much_shorter(make_page, names):
    make_page("a", title="Numbness after a journey")
    make_page("b", title="Sleeping foot", names=["numb foot"])
    make_page("c", title="Tingling", names=["numbness of a foot"])
    assert names("numb") == ["numb foot", "Numbness after a journey", "numbness of a foot"]


def test_of_pages_that_share_a_name_the_one_with_that_title_comes_first(make_page, found_titles):
    for number in range(3):
        make_page(f"type-{number}", title=f"Type {number} palsy", names=["palsy"])
    make_page("palsy", title="Palsy")
    assert found_titles("palsy")[0] == "Palsy"
    assert set(found_titles("palsy")) == {"Palsy", "Type 0 palsy", "Type 1 palsy", "Type 2 palsy"}


def test_siblings_come_in_the_order_of_their_numbers_however_they_are_written(make_page, names):
    ataxias = [
        "Ataxia 2",
        "Ataxia type III",
        "Ataxia 4",
        "ataxia type 4b",
        "Ataxia IX",
        "Ataxia 10",
    ]
    for number, title in enumerate(reversed(ataxias)):
        make_page(f"a{number}", title=title)
    assert names("atax") == ataxias


def test_a_family_comes_before_its_members_and_they_before_longer_names(make_page, names):
    make_page("member", title="Ataxia type 12")
    make_page("family", title="Ataxia")
    make_page("longer", title="Ataxia at birth")
    assert names("atax") == ["Ataxia", "Ataxia type 12", "Ataxia at birth"]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("Ataxia type 2", [(2, "")]),
        ("Neuropathy 2B2", [(2, "b2")]),
        ("Disease XIV", [(14, "")]),
        ("Disease VIII, form 1a", [(8, ""), (1, "a")]),
        ("Syndrome type iiic", [(3, "c")]),
        ("X-linked ataxia", []),
        ("Hepatitis C", []),
        ("Very civil mix", []),
        (f"Ataxia {'9' * 400}", []),
    ],
)
def test_what_is_a_number_in_a_name(name, numbers):
    assert family_order(name)[1] == numbers


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

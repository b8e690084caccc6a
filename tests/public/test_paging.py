"""Long lists come a page at a time; short ones are one page, as if there were no paging."""

from itertools import chain
from types import SimpleNamespace

import pytest

from causes.models import AlternateName, Cause
from causes.public import a_to_z, lists, pages, tag_pages
from causes.public.bitsets import BLOCK, bits, in_all, membership, numbers_in
from causes.public.paging import paging
from tests.public.seen import links, page_at, words, words_of

GROUP = "/symptoms/leg-numbness/trapped/"
SYMPTOM = "/symptoms/leg-numbness/"


def at(count: int, wanted: int, length: int = 10):
    return paging(count, wanted, length, lambda number: f"?page={number}")


@pytest.mark.parametrize(
    ("count", "wanted", "number", "last"),
    [(0, 1, 1, 1), (10, 1, 1, 1), (11, 2, 2, 2), (11, 3, 2, 2), (11, 0, 1, 2), (11, 99_999, 2, 2)],
)
def test_a_number_beyond_the_list_means_its_nearest_page(count, wanted, number, last):
    found = at(count, wanted)
    assert (found.number, found.last) == (number, last)


def test_every_entry_is_on_exactly_one_page():
    entries = list(range(25))
    shown = [entries[at(25, n).start : at(25, n).stop] for n in (1, 2, 3)]
    assert list(chain(*shown)) == entries


def test_pages_lead_to_those_around_them_and_to_both_ends():
    found = at(1000, 50)
    assert [number for number, _ in found.numbered] == [1, "…", 49, 50, 51, "…", 100]
    assert (found.previous, found.next) == ("?page=49", "?page=51")
    assert (at(1000, 1).previous, at(1000, 100).next) == ("", "")


def test_a_set_of_bits_holds_its_numbers_in_order():
    numbers = [0, 3, 7, 8, 64, 50_000]
    assert list(numbers_in(bits(numbers))) == numbers
    assert list(numbers_in(bits(numbers), 2, 4)) == [7, 8]
    assert bits([]) == 0
    assert list(numbers_in(0)) == []
    assert in_all([bits([1, 2]), bits([2, 3])]) == bits([2])
    assert in_all([]) is None


@pytest.mark.parametrize("around", [8, BLOCK * 8, BLOCK * 16])
def test_a_set_of_bits_knows_its_numbers_at_the_ends_of_its_parts(around):
    numbers = [around - 1, around, around + 1, around * 3]
    is_in = membership(bits(numbers))
    assert list(numbers_in(bits(numbers))) == numbers
    assert [number for number in range(around * 4) if is_in(number)] == numbers
    assert not any(map(membership(0), range(around)))


# --- On the pages ------------------------------------------------------------------------


@pytest.fixture
def short_pages(monkeypatch) -> None:
    """Lists of the small site are long."""
    for module, name in (
        (lists, "SYMPTOMS"),
        (lists, "SYMPTOMS_AT_HOME"),
        (tag_pages, "CONDITIONS"),
        (a_to_z, "NAMES_OF_A_LETTER"),
    ):
        monkeypatch.setattr(module, name, 1)
    monkeypatch.setattr(a_to_z, "NAMES_ON_ONE_PAGE", 3)
    monkeypatch.setattr(lists, "TAGS_AT_HOME", 1)
    monkeypatch.setattr(pages, "MOST_CAUSES", 1)


@pytest.fixture
def long_site(small_site, make_symptom, published) -> SimpleNamespace:
    published(make_symptom("arm-numbness", title="Arm numbness"))
    AlternateName.objects.create(page=small_site.disc, anchor="n1", name="Slipped disc")
    published(small_site.disc)
    return small_site


def canonical(document) -> str:
    return document.query_one("link[rel=canonical]").attrs["href"].split(":8000")[1]


def pager(document) -> dict[str, str]:
    return links(document, ".paging a")


@pytest.mark.parametrize(
    "address", ["/symptoms/", "/conditions/", "/tags/one-leg/", SYMPTOM, GROUP, "/search/?q=leg"]
)
def test_a_short_list_has_no_pages(client, small_site, address):
    document = page_at(client, address)
    assert document.query(".paging") == []
    assert canonical(document) == address
    assert canonical(page_at(client, f"{address.partition('?')[0]}?page=2")) in {
        address,
        "/search/",
    }


@pytest.mark.parametrize(
    ("address", "entries", "expected"),
    [
        ("/symptoms/", ".tile a", ["Arm numbness", "Leg numbness"]),
        ("/conditions/?letter=S", ".names li", ["Sciatica", "Slipped disc, see Herniated disc"]),
        ("/tags/one-leg/", ".group li > a", ["Blood clot", "Herniated disc", "Sciatica"]),
        (SYMPTOM, ".group li > a", ["Sciatica", "Herniated disc", "Blood clot", "Herniated disc"]),
        (GROUP, ".group h3 > a", ["Sciatica", "Herniated disc"]),
    ],
)
def test_the_pages_of_a_list_hold_all_of_it_one_after_the_other(
    client, long_site, short_pages, address, entries, expected
):
    found, here = [], address
    while here:
        document = page_at(client, here)
        assert document.errors == []
        found += words_of(document, entries)
        assert canonical(document) == here
        assert "noindex" not in document.to_html()
        here = next(iter(links(document, "a[rel=next]")), "").partition("#")[0]
    assert found == expected


@pytest.mark.parametrize("number", ["99", "99999", "999999999", "0", "-1", "x", "%00", "٣"])
@pytest.mark.parametrize("address", ["/symptoms/", "/tags/one-leg/", SYMPTOM, GROUP])
def test_an_odd_number_shows_a_page_of_the_list(client, long_site, short_pages, address, number):
    response = client.get(f"{address}?page={number}")
    assert response.status_code == (400 if number == "%00" else 200)


def test_many_names_are_a_page_for_each_letter(client, long_site, short_pages):
    document = page_at(client, "/conditions/")
    assert links(document, ".letters a") == {
        f"/conditions/?letter={letter}": letter for letter in "ABHLS"
    }
    assert document.query(".letter") == []
    assert "There are 6 names." in words(document)
    assert canonical(page_at(client, "/conditions/?letter=Q")) == "/conditions/"
    second = page_at(client, "/conditions/?letter=S&page=2")
    assert words_of(second, "h1") == ["Conditions A to Z: S, page 2"]
    assert links(second, ".breadcrumbs a")["/conditions/"] == "Conditions A to Z"
    assert links(second, ".letters a[aria-current=page]") == {"/conditions/?letter=S": "S"}


def test_an_accented_name_stands_under_its_letter_among_the_plain_ones(
    client, small_site, short_pages, monkeypatch, make_condition, published
):
    monkeypatch.setattr(a_to_z, "NAMES_OF_A_LETTER", 10)
    for key, title in {"a": "épine", "b": "Eczema", "c": "Épaule", "d": "Eye"}.items():
        published(make_condition(key, title=title))
    document = page_at(client, "/conditions/?letter=E")
    assert words_of(document, ".names li") == ["Eczema", "Épaule", "épine", "Eye"]


def test_narrowing_goes_through_the_pages_with_true_counts(client, long_site, short_pages):
    document = page_at(client, f"{SYMPTOM}?tag=one-leg&page=2")
    assert "3 of 3 causes: one leg." in words(document)
    assert pager(document)[f"{SYMPTOM}?page=3&tag=one-leg#causes"] == "Next page"
    assert 'content="noindex"' in document.to_html()
    tag = page_at(client, "/tags/one-leg/?tag=both-legs&tag=sudden")
    assert "None of the conditions has all of these tags." in words(tag)


def test_home_shows_some_and_leads_to_all(client, long_site, short_pages):
    document = page_at(client, "/")
    assert words_of(document, "main a[href='/symptoms/']") == ["All symptoms"]
    assert links(document, ".chips a") == {
        "/tags/one-leg/": "One leg",
        "/tags/sudden/": "Sudden",
    }


def test_a_cause_that_is_not_live_takes_no_place_on_a_page(
    client, long_site, short_pages, make_condition, published
):
    Cause.objects.create(
        category=long_site.trapped, condition=make_condition("draft"), anchor="d", order=0
    )
    published(long_site.trapped)
    assert words_of(page_at(client, GROUP), ".group h3 > a") == ["Sciatica"]

"""What lists know of all live pages follows each change; it is as if read anew, and costs less."""

from array import array
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from causes.editorial.acting import FIXTURE, raise_content_version
from causes.editorial.publishing import publish, record, withdraw
from causes.models import Condition, Edition, EditionName
from causes.public import names, tagged
from causes.public.bitsets import bits, numbers_in, put_in, taken_out
from causes.public.following import Following
from causes.public.ranked import OutOfOrder, places, steps
from causes.search.kept import content_version
from tests.conftest import go_live
from tests.public.watched import are_true, watched_catalog

SOME = st.lists(st.integers(0, 40), unique=True, max_size=30)


@given(numbers=SOME, place=st.integers(0, 45), is_in=st.booleans())
def test_a_number_put_into_a_set_or_taken_out_moves_those_above(numbers, place, is_in):
    wider = {n + (n >= place) for n in numbers} | ({place} if is_in else set())
    assert set(numbers_in(put_in(bits(numbers), place, is_in))) == wider
    narrower = {n - (n > place) for n in numbers if n != place}
    assert set(numbers_in(taken_out(bits(numbers), place))) == narrower


@given(
    kept=st.sets(st.integers(0, 2000), max_size=400),
    gone=st.sets(st.integers(0, 2000), max_size=20),
    new=st.sets(st.integers(0, 2000), max_size=20),
)
def test_rows_are_taken_out_and_put_in_at_their_places(kept, gone, new):
    """A row's id says where it belongs; to say what it is sorted by is the database's part."""
    gone, new = gone & kept, new - kept
    ids = array("q", sorted(kept))
    asked: list[int] = []

    def read(wanted):
        asked.extend(wanted)
        return {pk: (pk,) for pk in wanted}

    todo = steps(ids, {pk: (pk,) for pk in gone}, {pk: (pk,) for pk in new}, read)
    for place, pk in todo:
        if pk is None:
            del ids[place]
        else:
            ids.insert(place, pk)
    assert list(ids) == sorted((kept - gone) | new)


def test_a_place_among_200_000_is_found_by_a_few_questions():
    ids, questions = array("q", range(0, 400_000, 2)), []

    def read(wanted):
        questions.append(len(wanted))
        return {pk: (pk,) for pk in wanted}

    assert places(ids, [(-1,), (100_001,), (399_999,)], read) == {
        (-1,): 0,
        (100_001,): 50_001,
        (399_999,): 200_000,
    }
    assert len(questions) == 3
    assert sum(questions) < 500


def test_rows_that_are_gone_or_stand_elsewhere_are_noticed():
    ids = array("q", range(100))
    with pytest.raises(OutOfOrder):
        places(ids, [(5.5,)], lambda wanted: {})
    with pytest.raises(OutOfOrder):
        steps(ids, {1000: (50.5,)}, {}, lambda wanted: {pk: (pk,) for pk in wanted})


# --- What lists know ----------------------------------------------------------------------


@pytest.fixture
def watched():
    return watched_catalog()


def test_what_is_not_listed_changes_nothing(small_site, watched):
    before = [each.now() for each in watched]
    go_live(small_site.trapped)
    assert [each.now() for each in watched] == before
    assert all(each.now() is kept for each, kept in zip(watched, before, strict=True))


def test_a_moment_before_and_a_moment_to_come_are_followed_too(small_site, watched):
    for each in watched:
        each.now()
    now, page = timezone.now(), small_site.disc
    Condition.objects.filter(pk=page.pk).update(title="Later")
    number = record(page, actor=FIXTURE).number
    publish(page, actor=FIXTURE, number=number, at=now + timedelta(hours=1))
    for at in (now + timedelta(hours=2), now, now + timedelta(hours=2), now + timedelta(hours=1)):
        conditions, all_names = (each.value(at, content_version()) for each in watched)
        assert conditions == tagged.tagged_conditions(at)
        assert all_names == names.names(at)
    assert [each.made for each in watched] == [1, 1]


@pytest.mark.parametrize(
    "change",
    [
        lambda: raise_content_version(),  # a tag, or a redaction
        lambda: Edition.objects.filter(key="disc").update(title="A title that sorts elsewhere"),
        lambda: EditionName.objects.filter(edition__key="disc").update(name="Xylem"),
    ],
    ids=["rewritten", "title", "name"],
)
def test_what_cannot_be_followed_is_read_anew(small_site, watched, change):
    for each in watched:
        each.now()
    change()
    withdraw(small_site.disc, actor=FIXTURE, note="wrong")
    assert are_true(watched)


def test_what_was_read_while_a_page_was_published_is_not_built_upon(small_site):
    """Two readings may then be of two states."""

    def make(at):
        withdraw(small_site.disc, actor=FIXTURE, note="wrong")
        made.append(at)
        return names.names(at)

    made = []
    following = Following(("condition",), make, None)
    following.value(timezone.now(), content_version() - 1)
    following._make = lambda at: made.append(at) or names.names(at)
    following.value(timezone.now(), content_version())
    assert len(made) == 2
    following.value(timezone.now(), content_version() + 1)
    assert len(made) == 2

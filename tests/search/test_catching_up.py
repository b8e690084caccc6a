"""The index follows what is live, whatever happened to it, and only what is live."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from causes import search
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import cancel, publish, record, withdraw
from causes.models import Condition, Edition, Page, Tag, TaggedEdition
from causes.search import catching_up, index, live, writing
from causes.search.kept import Versions
from tests.conftest import go_live


def the_page(key: str) -> Page:
    return Page.objects.get(key=key).specific()


def keys_at(question, at):
    return [hit.key for hit in search.find(question, at=at).hits]


def test_a_drafts_words_are_never_found(make_page, make_condition, keys, found):
    make_page("a", title="Alpha")
    page = the_page("a")
    page.title, page.lead = "Secretive", "<p>Hushhush.</p>"
    page.save()
    record(page, actor=FIXTURE)
    record(make_condition("new", title="Unseenly"), actor=FIXTURE)
    for word in ("secretive", "hushhush", "unseenly"):
        assert keys(word, exact=True) == []
        assert found(word).corrected == ""
        assert search.suggest(word, at=timezone.now()) == []
    assert keys("alpha") == ["a"]


def test_a_new_edition_replaces_the_words_of_the_one_before(make_page, keys):
    make_page("a", title="Alpha", text="Oldword.")
    assert keys("oldword") == ["a"]
    page = the_page("a")
    page.sections.filter(anchor="more").update(body="<p>Newword.</p>")
    go_live(page)
    assert keys("oldword", exact=True) == []
    assert keys("newword") == ["a"]
    assert search.status().pages == 1


def test_a_scheduled_page_is_found_from_its_second_on(make_page, make_condition):
    make_page("a", title="Alpha")
    page, at = make_condition("later", title="Latecomer"), timezone.now() + timedelta(hours=1)
    revision = record(page, actor=FIXTURE)
    publish(page, actor=FIXTURE, number=revision.number, at=at)
    before = at - timedelta(microseconds=1)
    assert keys_at("latecomer", timezone.now()) == []
    assert keys_at("latecomer", before) == []
    assert search.suggest("late", at=before) == []
    assert keys_at("latecomer", at) == ["later"]
    assert [s.key for s in search.suggest("late", at=at)] == ["later"]
    assert keys_at("latecomer", before) == []


def test_a_cancelled_schedule_is_not_found(make_condition):
    page, at = make_condition("later", title="Latecomer"), timezone.now() + timedelta(hours=1)
    publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number, at=at)
    assert keys_at("latecomer", at) == ["later"]
    cancel(page, actor=FIXTURE)
    assert keys_at("latecomer", at) == []


def test_a_withdrawn_page_is_gone_at_once_even_while_the_index_holds_it(
    make_page, keys, monkeypatch
):
    make_page("a", title="Alpha", names=["first letter"])
    make_page("b", title="Alpha too")
    assert set(keys("alpha")) == {"a", "b"}
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 3600.0)
    withdraw(the_page("a"), actor=FIXTURE, note="wrong")
    assert keys("alpha") == ["b"]
    assert search.suggest("first", at=timezone.now()) == []
    assert search.status().pages == 2
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 0.0)
    assert keys("alpha") == ["b"]
    assert search.status().pages == 1


def test_the_answer_says_which_content_version_it_is_true_for(make_page, found, monkeypatch):
    make_page("a", title="Alpha")
    before = found("alpha").version
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 3600.0)
    make_page("b", title="Alpha too")
    assert found("alpha").version == before
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 0.0)
    assert found("alpha").version > before


def test_an_answer_from_before_a_scheduled_second_is_true_for_no_version_after_it(
    make_page, make_condition, monkeypatch
):
    """The content version does not change then; a cache would keep the answer until it does."""
    make_page("a", title="Alpha")
    page, then = make_condition("later", title="Alpha too"), timezone.now() + timedelta(hours=1)
    publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number, at=then)
    before = search.find("alpha", at=then - timedelta(seconds=1)).version
    assert before is not None
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 3600.0)
    assert search.find("alpha", at=then).version is None
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 0.0)
    assert search.find("alpha", at=then).version == before


def test_a_process_looks_again_only_after_a_pause(
    make_page, found, monkeypatch, django_assert_num_queries
):
    make_page("a", title="Alpha")
    found("alpha")
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 60.0)  # a second passes in a busy test
    with django_assert_num_queries(1):  # the editions of the hits
        found("alpha")


def test_a_tag_that_moves_from_page_to_page_is_noticed(make_page, make_tag, found):
    one, other = make_tag("one"), make_tag("other")
    edition = make_page("a", title="Alpha", tags=(one,))
    assert found("alpha").tag_counts == {"one": 1}
    TaggedEdition.objects.filter(edition=edition).update(tag=other)
    catching_up.forget()  # editors' screens raise the content version; here nobody did
    assert found("alpha").tag_counts == {"other": 1}
    Tag.objects.filter(pk=other.pk).update(slug="renamed")
    catching_up.forget()
    assert found("alpha").tag_counts == {"renamed": 1}


def test_another_database_is_just_another_difference(make_page, keys):
    """As after a restored backup: same ids and counters, other words."""
    make_page("a", title="Alpha")
    assert keys("alpha") == ["a"]
    edition = the_page("a").editions.get()
    edition.body["title"] = edition.title = "Omega"
    edition.digest = "0" * 64
    edition.save()
    edition.names.update(name="Omega")
    catching_up.forget()
    assert keys("omega") == ["a"]
    assert keys("alpha", exact=True) == []


def test_all_is_compared_now_and_then_even_if_nothing_seems_to_have_changed(
    make_page, keys, monkeypatch
):
    make_page("a", title="Alpha")
    keys("alpha")
    compared = []
    original = live.live_editions
    monkeypatch.setattr(
        catching_up, "live_editions", lambda *args: compared.append(1) or original(*args)
    )
    keys("alpha")
    assert compared == []
    monkeypatch.setattr(catching_up, "LONGEST_TRUST", 0.0)
    keys("alpha")
    assert compared == [1]


def test_a_site_without_pages_has_an_index_too(db, found):
    answer = found("anything")
    assert (answer.engine, answer.total) == (True, 0)


def test_while_another_process_writes_the_present_state_is_read(make_page, keys, found):
    make_page("a", title="Alpha")
    assert keys("alpha") == ["a"]
    make_page("b", title="Alpha too")
    here = catching_up._process
    with here.files.writing():  # as another process does: this one cannot have the lock
        assert keys("alpha") == ["a"]
        assert found("alpha").version is None
        with pytest.raises(search.WriterBusy):
            search.sync()
    assert set(keys("alpha")) == {"a", "b"}


def test_a_write_that_is_not_committed_has_done_nothing(make_page, keys):
    make_page("a", title="Alpha")
    assert keys("alpha") == ["a"]
    with catching_up._process.files.writing() as writing:
        writing.replace([the_page("a").pk], ())
    catching_up.forget()
    assert keys("alpha") == ["a"]
    assert search.status().behind == 0


def test_names_without_pages_are_no_index(make_page, keys, monkeypatch):
    """A first build killed between its two commits."""
    make_page("a", title="Alpha")
    with monkeypatch.context() as patch:
        patch.setattr("causes.search.index.Writing.commit", lambda self: self.names.commit())
        search.rebuild()
    state = search.status()
    assert (state.pages, state.names, state.behind) == (0, 1, 1)
    assert keys("alpha") == ["a"]
    assert search.status() == search.Status(state.directory, 1, 1, 0, "")


def test_sync_and_rebuild_say_how_many_pages(make_page):
    make_page("a", title="Alpha")
    make_page("b", title="Beta")
    search.rebuild()
    assert search.sync() == 0
    withdraw(the_page("b"), actor=FIXTURE, note="wrong")
    assert search.sync() == 1
    assert search.rebuild() == 1


def test_many_changes_are_written_in_parts_of_some_hundred(make_page, found, monkeypatch):
    monkeypatch.setattr(live, "AT_A_TIME", 2)
    for number in range(5):
        make_page(f"ache-{number}", title=f"Ache {number}")
    assert found("ache").total == 5
    assert Condition.objects.count() == 5


def test_no_reader_waits_while_the_engine_merges_its_files(make_page, keys, monkeypatch):
    """What was published is found while the merge, held up here, goes on and keeps the lock."""
    merged, waiting = threading.Event(), []
    release = index._release

    def slow(writer):
        if threading.current_thread() is not threading.main_thread():
            waiting.append(writer)
            assert merged.wait(30)
        release(writer)

    make_page("a", title="Alpha")
    assert keys("alpha") == ["a"]
    monkeypatch.setattr(index, "_release", slow)
    monkeypatch.setattr(index, "MERGED_AT_ONCE", 0)
    make_page("b", title="Alpha too")
    assert set(keys("alpha")) == {"a", "b"}
    make_page("c", title="Alpha as well")
    assert set(keys("alpha")) == {"a", "b"}
    merged.set()
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.daemon:
            thread.join(5)
    assert len(waiting) == 2
    monkeypatch.setattr(index, "MERGED_AT_ONCE", 1000)
    assert set(keys("alpha")) == {"a", "b", "c"}


def test_many_pages_become_one_file_while_they_are_written(make_page, monkeypatch):
    """Else the engine would join large files later, while a publication waits for its lock."""

    class ThreeFiles(index.Writing):
        """As if the memory did not suffice: every third of the pages becomes a file."""

        def replace(self, pages, entries):
            every, third = list(entries), -(-len(pages) // 3)
            for start in range(0, len(every), third):
                super().replace(pages if start == 0 else [], every[start : start + third])
                self.commit()

    for number in range(20):
        make_page(f"ache-{number}", title=f"Ache {number}")
    monkeypatch.setattr(writing, "MANY_PAGES", 10)
    monkeypatch.setattr(index, "Writing", ThreeFiles)
    assert search.rebuild() == 20
    searchers = index.Files(index.directory()).searchers()
    assert searchers.pages.num_docs == searchers.names.num_docs == 20
    # The three and five of the last eight are one; three came when that had begun.
    assert searchers.pages.num_segments <= 4


@pytest.fixture
def seen(make_page, make_tag):
    """What was read of two live pages, and the ways in which their tags may change."""
    make_page("a", title="Alpha", tags=(make_tag("one"),))
    make_page("b", title="Beta")
    return live.live_editions(timezone.now(), Versions(1, 0))


def read_again(seen, rewritten: int = 0) -> live.Live:
    """What is read after it, which must be what is read by one who has seen nothing."""
    at, versions = timezone.now(), Versions(2, rewritten)
    again = live.live_editions(at, versions, seen)
    assert again == live.live_editions(at, versions)
    return again


def test_after_a_publication_only_what_is_new_is_read(seen, make_page, make_tag, monkeypatch):
    make_page("c", title="Gamma", tags=(make_tag("other"), make_tag("third")))
    withdraw(the_page("b"), actor=FIXTURE, note="wrong")
    again = read_again(seen)
    assert len(again.states) == 2
    read, original = [], live._states
    monkeypatch.setattr(live, "_states", lambda ids: read.append(ids) or original(ids))
    assert live.live_editions(again.at, Versions(2, 0), seen) == again
    assert read == [list(Edition.objects.filter(key="c").values_list("pk", flat=True))]


@pytest.mark.parametrize("first", [True, False])
def test_an_edition_that_ends_between_two_questions_is_no_error(seen, make_page, first):
    """Another process may end an edition at a moment that this one has already passed."""
    make_page("c", title="Gamma")
    at = timezone.now()

    def end(execute, sql, *others):
        if '"digest"' in sql:
            Edition.objects.filter(key="c").update(live_until=at)
        return execute(sql, *others)

    with connection.execute_wrapper(end):
        live.live_editions(at, Versions(2, 0), None if first else seen)
    assert not Edition.objects.live(at).filter(key="c").exists()
    assert read_again(seen).pages == seen.pages


@pytest.mark.parametrize("change", ["added", "exchanged", "removed", "same sum", "other text"])
def test_a_change_of_an_edition_that_was_seen_is_seen(seen, make_tag, change):
    """Of its tags, or of its text; whoever does so says that something was rewritten."""
    three, tagged = [make_tag(slug) for slug in ("x", "y", "z")], TaggedEdition.objects
    of_b = the_page("b").editions.get()
    if change == "added":
        tagged.create(edition=of_b, tag=three[0])
    elif change == "exchanged":
        tagged.filter(edition__key="a").update(tag=three[0])
    elif change == "removed":
        tagged.filter(edition__key="a").delete()
    elif change == "same sum":
        first, *middle, last = [*three, make_tag("w")]
        tagged.bulk_create(tagged.model(edition=of_b, tag=tag) for tag in (first, last))
        seen = live.live_editions(timezone.now(), Versions(1, 0))
        tagged.filter(edition=of_b).delete()
        tagged.bulk_create(tagged.model(edition=of_b, tag=tag) for tag in middle)
        assert first.pk + last.pk == sum(tag.pk for tag in middle)
    else:
        Edition.objects.filter(pk=of_b.pk).update(digest="0" * 64)
    assert read_again(seen, rewritten=3).states != seen.states

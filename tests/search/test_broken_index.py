"""An index that is missing, broken or cannot be written: searches answer, and it heals."""

import errno
import logging
import random
import shutil

import pytest
from django.utils import timezone

from causes import search
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Page
from causes.search import catching_up
from causes.search.index import IndexBroken, directory


@pytest.fixture(autouse=True)
def own_directory(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(catching_up, "PAUSE_AFTER_FAILURE", 0.0)
    monkeypatch.setattr(catching_up, "_complained", float("-inf"))


@pytest.fixture
def pages(make_page, make_tag):
    tag = make_tag("one-leg")
    for number in range(6):
        make_page(f"ache-{number}", title=f"Ache {number}", text="Aching. " * 40, tags=(tag,))


def ask(question="ache"):
    return search.find(question, at=timezone.now())


def heals() -> bool:
    """Whether within a few searches, none of which fails, the index is whole again."""
    for _ in range(4):
        answer = ask()
        assert answer.total == 6
    return answer.engine and search.status().behind == 0


def test_a_deleted_directory_is_made_again(pages):
    assert ask().engine
    shutil.rmtree(directory())
    assert heals()


@pytest.mark.parametrize("part", ["pages", "names"])
def test_a_deleted_part_is_made_again(pages, part):
    assert ask().engine
    shutil.rmtree(directory() / part)
    assert heals()


@pytest.mark.parametrize("name", ["pages/meta.json", "names/meta.json"])
def test_a_spoiled_list_of_files_is_made_again(pages, name):
    assert ask().engine
    (directory() / name).write_text("{}")
    catching_up.forget()
    assert heals()


@pytest.mark.parametrize("seed", range(8))
def test_a_flipped_byte_never_fails_a_search_and_shows_no_withdrawn_page(pages, seed):
    """Engines read from mapped files: what is broken shows when it is read, or not at all."""
    ask()
    chance = random.Random(seed)
    files = sorted(path for path in directory().rglob("*.*") if path.suffix not in {".json", ""})
    path = chance.choice([path for path in files if path.stat().st_size])
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.unlink()  # a new file: this process has the old one mapped
    path.write_bytes(content)
    withdraw(Page.objects.get(key="ache-0"), actor=FIXTURE, note="wrong")
    catching_up.forget()
    for question in ("ache", "aching text", "axhe", "0 1 2", "ache"):
        keys = {hit.key for hit in ask(question).hits}
        assert "ache-0" not in keys, path
        search.suggest(question, at=timezone.now())
    search.rebuild()
    assert ask().total == 5


def test_a_panic_of_the_engine_is_caught_and_the_index_made_anew(pages, monkeypatch):
    class PanicException(BaseException):
        pass

    def panic(self):
        raise PanicException("index out of bounds")

    ask()
    with monkeypatch.context() as patch:
        patch.setattr("causes.search.finding._text_scores", lambda *args: panic(None))
        answer = ask()
        assert (answer.engine, answer.total) == (False, 6)
    assert heals()


def test_an_interrupt_is_no_broken_index(pages, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    ask()
    monkeypatch.setattr("causes.search.finding._text_scores", interrupt)
    with pytest.raises(KeyboardInterrupt):
        ask()


def test_where_no_directory_can_be_made_names_are_searched_in_the_database(pages, tmp_path, caplog):
    (tmp_path / "search").write_text("a file, as on a disk that cannot be written")
    with caplog.at_level(logging.WARNING):
        for _ in range(5):
            answer = ask()
            assert (answer.engine, answer.total, answer.tag_counts) == (False, 6, {"one-leg": 6})
        assert [s.name for s in search.suggest("ache 3", at=timezone.now())] == ["Ache 3"]
    assert len(caplog.records) == 1  # at most one a minute
    assert search.status().trouble
    with pytest.raises(IndexBroken):
        search.sync()
    (tmp_path / "search").unlink()
    assert heals()


def test_on_a_full_disk_what_was_indexed_is_still_found(pages, make_page, monkeypatch):
    assert ask().engine
    make_page("late", title="Latecomer ache")

    def no_space(self, data):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.write_bytes", no_space)
        patch.setattr("causes.search.index.Writing.commit", lambda self: no_space(self, b""))
        for _ in range(3):
            answer = ask()
            assert (answer.engine, answer.total, answer.version) == (True, 6, None)
        assert "No space left" in search.status().trouble
    assert ask().total == 7
    assert search.status().trouble == ""


def test_a_build_that_runs_out_of_space_is_no_index(pages, monkeypatch):
    def no_space(self):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("causes.search.index.Writing.commit", no_space)
        answer = ask()
        assert (answer.engine, answer.total) == (False, 6)
    assert ask().engine


def test_an_index_that_cannot_be_written_though_the_disk_can_is_made_anew(
    pages, make_page, monkeypatch
):
    ask()
    make_page("late", title="Latecomer ache")
    built = directory().stat().st_ctime_ns

    def dead(self):
        raise ValueError("An index writer was killed.")

    with monkeypatch.context() as patch:
        patch.setattr("causes.search.index.Writing.commit", dead)
        assert ask().total in {6, 7}
    for _ in range(3):
        answer = ask()
    assert (answer.engine, answer.total) == (True, 7)
    assert directory().stat().st_ctime_ns != built

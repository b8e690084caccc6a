"""The operators' commands."""

import pytest
from django.core.management import CommandError, call_command

from causes.search import catching_up


@pytest.fixture(autouse=True)
def own_directory(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def said(capsys):
    def run(*arguments: str, **options: object) -> str:
        call_command(*arguments, **options)
        return capsys.readouterr().out

    return run


def test_search_prints_what_readers_find(make_page, make_tag, said):
    make_page("disc", title="Herniated disc", names=["slipped disc"], tags=(make_tag("one-leg"),))
    make_page("other", title="Other discs")
    output = said("search", "slipped", "dsic")
    assert "Showing results for: slipped disc" in output
    assert "/conditions/disc/" in output
    assert "also called slipped disc" in output
    assert "2 pages" in output
    assert "1 pages" in said("search", "disc", tag=["one-leg"])
    assert "Showing results" not in said("search", "dsic", exact=True)


def test_search_without_words_says_how_the_index_is(make_page, said):
    make_page("a")
    assert "0 pages, 0 names, 1 behind" in said("search")
    said("rebuild_search")
    assert "1 pages, 1 names, 0 behind" in said("search")


def test_search_says_when_only_the_database_was_searched(make_page, said, own_directory):
    (own_directory / "search").write_text("in the way")
    make_page("a", title="Alpha")
    assert "only names and summaries" in said("search", "alpha")
    assert "Trouble:" in said("search")


def test_rebuild_search_says_how_many_pages(make_page, said):
    make_page("a")
    assert said("rebuild_search").startswith("1 pages indexed in")


def test_rebuild_search_says_why_it_cannot(db, said, own_directory):
    (own_directory / "search").write_text("in the way")
    with pytest.raises(CommandError, match="cannot be written"):
        said("rebuild_search")


def test_prepare_makes_the_index_and_does_without_where_it_cannot(
    make_page, own_directory, monkeypatch, capsys
):
    monkeypatch.setattr("causes.management.commands.prepare.shipped_fixtures", lambda: ["tags"])
    make_page("a", title="Alpha")
    call_command("prepare")
    catching_up.forget()
    call_command("search")
    assert "1 pages, 1 names, 0 behind" in capsys.readouterr().out
    broken = own_directory / "search"
    broken.rename(own_directory / "away")
    broken.write_text("in the way")
    call_command("prepare")
    assert "The search index cannot be made" in capsys.readouterr().err

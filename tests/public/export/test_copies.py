"""Copies come in whole, go when they are old, and touch nothing that is not theirs."""

import errno
import fcntl
import os

import pytest

from causes.public.export import files, walking
from tests.public.export.copied import files_in, inodes


def copies_of(site) -> list[str]:
    return sorted(path.name for path in site.with_name("site.copies").iterdir() if path.is_dir())


def test_readers_see_a_link_to_the_newest_copy_and_older_ones_go(export, site, small_site):
    for _ in range(2):
        assert export().error == ""
        assert site.is_symlink()
        assert os.readlink(site) == f"site.copies/{copies_of(site)[0]}"
        assert len(copies_of(site)) == 1


def test_an_empty_folder_may_be_there_in_advance(export, site, small_site):
    site.mkdir()
    assert export().error == ""
    assert (site / "index.html").exists()


def test_a_folder_with_other_files_is_refused(export, site, small_site):
    site.mkdir()
    (site / "holiday.jpg").write_text("Beach")
    assert "holds files that no export has made" in export().error
    assert (site / "holiday.jpg").read_text() == "Beach"
    assert os.listdir(site) == ["holiday.jpg"]
    assert not site.with_name("site.copies").exists()


def test_a_file_or_another_link_is_refused(export, site, small_site, tmp_path):
    site.write_text("A file")
    assert "holds files" in export().error
    site.unlink()
    (tmp_path / "elsewhere").mkdir()
    site.symlink_to("elsewhere")
    assert "which no export has made" in export().error
    assert os.readlink(site) == "elsewhere"


def test_a_folder_of_copies_with_other_files_is_refused(export, site, small_site):
    others = site.with_name("site.copies")
    others.mkdir()
    (others / "diary.txt").write_text("Dear diary")
    assert "holds files that no export has made" in export().error
    assert os.listdir(others) == ["diary.txt"]


def test_a_foreign_file_in_a_copy_is_never_deleted(export, site, small_site):
    export()
    (site / "conditions/mine.txt").write_text("Mine")
    folder = site.resolve()
    said = export()
    assert said.error == ""
    assert f"no export has made it: {folder}/conditions/mine.txt" in said.problems
    assert (folder / "conditions/mine.txt").read_text() == "Mine"
    assert list(files_in(folder)) == ["conditions/mine.txt"]
    assert not (site / "conditions/mine.txt").exists()


class Killed(BaseException):
    """The process ends here."""


def break_off(monkeypatch, after: int) -> None:
    write, written = files.write, []

    def write_some(*args):
        written.append(args)
        if len(written) > after:
            raise Killed
        return write(*args)

    monkeypatch.setattr(files, "write", write_some)


def test_an_export_that_is_broken_off_changes_nothing_and_its_work_is_used(
    export, site, small_site, monkeypatch
):
    with monkeypatch.context() as patched:
        patched.setattr(walking, "AT_ONCE", 5)
        break_off(patched, after=12)
        with pytest.raises(Killed):
            export()
    assert not site.exists()
    [unfinished] = copies_of(site)
    written = set(inodes(site.with_name("site.copies") / unfinished).values())
    said = export()
    assert "broken off had written was used" in said.output
    assert len(written & set(inodes(site).values())) >= 10
    assert len(copies_of(site)) == 1


def test_a_full_disk_leaves_the_last_copy_and_gives_back_what_it_took(
    export, site, small_site, published, monkeypatch
):
    export()
    before = inodes(site)
    small_site.disc.title = "Slipped disc"
    small_site.disc.save()
    published(small_site.disc)

    def no_room(*args):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files, "write", no_room)
        said = export()
    assert "No space left on device" in said.error
    assert "as before" in said.error
    assert inodes(site) == before
    assert len(copies_of(site)) == 1
    assert export().error == ""


def test_two_exports_at_once_are_refused(export, site, small_site):
    export()
    with site.with_name("site.copies").joinpath("causes-export.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another export" in export().error
    assert export().error == ""


def test_a_file_system_without_hard_links_is_enough(export, site, small_site, monkeypatch):
    export()
    before = inodes(site)

    def no_links(*args):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(files.os, "link", no_links)
    said = export()
    assert f"0 files changed, {len(before)} unchanged" in said.output
    assert not set(before.values()) & set(inodes(site).values())

"""A folder of backups: a new one each time, the oldest go, and nothing else."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from causes import backups
from causes.backups import rotation

MORNING = datetime(2026, 8, 6, 1, tzinfo=UTC)


@pytest.fixture
def nights(monkeypatch):
    """Each backup is made a night later, and quickly."""
    now = iter(MORNING + timedelta(days=day) for day in range(100))
    monkeypatch.setattr(rotation.timezone, "now", lambda: next(now))
    monkeypatch.setattr(rotation, "create", lambda file: file.write_text("a backup"))
    monkeypatch.setattr(rotation, "check", lambda file: file.read_text())


def test_the_newest_are_kept_and_what_is_not_ours_is_left_alone(nights, tmp_path):
    for name in ("notes.txt", "causes-mine.tar.gz", "causes-20200101T000000Z.tar.gz.old"):
        (tmp_path / name).write_text("mine")
    kept = [rotation.create_in(tmp_path, 3) for _night in range(5)]
    assert [len(removed) for _file, _backup, removed in kept] == [0, 0, 0, 1, 1]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "causes-20200101T000000Z.tar.gz.old",
        "causes-20260808T010000Z.tar.gz",
        "causes-20260809T010000Z.tar.gz",
        "causes-20260810T010000Z.tar.gz",
        "causes-mine.tar.gz",
        "notes.txt",
    ]


def test_no_old_backup_goes_for_a_new_one_that_is_not_proven(nights, tmp_path, monkeypatch):
    rotation.create_in(tmp_path, 1)

    def refuse(file):
        raise backups.BackupBroken("it does not hold what it says")

    monkeypatch.setattr(rotation, "check", refuse)
    with pytest.raises(backups.BackupBroken):
        rotation.create_in(tmp_path, 1)
    assert (tmp_path / "causes-20260806T010000Z.tar.gz").exists()


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--keep", "0"), "1 or more"),
        (("--keep", "-1"), "1 or more"),
        ((), "is a folder"),
    ],
)
def test_a_folder_and_a_number_are_asked_for_together(tmp_path, options, said):
    with pytest.raises(CommandError, match=said):
        call_command("backup", str(tmp_path), *options)
    with pytest.raises(CommandError, match="a folder that is there"):
        call_command("backup", str(tmp_path / "none"), "--keep", "2")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_the_command_writes_a_backup_that_is_whole_and_says_what_went(make_condition, tmp_path):
    make_condition()
    old = tmp_path / "causes-20200101T000000Z.tar.gz"
    old.write_text("an old one")
    output = io.StringIO()
    call_command("backup", str(tmp_path), "--keep", "1", stdout=output)
    [file] = tmp_path.iterdir()
    assert backups.check(file).contents.tables["causes_page"] == 1
    assert f"{file} is written" in output.getvalue()
    assert f"{old} is removed." in output.getvalue()

"""Backups: made while others write, proven, refused where cut or altered, restored elsewhere."""

import gzip
import io
import json
import sqlite3
import tarfile
from pathlib import Path

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.db import connection

from causes import backups
from causes.backups import archive, postgres
from causes.backups.contents import LEFT_OUT
from tests.backups.site import Site, make_pages

pytestmark = pytest.mark.django_db(transaction=True)
only_sqlite = pytest.mark.skipif(
    connection.vendor != "sqlite", reason="for SQLite only: its database is a file"
)


@pytest.fixture
def new_site(tmp_path):
    """Sites whose databases are dropped again."""
    made = []

    def make(name: str) -> Site:
        site = Site(tmp_path / name, f"backup-{name}-{Path(connection.settings_dict['NAME']).name}")
        if connection.vendor == "postgresql":
            postgres.make_anew(site.name)
        made.append(site)
        return site

    yield make
    if connection.vendor == "postgresql":
        with postgres.connection_to(postgres.MAINTENANCE) as cursor:
            cursor.execute("SELECT datname FROM pg_database")
            names = [name for (name,) in cursor.fetchall()]
        for site in made:
            for name in names:
                if name.startswith(site.name):
                    postgres.drop(name)


@pytest.fixture
def backup_of_a_page(make_condition, published, tmp_path, settings) -> Path:
    settings.DATA_DIR = tmp_path
    published(make_condition("sciatica", title="Größe und Maß"))
    file = tmp_path / "causes.tar.gz"
    backups.create(file)
    return file


def rewritten(file: Path, change) -> Path:
    """The backup anew after ``change(members)``: whole as a file, false in what it says."""
    with tarfile.open(file) as tar:
        members = {entry.name: tar.extractfile(entry).read() for entry in tar}
    change(members)
    with tarfile.open(file, "w:gz") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return file


def test_a_backup_made_under_writes_is_restored_elsewhere_text_for_text(new_site, tmp_path):
    """Everything acknowledged before the backup began is in it, and nothing in halves."""
    site, other = new_site("site"), new_site("other")
    site.manage("migrate", "-v", "0")
    site.manage("shell", "-v", "0", "-c", make_pages(0, 3))
    (site.folder / "brand").mkdir()
    (site.folder / "brand" / "icon.svg").write_text("<svg/>")
    acknowledged = site.texts()
    writer = site.start("shell", "-v", "0", "-c", make_pages(3, 1_000_000))
    try:
        assert writer.stdout.readline().startswith("saved 3")
        site.manage("backup", tmp_path / "b.tar.gz")
        assert writer.poll() is None, "the writer ended before the backup did"
    finally:
        writer.kill()
        writer.communicate()
    assert "is whole" in site.manage("backup", "--check", tmp_path / "b.tar.gz")

    other.manage("restore", tmp_path / "b.tar.gz")
    restored = other.texts().splitlines()
    assert set(acknowledged.splitlines()) <= set(restored)
    assert len(restored) >= len(acknowledged.splitlines()) + 2
    assert set(restored) <= set(site.texts().splitlines())
    assert "All is well" in other.manage("verify")
    assert (other.folder / "brand" / "icon.svg").read_text() == "<svg/>"


def test_a_backup_never_goes_into_a_place_that_is_not_empty_unless_asked(new_site, tmp_path):
    site = new_site("site")
    site.manage("migrate", "-v", "0")
    site.manage("shell", "-v", "0", "-c", make_pages(0, 1))
    before, file = site.texts(), tmp_path / "b.tar.gz"
    site.manage("backup", file)
    site.manage("shell", "-v", "0", "-c", make_pages(1, 2))
    later = site.texts()
    assert "is not empty" in site.manage("restore", file, fails=True)
    assert site.texts() == later
    said = site.manage("restore", file, "--replace")
    assert site.texts() == before
    aside = said.rsplit("kept as ", 1)[1].strip().rstrip(".")
    if connection.vendor == "sqlite":
        with sqlite3.connect(aside) as kept:
            assert kept.execute("SELECT count(*) FROM causes_page").fetchone() == (2,)
    else:
        with postgres.connection_to(aside) as cursor:
            cursor.execute("SELECT count(*) FROM causes_page")
            assert cursor.fetchone() == (2,)


def test_a_backup_says_what_it_holds_and_is_nobody_elses_to_read(backup_of_a_page):
    backup = backups.check(backup_of_a_page)
    assert backup.engine == connection.vendor
    assert backup.contents.tables["causes_page"] == 1
    assert backup.contents.tables["causes_edition"] == 1
    assert "causes.0001_initial" in backup.migrations
    assert backup_of_a_page.stat().st_mode & 0o077 == 0
    last = json.loads((backup_of_a_page.parent / archive.LAST).read_text())
    assert last["made_at"] == backup.made_at


def test_a_backup_holds_no_session_and_no_count_of_tries(
    make_condition, published, tmp_path, settings, client, author
):
    """A restore signs nobody in again, and locks nobody out."""
    settings.DATA_DIR = tmp_path
    published(make_condition("sciatica"))
    client.force_login(author)
    AccessAttempt.objects.create(username="u", ip_address="192.0.2.7", failures_since_start=9)
    key, file = client.session.session_key, tmp_path / "causes.tar.gz"
    backups.create(file)
    tables = backups.check(file).contents.tables
    assert tables["auth_user"] == 1
    assert {tables.get(table, 0) for table in LEFT_OUT} == {0}
    with tarfile.open(file) as tar:
        content = b"".join(tar.extractfile(entry).read() for entry in tar)
    assert key.encode() not in content
    assert author.username.encode() in content or connection.vendor == "postgresql"  # compressed
    assert Session.objects.filter(session_key=key).exists()


def test_a_backup_never_replaces_another_and_leaves_nothing_behind(backup_of_a_page):
    before = backup_of_a_page.read_bytes()
    with pytest.raises(FileExistsError, match="exists already"):
        backups.create(backup_of_a_page)
    assert backup_of_a_page.read_bytes() == before
    assert not list(backup_of_a_page.parent.glob(".backup-*"))


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_is_refused(backup_of_a_page, share):
    whole = backup_of_a_page.read_bytes()
    backup_of_a_page.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(backups.BackupBroken, match="cut, altered or no backup"):
        backups.check(backup_of_a_page)


@pytest.mark.parametrize("place", [40, 500, -30, -5])
def test_a_backup_with_a_flipped_byte_is_refused(backup_of_a_page, place):
    content = bytearray(backup_of_a_page.read_bytes())
    content[place] ^= 0x10
    backup_of_a_page.write_bytes(content)
    with pytest.raises(backups.BackupBroken):
        backups.check(backup_of_a_page)


def _alter_database(members):
    name = next(name for name in members if name.startswith("database"))
    members[name] = members[name].replace(b"first sentence", b"worst sentence")
    members[name] += b"\0"


def _claim_more_pages(members):
    manifest = json.loads(members[archive.MANIFEST])
    manifest["contents"]["tables"]["causes_page"] += 1
    members[archive.MANIFEST] = json.dumps(manifest).encode()


def _climb_out(members):
    members["../../outside"] = b"x"


def _leave_out_the_database(members):
    members.pop(next(name for name in members if name.startswith("database")))


@pytest.mark.parametrize(
    "change", [_alter_database, _claim_more_pages, _climb_out, _leave_out_the_database]
)
def test_a_backup_that_was_altered_is_refused(backup_of_a_page, change):
    with pytest.raises(backups.BackupBroken):
        backups.check(rewritten(backup_of_a_page, change))


@pytest.mark.parametrize(
    "content",
    [b"", b"no backup", gzip.compress(b"no tar" * 1000, mtime=0)],
    ids=["empty", "text", "compressed text"],
)
def test_what_is_no_backup_is_refused_by_the_command_in_one_line(new_site, tmp_path, content):
    file = tmp_path / "junk"
    file.write_bytes(content)
    said = new_site("site").manage("restore", file, fails=True)
    assert "is cut, altered or no backup" in said


@only_sqlite
def test_a_log_left_behind_by_another_database_is_never_merged(new_site, tmp_path):
    site, other = new_site("site"), new_site("other")
    site.manage("migrate", "-v", "0")
    site.manage("backup", tmp_path / "b.tar.gz")
    for leftover in ("-wal", "-shm"):
        (other.folder / f"causes.sqlite3{leftover}").write_bytes(b"from elsewhere" * 500)
    other.manage("restore", tmp_path / "b.tar.gz")
    assert "All is well" in other.manage("verify")


@only_sqlite
def test_a_damaged_database_can_be_replaced_and_is_kept(new_site, tmp_path):
    site = new_site("site")
    site.manage("migrate", "-v", "0")
    site.manage("backup", tmp_path / "b.tar.gz")
    damaged = b"this was a database" * 1000
    site.database.write_bytes(damaged)
    assert "is not empty" in site.manage("restore", tmp_path / "b.tar.gz", fails=True)
    site.manage("restore", tmp_path / "b.tar.gz", "--replace")
    assert "All is well" in site.manage("verify")
    (kept,) = site.folder.glob("causes.sqlite3-before-*")
    assert kept.read_bytes() == damaged


@only_sqlite
def test_a_database_that_a_running_site_has_open_is_not_replaced(new_site, tmp_path):
    site = new_site("site")
    site.manage("migrate", "-v", "0")
    site.manage("backup", tmp_path / "b.tar.gz")
    with sqlite3.connect(site.database) as running:
        running.execute("SELECT count(*) FROM causes_page").fetchone()
        said = site.manage("restore", tmp_path / "b.tar.gz", "--replace", fails=True)
    running.close()
    assert "stop the site first" in said

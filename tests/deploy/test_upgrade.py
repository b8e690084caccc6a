"""The next release migrates while this one serves: no request fails, and history verifies.

There is no earlier release yet, so the next one is made here: this code with a few more migrations.
"""

import os
import shutil
import time
from pathlib import Path

import psycopg
import pytest

from tests.benchmarks._drill import Load, wait_until
from tests.browser.served import Site, manage
from tests.drills._site import Editors, lost, prepare
from tests.public.pagecache.test_drill import on_postgres

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = """
from config.settings import *
MIGRATION_MODULES = {"causes": "next_migrations"}
"""
TABLES = ["page", "section", "revision", "edition", "event"]  # which editors write most
# As the guide asks for it: with a default that the database knows, because the code that still
# runs does not know the column; and one table a migration, because PostgreSQL holds each table
# until the end, and who asks for the same tables in another order would have to be refused.
MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("causes", "{last}")]
    operations = [
        migrations.AddField(
            "{table}", "audience", models.CharField(max_length=20, default="all"{known})
        ),
        migrations.AddIndex("{table}", models.Index(fields=["audience"], name="{table}_by_it")),
    ]
"""


def next_release(folder: Path, *, known: str) -> tuple[dict[str, str], str, str]:
    """The environment that makes `manage.py` the next release's; its last migration, and ours."""
    migrations = folder / "next_migrations"
    here = ROOT / "causes" / "migrations"
    shutil.copytree(here, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    ours = last = max(path.stem for path in here.glob("[0-9]*.py"))
    for number, table in enumerate(TABLES):
        text = MIGRATION.format(last=last, table=table, known=known)
        last = f"999{number}_{table}"
        (migrations / f"{last}.py").write_text(text)
    (folder / "next_settings.py").write_text(SETTINGS)
    return {"PYTHONPATH": str(folder), "DJANGO_SETTINGS_MODULE": "next_settings"}, last, ours


@pytest.fixture
def site(tmp_path):
    """On the database under test: a server's own database, or a file."""
    settings = {"WEB_WORKERS": "1"}
    name = f"causes_upgrade_{os.getpid()}"
    if on_postgres:
        base, _, _ = os.environ["DATABASE_URL"].rpartition("/")
        server = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        server.execute(f"CREATE DATABASE {name}")
        settings["DATABASE_URL"] = f"{base}/{name}"
    (tmp_path / "data").mkdir()
    site = Site(tmp_path / "data", **settings)
    prepare(site)
    site.start()
    yield site
    site.kill()
    if on_postgres:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
        server.close()


def test_no_request_fails_while_the_next_release_migrates_and_when_it_is_rolled_back(
    site, tmp_path
):
    newer, theirs, ours = next_release(tmp_path, known=', db_default="all"')
    people = Editors(site, count=2)
    load = Load(int(site.address.rpartition(":")[2]))
    people.begin()
    load.begin(readers=2)
    try:
        for target in (theirs, ours):
            saved = len(people.acknowledged)
            wait_until(lambda saved=saved: len(people.acknowledged) >= saved + 3)
            manage(site.environment | newer, "migrate", "causes", target, "-v0")
            saved = len(people.acknowledged)
            wait_until(lambda saved=saved: len(people.acknowledged) >= saved + 3)
    finally:
        people.end()
        load.end()
    assert dict(people.problems) == {}
    assert dict(load.bad) == {}
    assert lost(site, people.acknowledged) == []
    assert "All is well" in manage(site.environment, "verify")


def test_a_column_whose_default_the_database_does_not_know_stops_the_editors(site, tmp_path):
    """That is what the test above would see; it is why the guide asks for `db_default`."""
    newer, _theirs, _ours = next_release(tmp_path, known="")
    manage(site.environment | newer, "migrate", "causes", "-v0")
    people = Editors(site, count=1)
    people.begin()
    deadline = time.monotonic() + 60
    wait_until(lambda: people.problems or people.acknowledged or time.monotonic() > deadline)
    people.end()
    assert people.acknowledged == []
    assert set(people.problems) == {500}

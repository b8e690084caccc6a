"""The next release migrates while this one serves: no request fails, and history verifies.

There is no earlier release yet, so the next one is made here: this code with one more migration.
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
# A column for each table that is written most, as the guide asks for it: with a default that the
# database knows, because the code that still runs does not know the column.
MIGRATION = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("causes", "{last}")]
    operations = [
        migrations.AddField(
            model, "audience", models.CharField(max_length=20, default="all"{known})
        )
        for model in ("page", "section", "revision", "edition", "event")
    ] + [migrations.AddIndex("revision", models.Index(fields=["audience"], name="by_audience"))]
"""


def next_release(folder: Path, *, known: str) -> tuple[dict[str, str], str]:
    """The environment that makes `manage.py` the next release's, and this one's migration."""
    migrations = folder / "next_migrations"
    here = ROOT / "causes" / "migrations"
    shutil.copytree(here, migrations, ignore=shutil.ignore_patterns("__pycache__"))
    last = max(path.stem for path in here.glob("[0-9]*.py"))
    (migrations / "9999_audience.py").write_text(MIGRATION.format(last=last, known=known))
    (folder / "next_settings.py").write_text(SETTINGS)
    return {"PYTHONPATH": str(folder), "DJANGO_SETTINGS_MODULE": "next_settings"}, last


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
    newer, last = next_release(tmp_path, known=', db_default="all"')
    people = Editors(site, count=2)
    load = Load(int(site.address.rpartition(":")[2]))
    people.begin()
    load.begin(readers=2)
    try:
        for target in ("9999_audience", last):
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
    newer, _last = next_release(tmp_path, known="")
    manage(site.environment | newer, "migrate", "causes", "-v0")
    people = Editors(site, count=1)
    people.begin()
    deadline = time.monotonic() + 60
    wait_until(lambda: people.problems or people.acknowledged or time.monotonic() > deadline)
    people.end()
    assert people.acknowledged == []
    assert set(people.problems) == {500}

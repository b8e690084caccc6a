"""The commands that prepare, verify and serve the site."""

import io
import os
import socket
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from causes.editorial.publishing import record
from causes.management.commands import prepare, serve
from causes.models import Condition, Edition, Information, Page, Revision, Section, Tag
from config.allocator import ALLOCATOR


@pytest.fixture
def few_fixtures(monkeypatch, settings, tmp_path) -> Path:
    """Lets `prepare` load only the information pages. Returns its folder of static files."""
    labels = ["sources", "tags", "information"]
    monkeypatch.setattr(prepare, "shipped_fixtures", lambda: labels)
    settings.STATIC_ROOT = tmp_path / "static"
    return settings.STATIC_ROOT


def prepared() -> str:
    output = io.StringIO()
    call_command("prepare", stdout=output)
    return output.getvalue()


def test_every_shipped_fixture_is_loaded_once_and_sources_and_tags_come_first():
    labels = prepare.shipped_fixtures()
    folder = site_settings.BASE_DIR / "fixtures"
    assert labels[:2] == ["sources", "tags"]
    assert {folder / f"{label}.json" for label in labels} == set(folder.rglob("*.json"))
    assert len(labels) == len(set(labels))


def test_prepare_makes_one_administrator_and_prints_the_password_once(db, client, few_fixtures):
    first = prepared()
    second = prepared()
    (administrator,) = get_user_model().objects.all()
    assert administrator.is_superuser
    password = first.split("password: ")[1].split()[0]
    assert len(password) >= 12
    assert client.login(username=administrator.username, password=password)
    assert password not in second
    assert "password" not in second
    assert (few_fixtures / "causes" / "admin.css").is_file()


def test_prepare_lets_nobody_else_read_what_is_secret(db, few_fixtures, settings, tmp_path):
    """A web server may read the folder, for its static files."""
    settings.DATA_DIR = tmp_path
    database = {"ENGINE": "django.db.backends.sqlite3", "NAME": str(tmp_path / "a.sqlite3")}
    for name in ("env", "a.sqlite3"):
        (tmp_path / name).touch(0o644)
    prepare._keep_to_ourselves(database)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.glob("*") if path.is_file()} == {0o600}


def test_prepare_makes_no_administrator_where_there_is_one(db, admin_user, few_fixtures):
    assert "password" not in prepared()
    assert list(get_user_model().objects.all()) == [admin_user]


def test_prepare_again_keeps_what_people_have_written(db, publisher, few_fixtures):
    prepared()
    page = Information.objects.get(key="privacy")
    others = Revision.objects.exclude(page=page).count()
    Information.objects.filter(pk=page.pk).update(title="Ours")
    record(page, actor=publisher)
    editions = list(Edition.objects.values_list("pk", "live_until"))
    Group.objects.filter(name="Author").delete()

    output = prepared()

    assert "Left alone: privacy." in output
    assert Information.objects.get(pk=page.pk).title == "Ours"
    assert list(Edition.objects.values_list("pk", "live_until")) == editions
    assert Revision.objects.exclude(page=page).count() == others
    assert Group.objects.filter(name="Author").exists()


def verified() -> tuple[str, str]:
    """What `verify` says: the problems, and its last line."""
    output, problems = io.StringIO(), io.StringIO()
    try:
        call_command("verify", stdout=output, stderr=problems)
    except CommandError as error:
        return problems.getvalue(), str(error)
    return problems.getvalue(), output.getvalue()


@pytest.fixture
def pages(make_condition, published) -> tuple[Page, Page]:
    """One page that a test harms, and one that stays as it is."""
    harmed, whole = make_condition("sciatica"), make_condition("stroke")
    for page in (harmed, whole):
        published(page)
    return harmed, whole


def test_verify_says_that_all_is_well(pages):
    assert verified() == ("", "All is well: 2 pages, 2 versions, 2 editions.\n")


@pytest.mark.parametrize(
    ("harm", "problem"),
    [
        (
            lambda page: Condition.objects.filter(pk=page.pk).update(title="Behind the back"),
            "the working copy was changed after version 1 without a record",
        ),
        (
            lambda page: Section.objects.filter(page=page).update(body="<p>Other.</p>"),
            "the working copy was changed after version 1 without a record",
        ),
        (
            lambda page: page.tagged.create(tag=Tag.objects.create(slug="foot", name="Foot")),
            "the working copy was changed after version 1 without a record",
        ),
        (
            lambda page: page.revisions.update(digest="0" * 64),
            "version 1 does not match its digest",
        ),
        (
            lambda page: page.revisions.update(document={}),
            "version 1 does not match its digest",
        ),
        (
            lambda page: page.editions.update(digest="0" * 64),
            "edition 1 does not match its digest",
        ),
        (
            lambda page: page.editions.update(title="Other"),
            "edition 1 is listed under a title or summary that it does not have",
        ),
        (
            lambda page: page.editions.update(path="/conditions/other/"),
            "edition 1 stands at /conditions/other/, which is not this page's",
        ),
        (
            lambda page: page.editions.update(live_until="2999-01-01T00:00Z"),
            "edition 1 ended without a withdrawal",
        ),
    ],
)
def test_verify_finds_what_was_changed_behind_the_history(harm, problem, pages):
    harm(pages[0])
    problems, last = verified()
    lines = problems.splitlines()
    assert any(line.startswith(f"sciatica: {problem}") for line in lines), problems
    assert all(line.startswith("sciatica: ") for line in lines), problems
    assert last == f"{len(lines)} problem(s) found."


@pytest.fixture
def busy_port(settings) -> int:
    """A port that is taken; HOST and PORT point at it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings.HOST, settings.PORT = taken.getsockname()
        yield settings.PORT


@pytest.fixture
def started(monkeypatch) -> list[list[str]]:
    """The commands that `serve` would have become. What it sets for them ends with the test."""
    commands: list[list[str]] = []
    monkeypatch.setattr(os, "environ", dict(os.environ))
    monkeypatch.setattr(serve.os, "execv", lambda _program, command: commands.append(command))
    return commands


def test_serve_refuses_a_busy_port_with_one_line(busy_port, started):
    with pytest.raises(CommandError) as refused:
        call_command("serve", stdout=io.StringIO())
    message = str(refused.value)
    assert message.startswith(f"Cannot listen on 127.0.0.1:{busy_port}: ")
    assert "make run PORT=" in message
    assert "\n" not in message
    assert started == []


@pytest.fixture
def free_port(settings) -> None:
    """PORT is one that nobody has taken."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        settings.PORT = listener.getsockname()[1]


def test_serve_replaces_workers_that_are_killed(started, free_port):
    call_command("serve", stdout=io.StringIO())
    [command] = started
    assert "--respawn-failed-workers" in command


def test_serve_says_how_memory_is_handed_out_where_nobody_has(started, free_port):
    for name in ALLOCATOR:
        os.environ.pop(name, None)
    os.environ["MALLOC_ARENA_MAX"] = "8"
    call_command("serve", stdout=io.StringIO())
    assert len(started) == 1
    assert {name: os.environ[name] for name in ALLOCATOR} == ALLOCATOR | {"MALLOC_ARENA_MAX": "8"}


def test_serve_as_a_command_ends_with_that_line_alone(busy_port, tmp_path):
    settings = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "x" * 50, "PORT": str(busy_port)}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=site_settings.BASE_DIR,
        env={"PATH": os.environ["PATH"]} | settings,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"CommandError: Cannot listen on 127.0.0.1:{busy_port}")


def test_serve_starts_the_server_that_the_settings_describe(settings, started):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.HOST, settings.PORT = probe.getsockname()
    settings.WEB_WORKERS, settings.SITE_URL = 3, "https://causes.example"
    output = io.StringIO()
    call_command("serve", stdout=output)
    (command,) = started
    options = dict(pairwise(command))
    assert command[0] == sys.executable
    assert options["--host"] == "127.0.0.1"
    assert options["--port"] == str(settings.PORT)
    assert options["--workers"] == "3"
    assert options["--interface"] == "wsgi"
    # The one that fills its page cache before readers come.
    assert command[-2:] == ["--factory", "config.wsgi:warm_application"]
    assert "https://causes.example" in output.getvalue()


FIRST_PROCESS = """
import sys, threading
from config.server import read_everything
read_everything()
from django.db import connections
from django.template import engines
loader = engines["django"].engine.template_loaders[0]
print(len(loader.get_template_cache), "causes.admin.pages" in sys.modules)
print(threading.active_count(), [c.alias for c in connections.all() if c.connection])
"""


def test_the_first_process_reads_screens_and_templates_and_leaves_nothing_that_workers_share():
    """A connection or a lock held by a thread would be in each of its copies."""
    environment = dict(os.environ, DEBUG="false", SECRET_KEY="a" * 60)
    command = [sys.executable, "-c", FIRST_PROCESS]
    said = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    read, running = said.stdout.splitlines()
    assert int(read.removesuffix(" True")) > 100
    assert running == "1 []"

"""Each probe: all well, a warning, a failure, and a sentence that says what to do."""

import json
import shutil
import time
from collections import namedtuple
from datetime import datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from causes import backups, search
from causes.editorial.publishing import record
from causes.editorial.reviewing import submit
from causes.models import Page, Reminder, Revision
from causes.monitoring import figures, verified
from causes.monitoring.probes import Probe, State, report, worst
from causes.search import Status
from tests.conftest import go_live


def probe(name: str) -> Probe:
    [found] = [one for one in report() if one.name == name]
    return found


@pytest.fixture
def backed_up(data_dir):
    """Writes down a backup as old as that many hours."""

    def make(hours: float) -> None:
        made = timezone.now() - timedelta(hours=hours)
        (data_dir / "last-backup.json").write_text(json.dumps({"made_at": made.isoformat()}))

    return make


def test_a_site_with_nothing_to_do_is_well(db, make_condition, backed_up):
    go_live(make_condition())
    search.sync()
    backed_up(1)
    found = report()
    assert worst(found) is State.OK, found
    names = [one.name for one in found]
    assert names == [
        *("database", "migrations", "search", "tags", "one person", "overdue reviews", "reviews"),
        *("reminders", "content", "disk", "backup", "verify", "page cache"),
    ]
    assert all(one.text.endswith(".") and one.text[0].isupper() | (one.text[0] in "`0123456789")
               for one in found)  # fmt: skip


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (TimeoutError(), "no answer within 1.0 s"),
        (OperationalError("connection refused\nsecond line"), "(connection refused)"),
        (FileNotFoundError(2, "No such file", "x.sqlite3"), "No such file"),
        (OperationalError(""), "(OperationalError)"),
    ],
)
def test_a_database_that_does_not_answer_fails_and_what_needs_no_database_is_told(
    asked_here, error, said
):
    asked_here["_migrations"].error = error
    found = report()
    assert [one.name for one in found] == ["database", "disk", "backup", "verify", "page cache"]
    assert found[0].state is State.FAIL
    assert said in found[0].text
    assert "second line" not in found[0].text
    assert asked_here["_figures"].asked == 0


@pytest.mark.parametrize("error", [TimeoutError(), OperationalError("gone")])
def test_a_site_that_cannot_be_counted_in_time_says_so(db, asked_here, error):
    asked_here["_figures"].error = error
    found = report()
    assert [one.name for one in found][:3] == ["database", "migrations", "figures"]
    assert found[2].state is State.WARN


def test_a_migration_that_is_not_applied_fails_by_name(db):
    MigrationRecorder.Migration.objects.filter(app="causes", name__startswith="0006").delete()
    found = probe("migrations")
    assert found.state is State.FAIL
    assert "causes.0006_verbs" in found.text
    assert "manage.py migrate" in found.text


def test_that_no_migration_is_missing_is_remembered_for_a_minute(db, monkeypatch):
    missing = MigrationRecorder.Migration.objects.filter(app="causes", name__startswith="0006")
    assert figures.missing_migrations() == []
    missing.delete()
    assert figures.missing_migrations() == []
    monkeypatch.setattr(figures, "_none_missing_at", time.monotonic() - 61)
    assert figures.missing_migrations() == ["causes.0006_verbs"]
    assert figures.missing_migrations() == ["causes.0006_verbs"]


def test_a_database_file_that_is_gone_is_not_made_anew(tmp_path, monkeypatch, django_db_blocker):
    if figures.connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no file of ours")
    gone = tmp_path / "gone.sqlite3"
    monkeypatch.setitem(figures.connection.settings_dict, "NAME", gone)
    with django_db_blocker.unblock():
        found = report()[0]
    assert found.state is State.FAIL
    assert f"There is no database at {gone}." in found.text
    assert not gone.exists()


@pytest.mark.parametrize(
    ("status", "state", "said"),
    [
        (Status("x", 5, 9, 0, ""), State.OK, "5 pages are in the index, current."),
        (Status("x", 5, 9, 2, ""), State.OK, "2 behind"),
        (Status("x", 0, 0, 5, ""), State.WARN, "rebuild_search"),
        (Status("x", 0, 0, 0, "disk error"), State.WARN, "disk error"),
    ],
)
def test_the_search_index(db, make_condition, monkeypatch, status, state, said):
    go_live(make_condition())
    monkeypatch.setattr(figures.search, "status", lambda at: status)
    found = probe("search")
    assert found.state is state
    assert said in found.text


def test_a_tag_without_a_facet_is_a_warning(make_tag):
    make_tag("nowhere", facet="")
    assert probe("tags").state is State.WARN
    assert "1 tag without a facet" in probe("tags").text


@pytest.mark.parametrize(("four_eyes", "state"), [("on", State.WARN), ("off", State.OK)])
def test_pages_published_by_one_person_count_where_a_second_one_is_asked_for(
    make_condition, settings, four_eyes, state
):
    edition = go_live(make_condition())
    type(edition).objects.filter(pk=edition.pk).update(published_alone=True)
    settings.FOUR_EYES = four_eyes
    assert probe("one person").state is state
    assert probe("one person").text.startswith("1 page ")


def test_an_overdue_review_is_a_warning_unless_its_page_is_archived(make_condition):
    yesterday = timezone.localdate() - timedelta(days=1)
    page = make_condition()
    Page.objects.filter(pk=page.pk).update(review_due_on=yesterday + timedelta(days=1))
    assert probe("overdue reviews").state is State.OK
    Page.objects.filter(pk=page.pk).update(review_due_on=yesterday)
    assert probe("overdue reviews").state is State.WARN
    Page.objects.filter(pk=page.pk).update(archived_at=timezone.now())
    assert probe("overdue reviews").state is State.OK


def test_a_page_that_waits_too_long_for_its_review_is_a_warning(make_condition, author):
    page = make_condition()
    go_live(page)
    page.lead = "<p>Another.</p>"
    page.save()
    draft = record(page, actor=author)
    submit(page, actor=author, number=draft.number)
    assert probe("reviews").text == "1 page waiting for review."
    long_ago = timezone.now() - timedelta(days=8, hours=1)
    Revision.objects.filter(pk=draft.pk).update(created_at=long_ago)
    found = probe("reviews")
    assert found.state is State.WARN
    assert "8 days" in found.text


@pytest.mark.parametrize(
    ("days", "sent", "state"),
    [
        (200, [], State.OK),
        (90, [], State.OK),  # due today: the day is not over
        (89, [], State.WARN),
        (89, [90], State.OK),
        (29, [90], State.WARN),
        (29, [90, 30], State.OK),
        (29, [30], State.OK),
        (-5, [90, 30], State.WARN),
        (-5, [0], State.OK),
    ],
)
def test_a_reminder_that_yesterdays_run_should_have_sent(make_condition, days, sent, state):
    page = make_condition()
    due = timezone.localdate() + timedelta(days=days)
    Page.objects.filter(pk=page.pk).update(review_due_on=due)
    for stage in sent:
        Reminder.objects.create(page=page, due_on=due, days_before=stage)
    assert probe("reminders").state is state


def test_an_error_in_a_newest_version_is_a_warning(make_condition):
    page = make_condition()
    go_live(page)
    Revision.objects.filter(page=page).update(errors=2)
    assert probe("content").state is State.WARN


@pytest.mark.parametrize(
    ("free", "state"),
    [(10**10, State.OK), (4 * 10**8, State.WARN), (10**7, State.FAIL), (None, State.FAIL)],
)
def test_the_room_on_the_disk(db, monkeypatch, free, state):
    def usage(path):
        if free is None:
            raise PermissionError(13, "Permission denied")
        return namedtuple("Usage", "total used free")(0, 0, free)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    assert probe("disk").state is state


@pytest.mark.parametrize(
    ("hours", "most", "state"),
    [(1, 26, State.OK), (27, 26, State.WARN), (None, 26, State.WARN), (None, 0, State.OK),
     (999, 0, State.OK), (27, 48, State.OK)],
)  # fmt: skip
def test_the_age_of_the_last_backup(db, settings, backed_up, hours, most, state):
    settings.BACKUP_MAX_AGE = most
    if hours is not None:
        backed_up(hours)
    assert probe("backup").state is state


def test_a_backup_that_is_made_is_the_last_one(transactional_db, tmp_path):
    before = timezone.now() - timedelta(seconds=1)
    assert backups.last_made() is None
    backups.create(tmp_path / "made.tar.gz")
    assert before <= backups.last_made() <= timezone.now()
    assert probe("backup").state is State.OK


@pytest.mark.parametrize("text", ["", "{", "[]", '{"made_at": 5}', '{"made_at": "soon"}', "null"])
def test_what_cannot_be_read_of_a_backup_or_of_verify_counts_as_none(data_dir, text):
    (data_dir / "last-backup.json").write_text(text)
    (data_dir / verified.LAST).write_text(text)
    assert backups.last_made() is None
    assert verified.last() is None


def test_verify_leaves_what_it_found(make_condition, data_dir):
    assert "has not run" in probe("verify").text
    page = make_condition()
    go_live(page)
    call_command("verify", verbosity=0)
    assert verified.last().problems == 0
    assert probe("verify").state is State.OK
    Page.objects.filter(pk=page.pk).update(title="Behind its back")
    with pytest.raises(CommandError):
        call_command("verify")
    assert verified.last().problems > 0
    assert probe("verify").state is State.FAIL


def test_verify_is_due_again_after_a_week(db, data_dir):
    long_ago = timezone.now() - timedelta(days=9)
    said = {"at": long_ago.isoformat(), "problems": 0}
    (data_dir / verified.LAST).write_text(json.dumps(said))
    assert probe("verify").state is State.WARN
    assert verified.last().at == datetime.fromisoformat(said["at"])


def test_the_command_says_each_thing_and_its_status_asks_for_somebody(db, capsys):
    with pytest.raises(CommandError, match="1 of 13 need somebody"):
        call_command("health")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 13
    assert "warn  backup: This machine has made no backup." in "\n".join(lines)
    call_command("health", level="fail")


def test_the_command_is_content_where_all_is_well(db, backed_up, capsys):
    backed_up(1)
    call_command("health", "--json")
    said = json.loads(capsys.readouterr().out)
    assert said["state"] == "ok"
    assert {"name": "tags", "state": "ok", "text": "Every tag has its facet."} in said["probes"]


def test_what_is_broken_fails_the_command_at_either_level(asked_here, capsys):
    asked_here["_migrations"].error = OperationalError("gone")
    for level in ("warn", "fail"):
        with pytest.raises(CommandError):
            call_command("health", "--json", level=level)
        assert json.loads(capsys.readouterr().out)["state"] == "fail"


def test_the_command_waits_longer_where_it_has_to_find_the_database_server(
    asked_here, monkeypatch, capsys
):
    asked_here["_migrations"].error = TimeoutError()
    servers = {"host": "10.0.0.5,10.0.0.6,10.0.0.7", "connect_timeout": 2}
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", servers)
    with pytest.raises(CommandError):
        call_command("health")
    assert "no answer within 5.0 s" in capsys.readouterr().out


@pytest.mark.parametrize("pages", [1, 3])
def test_counting_takes_as_many_queries_at_any_size(
    make_condition, django_assert_num_queries, pages
):
    for number in range(pages):
        go_live(make_condition(f"condition-{number}"))
    search.sync()
    with django_assert_num_queries(16):
        figures.figures()

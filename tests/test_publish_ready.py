"""`manage.py publish_ready`: all that waits, or nothing, also when it is killed halfway."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command
from django.db import connection

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record
from causes.editorial.reviewing import submit
from causes.models import ContentVersion, Edition, Event, Information, Page
from tests.processes import database_address

PAGES = 200


def ready(page: Page) -> Page:
    record(page, actor=FIXTURE)
    submit(page, actor=FIXTURE, number=page.revisions.first().number)
    return page


def published_keys() -> set[str]:
    return set(Edition.objects.live().values_list("key", flat=True))


def run(*keys: str, **options: object) -> None:
    call_command("publish_ready", *keys, by="paul", **options)


@pytest.fixture
def waiting(make_symptom, make_category, make_condition, make_information, signed_off) -> None:
    """A whole family and a page that are submitted; a draft that is not, one that is signed."""
    symptom = make_symptom()
    sciatica = make_condition()
    group = make_category(symptom, "a-group", conditions=(sciatica,))
    for page in (group, symptom, sciatica):
        ready(page)
        signed_off(page)
    ready(make_information("privacy"))
    record(make_information("draft"), actor=FIXTURE)
    signed = make_information("signed")
    record(signed, actor=FIXTURE)
    signed_off(signed)


@pytest.mark.django_db
def test_all_that_is_submitted_or_signed_off_goes_live_once(waiting, publisher, capsys):
    run()
    assert published_keys() == {"leg-numbness", "a-group", "sciatica", "privacy", "signed"}
    assert capsys.readouterr().out == "5 page(s) published, 0 left.\n"
    run()
    assert capsys.readouterr().out == "0 page(s) published, 0 left.\n"
    assert Event.objects.filter(verb="publish", actor=publisher).count() == 5


@pytest.mark.django_db
def test_what_may_not_go_live_is_left_and_named(
    waiting, publisher, make_person, make_information, make_condition, capsys
):
    make_person("sam", "Publisher")
    own = make_information("own")
    record(own, actor=publisher)
    submit(own, actor=publisher, number=1)
    ready(make_condition("unsigned"))
    run()
    said = capsys.readouterr()
    assert said.out == "5 page(s) published, 2 left.\n"
    assert "own: You wrote part of this version" in said.err
    assert "unsigned: A clinical reviewer must sign off" in said.err
    assert not Event.objects.filter(verb=Event.Verb.REFUSED).exists()


@pytest.mark.django_db
def test_of_named_pages_all_go_live_or_none(waiting, publisher, make_condition):
    ready(make_condition("unsigned"))
    with pytest.raises(CommandError, match=r"unsigned: .* Nothing is published"):
        run("privacy", "unsigned")
    with pytest.raises(CommandError, match="no such page: none"):
        run("privacy", "none")
    assert published_keys() == set()
    run("privacy", "draft")
    assert published_keys() == {"privacy", "draft"}


@pytest.mark.django_db
def test_a_page_that_patients_know_needs_the_kind_of_change(publisher, make_information, capsys):
    page = ready(make_information())
    run()
    Information.objects.filter(pk=page.pk).update(summary="Newer.")
    ready(page)
    run()
    assert "say with --change" in capsys.readouterr().err
    run(change="correction", note="It was wrong.")
    edition = page.editions.live().get()
    assert (edition.summary, edition.change, edition.note) == (
        "Newer.",
        "correction",
        "It was wrong.",
    )


@pytest.mark.django_db
def test_only_an_account_that_may_publish_does(author, publisher):
    for name, words in (("ada", "may not publish"), ("nobody", "no active account")):
        with pytest.raises(CommandError, match=words):
            call_command("publish_ready", by=name)


def command() -> subprocess.Popen:
    """The command as a process of its own, on the database of the test."""
    return subprocess.Popen(
        [sys.executable, "manage.py", "publish_ready", "--by=paul", "-v2"],
        cwd=site_settings.BASE_DIR,
        env={**os.environ, "DATABASE_URL": database_address()},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.django_db(transaction=True)
def test_killed_halfway_it_has_done_nothing_and_a_rerun_does_all_of_it_once(
    publisher, make_information
):
    for number in range(PAGES):
        ready(make_information(f"page-{number}"))
    connection.close()

    killed = command()
    for line in killed.stdout:
        if line == "page-150: published\n":
            break
    killed.send_signal(signal.SIGKILL)
    _, said = killed.communicate(timeout=60)
    assert killed.returncode == -signal.SIGKILL, said
    assert not Edition.objects.exists()
    assert not Event.objects.filter(verb="publish").exists()
    assert not ContentVersion.objects.filter(number__gt=0).exists()

    again = command()
    out, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    assert out.endswith(f"{PAGES} page(s) published, 0 left.\n")
    assert Edition.objects.live().count() == Edition.objects.count() == PAGES
    assert Event.objects.filter(verb="publish").count() == PAGES
    out, _ = command().communicate(timeout=60)
    assert out == "0 page(s) published, 0 left.\n"

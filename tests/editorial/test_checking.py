"""The counts of findings that versions keep, and the command that prints all of them."""

import io

import pytest
from django.core.management import CommandError, call_command

from causes.editorial.acting import FIXTURE, NotPossible
from causes.editorial.publishing import publish, record
from causes.models import Condition, Revision

LINK = '<p>See <a href="page:stroke">the page on stroke</a>.</p>'


def check(*arguments: str) -> tuple[str, str]:
    """What `check_content` prints, and its last line, "" in front of it if it failed."""
    output = io.StringIO()
    try:
        call_command("check_content", *arguments, stdout=output)
    except CommandError as error:
        return output.getvalue(), f"failed: {error}"
    *lines, last = output.getvalue().splitlines()
    return "\n".join(lines), last


def counts(page) -> tuple[int, int]:
    return page.revisions.newest().values_list("errors", "hints").get()


def test_a_save_counts_its_findings(make_condition, make_symptom, make_category):
    good = make_condition("sciatica")
    make_category(make_symptom(), conditions=(good,))
    record(good, actor=FIXTURE)
    assert counts(good) == (0, 0)
    bad = make_condition("stroke")
    bad.carecards.all().delete()
    bad.sections.update(body="<p>A nerve disorder.</p>")
    record(bad, actor=FIXTURE)
    assert counts(bad) == (1, 2)  # no card; the word, and no page leads here


def test_publishing_is_refused_by_the_very_errors_that_the_form_shows(make_condition):
    page = make_condition()
    page.carecards.all().delete()
    page.sections.update(body="<p>Call 911.</p>")
    revision = record(page, actor=FIXTURE)
    assert revision.errors == 2
    with pytest.raises(NotPossible) as refused:
        publish(page, actor=FIXTURE, number=revision.number)
    assert "Add an emergency care card" in str(refused.value)
    assert "{emergency number}" in str(refused.value)


def test_the_command_corrects_counts_that_other_pages_have_changed(make_condition, published):
    stroke = make_condition("stroke", lead="<p>A text.</p>")
    other = make_condition("sciatica")
    other.sections.update(body=LINK)
    record(other, actor=FIXTURE)
    assert counts(other) == (0, 2)  # nobody sees the page that it links to, or leads to it
    published(stroke)
    lines, last = check()
    assert "leads nowhere" not in lines
    assert counts(other) == (0, 1)
    assert last == "0 error(s) and 1 hint(s) on 2 page(s)."


def test_the_command_fails_for_errors_and_for_hints_if_asked(make_condition):
    page = make_condition("stroke")
    record(page, actor=FIXTURE)
    assert check() == (
        "stroke: hint: title: Name this page in a group of causes, or link to it: "
        "no other page leads here.",
        "0 error(s) and 1 hint(s) on 1 page(s).",
    )
    assert check("--level", "hint")[1].startswith("failed: 0 error(s) and 1 hint(s)")
    page.carecards.all().delete()
    record(page, actor=FIXTURE)
    lines, last = check()
    assert "stroke: error: cards: Add an emergency care card" in lines
    assert last.startswith("failed: 1 error(s)")


def test_the_command_reads_as_often_for_many_pages_as_for_one(
    make_condition, django_assert_num_queries
):
    for number in range(3):
        record(make_condition(f"c-{number}"), actor=FIXTURE)
        check()
        with django_assert_num_queries(11):
            check()


def test_versions_from_before_a_field_are_checked_too(make_condition):
    page = make_condition()
    revision = record(page, actor=FIXTURE)
    for card in revision.document["cards"]:
        del card["phrases"]
    Revision.objects.filter(pk=revision.pk).update(document=revision.document, errors=None)
    check()
    assert counts(page)[0] == 0


def test_the_shipped_pages_have_no_finding(shipped):
    assert check("--level", "hint") == ("", f"0 error(s) and 0 hint(s) on {pages()} page(s).")
    assert set(Revision.objects.newest().values_list("errors", "hints")) == {(0, 0)}


def pages() -> int:
    assert Condition.objects.count() > 30
    return Revision.objects.newest().count()

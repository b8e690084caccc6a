"""The Atom feed: changes in advice, as RFC 4287 wants it, and nothing that is not public."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Edition
from causes.public import feeds
from tests.conftest import go_live
from tests.public.seen import page_at

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client) -> ElementTree.Element:
    response = client.get("/changes.atom", headers={"host": "localhost"})
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)  # noqa: S314 - our own


def titles(client) -> list[str]:
    return [entry.find(f"{ATOM}title").text for entry in feed(client).iter(f"{ATOM}entry")]


def change(page, lead, **options) -> Edition:
    page.lead = f"<p>{lead}</p>"
    page.save()
    return go_live(page, **options)


def test_changes_in_advice_are_in_it_and_others_are_not(client, clock, make_condition):
    page = make_condition()
    go_live(page)
    for day, kind in enumerate(("wording", "correction", "evidence", ""), start=1):
        clock.to(day)
        change(page, f"Text {day}.", change=kind)
    clock.to(9)
    page.reviewed_by, page.reviewed_on = "Dr Ng, neurologist", clock.now.date()
    page.save()
    go_live(page, change="review")
    assert titles(client) == [
        "Sciatica: Changed",
        "Sciatica: New evidence",
        "Sciatica: Correction",
        "Sciatica: New page",
    ]


def test_a_move_is_no_change_in_advice(client, clock, make_symptom, make_category, make_condition):
    symptom = make_symptom()
    group = make_category(symptom, conditions=(make_condition(),))
    go_live(symptom)
    go_live(group)
    clock.to(3)
    symptom.slug = "numb-legs"
    symptom.save()
    go_live(symptom, change="wording")
    assert Edition.objects.filter(key="trapped").count() == 2
    assert titles(client) == ["Trapped: New page", "Leg numbness: New page"]


def test_a_page_taken_off_for_safety_is_in_it_and_another_withdrawal_is_not(
    client, clock, make_condition
):
    for key in ("one", "two"):
        go_live(make_condition(key))
    clock.to(2)
    for edition in Edition.objects.all():
        withdraw(edition.page, actor=FIXTURE, note="wrong")
    Edition.objects.filter(key="one").update(safety_warning="The dose was wrong.")
    assert titles(client) == ["One: Taken off the site"]
    first = next(feed(client).iter(f"{ATOM}entry"))
    assert first.find(f"{ATOM}summary").text == "The dose was wrong."
    assert datetime.fromisoformat(first.find(f"{ATOM}updated").text) == clock.now


def test_what_is_scheduled_or_redacted_is_not_in_it(client, clock, make_condition):
    page = make_condition()
    go_live(page)
    clock.to(1)
    change(page, "Mr. Smith.", change="evidence", note="Mr. Smith.")
    change(page, "Later.", change="evidence", at=clock.now + timedelta(days=1))
    Edition.objects.filter(number=2).update(redacted_at=clock.now)
    assert titles(client) == ["Sciatica: New page"]
    clock.to(3)
    assert titles(client) == ["Sciatica: New evidence", "Sciatica: New page"]


def test_a_page_has_its_present_name_and_address(client, clock, make_condition):
    page = make_condition()
    go_live(page)
    clock.to(1)
    page.title, page.slug = "Sciatic pain", "sciatic-pain"
    page.save()
    go_live(page, change="wording")
    assert titles(client) == ["Sciatic pain: New page"]
    link = feed(client).find(f".//{ATOM}entry/{ATOM}link").get("href")
    assert link.endswith("/conditions/sciatic-pain/history/#edition-1")


def test_it_is_a_valid_feed(client, settings, clock, make_condition):
    settings.SITE_URL = "https://causes.example"
    page = make_condition()
    go_live(page)
    clock.to(1)
    change(page, "Other.", change="correction", note="Why & <b>how</b>")
    root = feed(client)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert len(root.findall(f"{ATOM}{name}")) == 1, name
    assert datetime.fromisoformat(root.find(f"{ATOM}updated").text) == clock.now
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {
        "alternate": "https://causes.example/",
        "self": "https://causes.example/changes.atom",
    }
    entries = root.findall(f"{ATOM}entry")
    ids = [entry.find(f"{ATOM}id").text for entry in entries]
    assert len(set(ids)) == len(entries) == 2
    for entry in entries:
        for name in ("title", "updated", "published", "summary", "link"):
            assert len(entry.findall(f"{ATOM}{name}")) == 1, name
        assert entry.find(f"{ATOM}link").get("href").startswith("https://causes.example/cond")
    assert entries[0].find(f"{ATOM}link").get("href").endswith("history/#edition-2")
    summary = entries[0].find(f"{ATOM}summary")
    assert (summary.get("type"), summary.text) == ("html", "Why &amp; &lt;b&gt;how&lt;/b&gt;")


def test_an_entry_keeps_its_id_when_its_page_moves(client, clock, make_condition):
    page = make_condition()
    go_live(page)
    before = feed(client).find(f".//{ATOM}entry/{ATOM}id").text
    clock.to(1)
    page.slug = "moved"
    page.save()
    go_live(page, change="wording")
    assert feed(client).find(f".//{ATOM}entry/{ATOM}id").text == before


@pytest.mark.parametrize("text", ["\x0b\x1f", "\ufffe\uffff", "<![CDATA[", "]]>", "&#0;", "\u202e"])
def test_no_text_breaks_it(client, clock, make_condition, text):
    page = make_condition(title=f"A{text}")
    go_live(page)
    clock.to(1)
    change(page, "Other.", change="evidence", note=f"Note {text}")
    assert len(titles(client)) == 2


def test_an_empty_feed_is_one_too(client, db):
    assert titles(client) == []


@pytest.mark.parametrize("number", [1, 3])
def test_it_costs_two_queries_whatever_its_length(client, make_condition, number):
    for n in range(number):
        go_live(make_condition(f"page-{n}"))
    with CaptureQueriesContext(connection) as captured:
        assert len(titles(client)) == number
    assert len(captured) == 2


def test_it_holds_the_newest_changes_only(client, monkeypatch, clock, make_condition):
    monkeypatch.setattr(feeds, "MOST_ENTRIES", 3)
    page = make_condition()
    for day in range(5):
        clock.to(day)
        change(page, f"Text {day}.", change="evidence" if day else "")
    assert titles(client) == ["Sciatica: New evidence"] * 3


def test_every_page_names_it(client, small_site):
    for path in ("/", "/conditions/disc/", "/search/", "/conditions/disc/history/"):
        document = page_at(client, path)
        [link] = document.query('link[rel="alternate"]')
        assert (link.attrs["type"], link.attrs["href"]) == ("application/atom+xml", "/changes.atom")
        assert document.query('footer a[href="/changes.atom"]')

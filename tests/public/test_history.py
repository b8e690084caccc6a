"""The list of what changed on a page: when, what kind, why, and which words."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Edition, Page
from causes.public import memory, past
from tests.conftest import go_live
from tests.public.seen import links, page_at, words, words_of

PATH = "/conditions/sciatica/"
HISTORY = f"{PATH}history/"


def publish_again(page: Page, lead: str, **options: object) -> Edition:
    page.lead = f"<p>{lead}</p>"
    page.save()
    return go_live(page, **options)


@pytest.fixture
def sciatica(clock, make_condition):
    page = make_condition()
    publish_again(page, "Rest in bed for a week.")
    return page


def entries(client, address=HISTORY) -> list[str]:
    return words_of(page_at(client, address), "main .change")


def test_each_change_has_its_date_kind_and_reason_the_newest_first(client, clock, sciatica):
    clock.to(4)
    note = "Trials show that rest\nis worse."
    publish_again(sciatica, "Stay active.", change="evidence", note=note)
    clock.to(9)
    publish_again(sciatica, "Stay active, please.", change="wording", note="Kinder.")
    document = page_at(client, HISTORY)
    assert words_of(document, "main .change") == [
        "March 10, 2026: Wording",
        "March 5, 2026: New evidence",
        "March 1, 2026: First published",
    ]
    wording, evidence, first = (words(node.parent) for node in document.query("main .change"))
    assert "Trials show that rest is worse." in evidence
    assert "The advice is the same. Only the wording changed." in wording
    assert "Words added and removed" not in first


def test_words_that_were_added_and_removed_are_shown_folded(client, clock, sciatica):
    clock.to(4)
    publish_again(sciatica, "Rest in bed for a day.", change="correction")
    document = page_at(client, HISTORY)
    [fold] = [n.parent for n in document.query("summary") if "Words added" in words(n)]
    assert "open" not in fold.attrs
    assert words_of(fold, "del") == ["removed: week"]
    assert words_of(fold, "ins") == ["added: day"]


def test_a_mere_move_is_called_that(client, clock, sciatica):
    clock.to(4)
    edition = Edition.objects.live().get(page_id=sciatica.pk)
    sciatica.slug = "nerve-pain"
    sciatica.save()
    moved = go_live(sciatica)
    Edition.objects.filter(pk=moved.pk).update(digest=edition.digest)  # as for groups that follow
    document = page_at(client, "/conditions/nerve-pain/history/")
    assert words_of(document, "main .change")[0] == "March 5, 2026: Address changed"
    [entry] = [n for n in document.query("main section") if n.attrs.get("id") == "edition-2"]
    assert "from /conditions/sciatica/ to /conditions/nerve-pain/" in words(entry)
    assert "Words added" not in words(entry)


def test_a_page_that_was_off_the_site_and_came_back_says_both(client, clock, sciatica):
    clock.to(2)
    withdraw(sciatica, actor=FIXTURE, note="For editors only")
    assert client.get(PATH).status_code == 410
    assert links(page_at(client, HISTORY).query("main")[0])[f"{PATH}?on=2026-03-02"]
    clock.to(4)
    go_live(sciatica)
    assert entries(client) == [
        "March 5, 2026: Published again",
        "March 3, 2026: Taken off the site",
        "March 1, 2026: First published",
    ]
    page = client.get(HISTORY).content.decode()
    assert "For editors only" not in page
    assert "No word of the page changed." in page


def test_the_page_that_is_gone_leads_to_its_history(client, clock, sciatica):
    clock.to(2)
    withdraw(sciatica, actor=FIXTURE, note="Wrong.")
    gone = client.get(PATH)
    assert gone.status_code == 410
    assert 'href="history/"' in gone.content.decode()  # beside the address that was asked for
    assert client.get(HISTORY).status_code == 200


def test_a_page_that_could_harm_says_why_it_went(client, clock, sciatica):
    clock.to(2)
    withdraw(sciatica, actor=FIXTURE, note="Dose.")
    Edition.objects.update(safety_warning="Do not take <i>ten</i> tablets.")
    [warning] = [words(n) for n in page_at(client, HISTORY).query(".group .emergency-line")]
    assert warning == "Readers could come to harm. Do not take <i>ten</i> tablets."


def test_a_redacted_edition_shows_that_it_was_and_no_word_of_it(client, clock, sciatica):
    clock.to(4)
    publish_again(sciatica, "Mr. Smith has it.", change="evidence", note="Mr. Smith told us.")
    clock.to(5)
    publish_again(sciatica, "Somebody has it.", change="correction", note="A name went.")
    Edition.objects.filter(number=2).update(redacted_at=clock.now)
    page = client.get(HISTORY).content.decode()
    assert "Smith" not in page
    assert "Somebody" not in page
    assert "The text of edition 2 was taken out on March 6, 2026" in page
    assert "A name went." in page


def test_who_published_alone_is_not_for_readers(client, sciatica):
    page = client.get(HISTORY).content.decode()
    Edition.objects.update(published_alone=True)
    assert client.get(HISTORY).content.decode() == page


@pytest.mark.parametrize("note", ["<script>alert(1)</script>", "</p><h1>x</h1>", "{{ 7|add:7 }}"])
def test_hostile_notes_stay_words(client, clock, sciatica, note):
    clock.to(4)
    publish_again(sciatica, "Other.", change="evidence", note=note)
    document = page_at(client, HISTORY)
    assert note in words(document.query("main")[0])
    assert len(document.query("h1")) == 1
    assert len(document.query("main script")) == 0


def test_an_edition_leads_to_the_last_day_on_which_it_was_the_page(client, clock, sciatica):
    clock.to(4, 9)
    publish_again(sciatica, "For some hours.")
    clock.to(4, 15)
    publish_again(sciatica, "Until now.")
    clock.to(6)
    main = page_at(client, HISTORY).query("main")[0]
    days = [to.split("on=")[1] for to in links(main) if "?on=" in to]
    assert days == ["2026-03-07", "2026-03-04"]  # the second was replaced on its only day
    for day, text in (("07", "Until now."), ("04", "Rest in bed for a week.")):
        assert words_of(page_at(client, f"{PATH}?on=2026-03-{day}"), ".lead") == [text]


def test_a_day_can_be_chosen(client, sciatica):
    document = page_at(client, HISTORY)
    [form] = document.query("main form")
    assert form.attrs["action"] == PATH
    [day] = form.query("input")
    assert (day.attrs["name"], day.attrs["type"]) == ("on", "date")
    assert [label.attrs["for"] for label in form.query("label")] == [day.attrs["id"]]


@pytest.fixture
def long_history(monkeypatch, clock, make_condition):
    """Seven changes, three on a page of the list."""
    monkeypatch.setattr(memory, "PAGE_LENGTH", 3)
    page = make_condition()
    for day in range(7):
        clock.to(day)
        publish_again(page, f"Text {day}.", change="evidence" if day else "")
    return page


def test_a_long_history_is_shown_a_few_changes_at_a_time(client, long_history):
    pages = [entries(client, f"{HISTORY}?page={n}") for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [3, 3, 1]
    assert len({entry for page in pages for entry in page}) == 7
    assert pages[2] == ["March 1, 2026: First published"]
    assert "First" not in "".join(pages[0] + pages[1])
    assert entries(client, f"{HISTORY}?page=9") == pages[2]
    for junk in ("0", "-1", "x", "", "9" * 50):
        assert entries(client, f"{HISTORY}?page={junk}") == pages[0]


def test_each_page_of_a_history_leads_to_the_ones_beside_it(client, long_history):
    def around(number):
        return links(page_at(client, f"{HISTORY}?page={number}&x=1").query("main")[0], ".chip")

    assert around(1) == {f"{HISTORY}?page=2": "Older changes"}
    assert around(2) == {HISTORY: "Newer changes", f"{HISTORY}?page=3": "Older changes"}
    assert around(3) == {f"{HISTORY}?page=2": "Newer changes"}


def test_the_last_change_of_a_page_of_the_list_is_compared_with_the_first_of_the_next(
    client, long_history
):
    document = page_at(client, HISTORY)
    assert words_of(document, "ins")[-1] == "added: 4"
    assert words_of(document, "del")[-1] == "removed: 3"


@pytest.mark.parametrize("page", [1, 2])
def test_a_history_costs_three_queries_whatever_its_length(client, long_history, page):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"{HISTORY}?page={page}").status_code == 200
    assert len(captured) == 3
    assert not any(
        table in query["sql"]
        for query in captured.captured_queries
        for table in ('"causes_page"', "causes_revision", "causes_event")
    )


def test_a_scheduled_edition_is_no_change_yet(client, clock, sciatica):
    before = client.get(HISTORY).content
    publish_again(sciatica, "Secret.", at=clock.now + timedelta(days=1), note="Secret.")
    assert client.get(HISTORY).content == before


def test_changes_are_found_by_indexes_however_many_editions_there_are(clock, sciatica):
    """The planner of PostgreSQL reads small tables whole; it is told not to."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("ANALYZE")
    advice = past.changes_in_advice(clock.now, 50).explain()
    assert "edition_of_advice" in advice
    assert "edition_taken_off" in past.taken_off_for_safety(clock.now, 50).explain()
    plan = past.started(PATH, clock.now).order_by("-live_from")[:10].explain()
    assert "SCAN causes_edition" not in plan
    assert "Seq Scan on causes_edition" not in plan

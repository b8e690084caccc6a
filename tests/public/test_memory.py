"""A page as patients saw it on a day: the text of that evening, marked, and never by accident."""

import pytest
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Edition, Page
from tests.conftest import go_live
from tests.public.seen import links, page_at, parsed, words, words_of

PATH = "/conditions/sciatica/"


def set_lead(page: Page, text: str) -> None:
    page.lead = f"<p>{text}</p>"
    page.save()


@pytest.fixture
def sciatica(clock, make_condition):
    """Says "One." from March 1 on, "Two." from March 5, "Three." from March 9; it is March 11."""
    page = make_condition()
    for day, text in ((0, "One."), (4, "Two."), (8, "Three.")):
        clock.to(day)
        set_lead(page, text)
        go_live(page, note=f"Now {text}", change="evidence" if day else "")
    clock.to(10)
    return page


@pytest.mark.parametrize(
    ("day", "text"),
    [
        ("01", "One."),
        ("04", "One."),
        ("05", "Two."),
        ("08", "Two."),
        ("09", "Three."),
        ("11", "Three."),
    ],
)
def test_the_page_says_what_it_said_on_the_evening_of_the_day(client, sciatica, day, text):
    document = page_at(client, f"{PATH}?on=2026-03-{day}")
    assert words_of(document, ".lead") == [text]


def test_it_is_marked_outside_of_the_page_and_leads_to_todays(client, sciatica):
    document = page_at(client, f"{PATH}?on=2026-03-02")
    [notice] = document.query("body > .then")
    assert "as patients saw it on March 2, 2026" in words(notice)
    assert links(notice) == {PATH: "read today’s page"}
    assert document.query("main .then") == []


def test_search_engines_are_told_of_todays_page_only(client, sciatica):
    document = page_at(client, f"{PATH}?on=2026-03-02")
    [robots] = document.query("meta[name=robots]")
    assert robots.attrs["content"] == "noindex"
    [canonical] = document.query("link[rel=canonical]")
    assert canonical.attrs["href"].endswith(f":8000{PATH}")
    assert document.query('script[type="application/ld+json"]') == []
    assert page_at(client, PATH).query("meta[name=robots]") == []


def test_the_paper_names_the_edition_its_date_and_the_address(client, sciatica):
    [status] = words_of(page_at(client, f"{PATH}?on=2026-03-06"), ".status")
    assert "Published March 5, 2026. Edition 2." in status
    assert f":8000{PATH}" in status


def test_a_day_with_two_editions_shows_the_later_one_and_says_so(client, clock, sciatica):
    clock.to(8, 15)
    set_lead(sciatica, "Four.")
    go_live(sciatica)
    clock.to(9)
    document = page_at(client, f"{PATH}?on=2026-03-09")
    assert words_of(document, ".lead") == ["Four."]
    [notice] = words_of(document, ".then")
    assert "This is edition 4, the last of 3 that patients saw." in notice


def test_a_day_before_the_first_edition_says_when_that_was(client, sciatica):
    response = client.get(f"{PATH}?on=2026-02-28")
    assert response.status_code == 404
    page = words(parsed(response).query("main")[0])
    assert "This page was not here on February 28, 2026" in page
    assert "It was first published on March 1, 2026." in page
    assert links(parsed(response).query("main")[0])[f"{PATH}history/"]


@pytest.mark.parametrize(
    ("on", "message"),
    [
        ("0000-01-01", "This is not a day."),
        ("2026-02-30", "This is not a day."),
        ("2026-03", "This is not a day."),
        ("yesterday", "This is not a day."),
        ("<script>", "This is not a day."),
        ("2026-03-01T12:00", "This is not a day."),
        ("9" * 5000, "This is not a day."),
        ("9999-12-31", "This day is still to come."),
        ("2026-03-12", "This day is still to come."),
        ("10000-01-01", "This is not a day."),
    ],
)
def test_what_is_no_day_gets_a_clear_message(client, sciatica, on, message):
    response = client.get(PATH, {"on": on})
    assert response.status_code == 400
    assert message in words(parsed(response).query("main")[0])
    assert "<script>" not in response.content.decode().split("<main")[1]


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "America/Sao_Paulo"])
@pytest.mark.parametrize("on", ["0001-01-01", "1969-12-31", "1970-01-01", "1985-11-02"])
def test_the_oldest_days_are_days_in_every_time_zone(client, settings, sciatica, zone, on):
    settings.TIME_ZONE = zone
    with timezone.override(zone):
        assert client.get(f"{PATH}?on={on}").status_code == 404


def test_a_day_is_the_sites_day(client, settings, clock, sciatica):
    """Edition 2 began on March 5 at noon UTC, which is March 6 at 2:00 on Kiritimati."""
    with timezone.override("Pacific/Kiritimati"):
        assert words_of(page_at(client, f"{PATH}?on=2026-03-05"), ".lead") == ["One."]
        assert words_of(page_at(client, f"{PATH}?on=2026-03-06"), ".lead") == ["Two."]


def test_an_unknown_address_is_not_found_whatever_the_day(client, sciatica):
    for on in ("2026-03-02", "junk", ""):
        assert client.get(f"/conditions/none/?on={on}").status_code == 404


def test_a_draft_and_a_scheduled_page_have_no_past(client, clock, sciatica, make_condition):
    go_live(make_condition("later"), at=clock.now + timezone.timedelta(days=1))
    make_condition("draft")
    for slug in ("later", "draft"):
        for address in (f"?on={clock.today}", "?on=junk", "history/"):
            assert client.get(f"/conditions/{slug}/{address}").status_code == 404


def test_what_is_scheduled_shows_nowhere(client, clock, sciatica):
    set_lead(sciatica, "A secret.")
    go_live(sciatica, at=clock.now + timezone.timedelta(hours=2), note="Secret note")
    for address in (f"?on={clock.today}", "history/"):
        page = client.get(f"{PATH}{address}").content.decode()
        assert "ecret" not in page
        assert "Taken off" not in page
        assert "taken off" not in page
    assert "ecret" not in client.get("/changes.atom").content.decode()


def test_an_old_address_leads_to_the_new_one_on_the_same_day(client, clock, sciatica):
    sciatica.slug = "nerve"
    sciatica.save()
    go_live(sciatica)
    response = client.get(f"{PATH}?on=2026-03-02")
    assert (response.status_code, response["Location"]) == (301, "/conditions/nerve/?on=2026-03-02")
    assert response["Cache-Control"] == "no-cache"
    document = page_at(client, response["Location"])
    assert words_of(document, ".lead") == ["One."]
    assert links(document.query(".then")[0]) == {"/conditions/nerve/": "read today’s page"}
    assert client.get(f"{PATH}history/")["Location"] == "/conditions/nerve/history/"


def test_a_withdrawn_page_can_still_be_read_as_it_was(client, clock, sciatica):
    withdraw(sciatica, actor=FIXTURE, note="Wrong.")
    clock.to(12)
    assert client.get(PATH).status_code == 410
    document = page_at(client, f"{PATH}?on=2026-03-02")
    assert words_of(document, ".lead") == ["One."]
    [notice] = words_of(document, ".then")
    assert "The page is no longer on the site." in notice
    assert "read today’s page" not in notice
    assert client.get(f"{PATH}?on=2026-03-12").status_code == 404
    assert "It was off the site then." in client.get(f"{PATH}?on=2026-03-12").content.decode()


def test_the_day_on_which_a_page_was_taken_off_shows_what_it_said_before(client, clock, sciatica):
    withdraw(sciatica, actor=FIXTURE, note="Wrong.")
    clock.to(12)
    document = page_at(client, f"{PATH}?on=2026-03-11")
    assert words_of(document, ".lead") == ["Three."]
    assert "taken off the site later that day" in words_of(document, ".then")[0]


def taken_off_for_safety(page, number, warning) -> None:
    Edition.objects.filter(page_id=page.pk, number=number).update(safety_warning=warning)


def test_the_warning_of_a_page_that_was_taken_off_for_safety_comes_first(client, clock, sciatica):
    withdraw(sciatica, actor=FIXTURE, note="Dose.")
    taken_off_for_safety(sciatica, 3, "The dose was <b>wrong</b>.")
    for day in ("02", "06", "11"):
        page = client.get(f"{PATH}?on=2026-03-{day}").content.decode()
        warning = page.index("The dose was &lt;b&gt;wrong&lt;/b&gt;.")
        assert warning < page.index("<main")
        assert warning < page.index("You are reading this page")


def test_a_warning_about_an_earlier_text_is_no_warning_about_a_later_one(client, clock, sciatica):
    taken_off_for_safety(sciatica, 1, "Old mistake.")
    assert "Old mistake." in client.get(f"{PATH}?on=2026-03-02").content.decode()
    assert "Old mistake." not in client.get(f"{PATH}?on=2026-03-06").content.decode()
    assert "Old mistake." not in client.get(PATH).content.decode()


def test_a_redacted_edition_shows_a_notice_and_no_word_of_it(client, clock, sciatica):
    Edition.objects.filter(page_id=sciatica.pk, number=1).update(redacted_at=clock.now)
    page = client.get(f"{PATH}?on=2026-03-02")
    assert page.status_code == 200
    main = words(parsed(page).query("main")[0])
    assert "The text of this edition was taken out" in main
    assert "March 11, 2026" in main
    assert "One." not in page.content.decode()
    assert "Sciatica" not in page.content.decode()
    assert words_of(page_at(client, f"{PATH}?on=2026-03-06"), ".lead") == ["Two."]


def test_a_symptom_of_that_day_has_the_groups_and_causes_of_that_day(
    client, clock, make_symptom, make_category, make_condition
):
    first, second = make_condition("first"), make_condition("second")
    symptom = make_symptom()
    group = make_category(symptom, conditions=(first,))
    for page in (first, second, symptom, group):
        go_live(page)
    clock.to(5)
    first.title, first.slug = "First renamed", "renamed"
    first.save()
    go_live(first)
    group.causes.update(condition=second)
    go_live(group)
    clock.to(6)
    before = page_at(client, "/symptoms/leg-numbness/?on=2026-03-02")
    assert words_of(before, ".group .page-list a") == ["First"]
    assert words_of(page_at(client, "/symptoms/leg-numbness/"), ".group .page-list a") == ["Second"]
    old = page_at(client, "/conditions/renamed/?on=2026-03-02")
    assert words_of(old, "h1") == ["First"]
    assert "Trapped" in words(old.query("main")[0])
    assert "Trapped" not in words(page_at(client, "/conditions/renamed/").query("main")[0])


def test_a_group_whose_text_was_taken_out_breaks_no_page_of_that_day(
    client, clock, make_symptom, make_category, make_condition
):
    condition, symptom = make_condition(), make_symptom()
    group = make_category(symptom, conditions=(condition,))
    for page in (condition, symptom, group):
        go_live(page)
    edition = Edition.objects.get(key="trapped")
    body = edition.body | {"causes": [], "redacted": True}
    Edition.objects.filter(pk=edition.pk).update(body=body, redacted_at=clock.now)
    for path in (PATH, "/symptoms/leg-numbness/"):
        assert client.get(f"{path}?on={clock.today}").status_code == 200
        assert client.get(path).status_code == 200


def test_a_page_that_was_taken_off_for_safety_says_so_first(client, clock, make_condition):
    page = make_condition()
    go_live(page)
    clock.to(3)
    withdraw(page, actor=FIXTURE, note="wrong dose", safety_warning="Do not take the old dose.")
    response = client.get(PATH)
    assert response.status_code == 410
    said = response.content.decode()
    assert "Do not take the old dose." in said
    assert said.index("Do not take the old dose.") < said.index("no longer published")

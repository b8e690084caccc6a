"""The screens that publish, schedule, cancel and withdraw: who may, and what they refuse."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record
from causes.models import CareCard, Condition, Edition, Event, Page
from tests.admin.screens import address, errors, form_data, parsed, save

VERBS = ["publish", "withdraw", "cancel"]
NEXT_WEEK = timedelta(days=7)


def time_fields(at: datetime) -> dict[str, str]:
    local = timezone.localtime(at)
    return {"at_0": f"{local:%Y-%m-%d}", "at_1": f"{local:%H:%M:%S}"}


def screen(verb: str, page: Page, number: int = 0) -> str:
    """The address of a screen; of publishing, for the newest version unless ``number`` is given."""
    more = [number or page.revisions.first().number] if verb == "publish" else []
    return address(verb, page, *more)


def history(page: Page) -> list:
    """Everything that the verbs write about a page, but for attempts that were refused."""
    events = page.events.exclude(verb=Event.Verb.REFUSED)
    return [
        list(rows.order_by("pk").values())
        for rows in (page.revisions, page.editions, events, page.addresses)
    ]


@pytest.fixture
def busy(make_condition, published) -> Condition:
    """A page with all that a verb could act on: live, scheduled, and with a newer draft."""
    page = make_condition()
    published(page)
    for words, options in (
        ("Next week.", {"at": timezone.now() + NEXT_WEEK}),
        ("Draft.", {}),
    ):
        Condition.objects.filter(pk=page.pk).update(summary=words)
        published(page, **options) if options else record(page, actor=FIXTURE)
    return page


@pytest.mark.parametrize("verb", VERBS)
def test_opening_a_screen_changes_nothing(verb, publishing_client, busy):
    before = history(busy)
    for method in (publishing_client.get, publishing_client.head):
        assert method(screen(verb, busy)).status_code == 200
    assert history(busy) == before


@pytest.mark.parametrize("role", ["Author", "Clinical reviewer"])
@pytest.mark.parametrize("verb", VERBS)
def test_only_a_publisher_opens_and_uses_a_screen(verb, role, client, make_person, busy):
    client.force_login(make_person("ada", role))
    before = history(busy)
    sent = {"note": "why", "scheduled": "replace"}
    assert client.get(screen(verb, busy)).status_code == 403
    assert not busy.events.filter(verb=Event.Verb.REFUSED).exists()
    assert client.post(screen(verb, busy), sent).status_code == 403
    event = busy.events.first()
    assert (event.verb, event.actor_name) == (Event.Verb.REFUSED, "ada")
    assert event.note.startswith(f"{verb}: ")
    assert client.post(screen(verb, Page.objects.get(pk=busy.pk)), sent).status_code == 403
    assert history(busy) == before


@pytest.mark.parametrize(("verb", "note"), [("withdraw", ""), ("withdraw", " \n"), ("cancel", "")])
def test_a_reason_is_required(verb, note, publishing_client, busy):
    before = history(busy)
    response = publishing_client.post(screen(verb, busy), {"note": note})
    assert "This field is required." in errors(response)
    assert history(busy) == before


def test_publishing_shows_what_changes_and_then_the_page_is_live(
    publishing_client, publisher, make_condition, published
):
    page = make_condition()
    published(page)
    save(publishing_client, page, title="New title", **{"sections-0-body": "<p>New.</p>"})
    shown = parsed(publishing_client.get(screen("publish", page)))
    assert [" ".join(line.to_text().split()) for line in shown.query(".comparison h3")] == [
        "Title changed",
        "Section “What it is” changed",
    ]
    assert "added: New" in " ".join(shown.query(".comparison ins")[-1].to_text().split())
    url = screen("publish", page)
    sent = form_data(publishing_client, url) | {"change": "wording", "note": "A new title."}
    response = publishing_client.post(url, sent, follow=True)
    assert response.redirect_chain == [(address("change", page), 302)]
    assert "Patients now see version 2." in response.content.decode()
    new, old = page.editions.order_by("-number")
    assert (new.title, new.revision.number, new.live_until) == ("New title", 2, None)
    assert (new.change, new.note) == ("wording", "A new title.")
    assert old.live_until == new.live_from
    event = page.events.first()
    assert (event.verb, event.actor) == ("publish", publisher)
    assert event.note == "A new title. Written and published by one person alone."


def test_the_first_publication_says_that_it_is_the_first(
    publishing_client, make_condition, signed_off
):
    page = make_condition()
    record(page, actor=FIXTURE)
    signed_off(page)
    url = screen("publish", page)
    shown = publishing_client.get(url)
    assert "Patients have not seen this page yet." in shown.content.decode()
    assert not parsed(shown).query("[name=change]")
    publishing_client.post(url, {"note": ""})
    assert page.editions.get().live_until is None


def test_publishing_a_version_that_is_no_longer_the_newest_is_refused(
    publishing_client, make_condition
):
    page = make_condition()
    record(page, actor=FIXTURE)
    read = screen("publish", page)
    save(publishing_client, page, title="Newer")
    response = publishing_client.post(read, {"note": "I read version 1"})
    assert "Version 2 was saved by paul after version 1." in errors(response)
    note = parsed(response).query("[name=note]")[0]
    assert note.to_text().strip() == "I read version 1"
    assert not Edition.objects.exists()


def test_a_version_is_scheduled_in_the_sites_time(
    publishing_client, settings, make_condition, signed_off
):
    settings.TIME_ZONE = "Asia/Kolkata"
    at = (timezone.now() + NEXT_WEEK).replace(microsecond=0)
    page = make_condition()
    record(page, actor=FIXTURE)
    signed_off(page)
    response = publishing_client.post(screen("publish", page), time_fields(at))
    assert response.status_code == 302, errors(response)
    assert page.editions.get().live_from == at
    assert page.events.first().verb == Event.Verb.SCHEDULE
    assert publishing_client.get("/conditions/sciatica/").status_code == 404


@pytest.mark.parametrize("ago", [timedelta(seconds=1), timedelta(days=1), timedelta(days=40_000)])
def test_a_time_that_has_passed_is_refused(ago, publishing_client, make_condition):
    page = make_condition()
    record(page, actor=FIXTURE)
    response = publishing_client.post(screen("publish", page), time_fields(timezone.now() - ago))
    assert "That time has passed." in errors(response)
    assert not Edition.objects.exists()


@pytest.mark.parametrize("at", [("2999-02-30", "10:00"), ("soon", ""), ("", "10:00"), ("\0", "\0")])
def test_a_time_that_is_none_is_refused(at, publishing_client, make_condition):
    page = make_condition()
    record(page, actor=FIXTURE)
    response = publishing_client.post(screen("publish", page), {"at_0": at[0], "at_1": at[1]})
    assert parsed(response).query(".errorlist")
    assert not Edition.objects.exists()


def test_every_control_of_a_screen_has_a_label(publishing_client, busy):
    for verb in VERBS:
        shown = parsed(publishing_client.get(screen(verb, busy)))
        labels = {label.attrs.get("for") for label in shown.query("#content-main label")}
        for control in shown.query("#content-main input, #content-main textarea"):
            if control.attrs.get("type") not in {"hidden", "submit"}:
                assert control.attrs.get("aria-label") or control.attrs["id"] in labels, control


def test_publishing_beside_a_schedule_asks_whether_it_stays(publishing_client, busy):
    before = history(busy)
    url = screen("publish", busy)
    assert parsed(publishing_client.get(url)).query("[name=scheduled]")
    assert "This field is required." in errors(publishing_client.post(url, {"note": ""}))
    assert "not one of the available choices" in errors(
        publishing_client.post(url, {"scheduled": "both"})
    )
    assert history(busy) == before


def test_a_fix_is_published_before_the_schedule_that_is_kept(publishing_client, busy):
    response = publishing_client.post(
        screen("publish", busy), {"scheduled": "keep", "change": "wording"}
    )
    assert response.status_code == 302, errors(response)
    first, waiting, fix = busy.editions.order_by("number")
    assert first.live_until == fix.live_from
    assert fix.live_until == waiting.live_from
    assert waiting.live_until is None
    assert busy.editions.live().get() == fix


def test_a_fix_replaces_the_schedule(publishing_client, busy):
    response = publishing_client.post(
        screen("publish", busy), {"scheduled": "replace", "change": "wording"}
    )
    assert response.status_code == 302, errors(response)
    first, fix = busy.editions.order_by("live_from")
    assert first.live_until == fix.live_from
    assert fix.live_until is None


def test_a_second_schedule_beside_the_first_is_refused(publishing_client, busy):
    before = history(busy)
    sent = {"scheduled": "keep", "change": "wording"} | time_fields(timezone.now() + 2 * NEXT_WEEK)
    response = publishing_client.post(screen("publish", busy), sent)
    assert "One edition at a time can be scheduled." in errors(response)
    assert history(busy) == before


def test_cancelling_leaves_the_live_edition_open(publishing_client, publisher, busy):
    url = screen("cancel", busy)
    sent = form_data(publishing_client, url) | {"note": "Too early."}
    response = publishing_client.post(url, sent, follow=True)
    assert "The schedule is cancelled." in response.content.decode()
    assert busy.editions.get().live_until is None
    event = busy.events.first()
    assert (event.verb, event.actor, event.note) == ("cancel", publisher, "Too early.")
    response = publishing_client.post(url, {"note": "Again."})
    assert "Nothing is scheduled for this page." in errors(response)


def test_withdrawing_takes_the_page_and_its_schedule_away(publishing_client, publisher, busy):
    url = screen("withdraw", busy)
    sent = form_data(publishing_client, url) | {"note": "It is wrong."}
    response = publishing_client.post(url, sent, follow=True)
    assert "The page is withdrawn." in response.content.decode()
    assert publishing_client.get("/conditions/sciatica/").status_code == 410
    assert busy.editions.get().live_until is not None
    event = busy.events.first()
    assert (event.verb, event.actor, event.note) == ("withdraw", publisher, "It is wrong.")
    response = publishing_client.post(url, {"note": "Again."})
    assert "This page is not published." in errors(response)


def test_what_makes_publishing_impossible_is_said_on_the_screen(
    publishing_client, make_condition, published, signed_off
):
    published(make_condition("stroke"))
    page = make_condition("other", slug="stroke")
    record(page, actor=FIXTURE)
    signed_off(page)
    response = publishing_client.post(screen("publish", page), {"note": ""})
    assert "The address /conditions/stroke/ belongs to “Stroke” for good." in errors(response)
    CareCard.objects.filter(page=page).delete()
    record(page, actor=FIXTURE)
    response = publishing_client.post(screen("publish", page), {"note": ""})
    assert "Add an emergency care card" in errors(response)
    assert not page.editions.exists()


def test_a_screen_of_no_page_or_no_version_is_a_404(publishing_client, busy, make_information):
    information = make_information()
    record(information, actor=FIXTURE)
    for url in (
        address("publish", busy, 99),
        address("publish", busy, 0),
        address("withdraw", busy).replace(f"/{busy.pk}/", f"/{information.pk}/"),
        address("cancel", busy).replace(f"/{busy.pk}/", "/abc/"),
    ):
        assert publishing_client.get(url).status_code == 404, url
        assert publishing_client.post(url, {"note": "why"}).status_code == 404, url
    assert busy.editions.live().exists()


def test_the_kind_of_change_and_why_are_asked_for(publishing_client, make_condition, published):
    page = make_condition()
    published(page)
    save(publishing_client, page, title="Newer")
    url = screen("publish", page)
    assert "This field is required." in errors(publishing_client.post(url, {"note": "Why"}))
    sent = {"change": "evidence", "note": " "}
    assert "Say what changed in the advice" in errors(publishing_client.post(url, sent))
    assert page.editions.count() == 1


def offered(client, page: Page) -> set[str]:
    """The names of the verbs that the form offers, but for those of every saved page."""
    links = parsed(client.get(address("change", page))).query(".page-verbs a")
    verbs = {link.attrs["href"].split(f"/{page.pk}/")[1].split("/")[0] for link in links}
    return verbs - {"sign_off", "comment", "invite"}


def test_the_form_offers_the_screens_that_make_sense_to_those_who_may_use_them(
    client, author, publisher, make_condition, busy, published
):
    draft, live = make_condition("draft"), make_condition("live")
    record(draft, actor=FIXTURE)
    published(live)
    client.force_login(publisher)
    assert offered(client, draft) == {"submit", "publish", "archive"}
    assert offered(client, live) == {"withdraw"}
    assert offered(client, busy) == {"submit", "publish", "withdraw", "cancel"}
    client.force_login(author)
    assert offered(client, draft) == offered(client, busy) == {"submit"}
    assert offered(client, live) == set()

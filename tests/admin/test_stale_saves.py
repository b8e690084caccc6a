"""Two editors with the same page open: what both saved is kept, or both are asked to choose."""

import pytest
from django.test import Client

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record
from causes.models import Condition, Event, Information, Revision, Section
from tests.admin.screens import (
    add_row,
    address,
    errors,
    form_data,
    parsed,
    save,
    text_of,
)


@pytest.fixture
def second_client(author) -> Client:
    client = Client()
    client.force_login(author)
    return client


@pytest.fixture
def page(make_condition) -> Condition:
    """A condition with two sections, recorded as version 1."""
    page = make_condition()
    Section.objects.create(page=page, anchor="tests", heading="Tests", body="<p>None.</p>", order=2)
    record(page, actor=FIXTURE)
    return page


def messages(client: Client, page: Condition) -> str:
    return text_of(client.get(address("change", page)), ".messagelist")


def newest(page: Condition) -> Revision:
    return page.revisions.in_line().first()


def test_different_places_are_both_kept_and_a_message_names_the_other(
    publishing_client, second_client, page, make_tag, source
):
    foot, hip = make_tag("foot"), make_tag("hip")
    url = address("change", page)
    mine = form_data(second_client, url)
    save(publishing_client, page, title="Theirs", tags=[foot.pk])

    mine |= {"sections-0-body": "<p>My words.</p>", "tags": [str(hip.pk)]}
    add_row(mine, "sections", heading="Outlook", body="<p>Good.</p>", citations=[source.pk])
    assert second_client.post(url, mine).status_code == 302

    document = newest(page).document
    assert document["title"] == "Theirs"
    assert document["tags"] == ["foot", "hip"]
    assert [s["heading"] for s in document["sections"]] == ["What it is", "Tests", "Outlook"]
    assert document["sections"][0]["body"] == "<p>My words.</p>"
    assert Condition.objects.get(pk=page.pk).title == "Theirs"
    said = messages(second_client, page)
    assert (
        "While you were writing, paul saved version 2. Both texts are kept, in version 3." in said
    )
    event = page.events.first()
    assert (event.verb, event.actor_name, event.revision.number) == (Event.Verb.MERGE, "ada", 3)


def test_a_row_that_the_colleague_deleted_does_not_stop_the_save(
    publishing_client, second_client, page
):
    url = address("change", page)
    mine = form_data(second_client, url)
    save(publishing_client, page, **{"sections-1-DELETE": "on"})
    assert second_client.post(url, mine | {"title": "Mine"}).status_code == 302
    document = newest(page).document
    assert document["title"] == "Mine"
    assert [s["anchor"] for s in document["sections"]] == ["overview"]


def test_a_row_that_the_colleague_deleted_and_i_changed_can_be_taken_back(
    publishing_client, second_client, page
):
    url = address("change", page)
    mine = form_data(second_client, url)
    save(publishing_client, page, **{"sections-1-DELETE": "on"})
    response = second_client.post(url, mine | {"sections-1-body": "<p>My tests.</p>"})
    assert response.url == address("aside", page, 3)
    assert [s["anchor"] for s in newest(page).document["sections"]] == ["overview"]
    screen = parsed(second_client.get(response.url))
    assert "(deleted)" in screen.query(".clash .both > div")[0].to_text()
    assert "My tests." in screen.query(".clash .both > div")[1].to_text()
    data = form_data(second_client, response.url) | {"take-0": "mine"}
    assert second_client.post(response.url, data).status_code == 302
    assert newest(page).document["sections"][1]["body"] == "<p>My tests.</p>"


def test_a_clash_leaves_the_draft_as_it_is_and_keeps_mine_aside(
    publishing_client, second_client, page
):
    url = address("change", page)
    mine = form_data(second_client, url)
    save(publishing_client, page, title="Theirs", **{"sections-0-body": "<p>Their words.</p>"})
    ids = set(Section.objects.values_list("pk", flat=True))
    changes = {"title": "Mine", "summary": "My summary.", "sections-0-body": "<p>My words.</p>"}
    response = second_client.post(url, mine | changes)
    assert response.url == address("aside", page, 3)

    assert newest(page).number == 2
    assert set(Section.objects.values_list("pk", flat=True)) == ids
    stored = Condition.objects.get(pk=page.pk)
    assert (stored.title, stored.summary) == ("Theirs", "What sciatica is.")
    aside = page.revisions.get(number=3)
    assert (aside.state, aside.based_on, aside.author_name) == (Revision.State.ASIDE, 1, "ada")
    assert aside.document["summary"] == "My summary."
    assert page.events.first().verb == Event.Verb.ASIDE
    assert "kept aside" in text_of(second_client.get(url), ".kept-aside")

    screen = parsed(second_client.get(response.url))
    places = [place.to_text() for place in screen.query(".clash h2")]
    assert places == ["Title", "Section “What it is”: body"]
    both = [part.to_text() for part in screen.query(".clash .both > div")]
    for text, words in zip(both, ["Theirs", "Mine", "Their words.", "My words."], strict=True):
        assert words in text


def test_what_is_chosen_and_what_is_written_anew_becomes_the_draft(
    publishing_client, second_client, page
):
    url = address("change", page)
    mine = form_data(second_client, url)
    save(
        publishing_client,
        page,
        **{"title": "Theirs", "slug": "theirs", "sections-0-body": "<p>Their words.</p>"},
    )
    changes = {"title": "Mine", "slug": "mine", "summary": "My summary."}
    url = second_client.post(url, mine | changes | {"sections-0-body": "<p>My words.</p>"}).url
    data = form_data(second_client, url)
    places = [p.to_text() for p in parsed(second_client.get(url)).query(".clash h2")]
    assert places == ["Slug", "Title", "Section “What it is”: body"]
    anew = "<p>Both words.</p><script>bad</script>"
    data |= {"take-1": "mine", "take-2": "anew", "text-2": anew}
    assert second_client.post(url, data).url == address("change", page)
    document = newest(page).document
    assert (document["slug"], document["title"]) == ("theirs", "Mine")
    assert document["summary"] == "My summary."
    assert document["sections"][0]["body"] == "<p>Both words.</p>"
    assert "Brought together with the draft in version 4." in messages(second_client, page)
    assert not parsed(second_client.get(address("change", page))).query(".kept-aside")
    assert second_client.post(url, data).url == address("change", page)
    assert newest(page).number == 4


@pytest.fixture
def clashing(publishing_client, second_client, page) -> str:
    """The address of the screen of a clash of titles; the second client's is kept aside."""
    url = address("change", page)
    mine = form_data(second_client, url)
    save(publishing_client, page, title="Theirs")
    return second_client.post(url, mine | {"title": "Mine"}).url


@pytest.mark.parametrize(
    ("choice", "complaint"),
    [
        ({"take-0": "none"}, "Select a valid choice"),
        ({"take-0": "anew", "text-0": ""}, "cannot be blank"),
        ({"take-0": "anew", "text-0": "x" * 66}, "at most 65"),
        ({"newest": "abc"}, "whole number"),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused(second_client, page, clashing, choice, complaint):
    data = form_data(second_client, clashing) | choice
    response = second_client.post(clashing, data)
    assert response.status_code == 200
    assert complaint in response.content.decode()
    assert newest(page).document["title"] == "Theirs"


def test_a_save_while_one_chooses_is_shown_before_anything_is_taken(
    publishing_client, second_client, page, clashing
):
    data = form_data(second_client, clashing) | {"take-0": "mine"}
    save(publishing_client, page, title="Theirs again")
    response = second_client.post(clashing, data)
    assert "Version 4 was saved by paul" in errors(response)
    assert "Theirs again" in parsed(response).query(".clash .both > div")[0].to_text()
    assert newest(page).number == 4
    data |= {"newest": parsed(response).query("[name=newest]")[0].attrs["value"]}
    assert second_client.post(clashing, data).status_code == 302
    assert newest(page).document["title"] == "Mine"


def test_a_text_that_is_not_kept_aside_has_no_screen(
    client, second_client, make_person, page, clashing
):
    for number in (1, 2, 9):
        assert second_client.get(address("aside", page, number)).status_code == 404
    client.force_login(make_person("nobody"))
    assert client.get(clashing).status_code == 403
    assert client.post(clashing, {}).status_code == 403


def test_saving_the_same_form_twice_adds_its_new_row_once(second_client, page):
    url = address("change", page)
    mine = form_data(second_client, url)
    add_row(mine, "sections", heading="Outlook", body="<p>Good.</p>")
    for _ in range(2):
        assert second_client.post(url, mine).status_code == 302
    headings = [s["heading"] for s in newest(page).document["sections"]]
    assert headings == ["What it is", "Tests", "Outlook"]
    assert newest(page).number == 2
    assert "Version 2 holds your text already." in messages(second_client, page)


def test_new_rows_of_both_under_one_heading_are_both_kept(publishing_client, second_client, page):
    url = address("change", page)
    mine, theirs = form_data(second_client, url), form_data(publishing_client, url)
    add_row(theirs, "sections", heading="Outlook", body="<p>Theirs.</p>")
    add_row(mine, "sections", heading="Outlook", body="<p>Mine.</p>")
    assert publishing_client.post(url, theirs).status_code == 302
    assert second_client.post(url, mine).status_code == 302
    added = [s["body"] for s in newest(page).document["sections"] if s["heading"] == "Outlook"]
    assert sorted(added) == ["<p>Mine.</p>", "<p>Theirs.</p>"]


def test_a_stale_form_with_an_error_comes_back_with_its_text_and_can_be_sent_again(
    publishing_client, second_client, page
):
    url = address("change", page)
    mine = form_data(second_client, url)
    save(publishing_client, page, **{"sections-1-DELETE": "on", "title": "Theirs"})
    wrong = mine | {"title": "", "sections-1-body": "<p>My tests.</p>"}
    response = second_client.post(url, wrong)
    assert "This field is required." in errors(response)
    assert Condition.objects.get(pk=page.pk).title == "Theirs"
    assert [s.anchor for s in Section.objects.filter(page=page)] == ["overview"]
    form = parsed(response)
    assert "My tests." in form.query("[name=sections-1-body]")[0].to_text()
    again = wrong | {
        name: form.query(f"[name={name}]")[0].attrs["value"]
        for name in ("based_on", "sections-1-id", "sections-1-anchor")
    }
    assert second_client.post(url, again | {"title": "Sciatica"}).url == address("aside", page, 3)


@pytest.mark.parametrize("based_on", ["", "0", "-5", "abc", "99"])
def test_a_form_without_the_number_of_its_version_never_overwrites(
    based_on, publishing_client, make_information
):
    page = make_information()
    record(page, actor=FIXTURE)
    Information.objects.filter(pk=page.pk).update(title="Second")
    record(page, actor=FIXTURE)
    url = address("change", page)
    data = form_data(publishing_client, url) | {"title": "Third", "based_on": based_on}
    assert publishing_client.post(url, data).url == address("aside", page, 3)
    assert Information.objects.get(pk=page.pk).title == "Second"


def test_the_same_person_saves_twice_in_a_row(publishing_client, make_information):
    page = make_information()
    save(publishing_client, page, title="First")
    save(publishing_client, page, title="Second")
    assert list(page.revisions.values_list("number", flat=True)) == [2, 1]


def test_a_save_on_top_of_a_page_that_someone_published_is_not_stale(
    publishing_client, second_client, make_condition, published
):
    page = make_condition()
    save(publishing_client, page, title="First")
    url = address("change", page)
    mine = form_data(second_client, url) | {"title": "Mine"}
    published(page)
    assert second_client.post(url, mine).status_code == 302
    assert newest(page).number == 2


def test_a_script_is_told_where_to_go_and_an_error_stays_a_page(second_client, page):
    url = address("change", page)
    data = form_data(second_client, url)
    headers = {"Accept": "application/json"}
    answer = second_client.post(url, data | {"title": "Mine"}, headers=headers)
    assert answer.json() == {"location": url}
    answer = second_client.post(url, data | {"title": "", "based_on": "2"}, headers=headers)
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "This field is required." in errors(answer)


def test_people_without_the_permission_save_nothing(client, make_person, page):
    url = address("change", page)
    client.force_login(make_person("looker"))
    assert client.post(url, {"title": "Mine", "based_on": "0"}).status_code == 403
    assert page.revisions.count() == 1

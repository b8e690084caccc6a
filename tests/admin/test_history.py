"""The History screen: every version and event in one list, and any two texts compared."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from causes.admin import history
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record
from causes.models import Event, Revision
from tests.admin.screens import address, parsed, text_of
from tests.conftest import go_live

HUGE = "99999999999999999999"


def save_lead(page, text, actor=FIXTURE, note=""):
    page.lead = f"<p>{text}</p>"
    page.save()
    return record(page, actor=actor, note=note)


@pytest.fixture
def page(make_condition, publisher):
    """Version 1 is live, version 2 was kept aside, version 3 is the draft."""
    page = make_condition()
    save_lead(page, "Rest.")
    go_live(page, note="The first.")
    aside = save_lead(page, "Rest, my way.", publisher)
    Revision.objects.filter(pk=aside.pk).update(state="aside", based_on=1)
    Event.objects.filter(revision=aside).update(verb="aside")
    save_lead(page, "Stay active.", publisher, note="New advice")
    return page


def entries(response) -> list[str]:
    return [" ".join(n.to_text().split()) for n in parsed(response).query(".events > li")]


def compared(client, page, before, after):
    return client.get(address("compare", page), {"before": before, "after": after})


def test_versions_and_events_stand_in_one_list_with_who_when_and_why(publishing_client, page):
    live, *listed = entries(publishing_client.get(address("history", page)))
    assert "What patients see now : version 1, edition 1" in live
    for entry, words in zip(
        listed,
        [
            "Version 3 Saved by paul",
            "Version 2 Saved, kept aside by paul",
            "Published: version 1, by fixture",
            "Version 1 Saved by fixture",
        ],
        strict=True,
    ):
        assert words in entry
    assert "“New advice”" in listed[0]
    assert "“The first.”" in listed[2]
    assert "from version 2" in listed[1]
    assert "from" not in listed[2]


def test_what_one_person_published_alone_is_marked_for_editors(publishing_client, page):
    def marked() -> list[str]:
        listed = entries(publishing_client.get(address("history", page)))
        return [entry for entry in listed if "alone: no second person approved it" in entry]

    assert marked() == []
    page.editions.update(published_alone=True)
    [entry] = marked()
    assert entry.startswith("Published: version 1, by fixture")


def test_opening_the_history_of_a_page_in_the_list_of_all_leads_to_its_kind(
    publishing_client, page
):
    response = publishing_client.get(f"/admin/causes/page/{page.pk}/history/")
    assert (response.status_code, response["Location"]) == (302, address("history", page))


def test_what_is_chosen_at_first_compares_the_draft_with_what_patients_see(publishing_client, page):
    document = parsed(publishing_client.get(address("history", page)))
    chosen = {
        radio.attrs["name"]: radio.attrs["value"]
        for radio in document.query('input[type="radio"]')
        if "checked" in radio.attrs
    }
    assert chosen == {"before": "live", "after": "3"}
    [form] = [
        f for f in document.query("form") if f.attrs.get("action") == address("compare", page)
    ]
    assert form.attrs.get("method", "get") == "get"


@pytest.mark.parametrize(
    ("before", "after", "removed", "added"),
    [
        ("live", "3", "Rest", "Stay active"),
        ("1", "3", "Rest", "Stay active"),
        ("3", "live", "Stay active", "Rest"),
        ("live", "2", None, ", my way"),
    ],
)
def test_any_two_texts_are_compared_word_by_word(
    publishing_client, page, before, after, removed, added
):
    response = compared(publishing_client, page, before, after)
    document = parsed(response)
    said = {
        name: [" ".join(node.to_text().split()) for node in document.query(name)]
        for name in ("del", "ins")
    }
    assert said["ins"] == [f"added: {added}"]
    assert said["del"] == ([f"removed: {removed}"] if removed else [])


def test_the_comparison_names_both_texts(publishing_client, page):
    text = text_of(compared(publishing_client, page, "live", "2"), ".compared-texts")
    assert "What patients see: edition 1" in text
    assert "Version 2, by paul" in text
    assert "kept aside" in text


def test_a_text_and_itself_differ_in_nothing(publishing_client, page):
    assert "Nothing differs." in text_of(compared(publishing_client, page, "3", "3"), ".comparison")


def test_what_a_version_names_by_key_is_shown_by_name(
    publishing_client, make_symptom, make_category, make_condition, make_tag
):
    tag = make_tag("one-leg", name="Only one leg")
    group = make_category(make_symptom())
    record(group, actor=FIXTURE)
    group.tags.set([tag])
    group.causes.create(condition=make_condition("disc", title="Slipped disk"), anchor="disc")
    record(group, actor=FIXTURE)
    text = text_of(compared(publishing_client, group, "1", "2"), ".comparison")
    assert "Cause “Slipped disk” added" in text
    assert "added: Only one leg" in text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("x", "1"),
        ("1", HUGE),
        ("1", "99"),
        ("-1", "1"),
        ("1", "٣"),
        ("0", "1"),
    ],
)
def test_texts_that_are_not_there_get_a_message(publishing_client, page, before, after):
    response = publishing_client.get(
        address("compare", page), {"before": before, "after": after}, follow=True
    )
    assert response.redirect_chain == [(address("history", page), 302)]
    assert "of this page" in text_of(response, ".messagelist")


def test_nothing_live_is_no_text_to_compare(publishing_client, make_condition):
    page = make_condition()
    save_lead(page, "Rest.")
    response = compared(publishing_client, page, "live", "1")
    assert (response.status_code, response["Location"]) == (302, address("history", page))
    assert "What patients see" not in "".join(
        entries(publishing_client.get(address("history", page)))
    )


@pytest.mark.parametrize("junk", [HUGE, "x", "0", "1/2"])
def test_a_page_that_is_not_there_has_no_history(publishing_client, db, junk):
    for screen in ("history", "compare"):
        response = publishing_client.get(f"/admin/causes/condition/{junk}/{screen}/")
        assert response.status_code == 404


def test_who_may_not_look_at_pages_sees_no_history(client, make_person, page):
    person = make_person("nobody")
    client.force_login(person)
    for screen in ("history", "compare"):
        assert client.get(address(screen, page), {"before": "1", "after": "3"}).status_code == 403
    person.user_permissions.add(Permission.objects.get(codename="view_condition"))
    for screen in ("history", "compare"):
        assert client.get(address(screen, page), {"before": "1", "after": "3"}).status_code == 200


def test_strangers_are_asked_to_sign_in(client, page):
    for screen in ("history", "compare"):
        assert client.get(address(screen, page)).status_code == 302


def test_the_page_as_patients_saw_it_can_be_chosen_by_day(publishing_client, page):
    document = parsed(publishing_client.get(address("history", page)))
    [form] = document.query(".as-seen")
    assert form.attrs["action"] == "/conditions/sciatica/"
    assert [field.attrs["name"] for field in form.query("input[name]")] == ["on"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><b>', "{{ 7|add:7 }}"])
def test_hostile_notes_and_names_stay_words(publishing_client, publisher, page, text):
    publisher.first_name = text
    publisher.save()
    save_lead(page, "Other.", publisher, note=text)
    response = publishing_client.get(address("history", page))
    assert text in entries(response)[1]
    assert not [n for n in parsed(response).query("#content-main script, .events b > b")]
    assert text in text_of(compared(publishing_client, page, "3", "4"), ".compared-texts")


def test_a_long_history_is_shown_a_page_at_a_time_at_the_same_price(
    publishing_client, page, monkeypatch
):
    monkeypatch.setattr(history, "PAGE_LENGTH", 2)

    def queries(number) -> int:
        with CaptureQueriesContext(connection) as captured:
            publishing_client.get(f"{address('history', page)}?p={number}")
        assert not any('"causes_revision"."document"' in q["sql"] for q in captured)
        return len(captured)

    first = entries(publishing_client.get(address("history", page)))
    assert len(first) == 3  # and what patients see
    cost = queries(1)
    for number in range(6):
        save_lead(page, f"Text {number}.")
    assert queries(1) == cost
    last = entries(publishing_client.get(f"{address('history', page)}?p=5"))
    assert "Version 1" in last[-1]
    for junk in ("x", "-1", "0", HUGE):
        assert publishing_client.get(f"{address('history', page)}?p={junk}").status_code == 200

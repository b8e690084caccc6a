"""The bar of a page's form and the state over it: what patients see, and saving on to publish."""

import pytest
from django.template.defaultfilters import date
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record, withdraw
from causes.models import Cause, Condition, Page, Source
from tests.admin.screens import address, errors, form_data, parsed, save, text_of


def post(client, page: Page | str, button: str, **values):
    """Send the form as it stands but for ``values``, with this button."""
    url = address("add" if isinstance(page, str) else "change", page)
    data = form_data(client, url) | values | {button: "1"}
    del data["_continue"]
    return client.post(url, data, follow=True)


def says(client, page: Page) -> str:
    return text_of(client.get(address("change", page)), ".page-state p")


def screen_after(response) -> str:
    return response.redirect_chain[-1][0]


def test_the_state_says_what_patients_see_and_what_the_draft_is(
    publishing_client, make_condition, published
):
    page = make_condition()
    assert says(publishing_client, page) == "This page was never saved as a version."
    record(page, actor=FIXTURE)
    state = "Patients do not see this page. The draft is version 1."
    assert says(publishing_client, page) == state
    save(publishing_client, page, summary="Second.")
    edition = published(page)
    since = date(timezone.localtime(edition.live_from), "j F Y, H:i")
    state = f"Patients see version 2 since {since}, which is the newest."
    assert says(publishing_client, page) == state
    save(publishing_client, page, summary="Third.")
    save(publishing_client, page, summary="Fourth.")
    state = f"Patients see version 2 since {since}; the draft is version 4."
    assert says(publishing_client, page) == state
    shown = publishing_client.get(address("change", page))
    assert text_of(shown, ".page-bar .state b") == "Live: version 2; draft: 4"
    assert text_of(shown, ".page-state details li").endswith("paul saved version 4")


def test_an_edit_that_patients_never_see_leaves_nothing_to_publish(
    publishing_client, make_symptom, make_category, make_condition, published
):
    symptom = make_symptom()
    published(symptom)
    group = make_category(symptom, conditions=(make_condition(),))
    published(group)
    save(publishing_client, group, **{"causes-0-note": "Ask Ada.", "review_interval": "12"})
    assert Cause.objects.get().note == "Ask Ada."
    assert says(publishing_client, group).endswith("Version 2 has changes that patients never see.")
    response = post(publishing_client, group, "_publish")
    assert screen_after(response) == address("change", group)
    assert "Patients see this text already" in response.content.decode()


def test_a_corrected_source_is_something_to_publish(
    publishing_client, make_condition, published, source
):
    page = make_condition()
    published(page)
    Source.objects.filter(pk=source.pk).update(title="Nerves, corrected")
    assert says(publishing_client, page).endswith(
        "a source or tag that it names has changed since."
    )
    assert screen_after(post(publishing_client, page, "_publish")) == address("publish", page, 1)


def test_save_and_publish_saves_first_and_opens_the_screen_of_the_new_version(
    publishing_client, make_condition, published
):
    page = make_condition()
    published(page)
    response = post(publishing_client, page, "_publish", summary="Typed just now.")
    assert screen_after(response) == address("publish", page, 2)
    assert page.revisions.first().document["summary"] == "Typed just now."
    assert page.editions.live().get().summary == "What sciatica is."


def test_a_new_page_is_saved_and_its_publishing_screen_opened(publishing_client, db):
    response = post(
        publishing_client, "condition", "_publish", title="Gout", key="gout", slug="gout"
    )
    assert screen_after(response) == address("publish", Condition.objects.get(), 1)


def test_save_and_publish_shows_the_errors_and_keeps_what_was_typed(
    publishing_client, make_condition
):
    page = make_condition()
    response = post(publishing_client, page, "_publish", title="", summary="Kept on screen.")
    assert response.redirect_chain == []
    assert "This field is required." in errors(response)
    assert text_of(response, "[name=summary]") == "Kept on screen."
    assert not page.revisions.exists()


def test_an_author_is_not_offered_to_publish_and_a_forged_button_only_saves(
    client, author, make_condition
):
    page = make_condition()
    client.force_login(author)
    assert not parsed(client.get(address("change", page))).query("[name=_publish]")
    response = post(client, page, "_publish", summary="Saved.")
    assert response.status_code == 403
    assert page.revisions.get().document["summary"] == "Saved."
    assert not page.editions.exists()


def test_the_bar_stands_outside_the_form_and_its_buttons_send_it(publishing_client, make_condition):
    form = parsed(publishing_client.get(address("change", make_condition())))
    buttons = form.query(".page-bar input[type=submit]")
    assert [button.attrs["name"] for button in buttons] == ["_save", "_continue", "_publish"]
    assert {button.attrs["form"] for button in buttons} == {form.query("form[id]")[-1].attrs["id"]}


def test_the_bar_leads_to_every_part_of_the_form(publishing_client, make_condition):
    form = parsed(publishing_client.get(address("change", make_condition())))
    targets = [link.attrs["href"] for link in form.query(".page-bar nav a")]
    groups = [f"#{group.attrs['id']}" for group in form.query(".inline-group")]
    assert targets[-len(groups) :] == groups
    for target in targets:
        assert form.query(target), target


def test_view_on_site_leads_to_the_live_page_and_is_absent_otherwise(
    publishing_client, make_condition, published
):
    page = make_condition("sciatica")
    url = address("change", page)

    def link() -> list[str]:
        return [a.attrs["href"] for a in parsed(publishing_client.get(url)).query(".viewsitelink")]

    record(page, actor=FIXTURE)
    assert link() == []
    published(page)
    assert link() == ["/conditions/sciatica/"]
    withdraw(page, actor=FIXTURE, note="wrong")
    assert link() == []


@pytest.mark.parametrize("typed", ["One line\r\nand another.", "  One line and  another. \n"])
def test_a_summary_is_one_line_however_it_was_typed(typed, publishing_client, make_condition):
    page = make_condition()
    save(publishing_client, page, summary=typed)
    assert Condition.objects.get().summary == "One line and another."

"""The screens of review and the archive: what they offer, refuse and say."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from causes.editorial.acting import FIXTURE
from causes.editorial.archiving import archive
from causes.editorial.publishing import record, withdraw
from causes.editorial.reviewing import submit
from causes.models import CareCard, Condition, Event, Page, Redaction, SignOff
from tests.admin.screens import address, errors, form_data, parsed, save, text_of


def send(client: Client, url: str, **values: str):
    return client.post(url, form_data(client, url) | values, follow=True)


def said(response) -> str:
    return text_of(response, ".messagelist")


@pytest.fixture
def page(make_condition, published) -> Page:
    page = make_condition()
    published(page)
    return page


@pytest.fixture
def author_client(author) -> Client:
    client = Client()
    client.force_login(author)
    return client


@pytest.fixture
def reviewing_client(reviewer) -> Client:
    client = Client()
    client.force_login(reviewer)
    return client


def test_a_draft_goes_from_its_author_through_review_to_patients(
    author_client, reviewing_client, publishing_client, page
):
    save(author_client, page, **{"carecards-0-items": "you cannot stand"})
    form = author_client.get(address("change", page))
    assert "a clinical reviewer must sign it off" in text_of(form, ".page-state")
    response = send(author_client, address("submit", page, 2), note="Ready.")
    assert "Version 2 is submitted." in said(response)

    response = send(reviewing_client, address("give_back", page, 2), note="Say when.")
    assert "Version 2 is returned." in said(response)
    save(author_client, page, **{"carecards-0-items": "you suddenly cannot stand"})
    send(author_client, address("submit", page, 3))

    publish = address("publish", page, 3)
    shown = publishing_client.get(publish)
    assert "A clinical reviewer must sign off version 3" in text_of(shown, ".obstacles")
    sent = {"change": "evidence", "note": "Suddenly is what matters."}
    refused = publishing_client.post(publish, sent)
    assert "A clinical reviewer must sign off version 3" in errors(refused)

    response = send(reviewing_client, address("sign_off", page, 3), role="Neurologist")
    assert "You have signed off version 3." in said(response)
    assert "Signed off by rosa, Neurologist, on" in text_of(response, ".page-state")
    assert "Patients now see version 3." in said(send(publishing_client, publish, **sent))


def test_a_change_after_the_sign_off_is_said(author_client, reviewing_client, page):
    save(author_client, page, summary="As signed.")
    send(reviewing_client, address("sign_off", page, 2), role="Neurologist")
    save(author_client, page, summary="Changed.")
    state = text_of(author_client.get(address("change", page)), ".page-state")
    assert "Changed since sign-off: rosa, Neurologist, signed off version 2" in state


def test_the_approve_address_of_one_version_cannot_publish_the_next(
    author_client, publishing_client, page
):
    save(author_client, page, summary="As the publisher read it.")
    url = address("publish", page, 2)
    data = form_data(publishing_client, url) | {"change": "wording", "note": "Plainer."}
    save(author_client, page, summary="Slipped in afterwards.")
    response = publishing_client.post(url, data)
    assert "Version 3 was saved by ada after version 2." in errors(response)
    difference = text_of(response, ".changes")
    assert "From version 2 to version 3" in difference
    assert "Slipped in afterwards." in difference
    newer = [link.attrs["href"] for link in parsed(response).query("#content-main p a")]
    assert newer == [address("publish", page, 3)]
    assert page.editions.count() == 1


def test_an_authors_forged_approval_is_403_and_an_event(author_client, page):
    save(author_client, page, summary="Mine.")
    response = author_client.post(address("publish", page, 2), {"change": "wording"})
    assert response.status_code == 403
    event = page.events.first()
    assert (event.verb, event.actor_name) == (Event.Verb.REFUSED, "ada")
    assert event.note.startswith("publish")
    assert page.editions.count() == 1


def test_ones_own_text_is_403_and_an_event_where_a_second_person_may(
    publishing_client, page, make_person
):
    make_person("sam", "Publisher")
    save(publishing_client, page, summary="Mine.")
    url = address("publish", page, 2)
    assert "These may: sam." in text_of(publishing_client.get(url), ".obstacles")
    assert page.events.first().verb == Event.Verb.RECORD
    response = publishing_client.post(url, {"change": "wording"})
    assert response.status_code == 403
    assert "a second person must approve it" in response.content.decode()
    assert page.events.first().verb == Event.Verb.REFUSED
    bar = parsed(publishing_client.get(address("change", page))).query(".page-bar [type=submit]")
    assert [b.attrs["name"] for b in bar if "name" in b.attrs] == [
        "_save",
        "_continue",
        "_submit",
        "_publish",
    ]


def test_publishing_alone_is_said_before_and_after(publishing_client, page):
    save(publishing_client, page, summary="Mine.")
    url = address("publish", page, 2)
    assert "published it alone" in publishing_client.get(url).content.decode()
    response = send(publishing_client, url, change="wording")
    assert "One person wrote and published it alone." in text_of(response, ".page-state")


def test_save_and_submit_leads_to_the_screen_of_the_new_version(author_client, page):
    url = address("change", page)
    data = form_data(author_client, url) | {"summary": "New.", "_submit": "1"}
    del data["_continue"]
    response = author_client.post(url, data)
    assert response["Location"] == address("submit", page, 2)


def test_a_comment_stands_beside_the_page(author_client, page):
    response = send(author_client, address("comment", page, 1), role="Author", note="Which leg?")
    assert "ada, Author commented: version 1. “Which leg?”" in text_of(response, ".page-state")
    assert SignOff.objects.get().verdict == "commented"


def test_an_archived_page_leaves_lists_and_pickers_and_cannot_be_changed(
    publishing_client, publisher, page, make_condition
):
    other = make_condition("stroke")
    withdraw(page, actor=publisher, note="Replaced.")
    response = send(publishing_client, address("archive", page), note="Replaced.")
    assert "The page is in the archive." in said(response)
    list_of = reverse("admin:causes_condition_changelist")
    assert "Sciatica" not in text_of(publishing_client.get(list_of), "#result_list")
    found = publishing_client.get(f"{list_of}?state=archived")
    assert "Archived" in text_of(found, "#result_list")
    picker = reverse("admin:autocomplete") + (
        "?app_label=causes&model_name=relatedlink&field_name=target&term=s"
    )
    texts = [entry["text"] for entry in publishing_client.get(picker).json()["results"]]
    assert texts == [str(other)]
    form = publishing_client.get(address("change", page))
    assert not parsed(form).query("[name=title], [name=_save]")
    assert publishing_client.post(address("change", page), {"title": "x"}).status_code == 403
    send(publishing_client, address("unarchive", page))
    assert "Sciatica" in text_of(publishing_client.get(list_of), "#result_list")


def test_where_a_page_is_used_is_said_before_it_goes(publishing_client, page, make_information):
    other = make_information()
    other.relatedlinks.create(target=page, anchor="see")
    record(other, actor=FIXTURE)
    assert "Privacy" in text_of(publishing_client.get(address("withdraw", page)), ".usage")


def test_restoring_says_what_it_did_and_what_it_could_not(author_client, page, make_tag):
    tag = make_tag("foot")
    page.tags.set([tag])
    record(page, actor=FIXTURE)
    page.tags.clear()
    record(page, actor=FIXTURE)
    tag.delete()
    Condition.objects.filter(pk=page.pk).update(summary="Later.")
    record(page, actor=FIXTURE)
    response = send(author_client, address("restore", page, 2))
    assert "Version 2 is the draft again. It is version 5 now." in said(response)
    assert "The tag “foot” no longer exists." in said(response)
    assert "says the same" in errors(author_client.post(address("restore", page, 2), {}))


def test_a_redaction_is_asked_for_by_one_and_confirmed_by_another(
    publishing_client, page, make_person, published
):
    Condition.objects.filter(pk=page.pk).update(summary="Without the name.")
    published(page)
    ask = address("ask_redaction", page)
    response = send(publishing_client, ask, edition="1", reason="personal", note="A name.")
    assert "Another person" in said(response)
    assert "Another person must confirm it." in text_of(response, ".page-state")
    confirm = address("redact", page, 1)
    assert "another person must confirm it" in errors(publishing_client.post(confirm, {}))
    second = Client()
    second.force_login(make_person("sam", "Publisher"))
    links = parsed(second.get(address("change", page))).query(".page-state a")
    assert confirm in [link.attrs["href"] for link in links]
    assert "of versions 1 is replaced" in second.get(confirm).content.decode()
    assert "The text is taken out." in said(send(second, confirm))
    assert Redaction.objects.get().confirmed_by_name == "sam"
    assert second.get(address("redact", page, 7)).status_code == 404


def test_lists_tell_submitted_pages_from_others(publishing_client, author, make_information):
    page, _other = make_information(), make_information("about")
    for one in (page, _other):
        record(one, actor=author)
    submit(page, actor=author, number=1)
    found = publishing_client.get(reverse("admin:causes_page_changelist") + "?state=submitted")
    rows = parsed(found).query("#result_list tbody tr")
    assert [" ".join(row.to_text().split()) for row in rows] == [
        next(" ".join(row.to_text().split()) for row in rows if "Privacy" in row.to_text())
    ]
    assert "submitted for review" in text_of(found, "#result_list")


@pytest.mark.parametrize("verb", ["archive", "unarchive", "ask_redaction"])
def test_screens_for_publishers_are_closed_to_others(verb, author_client, page, publisher):
    if verb == "unarchive":
        withdraw(page, actor=publisher, note="x")
        archive(page, actor=publisher)
    assert author_client.get(address(verb, page)).status_code == 403
    assert author_client.post(address(verb, page), {"note": "x"}).status_code == 403
    assert page.events.first().verb == Event.Verb.REFUSED


# --- People ------------------------------------------------------------------------------


@pytest.fixture
def people_client(make_person, proven) -> Client:
    client = Client()
    client.force_login(make_person("anna", "Administrator"))
    return proven(client)


def test_an_administrator_gives_roles_but_never_makes_a_superuser(
    people_client, author, django_user_model
):
    url = reverse("admin:auth_user_change", args=[author.pk])
    data = form_data(people_client, url)
    assert "is_superuser" not in data
    assert not parsed(people_client.get(url)).query("[name=is_superuser], [name=user_permissions]")
    publisher = str(Group.objects.get(name="Publisher").pk)
    response = people_client.post(url, data | {"groups": [publisher], "is_superuser": "on"})
    assert response.status_code == 302
    author.refresh_from_db()
    assert not author.is_superuser
    assert [group.name for group in author.groups.all()] == ["Publisher"]


def test_an_administrator_leaves_superusers_alone(people_client, django_user_model):
    root = django_user_model.objects.create_superuser("root", password="correct horse")
    change = reverse("admin:auth_user_change", args=[root.pk])
    assert people_client.post(change, {"username": "mine"}).status_code == 403
    password = reverse("admin:auth_user_password_change", args=[root.pk])
    assert people_client.post(password, {"password1": "x", "password2": "x"}).status_code == 403
    delete = reverse("admin:auth_user_delete", args=[root.pk])
    assert people_client.post(delete, {"post": "yes"}).status_code == 403
    bulk = {"action": "delete_selected", "_selected_action": [str(root.pk)], "post": "yes"}
    people_client.post(reverse("admin:auth_user_changelist"), bulk)
    assert django_user_model.objects.filter(username="root").exists()


def test_an_administrator_does_not_edit_pages(people_client, page):
    assert people_client.get(address("change", page)).status_code == 403
    assert people_client.post(address("withdraw", page), {"note": "x"}).status_code == 403
    assert CareCard.objects.filter(page=page).exists()

"""The page behind a guest's link: what it shows, who may answer, what it gives away."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from causes.editorial import guests
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record
from causes.editorial.reviewing import invite
from causes.models import Condition, Page, ReviewLink, SignOff
from tests.admin.screens import address, form_data, parsed, text_of

ANSWER = {"name": "Dr Ng", "role": "Neurologist", "verdict": "approved"}


@pytest.fixture
def page(make_condition, published) -> Page:
    page = make_condition()
    published(page)
    Condition.objects.filter(pk=page.pk).update(lead="<p>The second sentence.</p>")
    record(page, actor=FIXTURE)
    return page


@pytest.fixture
def link(page, publisher) -> ReviewLink:
    return invite(page, actor=publisher, number=2, recipient="Dr Ng", days=14)


@pytest.fixture
def url(link) -> str:
    return guests.address_of(link).removeprefix("http://127.0.0.1:8000")


def test_a_guest_reads_the_page_as_it_would_be_and_what_changed(client, url):
    response = client.get(url)
    assert text_of(response, "main h1") == "Sciatica"
    assert text_of(response, ".lead") == "The second sentence."
    changes = text_of(response, "[aria-labelledby=review-changes]")
    assert "first" in changes
    assert "second" in changes
    assert "version 2" in text_of(response, "main .review")


def test_a_guest_approves_without_an_account_or_a_cookie(url, page):
    guest = Client(enforce_csrf_checks=True)
    response = guest.post(url, ANSWER, headers={"origin": "null"}, follow=True)
    assert response.redirect_chain == [(f"{url}#review-answer", 302)]
    assert "Dr Ng, Neurologist, approved on" in text_of(response, "[aria-labelledby=review-answer]")
    assert not guest.cookies
    said = SignOff.objects.get()
    assert (said.is_guest, said.revision.number, said.verdict) == (True, 2, "approved")


@pytest.mark.parametrize("missing", ["name", "role", "verdict"])
def test_an_incomplete_answer_keeps_what_was_typed(missing, client, url):
    sent = ANSWER | {"note": "Kept words."} | {missing: ""}
    response = client.post(url, sent)
    assert text_of(response, "[role=alert]").startswith("Your answer was not sent.")
    assert text_of(response, "[name=note]") == "Kept words."
    assert not SignOff.objects.exists()


def test_a_comment_without_words_is_refused(client, url):
    response = client.post(url, ANSWER | {"verdict": "commented"})
    assert "Write your comment." in text_of(response, "[role=alert]")


def test_nobody_keeps_lists_or_passes_on_the_address(client, url):
    for response in (client.get(url), client.post(url, ANSWER)):
        assert response["Cache-Control"] == "no-store"
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert "default-src 'none'" in response["Content-Security-Policy"]
    robots = parsed(client.get(url)).query("meta[name=robots]")
    assert robots[0].attrs["content"] == "noindex"


def test_a_guest_is_told_when_the_text_has_changed_since(client, url, page):
    assert "It was changed since." not in client.get(url).content.decode()
    Condition.objects.filter(pk=page.pk).update(summary="Newer.")
    record(page, actor=FIXTURE)
    assert "It was changed since. The newest version is 3." in text_of(
        client.get(url), "main .review"
    )
    client.post(url, ANSWER)
    assert SignOff.objects.get().revision.number == 2


def test_a_link_that_was_taken_back_or_has_expired_does_not_open(
    publishing_client, client, url, link, page
):
    revoke = address("revoke", page, link.pk)
    assert "no longer opens" in publishing_client.get(revoke).content.decode()
    assert publishing_client.post(revoke, {}).status_code == 302
    for response in (Client().get(url), Client().post(url, ANSWER)):
        assert response.status_code == 410
        assert response["Cache-Control"] == "no-store"
    past = timezone.now() - timedelta(days=3)
    ReviewLink.objects.update(revoked_at=None, created_at=past, expires_at=past + timedelta(days=1))
    assert Client().get(url).status_code == 410
    assert not SignOff.objects.exists()


def test_forged_tokens_are_not_found(client, url):
    for token in ("x", "1:2:3", url.split("/")[2][:-1] + "~"):
        assert client.get(reverse("review", args=[token])).status_code == 404


def test_a_link_that_is_used_too_often_rests(client, url):
    ReviewLink.objects.update(counted_from=timezone.now(), uses=guests.MOST_USES)
    response = client.get(url)
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert client.post(url, ANSWER).status_code == 429
    assert not SignOff.objects.exists()


def test_an_editor_who_is_signed_in_does_not_answer_as_a_guest(publishing_client, url):
    response = publishing_client.post(url, ANSWER)
    assert "under your own account" in text_of(response, "[role=alert]")
    assert not SignOff.objects.exists()


def test_other_methods_are_refused(client, url):
    assert client.put(url).status_code == 405


def test_a_page_that_patients_never_saw_can_be_reviewed(
    client, make_symptom, make_category, make_condition, publisher
):
    symptom = make_symptom()
    group = make_category(symptom, conditions=(make_condition(),))
    for page in (symptom, group):
        record(page, actor=FIXTURE)
        link = invite(page, actor=publisher, number=1, recipient="Dr Ng", days=1)
        response = client.get(guests.address_of(link))
        assert "all of it is new" in text_of(response, "[aria-labelledby=review-changes]")
        assert text_of(response, "main h1") == page.title


def test_the_address_is_shown_to_its_maker_alone(publishing_client, client, page, make_person):
    url = address("invite", page, 2)
    sent = form_data(publishing_client, url) | {"recipient": "Dr Ng"}
    response = publishing_client.post(url, sent, follow=True)
    shown = parsed(response).query("#link-address")[0].attrs["value"]
    assert Client().get(shown).status_code == 200
    made = address("guest_link", page, ReviewLink.objects.get().pk)
    other = Client()
    other.force_login(make_person("sam", "Publisher"))
    assert other.get(made).status_code == 404
    form = publishing_client.get(address("change", page))
    assert shown not in form.content.decode()
    assert "for Dr Ng" in text_of(form, ".page-state")
    other.force_login(make_person("ann", "Author"))
    assert other.get(made).status_code == 403

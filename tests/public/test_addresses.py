"""What each address answers: the page, its present address, gone for good, or nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import cancel, withdraw
from causes.models import Page
from tests.public.seen import page_at, words_of


def in_a_day():
    return timezone.now() + timedelta(days=1)


def move(page: Page, slug: str, publish, **options) -> None:
    page.slug = slug
    page.save()
    publish(page, **options)


def test_each_kind_of_page_answers_at_its_address(client, small_site):
    for address, title in {
        "/symptoms/leg-numbness/": "Leg numbness",
        "/symptoms/leg-numbness/trapped/": "Trapped nerves",
        "/conditions/disc/": "Herniated disc",
        "/about/privacy/": "Privacy",
    }.items():
        assert words_of(page_at(client, address), "h1") == [title]


def test_a_group_and_a_condition_may_have_the_same_slug(
    client, small_site, make_condition, published
):
    published(make_condition("condition-named-trapped", slug="trapped", title="Trapped"))
    assert words_of(page_at(client, "/conditions/trapped/"), "h1") == ["Trapped"]
    assert words_of(page_at(client, "/symptoms/leg-numbness/trapped/"), "h1") == ["Trapped nerves"]


@pytest.mark.parametrize("name", ["symptom", "trapped", "disc", "privacy"])
def test_an_old_address_answers_301_to_the_present_one(client, small_site, published, name):
    page = getattr(small_site, name)
    old = page.editions.live().get().path
    move(page, "new-name", published)
    new = page.editions.live().get().path
    assert new != old
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, new)
    # A browser that kept the answer would go round in circles once the page moves back.
    assert response["Cache-Control"] == "no-cache"
    assert client.get(new).status_code == 200


def test_the_oldest_address_leads_to_the_newest_in_one_step(client, small_site, published):
    for slug in ("second", "third"):
        move(small_site.disc, slug, published)
    for old in ("/conditions/disc/", "/conditions/second/"):
        assert client.get(old)["Location"] == "/conditions/third/"


def test_a_page_that_takes_its_first_address_back_answers_there(client, small_site, published):
    move(small_site.disc, "second", published)
    move(small_site.disc, "disc", published)
    assert client.get("/conditions/disc/").status_code == 200
    assert client.get("/conditions/second/")["Location"] == "/conditions/disc/"


def test_a_symptoms_new_address_moves_its_groups(client, small_site, published):
    move(small_site.symptom, "numb-leg", published)
    for slug in ("trapped", "flow"):
        response = client.get(f"/symptoms/leg-numbness/{slug}/")
        assert response.status_code == 301
        assert response["Location"] == f"/symptoms/numb-leg/{slug}/"
        assert client.get(f"/symptoms/numb-leg/{slug}/").status_code == 200
    document = page_at(client, "/conditions/sciatica/")
    assert not [a for a in document.query("a") if "/leg-numbness" in a.attrs.get("href", "")]


def test_links_on_other_pages_follow_a_page_to_its_new_address(client, small_site, published):
    move(small_site.disc, "herniated-disc", published)
    for address in ("/symptoms/leg-numbness/", "/symptoms/leg-numbness/trapped/", "/conditions/"):
        html = client.get(address).content.decode()
        assert "/conditions/herniated-disc/" in html
        assert "/conditions/disc/" not in html


def test_a_withdrawn_page_answers_410_at_every_address_it_had(client, small_site, published):
    move(small_site.disc, "herniated-disc", published)
    withdraw(small_site.disc, actor=FIXTURE, note="wrong")
    for address in ("/conditions/disc/", "/conditions/herniated-disc/"):
        response = client.get(address)
        assert response.status_code == 410
        assert "Herniated disc" not in response.content.decode()
        # It takes the page's place in caches, which may show what they have when the site is down.
        assert response["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-if-error=86400"
        assert response["X-Accel-Expires"] == "@1"


def test_a_withdrawn_page_that_is_published_again_answers(client, small_site, published):
    withdraw(small_site.disc, actor=FIXTURE, note="wrong")
    published(small_site.disc)
    assert client.get("/conditions/disc/").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/nowhere/",
        "/symptoms/nowhere/",
        "/symptoms/leg-numbness/nowhere/",
        "/symptoms/nowhere/trapped/",
        "/conditions/nowhere/",
        "/conditions/trapped/",
        "/conditions/leg-numbness/",
        "/about/disc/",
        "/tags/nowhere/",
        "/conditions/disc/more/",
        "/Conditions/disc/",
        "/conditions/DISC/",
    ],
)
def test_an_unknown_address_answers_404(client, small_site, address):
    assert client.get(address).status_code == 404


def test_a_draft_has_no_address(client, make_condition):
    make_condition("draft")
    assert client.get("/conditions/draft/").status_code == 404


def test_a_page_that_is_only_scheduled_answers_404(client, make_condition, published):
    published(make_condition("later"), at=in_a_day())
    assert client.get("/conditions/later/").status_code == 404


def test_the_address_of_a_scheduled_edition_is_unknown_until_then(client, small_site, published):
    """A permanent redirect to the old address would come back to haunt readers on the day."""
    move(small_site.disc, "herniated-disc", published, at=in_a_day())
    assert client.get("/conditions/herniated-disc/").status_code == 404
    assert client.get("/conditions/disc/").status_code == 200
    cancel(small_site.disc, actor=FIXTURE)
    assert client.get("/conditions/herniated-disc/").status_code == 404


def test_the_address_of_a_schedule_that_a_withdrawal_ended_is_unknown(
    client, small_site, published
):
    move(small_site.disc, "herniated-disc", published, at=in_a_day())
    withdraw(small_site.disc, actor=FIXTURE, note="wrong")
    assert client.get("/conditions/disc/").status_code == 410
    assert client.get("/conditions/herniated-disc/").status_code == 404


def test_a_scheduled_edition_takes_over_at_its_moment(client, small_site, published, monkeypatch):
    small_site.disc.title = "Disc of tomorrow"
    move(small_site.disc, "herniated-disc", published, at=in_a_day())
    then = timezone.now() + timedelta(days=1, seconds=1)
    assert words_of(page_at(client, "/conditions/disc/"), "h1") == ["Herniated disc"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: then)
    assert words_of(page_at(client, "/conditions/herniated-disc/"), "h1") == ["Disc of tomorrow"]
    assert client.get("/conditions/disc/")["Location"] == "/conditions/herniated-disc/"


def test_an_alias_of_a_tag_answers_301_to_the_tag(client, small_site):
    small_site.one_leg.aliases.create(name="Single leg", slug="single-leg")
    response = client.get("/tags/single-leg/")
    assert (response.status_code, response["Location"]) == (301, "/tags/one-leg/")


@pytest.mark.parametrize(
    "address", ["/symptoms", "/conditions/disc", "/tags/one-leg", "/symptoms/leg-numbness/trapped"]
)
def test_a_missing_slash_is_added(client, small_site, address):
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (301, f"{address}/")


@pytest.mark.parametrize("address", ["/", "/conditions/disc/", "/tags/", "/search/", "/healthz"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_public_pages_only_answer_questions(client, small_site, address, method):
    assert getattr(client, method)(address).status_code == 405


@pytest.mark.parametrize("address", ["/", "/conditions/disc/", "/symptoms/leg-numbness/"])
def test_head_has_the_headers_of_get_and_no_body(client, small_site, address):
    head, get = client.head(address), client.get(address)
    assert head.status_code == 200
    assert head.content == b""
    assert head["Content-Type"] == get["Content-Type"]

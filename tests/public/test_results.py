"""What the search page says beside the list: other spellings, other names, passages, cards."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from causes import search
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.editorial.tagging import rename_tag
from causes.models import AlternateName, CareCard
from causes.search import catching_up, finding, missed
from tests.public.seen import add_section, links, page_at, words, words_of

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def canonical(document) -> str:
    [link] = document.query("link[rel='canonical']")
    return link.attrs["href"]


def path_of_canonical(document, settings) -> str:
    return canonical(document).removeprefix(settings.SITE_URL)


def test_a_slip_is_corrected_said_and_can_be_undone(client, small_site):
    document = page_at(client, "/search/?q=hernaited")
    assert "esults for “herniated”" in words_of(document, "h2")[0]
    assert "Showing results for “herniated”" in words(document.query_one("main"))
    instead = "/search/?q=hernaited&exact=1"
    assert links(document)[instead] == "Search instead for “hernaited”"
    exactly = page_at(client, instead)
    assert "Showing results for" not in words(exactly.query_one("main"))
    assert "No page was found." in words(exactly.query_one("main"))


def test_a_passage_marks_the_words_and_leads_to_its_section(client, small_site, published):
    add_section(small_site.disc, "<p>A <b>jelly</b> cushion bulges & leaks.</p>", heading="Inside")
    published(small_site.disc)
    document = page_at(client, "/search/?q=cushions")
    assert words_of(document, "mark") == ["cushion"]
    assert words(document.query_one(".passage")) == "Inside: A jelly cushion bulges & leaks."
    assert links(document, ".passage a") == {"/conditions/disc/#more": "Inside"}


def test_a_hit_names_its_kind_its_groups_and_its_tags(client, small_site):
    document = page_at(client, "/search/?q=herniated")
    line = words_of(document, "ul.page-list > li")[0]
    assert "Condition" in line
    assert "In Trapped nerves, Poor circulation." in line
    assert "Tags: one leg, both legs." in line


def test_nothing_found_offers_other_ways_and_is_kept_by_nobody(client, small_site):
    response = client.get("/search/?q=zzzzzz")
    assert response["Cache-Control"] == "no-store"
    assert "/conditions/" in response.content.decode()
    assert "no-store" not in client.get("/search/?q=herniated").get("Cache-Control", "")


def test_only_what_nobody_found_is_learned_from(client, small_site, monkeypatch):
    noted = []
    monkeypatch.setattr(missed, "note", noted.append)
    for address in ("?q=zzzzzz", "?q=herniated", "?q=zzzzzz&tag=sudden", "?q=", "?tag=sudden"):
        client.get(f"/search/{address}")
    assert noted == ["zzzzzz"]


def test_every_spelling_of_a_question_names_one_address(client, small_site, settings):
    asked = "/search/?tag=sudden&tag=one-leg&tag=junk&q=blood++clot&utm_source=x&page=0"
    wanted = "/search/?q=blood+clot&tag=one-leg&tag=sudden"
    assert path_of_canonical(page_at(client, asked), settings) == wanted
    assert path_of_canonical(page_at(client, wanted), settings) == wanted


def test_an_alias_of_a_tag_leads_to_the_tag_and_keeps_the_question(client, small_site):
    small_site.one_leg.aliases.create(name="Single leg", slug="single-leg")
    response = client.get("/search/?tag=single-leg&q=disc&tag=sudden")
    assert response.status_code == 301
    assert response["Location"] == "/search/?q=disc&tag=one-leg&tag=sudden"


@pytest.mark.parametrize("words", ["", "&q=herniated+blood"])
def test_json_knows_a_tag_by_its_alias(client, small_site, words):
    small_site.one_leg.aliases.create(name="Single leg", slug="single-leg")
    ask = lambda tag: client.get(f"/search/?format=json&tag={tag}{words}").json()  # noqa: E731
    assert ask("one-leg")["results"]
    assert ask("single-leg") == ask("one-leg")
    assert ask("sudden") != ask("one-leg")


def test_new_words_keep_the_chosen_tags(client, small_site):
    document = page_at(client, "/search/?q=disc&tag=one-leg")
    hidden = document.query("main form input[type='hidden']")
    assert [(node.attrs["name"], node.attrs["value"]) for node in hidden] == [("tag", "one-leg")]


def test_words_of_an_emergency_bring_the_card_with_a_link_to_its_page(
    client, small_site, published, settings
):
    settings.EMERGENCY_NUMBER = "112"
    CareCard.objects.filter(page=small_site.symptom).update(phrases=["cannot wiggle my toes"])
    published(small_site.symptom)
    document = page_at(client, "/search/?q=cant+wigle+toes")
    assert "Call 112 now if:" in words(document.query_one(".card-emergency h2"))
    assert "/symptoms/leg-numbness/#card-emergency" in links(document, "main a")
    assert not page_at(client, "/search/?q=toes").query(".card")


def test_a_card_comes_first_also_where_no_page_is_found(client, small_site, published):
    CareCard.objects.filter(page=small_site.disc).update(phrases=["zzzzzz qqqqqq"])
    published(small_site.disc)
    document = page_at(client, "/search/?q=zzzzzz+qqqqqq")
    assert document.query(".card-emergency")
    assert "No page was found." in words(document.query_one("main"))


# --- A browser's own search bar ----------------------------------------------------------


def test_the_site_describes_its_search_to_browsers(client, small_site, settings):
    [link] = page_at(client, "/").query("link[rel='search']")
    response = client.get(link.attrs["href"])
    assert response["Content-Type"] == link.attrs["type"]
    root = ElementTree.fromstring(response.content)  # noqa: S314 - our own answer
    assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert 0 < len(root.findtext(f"{OPENSEARCH}ShortName")) <= 16
    templates = {url.get("type"): url.get("template") for url in root.iter(f"{OPENSEARCH}Url")}
    assert templates["text/html"] == f"{settings.SITE_URL}/search/?q={{searchTerms}}"
    asked = templates["application/x-suggestions+json"].removeprefix(settings.SITE_URL)
    answer = client.get(asked.replace("{searchTerms}", "hern"))
    assert answer["Content-Type"] == "application/x-suggestions+json"
    typed, names, kinds, addresses = json.loads(answer.content)
    assert (typed, names[0]) == ("hern", "Herniated disc")
    assert len(names) == len(kinds) == len(addresses)
    assert addresses[0] == f"{settings.SITE_URL}/conditions/disc/"


def test_a_long_name_of_the_site_still_makes_a_valid_description(client, db, settings):
    settings.SITE_NAME = "Causes & <Symptoms> of everything"
    root = ElementTree.fromstring(client.get("/opensearch.xml").content)  # noqa: S314 - as above
    assert root.findtext(f"{OPENSEARCH}ShortName") == "Causes & <Sympto"


@pytest.mark.parametrize("typed", ["h", "slip", "slipped cus"])
def test_suggestions_are_few_short_lived_and_live(client, small_site, published, typed):
    AlternateName.objects.create(page=small_site.disc, anchor="n", name="slipped cushion")
    published(small_site.disc)
    response = client.get("/search/suggest/", {"q": typed})
    found = response.json()["results"]
    assert len(found) <= 8
    assert response["Cache-Control"] == "public, max-age=60"
    assert "/conditions/disc/" in {entry["path"] for entry in found}


# --- The index is asked once -------------------------------------------------------------


@pytest.fixture
def asked(monkeypatch) -> list[str]:
    """What the index was asked."""
    questions = []
    find = search.find

    def watched(question, **options):
        questions.append(question)
        return find(question, **options)

    monkeypatch.setattr(search, "find", watched)
    return questions


def test_the_index_is_asked_once_while_it_is_the_same(client, small_site, asked):
    addresses = [
        "/search/?q=herniated",
        "/search/?q=hernaited",
        "/search/?q=herniated&page=2",
        "/search/?q=herniated&tag=one-leg",
        "/search/?q=disc",
    ]
    found = [client.get(address) for address in addresses]
    times = len(asked)
    assert times >= len(addresses)
    for address, before in zip(addresses, found, strict=True):
        again = client.get(address)
        assert again.content == before.content
        assert again.headers == before.headers
    assert len(asked) == times
    for _ in range(2):
        client.get("/search/?q=hernaited&exact=1")  # nothing is found
    assert len(asked) == times + 2


def test_what_is_published_is_found_by_a_question_that_was_asked_before(
    client, small_site, published, asked
):
    assert "/conditions/clot/" not in links(page_at(client, "/search/?q=herniated"))
    add_section(small_site.clot, "<p>It may follow a herniated disc.</p>", heading="Also")
    published(small_site.clot)
    for _ in range(2):
        assert "/conditions/clot/" in links(page_at(client, "/search/?q=herniated"))
    assert len(asked) == 2


def test_a_page_that_is_gone_is_not_found_by_a_question_that_was_asked_before(
    client, small_site, published, monkeypatch
):
    """Also while the index, by its number, seems to be the same."""
    monkeypatch.setattr(search, "current", lambda at, version: 1)
    assert "/conditions/disc/" in links(page_at(client, "/search/?q=herniated"))
    withdraw(small_site.disc, actor=FIXTURE, note="wrong")
    assert "/conditions/disc/" not in links(page_at(client, "/search/?q=herniated"))


def test_a_tag_has_its_new_name_also_beside_a_question_that_was_asked_before(client, small_site):
    page_at(client, "/search/?q=herniated")
    rename_tag(small_site.both_legs, actor=FIXTURE, name="Two legs", slug="both-legs")
    assert (
        "Tags: one leg, two legs."
        in words_of(page_at(client, "/search/?q=herniated"), "ul.page-list > li")[0]
    )


def test_a_card_comes_first_also_for_a_question_that_was_asked_before(
    client, small_site, published
):
    question = "/search/?q=herniated"
    assert not page_at(client, question).query(".card")
    small_site.clot.carecards.update(phrases=["herniated"])
    published(small_site.clot)
    assert page_at(client, question).query(".card")


def test_an_index_that_is_behind_is_asked_each_time(client, small_site, asked, monkeypatch):
    index = catching_up.reading(timezone.now())
    monkeypatch.setattr(catching_up, "reading", lambda at: replace(index, version=None))
    monkeypatch.setattr(finding, "reading", lambda at: replace(index, version=None))
    for _ in range(2):
        assert client.get("/search/?q=herniated")["Cache-Control"] == "no-store"
    assert len(asked) == 2

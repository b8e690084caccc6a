"""Home, the symptoms, the A to Z, the tags and a tag's page."""

from dataclasses import replace

import pytest
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import AlternateName, Page, Tag
from causes.public import catalog
from causes.search.kept import content_version
from tests.public.seen import links, page_at, section_under, words, words_of

LISTS = ["/", "/symptoms/", "/conditions/", "/tags/", "/tags/one-leg/", "/search/"]


def name(page: Page, *names: str, kind: str = "also_called") -> None:
    for text in names:
        AlternateName.objects.create(
            page=page, anchor=f"n{page.alternatenames.count()}", kind=kind, name=text
        )


@pytest.mark.parametrize("address", LISTS)
def test_a_list_is_whole_html_with_one_heading_and_ids_of_its_own(client, small_site, address):
    document = page_at(client, address)
    assert document.errors == []
    assert len(document.query("h1")) == 1
    ids = [node.attrs["id"] for node in document.query("[id]")]
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in links(document) if href.startswith("#")} <= set(ids)


@pytest.mark.parametrize("address", LISTS)
def test_a_site_without_a_page_still_has_its_lists(client, small_site, address):
    for page in small_site.pages:
        if page.editions.live().exists():  # a group goes with its symptom
            withdraw(page, actor=FIXTURE, note="all of it")
    response = client.get(address)
    assert response.status_code == (404 if address == "/tags/one-leg/" else 200)
    for path in small_site.addresses:
        assert f'href="{path}' not in response.content.decode()


@pytest.mark.parametrize("address", ["/", "/symptoms/"])
def test_home_and_symptoms_lead_to_each_symptom(
    client, small_site, make_symptom, published, address
):
    published(make_symptom("arm-numbness", title="Arm numbness", summary="A numb arm."))
    make_symptom("draft", title="Unfinished")
    document = page_at(client, address)
    assert links(document, ".tiles a[href^='/symptoms/']") == {
        "/symptoms/arm-numbness/": "Arm numbness",
        "/symptoms/leg-numbness/": "Leg numbness",
    }
    assert "A numb arm." in words(document)
    assert "When a leg feels nothing." in words(document)


def test_home_leads_to_every_way_of_finding_a_page(client, small_site):
    document = page_at(client, "/")
    assert {"/conditions/", "/tags/", "/symptoms/"} < links(document).keys()
    assert document.query("form[action='/search/'] input[name='q']")


# --- A to Z ------------------------------------------------------------------------------


def letters(document) -> dict[str, list[str]]:
    return {
        words(section.query("h2")[0]): words_of(section, "li")
        for section in document.query("section.letter")
    }


def test_the_a_to_z_has_every_condition_and_symptom_under_its_letter(client, small_site):
    document = page_at(client, "/conditions/")
    assert letters(document) == {
        "B": ["Blood clot"],
        "H": ["Herniated disc"],
        "L": ["Leg numbness"],
        "S": ["Sciatica"],
    }
    assert links(document, ".letters a") == {f"#letter-{letter}": letter for letter in "BHLS"}


def test_the_a_to_z_has_other_names_that_lead_to_the_page(client, small_site, published):
    name(small_site.disc, "slipped disc", "Disk prolapse")
    name(small_site.disc, "bad back", kind="lay")
    published(small_site.disc)
    document = page_at(client, "/conditions/")
    found = letters(document)
    assert found["S"] == ["Sciatica", "slipped disc, see Herniated disc"]
    assert found["D"] == ["Disk prolapse, see Herniated disc"]
    assert found["B"] == ["bad back, see Herniated disc", "Blood clot"]
    assert links(document, ".letter a")["/conditions/disc/"] == "Herniated disc"


def test_names_are_sorted_without_regard_to_accents_and_case(
    client, small_site, make_condition, published
):
    for key, title in {"a": "épine", "b": "Eczema", "c": "Épaule", "d": "Eye"}.items():
        published(make_condition(key, title=title))
    assert letters(page_at(client, "/conditions/"))["E"] == ["Eczema", "Épaule", "épine", "Eye"]


@pytest.mark.parametrize("title", ["5-day fever", "“Quoted” pain", "ßtrange", "Ωmega"])
def test_a_name_may_begin_with_anything(client, small_site, make_condition, published, title):
    published(make_condition("odd", title=title))
    document = page_at(client, "/conditions/")
    assert document.errors == []
    assert [title] in letters(document).values() or title in letters(document)["S"]


def test_groups_and_information_pages_are_not_in_the_a_to_z(client, small_site):
    main = words(page_at(client, "/conditions/").query_one("main"))
    assert "Trapped nerves" not in main
    assert "Privacy" not in main


def test_a_withdrawn_condition_leaves_every_list(client, small_site):
    withdraw(small_site.clot, actor=FIXTURE, note="wrong")
    pages = [*LISTS, "/symptoms/leg-numbness/", "/symptoms/leg-numbness/flow/"]
    for address in pages:
        assert "Blood clot" not in client.get(address).content.decode(), address


# --- Tags --------------------------------------------------------------------------------


def test_the_tags_stand_under_their_question_with_how_many_conditions_each_has(client, small_site):
    document = page_at(client, "/tags/")
    assert words_of(document, "main h2") == ["Where is it?", "How did it start?"]
    where = section_under(document, "Where is it?")
    assert words_of(where, "li") == ["One leg 3 conditions", "Both legs 1 condition"]
    assert links(where) == {"/tags/one-leg/": "One leg", "/tags/both-legs/": "Both legs"}


def test_a_tag_that_no_live_condition_carries_is_not_shown(
    client, small_site, make_tag, make_condition
):
    make_condition("draft", tags=(make_tag("elbow"), small_site.sudden))
    assert client.get("/tags/elbow/").status_code == 404
    document = page_at(client, "/tags/")
    assert "Elbow" not in words(document)
    assert "Sudden 1 condition" in words(document)


def test_a_tag_on_another_kind_of_page_counts_for_nothing(client, small_site, make_tag, published):
    small_site.privacy.tags.add(make_tag("legal"))
    small_site.symptom.tags.add(small_site.sudden)
    published(small_site.privacy)
    published(small_site.symptom)
    assert client.get("/tags/legal/").status_code == 404
    assert "Sudden 1 condition" in words(page_at(client, "/tags/"))


def grouped(document) -> dict[str, list[str]]:
    return {
        words(group.query("h3")[0]): words_of(group, "li > a")
        for group in document.query("section.group")
    }


def test_a_tag_page_has_its_definition_and_its_conditions_by_group(client, small_site):
    Tag.objects.filter(slug="one-leg").update(description="Only one of your legs.")
    document = page_at(client, "/tags/one-leg/")
    assert words_of(document, "h1") == ["One leg"]
    assert "Only one of your legs." in words(document)
    assert grouped(document) == {
        "Trapped nerves": ["Sciatica", "Herniated disc"],
        "Poor circulation": ["Blood clot", "Herniated disc"],
    }
    assert links(document, ".group h3 a")["/symptoms/leg-numbness/flow/"] == "Poor circulation"


def test_a_condition_in_no_group_stands_last_on_a_tag_page(
    client, small_site, make_condition, published
):
    published(make_condition("shingles", tags=(small_site.sudden,)))
    document = page_at(client, "/tags/sudden/")
    assert grouped(document) == {
        "Poor circulation": ["Blood clot"],
        "Other conditions": ["Shingles"],
    }


def test_a_tag_page_combines_with_another_tag(client, small_site):
    document = page_at(client, "/tags/one-leg/")
    combine = section_under(document, "Combine with another tag")
    assert words_of(combine, "li") == ["Both legs 1 condition", "Sudden 1 condition"]
    href = next(href for href, text in links(combine).items() if text.startswith("Sudden"))
    assert grouped(page_at(client, href)) == {"Poor circulation": ["Blood clot"]}


def test_a_renamed_tag_has_its_new_name_on_the_lists(client, small_site):
    Tag.objects.filter(slug="one-leg").update(name="A single leg")
    assert words_of(page_at(client, "/tags/one-leg/"), "h1") == ["A single leg"]
    assert "A single leg" in words(page_at(client, "/tags/"))
    assert "A single leg" in words(page_at(client, "/symptoms/leg-numbness/"))


def test_a_tag_that_came_between_two_readings_is_not_offered_yet(client, small_site, monkeypatch):
    """The names of the tags and who carries them are two readings of the same version."""
    known = catalog.known_tags.value(timezone.now(), content_version())
    before = replace(known, labels={s: t for s, t in known.labels.items() if s != "both-legs"})
    monkeypatch.setattr(catalog.known_tags, "value", lambda at, version: before)
    page = page_at(client, "/tags/one-leg/")
    assert not [to for to in links(page) if "both-legs" in to]
    assert client.get("/tags/both-legs/").status_code == 404

"""What pages of every kind carry: head, cards, sources, related pages, status and foot."""

from datetime import date

import pytest
from django.utils import timezone

from causes.models import AlternateName, Citation, Edition, RelatedLink, Source
from tests.public.seen import (
    add_card,
    add_section,
    links,
    page_at,
    section_under,
    words,
    words_of,
)

SCIATICA = "/conditions/sciatica/"
SHINGLES = "/conditions/shingles/"
ADDRESSES = [
    *("/symptoms/leg-numbness/", "/symptoms/leg-numbness/trapped/"),
    *(SCIATICA, "/about/privacy/"),
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_is_whole_html_with_one_heading_and_ids_of_its_own(client, small_site, address):
    document = page_at(client, address)
    assert document.errors == []
    assert len(document.query("h1")) == 1
    ids = [node.attrs["id"] for node in document.query("[id]")]
    assert len(ids) == len(set(ids))
    assert document.query_one("html").attrs["lang"] == "en-us"


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_link_to_a_part_of_the_page_finds_it(client, small_site, address):
    document = page_at(client, address)
    ids = {node.attrs["id"] for node in document.query("[id]")}
    targets = {href[1:] for href in links(document) if href.startswith("#")}
    assert "main" in targets
    assert targets <= ids


@pytest.mark.parametrize(
    ("level", "title", "hidden"),
    [
        ("emergency", "Call 112 now if:", "Immediate action required:"),
        ("urgent", "Ask for an urgent appointment if:", "Urgent advice:"),
        ("non_urgent", "See a doctor if:", "Non-urgent advice:"),
    ],
)
def test_a_care_card_has_the_fixed_words_of_its_level(
    client, settings, make_condition, published, level, title, hidden
):
    settings.EMERGENCY_NUMBER = "112"
    condition = make_condition("shingles")
    add_card(condition, level, "your foot drops", anchor="extra", heading="Foot")
    published(condition)
    card = page_at(client, SHINGLES).query("#card-extra")[0]
    heading = card.query("h2")[0]
    assert words(heading) == f"{hidden} {title}"
    assert words_of(heading, ".visually-hidden") == [hidden]
    assert words_of(card, "h3") == ["Foot"]
    assert words_of(card, "li") == ["your foot drops"]


def test_cards_stand_in_the_editors_order_before_the_first_section(
    client, make_condition, published
):
    condition = make_condition("shingles")
    add_card(condition, "non_urgent", "it stays", order=3)
    add_card(condition, "urgent", "it spreads", order=2)
    published(condition)
    document = page_at(client, SHINGLES)
    assert words_of(document, ".card li") == ["you cannot move your leg", "it spreads", "it stays"]
    anchors = [node.attrs["id"] for node in document.query_one("main").query("[id]")]
    assert anchors.index("card-non-urgent") < anchors.index("overview")


def test_sources_are_numbered_as_cited_and_each_number_leads_to_its_source(
    client, make_condition, published
):
    condition = make_condition("shingles")
    second = Source.objects.create(
        key="b", publisher="NHS", title="Backs", url="https://www.nhs.uk/b", checked="text"
    )
    further = Source.objects.create(
        key="c", publisher="Mayo", title="More", url="https://www.mayoclinic.org/c"
    )
    Source.objects.create(key="d", publisher="WHO", title="Uncited", url="https://www.who.int/")
    section = add_section(condition, "<p>More.</p>")
    section.citations.add(second)
    Citation.objects.create(page=condition, anchor="further", source=further)
    published(condition)
    document = page_at(client, SHINGLES)
    assert words_of(section_under(document, "Sources"), "li") == [
        "NIH: Nerves",
        "NHS: Backs",
        "Mayo: More (further reading)",
    ]
    assert words_of(document, ".card .cites") == ["Source: 1"]
    assert links(section_under(document, "More"), ".cites a") == {"#source-2": "2"}
    assert "Uncited" not in words(document)


def test_related_pages_are_shown_while_they_are_live(client, small_site, make_condition, published):
    draft = make_condition("draft", title="Unfinished")
    for order, target in enumerate((small_site.disc, draft)):
        RelatedLink.objects.create(
            page=small_site.sciatica, anchor=target.key, order=order, target=target
        )
    published(small_site.sciatica)
    document = page_at(client, SCIATICA)
    assert links(section_under(document, "Related pages")) == {
        "/conditions/disc/": "Herniated disc"
    }
    assert "Unfinished" not in words(document)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {"status": "checked"},
            "Checked against its sources. Not yet reviewed by a clinician.",
        ),
        (
            {"status": "unchecked"},
            "Not yet checked against its sources. Not yet reviewed by a clinician.",
        ),
        (
            {"reviewed_by": "Dr. Ada Byron, neurologist", "reviewed_on": date(2026, 3, 9)},
            "Reviewed by Dr. Ada Byron, neurologist on March 9, 2026. "
            "The next review is due by March 9, 2029.",
        ),
    ],
)
def test_the_foot_says_how_far_the_page_was_checked(
    client, make_condition, published, fields, line
):
    published(make_condition("shingles", **fields))
    assert words_of(page_at(client, SHINGLES), ".status p")[0] == line


def test_the_foot_says_in_words_when_which_edition_was_published(client, make_condition, published):
    condition = make_condition("shingles")
    published(condition)
    condition.title = "Shingles again"
    condition.save()
    edition = published(condition)
    today = timezone.localtime(edition.live_from)
    line = words_of(page_at(client, SHINGLES), ".status p")[1]
    assert line == f"Published {today:%B} {today.day}, {today.year}. Edition 2."


def test_breadcrumbs_lead_up_to_home(client, small_site):
    trail = page_at(client, "/symptoms/leg-numbness/trapped/").query_one("nav .breadcrumbs")
    assert links(trail) == {
        "/": "Home",
        "/symptoms/": "Symptoms",
        "/symptoms/leg-numbness/": "Leg numbness",
    }
    assert words_of(trail, "[aria-current]") == ["Trapped nerves"]


@pytest.mark.parametrize("address", [*ADDRESSES, "/", "/conditions/", "/search/"])
def test_every_page_carries_the_emergency_line_and_no_diagnosis(
    client, settings, small_site, address
):
    settings.EMERGENCY_NUMBER = "112"
    text = words(page_at(client, address))
    assert "In an emergency, call 112 now." in text
    assert "This is not a diagnosis." in text


def test_what_only_editors_see_is_on_no_page(client, small_site, published, author):
    small_site.pages.update(owner=author)
    author.first_name = "Zephyrine"
    author.save()
    small_site.trapped.causes.update(note="Zephyrine wrote this", phrase="zephyrine phrase")
    for page in small_site.pages:
        published(page)
    for address in small_site.addresses:
        assert "zephyrine" not in client.get(address).content.decode().casefold(), address
    for edition in Edition.objects.live():
        assert "Zephyrine wrote this" not in str(edition.body)
        assert "owner" not in edition.body


def test_the_head_names_the_page_for_readers_and_for_those_who_share_it(client, small_site):
    document = page_at(client, SCIATICA)
    assert words_of(document, "title") == ["Sciatica | Causes"]
    meta = {
        node.attrs.get("name") or node.attrs.get("property"): node.attrs.get("content")
        for node in document.query("meta")
    }
    assert meta["description"] == meta["og:description"] == "What sciatica is."
    assert meta["og:title"] == "Sciatica"
    assert meta["og:url"] == "http://127.0.0.1:8000/conditions/sciatica/"
    assert meta["og:type"] == "article"


def test_markup_in_plain_fields_is_shown_as_text(client, make_condition, published):
    bad = "<img src=x onerror=alert(1)>"
    condition = make_condition("shingles", title=f"A {bad}", summary=f"S {bad}")
    AlternateName.objects.create(page=condition, anchor="n", name=f"N {bad}")
    add_card(condition, "urgent", f"C {bad}", heading=f"H {bad}")
    published(condition)
    document = page_at(client, SHINGLES)
    assert not document.query("[onerror]")
    for letter in "ANCH":
        assert f"{letter} {bad}" in words(document.query_one("main"))

"""The four kinds of page: what each says, in which words, and what it keeps to itself."""

from datetime import date

import pytest
from django.utils import timezone

from causes.models import (
    AlternateName,
    Citation,
    MedicalCode,
    RelatedLink,
    Source,
    SourceStatement,
)
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


def test_a_condition_says_that_and_how_it_causes_the_symptom(client, small_site):
    document = page_at(client, SCIATICA)
    answer = section_under(document, "How it can cause leg numbness")
    assert "How sciatica does it." in words(answer)
    appears = section_under(document, "Where it appears")
    assert links(appears) == {
        "/symptoms/leg-numbness/": "Leg numbness",
        "/symptoms/leg-numbness/trapped/": "Trapped nerves",
    }


def test_a_condition_in_two_groups_names_both_and_says_the_same_thing_once(client, small_site):
    document = page_at(client, "/conditions/disc/")
    assert words_of(document, "main").pop().count("How disc does it.") == 1
    appears = links(section_under(document, "Where it appears"))
    assert {"Trapped nerves", "Poor circulation"} < set(appears.values())


def test_a_condition_that_is_no_cause_here_says_so(client, small_site, published):
    small_site.trapped.causes.filter(condition=small_site.sciatica).update(
        relation="not_a_cause_here"
    )
    published(small_site.trapped)
    document = page_at(client, SCIATICA)
    assert "How it can cause leg numbness" not in words(document)
    assert section_under(document, "Not usually a cause of leg numbness")
    for address in ("/symptoms/leg-numbness/", "/symptoms/leg-numbness/trapped/"):
        labels = words_of(page_at(client, address), ".group .label")
        assert labels == ["Not usually a cause"]


@pytest.mark.parametrize(
    ("relation", "label"),
    [
        ("direct", []),
        ("emergency", ["Emergency"]),
        ("underlying", ["Can lead to it"]),
        ("umbrella", ["A name for several causes"]),
    ],
)
def test_a_list_of_causes_says_what_each_is_to_the_symptom(
    client, small_site, published, relation, label
):
    small_site.trapped.causes.filter(condition=small_site.sciatica).update(relation=relation)
    published(small_site.trapped)
    assert words_of(page_at(client, "/symptoms/leg-numbness/"), ".group .label") == label


def test_a_condition_of_two_symptoms_answers_for_each(
    client, small_site, make_symptom, make_category, published
):
    arm = make_symptom("arm-numbness", title="Arm numbness", in_sentence="arm numbness")
    group = make_category(arm, "neck", (small_site.sciatica,))
    published(arm)
    published(group)
    document = page_at(client, SCIATICA)
    assert section_under(document, "How it can cause leg numbness")
    assert section_under(document, "How it can cause arm numbness")


def test_a_condition_in_no_group_is_a_page_without_an_answer(client, make_condition, published):
    published(make_condition("shingles"))
    headings = words_of(page_at(client, SHINGLES), "main h2")
    assert "What it is" in headings
    assert "Where it appears" not in headings


def test_other_names_are_shown_except_those_only_for_finding_the_page(
    client, make_condition, published
):
    condition = make_condition("shingles")
    kinds = ["also_called", "abbreviation", "spelling", "see_reference", "lay"]
    for order, kind in enumerate(kinds):
        AlternateName.objects.create(
            page=condition, anchor=kind, order=order, kind=kind, name=f"the {kind} name"
        )
    published(condition)
    [line] = words_of(page_at(client, SHINGLES), ".also-called")
    assert line == "Also called: the also_called name, the abbreviation name"


def test_tags_lead_to_their_pages_and_codes_stand_in_a_details_element(
    client, small_site, published
):
    MedicalCode.objects.create(page=small_site.disc, anchor="m51", code="M51.16")
    published(small_site.disc)
    document = page_at(client, "/conditions/disc/")
    tags = links(section_under(document, "Tags"))
    assert tags == {"/tags/one-leg/": "One leg", "/tags/both-legs/": "Both legs"}
    assert words_of(document, "details li") == ["ICD-10-CM: M51.16"]


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
            "Reviewed by Dr. Ada Byron, neurologist on March 9, 2026.",
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


def test_a_group_says_how_each_condition_does_it_and_what_sets_it_apart(
    client, small_site, published
):
    small_site.trapped.causes.filter(condition=small_site.sciatica).update(
        differs="<p>It runs down the back of the leg.</p>"
    )
    published(small_site.trapped)
    document = page_at(client, "/symptoms/leg-numbness/trapped/")
    cause = document.query("#cause-sciatica")[0]
    assert links(cause, "h3 a") == {SCIATICA: "Sciatica"}
    assert "What sciatica is." in words(cause)
    assert "How sciatica does it." in words(cause)
    assert "It runs down the back of the leg." in words(cause)
    assert words_of(cause, ".cites") == ["Source: 1"]
    assert words_of(document, ".group h3") == ["Sciatica", "Herniated disc"]


def test_a_group_leads_to_the_emergency_signs_and_the_other_groups(client, small_site):
    document = page_at(client, "/symptoms/leg-numbness/trapped/")
    assert "/symptoms/leg-numbness/#get-help" in links(document, ".emergency-line a")
    others = links(section_under(document, "Other groups of causes"))
    assert others == {"/symptoms/leg-numbness/flow/": "Poor circulation"}
    symptom = page_at(client, "/symptoms/leg-numbness/")
    assert [node.attrs["id"] for node in symptom.query("#get-help")] == ["get-help"]


def test_breadcrumbs_lead_up_to_home(client, small_site):
    trail = page_at(client, "/symptoms/leg-numbness/trapped/").query_one("nav .breadcrumbs")
    assert links(trail) == {
        "/": "Home",
        "/symptoms/": "Symptoms",
        "/symptoms/leg-numbness/": "Leg numbness",
    }
    assert words_of(trail, "[aria-current]") == ["Trapped nerves"]


def test_a_symptom_tells_what_was_changed_from_the_source_article(client, small_site, published):
    for anchor, change in (("s01", ""), ("s02", "We say “may”.")):
        SourceStatement.objects.create(
            page=small_site.symptom, anchor=anchor, text=f"Original {anchor}.", change=change
        )
    published(small_site.symptom)
    document = page_at(client, "/symptoms/leg-numbness/")
    changed = section_under(document, "What we changed from the source article")
    assert words_of(changed, "li") == ["We say “may”."]
    assert "Original s01." not in words(document)


def test_an_information_page_has_its_sections_and_stands_in_every_foot(client, small_site):
    document = page_at(client, "/about/privacy/")
    assert words_of(document, "h1") == ["Privacy"]
    assert "reviewed by a clinician" not in words(document)
    for address in (*ADDRESSES, "/", "/tags/"):
        foot = page_at(client, address).query_one("body > footer")
        assert links(foot)["/about/privacy/"] == "Privacy"


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

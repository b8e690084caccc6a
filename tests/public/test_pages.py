"""The four kinds of page: what each says, and in which words."""

import pytest

from causes.models import AlternateName, MedicalCode, SourceStatement
from tests.public.seen import links, page_at, section_under, words, words_of

SCIATICA = "/conditions/sciatica/"
SHINGLES = "/conditions/shingles/"


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


def test_the_symptoms_that_a_condition_causes_come_before_the_others(
    client, small_site, make_symptom, make_category, published
):
    small_site.trapped.causes.update(relation="not_a_cause_here")
    published(small_site.trapped)
    arm = make_symptom("arm-numbness", title="Arm numbness", in_sentence="arm numbness")
    group = make_category(arm, "upper", (small_site.sciatica,))
    published(arm)
    published(group)
    assert words_of(page_at(client, SCIATICA), ".answer h2") == [
        "How it can cause arm numbness",
        "Not usually a cause of leg numbness",
    ]


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
    for address in (*small_site.addresses, "/", "/tags/"):
        foot = page_at(client, address).query_one("body > footer")
        assert links(foot)["/about/privacy/"] == "Privacy"

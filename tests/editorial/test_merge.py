"""Two texts made of one are brought together, field by field and row by row; nothing is lost."""

import json
import re
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from causes.editorial.merge import Clash, merge

Document = dict[str, Any]


def section(anchor: str, body: str = "Words.", **fields: Any) -> dict[str, Any]:
    return {"anchor": anchor, "heading": anchor, "body": body, "citations": []} | fields


def page(*sections: dict[str, Any], **fields: Any) -> Document:
    plain = {"schema": 1, "kind": "condition", "key": "sciatica", "title": "Sciatica"}
    review = {"summary": "A nerve.", "reviewed_by": "", "reviewed_on": None}
    return plain | review | {"tags": [], "sections": list(sections)} | fields


def anchors(document: Document) -> list[str]:
    return [row["anchor"] for row in document["sections"]]


BASE = page(section("a"), section("b"), section("c"), tags=["foot", "hip"])


def changed(change: dict[str, Any], **fields: Any) -> Document:
    """BASE with other fields, and with ``change``: {anchor: its row's other fields, or None}."""
    document = deepcopy(BASE) | fields
    for anchor, values in change.items():
        row = next((row for row in document["sections"] if row["anchor"] == anchor), None)
        if values is None:
            document["sections"].remove(row)
        elif row is None:
            document["sections"].append(section(anchor) | values)
        else:
            row |= values
    return document


def test_different_fields_and_rows_are_both_kept():
    theirs = changed({"a": {"body": "Theirs."}, "new": {}}, title="Theirs")
    mine = changed({"b": {"body": "Mine."}, "c": None}, summary="Mine")
    merged = merge(BASE, theirs, mine)
    assert not merged.clashes
    document = merged.document
    assert (document["title"], document["summary"]) == ("Theirs", "Mine")
    assert anchors(document) == ["a", "b", "new"]
    assert [row["body"] for row in document["sections"]] == ["Theirs.", "Mine.", "Words."]


def test_different_fields_of_one_row_are_both_kept():
    merged = merge(BASE, changed({"a": {"heading": "H"}}), changed({"a": {"body": "B"}}))
    assert not merged.clashes
    assert merged.document["sections"][0] == section("a", "B", heading="H")


def test_what_both_changed_differently_stays_as_it_is_stored_and_is_a_clash():
    merged = merge(BASE, changed({"a": {"body": "T"}}), changed({"a": {"body": "M"}}))
    assert merged.document["sections"][0]["body"] == "T"
    assert merged.clashes == [Clash("sections", "a", ("body",), ["Words."], ["T"], ["M"])]


def test_what_both_changed_to_the_same_is_no_clash():
    both = changed({"a": {"body": "Same"}, "c": None}, title="Same")
    assert merge(BASE, both, deepcopy(both)).clashes == []


def test_tags_and_citations_are_merged_as_sets():
    theirs = changed({"a": {"citations": ["nhs"]}}, tags=["foot", "toe"])
    mine = changed({"a": {"citations": ["nih"]}}, tags=["foot", "hip", "leg"])
    document = merge(BASE, theirs, mine).document
    assert document["tags"] == ["foot", "leg", "toe"]
    assert document["sections"][0]["citations"] == ["nhs", "nih"]


def test_a_reviewer_and_the_date_are_taken_together():
    theirs = changed({}, reviewed_by="Dr Ada", reviewed_on="2026-01-01")
    mine = changed({}, reviewed_by="Dr Bob", reviewed_on="2026-01-01")
    [clash] = merge(BASE, theirs, mine).clashes
    assert clash.fields == ("reviewed_by", "reviewed_on")
    decided = merge(BASE, theirs, mine, {clash.id: clash.mine})
    assert decided.clashes == []
    assert decided.document["reviewed_by"] == "Dr Bob"


@pytest.mark.parametrize("mine_deletes", [True, False])
def test_a_row_that_one_edits_and_the_other_deletes_is_a_clash(mine_deletes):
    edited, without = changed({"b": {"body": "Edited."}}), changed({"b": None})
    theirs, mine = (edited, without) if mine_deletes else (without, edited)
    merged = merge(BASE, theirs, mine)
    assert merged.document == theirs
    [clash] = merged.clashes
    assert (clash.rows, clash.anchor, clash.fields) == ("sections", "b", ())
    assert merge(BASE, theirs, mine, {clash.id: clash.mine}).document == mine


def test_a_row_that_one_deletes_and_the_other_left_alone_is_gone():
    assert anchors(merge(BASE, changed({"b": None}), changed({})).document) == ["a", "c"]
    assert anchors(merge(BASE, changed({}), changed({"b": None})).document) == ["a", "c"]


def test_the_order_that_one_side_changed_is_kept_with_the_rows_that_the_other_added():
    moved = page(section("c"), section("a"), section("b"), tags=BASE["tags"])
    added = page(section("a"), section("new"), section("b"), section("c"), tags=BASE["tags"])
    for theirs, mine in ((moved, added), (added, moved)):
        merged = merge(BASE, theirs, mine)
        assert not merged.clashes
        assert anchors(merged.document) == ["c", "a", "new", "b"]


def test_two_new_orders_clash_and_either_can_be_taken():
    theirs = page(section("c"), section("a"), section("b"), tags=BASE["tags"])
    mine = page(section("b"), section("a"), section("c"), tags=BASE["tags"])
    merged = merge(BASE, theirs, mine)
    [clash] = merged.clashes
    assert anchors(merged.document) == ["c", "a", "b"]
    assert anchors(merge(BASE, theirs, mine, {clash.id: clash.mine}).document) == ["b", "a", "c"]


def test_a_save_that_was_sent_twice_adds_its_row_once():
    first, again = changed({"tests": {"heading": "T"}}), changed({"tests-2": {"heading": "T"}})
    merged = merge(BASE, first, again)
    assert (merged.document, merged.clashes) == (first, [])


def group(*causes: tuple[str, str, str]) -> Document:
    rows = [{"anchor": a, "condition": c, "how": how} for a, c, how in causes]
    return page() | {"kind": "category", "causes": rows}


def test_one_condition_that_both_add_to_a_group_is_one_cause():
    theirs, mine = group(("stroke", "stroke", "T")), group(("stroke-2", "stroke", "M"))
    merged = merge(group(), theirs, mine)
    assert merged.document["causes"] == theirs["causes"]
    assert [(clash.anchor, clash.fields) for clash in merged.clashes] == [("stroke", ("how",))]


def test_a_cause_that_comes_to_name_a_condition_which_the_other_added_stays_as_it_was():
    base = group(("a", "gout", "x"))
    theirs = group(("a", "gout", "x"), ("stroke", "stroke", "T"))
    mine = group(("a", "stroke", "M"))
    merged = merge(base, theirs, mine)
    assert [row["condition"] for row in merged.document["causes"]] == ["gout", "stroke"]
    [clash] = merged.clashes
    assert (clash.anchor, clash.fields, clash.mine["how"]) == ("a", (), "M")


def test_without_a_known_base_whatever_differs_is_a_clash_and_no_row_goes():
    theirs, mine = (
        changed({"a": {"body": "T"}, "c": None}),
        changed({"a": {"body": "M"}}, title="M"),
    )
    merged = merge({}, theirs, mine)
    assert {clash.fields for clash in merged.clashes} == {("title",), ("body",)}
    assert anchors(merged.document) == ["a", "b", "c"]


# --- For any documents -------------------------------------------------------------------

WORDS = st.lists(st.sampled_from("abcdefghij"), max_size=3).map(" ".join)
CITED = st.lists(st.sampled_from(["nhs", "nih", "who"]), unique=True).map(sorted)
ANCHORS = ["one", "two", "three", "four"]


@st.composite
def documents(draw: Any) -> Document:
    chosen = draw(st.lists(st.sampled_from(ANCHORS), unique=True))
    rows = [section(a, draw(WORDS), heading=draw(WORDS), citations=draw(CITED)) for a in chosen]
    tags = draw(st.lists(st.sampled_from(["foot", "hip", "leg"]), unique=True).map(sorted))
    return page(*rows, title=draw(WORDS), summary=draw(WORDS), tags=tags)


def texts(document: Document) -> dict[tuple[str, str], str]:
    """The words of every field, by place."""
    found = {("", name): document[name] for name in ("title", "summary")}
    for row in document["sections"]:
        found |= {(row["anchor"], name): row[name] for name in ("heading", "body")}
    return found


def words(value: Any) -> set[str]:
    return set(re.findall(r"\b[a-j]\b", json.dumps(value)))


@given(documents(), documents())
def test_equal_changes_and_one_sided_changes_are_taken_as_they_are(base, other):
    assert merge(base, other, deepcopy(other)).document == other
    for theirs, mine in ((other, base), (base, other)):
        merged = merge(base, theirs, deepcopy(mine))
        assert (merged.document, merged.clashes) == (other, [])


@given(documents(), documents(), documents())
def test_no_word_that_either_side_wrote_is_lost(base, theirs, mine):
    merged = merge(base, theirs, mine)
    kept, was = texts(merged.document), texts(base)
    of_place: dict[tuple[str, str], set[str]] = {}
    for clash in merged.clashes:
        for name in clash.fields or ("heading", "body"):
            place = of_place.setdefault((clash.anchor, name), set())
            place |= words(clash.mine) | words(clash.theirs)
    shared = {row["anchor"] for row in merged.document["sections"]}
    for side in (theirs, mine):
        for place, text in texts(side).items():
            written = words(text) - words(was.get(place, ""))
            found = words(kept.get(place, "")) | of_place.get(place, set())
            if place[0] and place[0] not in shared and place not in of_place:
                found = words(merged.document)  # a row that both added, under the other's anchor
            assert written <= found, place


@given(documents(), documents(), documents())
def test_without_a_clash_it_does_not_matter_who_saved_first(base, theirs, mine):
    one, other = merge(base, theirs, mine), merge(base, mine, theirs)
    assert bool(one.clashes) == bool(other.clashes)
    if not one.clashes:
        assert texts(one.document) == texts(other.document)
        assert one.document["tags"] == other.document["tags"]


@given(documents(), documents(), documents())
def test_what_is_stored_stays_where_both_wrote_and_mine_comes_in_once_it_is_decided(
    base, theirs, mine
):
    merged = merge(base, theirs, mine)
    decided = merge(base, theirs, mine, {clash.id: clash.mine for clash in merged.clashes})
    assert decided.clashes == []
    for clash in merged.clashes:
        if clash.fields == ("body",):
            for document, value in ((merged, clash.theirs), (decided, clash.mine)):
                rows = {row["anchor"]: row["body"] for row in document.document["sections"]}
                assert [rows[clash.anchor]] == value

"""A broken fixture changes nothing and says where it is broken."""

import pytest
from django.core.management import CommandError

from causes.models import Page
from tests.loaddata.records import FIXTURE, everything, page_records, section

pytestmark = pytest.mark.django_db


def broken(change) -> list[dict]:
    """The fixture, with a second page whose records ``change`` has spoilt."""
    records = [*page_records("stroke"), section("stroke", "tests")]
    change(records)
    return [*FIXTURE, *records]


BROKEN = {
    "a field that does not exist": (
        lambda r: r[3]["fields"].update(headline="x"),
        ["record 14", "headline"],
    ),
    "an empty required field": (
        lambda r: r[3]["fields"].update(heading=""),
        ["record 14 (causes.section stroke/tests)", "heading"],
    ),
    "a text that is too long": (
        lambda r: r[0]["fields"].update(summary="x" * 161),
        ["record 11 (causes.page stroke)", "summary", "160"],
    ),
    "a choice that does not exist": (
        lambda r: r[2]["fields"].update(level="panic"),
        ["record 13 (causes.carecard stroke/emergency)", "level", "panic"],
    ),
    "a source that does not exist": (
        lambda r: r[3]["fields"].update(citations=[["nobody"]]),
        ["record 14 (causes.section stroke/tests)", "citations", "nobody"],
    ),
    "a page that does not exist": (
        lambda r: r[3]["fields"].update(page=["nowhere"]),
        ["record 14", "has no page"],
    ),
    "a model that does not exist": (
        lambda r: r.append({"model": "causes.post", "fields": {}}),
        ["record 15", "causes.post"],
    ),
    "a child with the page's fields": (
        lambda r: r[1]["fields"].update(title="Stroke"),
        ["record 12", "title", 'belongs in the record "causes.page"'],
    ),
    "a page without its child": (lambda r: r.pop(1), ["'stroke'", "causes.condition"]),
    "an unknown kind": (
        lambda r: r[0]["fields"].update(kind="post"),
        ["record 11", "kind", "symptom, category, condition, information"],
    ),
    "a reviewer without a date": (
        lambda r: r[0]["fields"].update(reviewed_by="Dr Who"),
        ["record 11", "page_reviewer_and_date_together"],
    ),
    "a list that is not one": (
        lambda r: r[2]["fields"].update(items="one text"),
        ["record 13 (causes.carecard stroke/emergency)", "items"],
    ),
    "a page that cannot be published": (lambda r: r.pop(2), ["emergency care card"]),
    "an address that is another page's": (
        lambda r: r[0]["fields"].update(slug="sciatica"),
        ["/conditions/sciatica/", "belongs to"],
    ),
    "a character that nobody sees": (
        lambda r: r[3]["fields"].update(heading="Te\u200bsts"),
        ["record 14 (causes.section stroke/tests)", "heading: Remove", "U+200B (zero width space)"],
    ),
    "half of a character in a line": (
        lambda r: r[2]["fields"].update(items=["help", "now \ud83d"]),
        ["record 13 (causes.carecard stroke/emergency)", "items: Remove", "U+D83D after “now”"],
    ),
    "an address in capitals": (
        lambda r: r[0]["fields"].update(slug="Stroke-"),
        ["record 11 (causes.page stroke)", "slug: Write the address", "“stroke”"],
    ),
    "a section with an id of the page": (
        lambda r: r[3]["fields"].update(anchor="source-1"),
        ["the section “source-1” of “stroke”", "another anchor"],
    ),
    "an alias with the address of its tag": (
        lambda r: r.append(
            {"model": "causes.tagalias", "fields": {"tag": ["foot"], "name": "F", "slug": "foot"}}
        ),
        ["record 15 (causes.tagalias foot)", "slug", "A tag has this address already."],
    ),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_fixture_changes_nothing_and_says_where_it_is_broken(load, what):
    change, expected = BROKEN[what]
    before = everything()
    with pytest.raises(CommandError) as refusal:
        load(broken(change))
    assert everything() == before
    for part in expected:
        assert part in str(refusal.value), str(refusal.value)


def test_a_fixture_that_is_not_json_says_where(load):
    with pytest.raises(CommandError, match=r"record 1: .* line 1 column 3"):
        load([], text="[{]")
    assert Page.objects.count() == 0


def test_a_row_of_a_page_that_the_fixture_does_not_name_is_refused(load):
    load(FIXTURE)
    before = everything()
    with pytest.raises(CommandError, match=r"causes\.section sciatica/stray"):
        load([*page_records("stroke"), section("sciatica", "stray")])
    assert everything() == before

"""Where a page, a tag or a source is used: in drafts, live, and in what is scheduled."""

from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.editorial.usage import uses_of
from causes.models import Citation, RelatedLink, Section, Tag

pytestmark = pytest.mark.django_db


def lines(record) -> dict[str, list[str]]:
    return {use.page.key: use.lines for use in uses_of(record)}


def test_a_page_is_used_by_links_lists_related_pages_and_groups(
    make_symptom, make_category, make_condition, published
):
    sciatica = make_condition("sciatica")
    symptom = make_symptom()
    published(symptom)
    published(make_category(symptom, "trapped", (sciatica,)))
    stroke = make_condition("stroke", lead='<p>See <a href="page:sciatica">it</a>.</p>')
    RelatedLink.objects.create(page=stroke, target=sciatica, anchor="it")
    make_condition("lookalike", lead='<p>See <a href="page:sciatica-2">it</a>.</p>')
    make_condition("in-words-only", lead="<p>A link is written page:sciatica in it.</p>")
    assert lines(sciatica) == {
        "stroke": ["links to it in its text (draft)", "names it as a related page (draft)"],
        "trapped": ["lists it as a cause (draft and live)"],
    }
    assert lines(symptom) == {"trapped": ["is a group of it (draft and live)"]}


@pytest.mark.parametrize("part", ["section", "how", "differs"])
def test_a_link_is_found_in_every_text(part, make_symptom, make_category, make_condition):
    stroke, sciatica = make_condition("stroke"), make_condition("sciatica")
    group = make_category(make_symptom(), "trapped", (stroke,))
    link = '<p><a href="page:sciatica">It</a> is another.</p>'
    if part == "section":
        Section.objects.filter(page=group).update(body=link)
    else:
        group.causes.update(**{part: link})
    assert lines(sciatica) == {"trapped": ["links to it in its text (draft)"]}


def test_what_is_live_only_or_scheduled_only_says_so(make_condition, published):
    sciatica, stroke = make_condition("sciatica"), make_condition("stroke")
    link = RelatedLink.objects.create(page=stroke, target=sciatica, anchor="it")
    published(stroke, at=timezone.now() + timedelta(days=1))
    link.delete()
    assert lines(sciatica) == {"stroke": ["names it as a related page (scheduled)"]}
    published(stroke, scheduled="replace")
    assert lines(sciatica) == {}


def test_a_withdrawn_page_uses_nothing_in_public(make_condition, make_tag, published):
    foot = make_tag("foot")
    stroke = make_condition("stroke", tags=(foot,))
    published(stroke)
    assert lines(foot) == {"stroke": ["carries it (draft and live)"]}
    withdraw(stroke, actor=FIXTURE, note="wrong")
    stroke.tags.clear()
    assert lines(foot) == {}


def test_a_source_is_used_by_rows_and_as_further_reading(make_condition, published, source):
    published(make_condition("sciatica"))
    stroke = make_condition("stroke")
    stroke.carecards.all().delete()
    stroke.sections.all().delete()
    assert lines(source) == {"sciatica": ["cites it (draft and live)"]}
    Citation.objects.create(page=stroke, source=source, anchor="more")
    assert lines(source)["stroke"] == ["cites it (draft)"]


def test_many_uses_cost_as_many_queries_as_one(
    make_condition, make_tag, django_assert_num_queries, published, source
):
    foot, target = make_tag("foot"), make_condition("target")
    for number in range(3):
        page = make_condition(f"c-{number}", tags=(foot,))
        RelatedLink.objects.create(page=page, target=target, anchor="it")
        published(page)
        for record, queries in ((target, 12), (foot, 4), (source, 7)):
            with django_assert_num_queries(queries):
                assert len(uses_of(record)) >= number + 1


def test_the_list_is_shown_with_links_to_the_forms(make_condition, make_tag):
    foot = make_tag("foot")
    page = make_condition("stroke", tags=(foot,))
    shown = render_to_string("admin/causes/usage.html", {"uses": uses_of(foot), "what": "this tag"})
    assert f'href="/admin/causes/page/{page.pk}/change/">Stroke</a>' in shown
    assert "carries it (draft)" in shown
    unused = Tag.objects.create(slug="hip", name="Hip")
    said = render_to_string(
        "admin/causes/usage.html", {"uses": uses_of(unused), "what": "this tag"}
    )
    assert "Nothing uses this tag." in said

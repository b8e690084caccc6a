"""The source article's sentences beside the form of the page that they belong to."""

import pytest

from causes.admin.source_article import passages
from causes.models import Cause, SourceStatement
from tests.admin.screens import address, parsed, text_of


@pytest.fixture
def article(make_symptom, make_category, make_condition):
    """A symptom with a sentence, a group with two and two causes, another without."""
    symptom, sciatica = make_symptom(), make_condition("sciatica")
    group = make_category(symptom, "trapped", (sciatica, make_condition("stroke")))
    make_category(symptom, "other", (make_condition("gout"),))
    for page, anchor, text, change in (
        (symptom, "s01", "Numbness can be a concern.", ""),
        (group, "s09", "It may occur due to sciatica.", "Sciatica is a symptom."),
        (group, "s08", "Nerves become compressed.", ""),
    ):
        order = int(anchor[1:])
        SourceStatement.objects.create(
            page=page, anchor=anchor, text=text, change=change, order=order
        )
    Cause.objects.filter(condition=sciatica).update(phrase="sciatica (a nerve)")
    return {"symptom": symptom, "group": group, "condition": sciatica}


def panel(client, page) -> str:
    return text_of(client.get(address("change", page)), "aside.source-article")


def test_a_symptom_and_a_group_stand_beside_their_own_sentences(publishing_client, article):
    shown = panel(publishing_client, article["symptom"])
    assert "S01 Numbness can be a concern." in shown
    assert "S08" not in shown
    shown = panel(publishing_client, article["group"])
    assert shown.index("S08 Nerves become") < shown.index("S09 It may occur due to sciatica.")
    assert "What we changed: Sciatica is a symptom." in shown
    assert "S01" not in shown


def test_a_condition_stands_beside_the_sentences_of_its_groups(publishing_client, article):
    shown = panel(publishing_client, article["condition"])
    assert "In the group Trapped" in shown
    assert "This condition is called “sciatica (a nerve)”." in shown
    assert "S08 Nerves become compressed." in shown
    assert "S01" not in shown
    form = parsed(publishing_client.get(address("change", article["condition"])))
    links = [link.attrs["href"] for link in form.query("aside.source-article a")]
    assert links == [address("change", article["group"])]


def test_a_cause_shows_the_articles_words_over_its_text(publishing_client, article):
    form = parsed(publishing_client.get(address("change", article["group"])))
    quoted = form.query("#causes-group .source-phrase blockquote")
    assert [quotation.to_text().strip() for quotation in quoted] == ["sciatica (a nerve)"]


@pytest.mark.parametrize("url", ["add", "change"])
def test_a_page_without_the_article_has_no_empty_panel(url, publishing_client, make_information):
    page = make_information() if url == "change" else "information"
    assert not parsed(publishing_client.get(address(url, page))).query(".source-article")


@pytest.mark.parametrize(("kind", "queries"), [("symptom", 1), ("group", 1), ("condition", 2)])
def test_the_panel_costs_one_query_or_two(kind, queries, article, django_assert_num_queries):
    page = article[kind]
    with django_assert_num_queries(queries):
        assert [list(passage.sentences) for passage in passages(page)]


def test_the_panel_costs_the_same_for_a_condition_of_three_groups(
    article, make_category, django_assert_num_queries
):
    for key in ("second", "third"):
        make_category(article["symptom"], key, (article["condition"],))
    with django_assert_num_queries(2):
        assert len([list(passage.sentences) for passage in passages(article["condition"])]) == 3

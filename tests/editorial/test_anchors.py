"""Anchors: no section has an id that another part of its page has."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from causes.editorial.acting import FIXTURE, NotPossible
from causes.editorial.anchors import is_reserved, new_anchor
from causes.editorial.publishing import publish, record
from causes.models import Section

TEMPLATES = Path(settings.BASE_DIR, "templates")
OF_EVERY_PAGE = [
    TEMPLATES / "base.html",
    TEMPLATES / "causes/edition.html",
    TEMPLATES / "review/page.html",  # stands around a page that a guest reads
]
# Its own heading; and a form's field, which is "header-search" on these pages.
FREE = {"{{ section.anchor }}", "{{ id }}"}
FIELD = "{{ field.auto_id }}"  # Django's: "id_" and the field's name


def ids(path: Path) -> set[str]:
    text = path.read_text("utf-8").replace(FIELD, "id_x")
    found = set(re.findall(r'\bid="([^"]+)"', text)) - FREE
    return {re.sub(r"\{\{.*?\}\}", "x", each) for each in found}


@pytest.mark.parametrize("kind", ["symptom", "category", "condition", "information"])
def test_every_id_of_a_page_is_reserved(kind):
    own = TEMPLATES / f"causes/{kind}.html"
    for path in [*OF_EVERY_PAGE, own, *(TEMPLATES / "components").glob("*.html")]:
        for each in ids(path):
            assert is_reserved(each, kind), f"{path.name}: {each}"


@pytest.mark.parametrize(
    "anchor",
    [
        *("main", "get-help", "source-1", "card-x", "cause-x", "letter-a", "narrow", "results"),
        *("review-answer", "id_name"),
    ],
)
def test_a_section_with_an_id_of_the_page_cannot_be_published(anchor, make_condition):
    page = make_condition()
    Section.objects.filter(page=page).update(anchor=anchor)
    revision = record(page, actor=FIXTURE)
    with pytest.raises(NotPossible, match=f"Give the section “{anchor}” of “sciatica” another"):
        publish(page, actor=FIXTURE, number=revision.number)
    assert not page.editions.exists()


@pytest.mark.parametrize(
    ("words", "anchor"),
    [
        ("Tests", "tests"),
        ("Main", "main-2"),
        ("Get help", "get-help-2"),
        ("Card games", "on-card-games"),
        ("Source 1", "on-source-1"),
        ("Review: answer", "review-answer-2"),
        ("id_name", "on-id_name"),
    ],
)
def test_a_new_rows_anchor_is_no_id_of_the_page(words, anchor, make_condition):
    assert new_anchor(make_condition(), words) == anchor


def test_a_section_on_causes_is_free_but_for_a_symptom(make_condition, make_symptom):
    assert new_anchor(make_condition(), "Causes") == "causes"
    assert new_anchor(make_symptom(), "Causes") == "causes-2"

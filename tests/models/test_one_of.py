"""Texts that are compared with thousands at once."""

import pytest
from django.db import connection
from django.db.models.functions import Lower

from causes.models import Page

pytestmark = pytest.mark.django_db


def titles(texts) -> set[str]:
    pages = Page.objects.alias(lower=Lower("title")).filter(lower__one_of=texts)
    return set(pages.values_list("title", flat=True))


def test_any_of_the_texts_is_found_whatever_its_signs(make_condition):
    for number, title in enumerate(["Stroke", "It's “numb”", 'A "leg" \\ %s', "Foot"]):
        make_condition(f"c-{number}", title=title)
    assert titles(["stroke", "it's “numb”", 'a "leg" \\ %s', "hand"]) == {
        *("Stroke", "It's “numb”", 'A "leg" \\ %s')
    }
    assert titles([]) == set()


def test_many_texts_are_one_parameter_and_the_index_is_used(make_condition):
    make_condition("stroke", title="Stroke")
    texts = {f"text {number}" for number in range(100_000)} | {"stroke"}
    assert titles(texts) == {"Stroke"}
    pages = Page.objects.alias(lower=Lower("title")).filter(lower__one_of=["stroke"]).order_by()
    if connection.vendor == "postgresql":  # on a small table it reads all rows
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
    assert "page_title_in_lower_case" in pages.explain()

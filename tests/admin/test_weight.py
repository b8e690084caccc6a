"""An editor hears when a page has become too heavy for slow lines. It is published all the same."""

import secrets

import pytest

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record
from causes.models import Section
from tests.public.seen import page_at, words

WARNING = "readers on a slow line wait for a second answer"


@pytest.mark.parametrize(("sentences", "is_heavy"), [(10, False), (1000, True)])
def test_publishing_a_heavy_page_warns(
    publishing_client, make_condition, signed_off, sentences, is_heavy
):
    page = make_condition("sciatica")
    text = "".join(f"<p>{secrets.token_hex(12)}</p>" for _ in range(sentences))
    Section.objects.create(page=page, anchor="long", heading="Long", body=text, order=2)
    number = record(page, actor=FIXTURE).number
    signed_off(page)
    address = f"/admin/causes/condition/{page.pk}"
    publishing_client.post(f"{address}/publish/{number}/", {"note": "A long page."})
    assert page.editions.live().exists()
    said = words(page_at(publishing_client, f"{address}/change/").query_one(".messagelist"))
    assert "Patients now see version" in said
    assert (WARNING in said) is is_heavy

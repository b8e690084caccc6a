"""The pages of the search benchmark pass the rules by which editors publish."""

from causes.models import Edition
from tests.benchmarks._real_pages import publish_all


def test_a_page_that_names_an_emergency_number_is_published_without_it(db):
    text = "This is an emergency.\nCall 911 or dial 112 <now>."
    sections = [{"heading": "What to do", "text": text}]
    page = {"slug": "sudden-weakness", "title": "Sudden weakness", "synonyms": ["Weakness"]}
    publish_all([page | {"tags": ["Nervous system"], "sections": sections}])
    edition = Edition.objects.live().get(key="sudden-weakness")
    assert edition.body["sections"][0]["body"] == (
        "<p>This is an emergency.</p>"
        "<p>Call {emergency number} or dial {emergency number} &lt;now&gt;.</p>"
    )

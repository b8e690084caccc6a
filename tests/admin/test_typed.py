"""A form as a document: sent as it stands it is what was saved."""

import pytest
from django.http import QueryDict

from causes.admin.typed import typed_document
from causes.models import Page
from tests.admin.screens import address, form_data


@pytest.mark.parametrize("kind", ["symptom", "category", "condition", "information"])
def test_a_form_sent_as_it_stands_is_the_newest_version(kind, publishing_client, shipped):
    """Of all that the rules look at; anchors of rows stand for their places."""
    page = Page.objects.filter(kind=kind).order_by("key").first()
    data = QueryDict(mutable=True)
    for name, value in form_data(publishing_client, address("change", page)).items():
        data.setlist(name, value if isinstance(value, list) else [value])
    typed, _ = typed_document(kind, data, page.specific())
    assert plain(typed) == plain(page.revisions.first().document)


def plain(document: dict) -> dict:
    """Without anchors; white space as a browser sends it."""
    left_out = {"owner", "reviewed_on", "review_interval"}
    result = {name: value for name, value in document.items() if name not in left_out}
    for name, rows in result.items():
        if isinstance(rows, list) and rows and isinstance(rows[0], dict):
            result[name] = [{n: v for n, v in row.items() if n != "anchor"} for row in rows]
    return result

"""The past of every kind of page, on the small site: what it costs, shows and leaves out."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from causes.models import Edition, Information
from tests.public.seen import links, page_at, words_of


def test_nothing_on_a_past_page_narrows_or_writes_to_the_editors(client, settings, small_site):
    settings.CONTACT_EMAIL = "editor@causes.example"
    today = timezone.localdate().isoformat()
    for path in ("/symptoms/leg-numbness/", "/conditions/disc/"):
        document = page_at(client, f"{path}?on={today}&tag=one-leg")
        assert document.query("#narrow, #questions, .report, .shared-tags") == []
        assert len(document.query(".group .page-list > li")) == (4 if "symptoms" in path else 0)


@pytest.mark.parametrize(
    "path",
    [
        "/symptoms/leg-numbness/",
        "/symptoms/leg-numbness/trapped/",
        "/conditions/disc/",
        "/about/privacy/",
    ],
)
def test_a_past_page_costs_at_most_three_queries(client, small_site, path):
    today = timezone.localdate().isoformat()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(f"{path}?on={today}").status_code == 200
    assert len(captured) <= 3
    assert not any('"causes_page"' in query["sql"] for query in captured.captured_queries)


@pytest.mark.parametrize("verb", ["post", "put", "delete"])
def test_only_reading_is_possible(client, small_site, verb):
    for address in ("/conditions/disc/?on=2026-01-01", "/conditions/disc/history/"):
        assert getattr(client, verb)(address).status_code == 405


def test_every_kind_of_page_leads_to_its_history(client, small_site):
    for edition in Edition.objects.live():
        document = page_at(client, edition.path)
        assert f"{edition.path}history/" in links(document.query("main")[0])
        history = page_at(client, f"{edition.path}history/")
        assert words_of(history, "h1") == [f"Page history: {edition.title}"]
        assert history.query("meta[name=robots]")[0].attrs["content"] == "noindex"


def test_pages_without_a_past_have_no_history(client, small_site):
    Information.objects.create(key="draft", slug="draft", title="Draft")
    for path in ("/conditions/none/", "/about/draft/", "/symptoms/leg-numbness/none/"):
        assert client.get(f"{path}history/").status_code == 404

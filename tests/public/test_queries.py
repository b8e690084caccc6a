"""How many queries each page costs, whatever its size, and which tables they touch."""

import re
from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import (
    AlternateName,
    Category,
    Cause,
    Condition,
    Information,
    RelatedLink,
    Source,
    Tag,
)
from causes.public.prepared import shelf
from causes.search import catching_up
from tests.conftest import go_live, with_rows

# Lists ask for the content version, and for what they show. The order of all pages and their tags
# are known for as long as the version stays.
QUERIES = {
    "/": 2,
    "/symptoms/": 2,
    "/symptoms/leg-numbness/": 3,
    "/symptoms/leg-numbness/?tag=both-legs&tag=one-leg": 3,
    "/symptoms/leg-numbness/trapped/": 3,
    "/conditions/": 3,
    "/conditions/disc/": 3,
    "/about/privacy/": 2,
    "/tags/": 2,
    "/tags/one-leg/": 3,
    "/tags/one-leg/?tag=both-legs": 3,
    "/changes.atom": 2,
    "/conditions/disc/history/": 3,
    "/symptoms/leg-numbness/trapped/history/": 3,
    "/sitemap.xml": 3,
    "/robots.txt": 0,
    "/healthz": 0,
    "/nowhere/": 0,
}
# What comes out the same is given again after one query; a list asks for the version first.
GIVEN_AGAIN = {
    "/symptoms/leg-numbness/": 1,
    "/symptoms/leg-numbness/?tag=both-legs&tag=one-leg": 1,
    "/symptoms/leg-numbness/trapped/": 1,
    "/conditions/": 2,
    "/conditions/disc/": 1,
    "/about/privacy/": 1,
    "/tags/one-leg/": 2,
    "/tags/one-leg/?tag=both-legs": 2,
}
FIRST_AFTER_A_PUBLICATION = {
    **{"/": 15, "/symptoms/": 5, "/conditions/": 13, "/tags/": 12, "/tags/one-leg/": 13},
    "/conditions/disc/": 10,
}
# The content version, and at most four: the pages that were found, what lists show of them, their
# groups, and, where the page is made anew, their texts. The tags, and where the index stands, are
# known for as long as the version stays.
SEARCHES = {
    "/search/": 2,
    "/search/?q=disc": 5,
    "/search/?q=disc&tag=one-leg": 5,
    "/search/?tag=one-leg": 3,
    "/search/?q=zzzzzz": 2,
}
LOOKED_UP_TWICE = {
    # A tag that the page does not have is looked for among the aliases.
    "/symptoms/leg-numbness/?tag=junk": 4,
    "/symptoms/leg-numbness/?tag=single-leg": 4,
    "/conditions/nowhere/": 2,
    "/conditions/old-name/": 1,
    "/conditions/withdrawn/": 2,
    "/conditions/withdrawn/history/": 3,
    "/conditions/nowhere/history/": 1,
    "/conditions/disc/?on=junk": 1,
    "/conditions/disc/?on=2020-01-01": 2,
    "/tags/nowhere/": 1,
    "/tags/single-leg/": 1,
}
PUBLIC_TABLES = {
    *("causes_address", "causes_edition", "causes_editionlink", "causes_editionname"),
    *("causes_tag", "causes_tagalias", "causes_taggededition"),
    *("causes_editionphrase", "causes_contentversion"),
}


def queries_of(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return [query["sql"] for query in captured.captured_queries]


def leave_one_condition() -> None:
    Cause.objects.exclude(condition__key="disc").delete()
    for page in Category.objects.all():
        go_live(page)
    for page in Condition.objects.exclude(key="disc"):
        withdraw(page, actor=FIXTURE, note="too many")


def add_thirty_conditions() -> None:
    """In each group, with tags, names and links; and more pages of the other kinds."""
    tag, disc = Tag.objects.get(slug="one-leg"), Condition.objects.get(key="disc")
    source, groups = Source.objects.get(), Category.objects.all()
    for number in range(30):
        key = f"ache-{number}"
        page = Condition.objects.create(key=key, slug=key, title=f"Ache {number}")
        with_rows(page, source)
        page.tags.set([tag])
        AlternateName.objects.create(page=page, anchor="n", name=f"disc {number}")
        RelatedLink.objects.create(page=disc, anchor=key, order=number, target=page)
        for group in groups:
            Cause.objects.create(category=group, condition=page, anchor=key, order=number + 5)
        go_live(page)
    for page in (*groups, disc):
        go_live(page)
    for number in range(5):
        go_live(Information.objects.create(key=f"i{number}", slug=f"i{number}", title="More"))


@pytest.fixture(scope="module")
def size(request, standing_site, django_db_blocker) -> Iterator[None]:
    """The small site with fewer or more conditions, made once for all pages."""
    with django_db_blocker.unblock(), transaction.atomic():
        request.param()
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "size", [leave_one_condition, add_thirty_conditions], indirect=True, ids=["one", "thirty"]
)
@pytest.mark.parametrize(("address", "number"), QUERIES.items())
def test_a_page_costs_its_queries_whatever_the_size(client, db, size, address, number):
    client.get(address)
    shelf.forget()
    assert len(queries_of(client, address)) == number
    assert len(queries_of(client, address)) == GIVEN_AGAIN.get(address, number)


@pytest.mark.parametrize(
    "size", [leave_one_condition, add_thirty_conditions], indirect=True, ids=["one", "thirty"]
)
@pytest.mark.parametrize(("address", "number"), SEARCHES.items())
def test_a_search_costs_its_queries_whatever_the_size(
    client, db, monkeypatch, size, address, number
):
    client.get(address)
    shelf.forget()
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 60)
    assert len(queries_of(client, address)) == number
    assert len(queries_of(client, address)) == 2


@pytest.mark.parametrize(
    "size", [leave_one_condition, add_thirty_conditions], indirect=True, ids=["one", "thirty"]
)
@pytest.mark.parametrize(("address", "number"), FIRST_AFTER_A_PUBLICATION.items())
def test_the_first_reader_of_a_list_after_a_publication_costs_a_few_more(
    client, db, size, address, number
):
    assert len(queries_of(client, address)) == number


def test_no_page_costs_more_than_three_queries():
    assert max(QUERIES.values()) == 3


@pytest.fixture
def site_with_a_past(small_site, make_condition, published):
    """An alias of a tag, a page that moved, and one that was withdrawn."""
    small_site.one_leg.aliases.create(name="Single leg", slug="single-leg")
    moved = make_condition("moved", slug="old-name")
    published(moved)
    moved.slug = "new-name"
    moved.save()
    published(moved)
    page = make_condition("withdrawn")
    published(page)
    withdraw(page, actor=FIXTURE, note="wrong")
    return small_site


@pytest.mark.parametrize(("address", "number"), LOOKED_UP_TWICE.items())
def test_an_address_that_is_not_the_pages_own_costs_its_queries(
    client, site_with_a_past, address, number
):
    client.get(address)
    shelf.forget()
    assert len(queries_of(client, address)) == number


@pytest.mark.parametrize("address", [*QUERIES, *SEARCHES, *LOOKED_UP_TWICE])
def test_no_page_touches_the_working_copy(client, site_with_a_past, address):
    touched = set()
    for query in queries_of(client, address):
        touched |= set(re.findall(r'\b(?:FROM|JOIN|INTO|UPDATE) "(\w+)"', query))
    assert touched <= PUBLIC_TABLES

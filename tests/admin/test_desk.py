"""The desk: every count is the length of the list that it leads to, and all costs 12 queries."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record
from causes.models import (
    Category,
    Cause,
    CheckedLink,
    Condition,
    Edition,
    Page,
    Revision,
    SignOff,
    Symptom,
)
from tests.admin.screens import parsed, text_of

INDEX = reverse("admin:index")
TODAY = timezone.localdate


def entries(client) -> dict[str, tuple[int, str]]:
    """(count, address) of each entry, by its label."""
    found = {}
    for link in parsed(client.get(INDEX)).query(".desk-counts a"):
        number, label = link.to_text().split(maxsplit=1)
        found[" ".join(label.split())] = (int(number), link.attrs["href"])
    return found


def titles(client, address: str) -> set[str]:
    rows = parsed(client.get(address)).query("#result_list tbody tr")
    return {row.query(".field-title")[0].to_text().strip() for row in rows}


def saved(page: Page, person=FIXTURE, state: str = "draft") -> Revision:
    revision = record(page, actor=person)
    Revision.objects.filter(pk=revision.pk).update(state=state)
    return revision


@pytest.fixture
def work(make_condition, published, publisher, author) -> None:
    """One page for each kind of work of the publisher, and the same of somebody else's."""
    for person, whose in ((publisher, "my"), (author, "her")):
        saved(make_condition(f"{whose}-draft"), person)
        saved(make_condition(f"{whose}-submission"), person, "submitted")
        saved(make_condition(f"{whose}-returned"), person, "returned")
        aside = make_condition(f"{whose}-aside")
        published(aside)
        aside.sections.update(heading="Mine")
        saved(aside, person, "aside")
        Condition.objects.filter(pk=aside.pk).update(title=f"{whose} aside")
    signed = make_condition("signed")
    old = saved(signed)
    SignOff.objects.create(
        revision=old, digest=old.digest, verdict="approved", name="Dr Who", role="Doctor"
    )
    signed.sections.update(heading="After it")
    saved(signed)
    published(make_condition("scheduled"), at=timezone.now() + timedelta(days=1))
    wrong = make_condition("wrong")
    wrong.carecards.all().delete()
    saved(wrong)
    archived = make_condition("archived")
    saved(archived, publisher)
    Page.objects.filter(pk=archived.pk).update(archived_at=timezone.now())
    CheckedLink.objects.create(url="https://a.example/", problem="404", checked_at=timezone.now())
    CheckedLink.objects.create(url="https://b.example/", checked_at=timezone.now())


WORK = {
    "My drafts": {"My draft"},
    "Returned to me": {"My returned"},
    "Waiting for my review": {"Her submission"},
    "My texts that were kept aside": {"my aside"},
    "Changed since sign-off": {"Signed"},
    "Scheduled": {"Scheduled"},
    "With errors": {"Wrong"},
}


def test_each_count_is_the_length_of_the_list_that_it_leads_to(publishing_client, work):
    found = entries(publishing_client)
    for label, expected in WORK.items():
        count, address = found[label]
        assert titles(publishing_client, address) == expected, label
        assert count == len(expected), label
    assert found["With hints"][0] == len(titles(publishing_client, found["With hints"][1])) > 5
    assert found["Broken links to other sites"][0] == 1
    broken = parsed(publishing_client.get(found["Broken links to other sites"][1]))
    assert [row.to_text().strip() for row in broken.query(".field-url")] == ["https://a.example/"]


def test_nothing_waits_for_the_review_of_someone_who_may_not(client, author, work):
    client.force_login(author)
    assert entries(client)["Waiting for my review"][0] == 0
    assert entries(client)["My drafts"][0] == 1


def test_a_version_that_only_follows_a_tag_leaves_the_draft_its_writers(
    publishing_client, author, publisher, make_condition
):
    page = make_condition()
    saved(page, author)
    page.sections.update(heading="As if a tag had another name")
    record(page, actor=publisher, verb="merge_tag")
    assert entries(publishing_client)["My drafts"][0] == 0


def due(page: Page, days: int, **fields) -> None:
    Page.objects.filter(pk=page.pk).update(
        review_due_on=TODAY() + timedelta(days=days), reviewed_on=TODAY(), reviewed_by="x", **fields
    )


@pytest.fixture
def reviews(make_symptom, make_category, make_condition, publisher) -> Symptom:
    symptom = make_symptom()
    pages = {days: make_condition(f"due-{days}") for days in (-1, 0, 30, 31, 90, 91)}
    make_category(symptom, "one", (pages[-1], pages[30]))
    make_category(symptom, "two", (pages[-1],))
    for days, page in pages.items():
        due(page, days, owner=publisher if days == -1 else None)
    due(symptom, 60)
    return symptom


def review_rows(client) -> dict[str, list[int]]:
    rows = parsed(client.get(INDEX)).query(".desk table tbody tr")
    return {
        row.query("th")[0].to_text().strip(): [int(c.to_text()) for c in row.query("td")]
        for row in rows
    }


def test_reviews_are_counted_by_owner_and_by_symptom(publishing_client, reviews):
    assert review_rows(publishing_client) == {
        "Review overdue": [1, 0, 1],
        "Review due within 30 days": [0, 2, 2],
        "Review due within 90 days": [0, 5, 5],
        "Leg numbness": [1, 1, 2],  # a condition in two of its groups counts once
    }


def test_the_counts_of_reviews_lead_to_their_lists(publishing_client, reviews):
    for link in parsed(publishing_client.get(INDEX)).query(".desk table a"):
        count = int(link.to_text())
        assert len(titles(publishing_client, link.attrs["href"])) == count, link.attrs["href"]


def test_the_chart_says_in_words_what_it_draws(publishing_client, reviews, make_information):
    make_information()
    said = text_of(publishing_client.get(INDEX), ".freshness figcaption")
    for part in ("1 due later", "3 due in 31 to 90 days", "2 due within 30 days", "1 overdue"):
        assert part in said
    assert "2 never reviewed" in said  # the two groups, not the page about privacy
    bars = parsed(publishing_client.get(INDEX)).query(".freshness rect")[1:]
    ends = [int(bar.attrs["x"]) + int(bar.attrs["width"]) for bar in bars]
    assert [int(bar.attrs["x"]) for bar in bars] == [0, *ends[:-1]]
    assert ends[-1] == 1000


def test_an_empty_site_has_a_desk(publishing_client):
    assert set(entries(publishing_client).values()) >= {
        (0, entries(publishing_client)["Scheduled"][1])
    }
    assert "0 never reviewed" in text_of(publishing_client.get(INDEX), ".freshness")


def test_the_models_stay_below_the_desk(publishing_client):
    html = publishing_client.get(INDEX).content.decode()
    assert 0 < html.index('class="desk"') < html.index("app-causes")


def test_who_may_see_no_page_has_no_desk(client, make_person):
    client.force_login(make_person("new"))
    response = client.get(INDEX)
    assert response.status_code == 200
    assert 'class="desk"' not in response.content.decode()


def test_visitors_are_sent_to_sign_in(client, db):
    for address in (INDEX, reverse("editors_guide")):
        assert client.get(address)["Location"].startswith("/admin/login/")


def test_the_guide_is_linked_and_opens(publishing_client):
    guide = reverse("editors_guide")
    assert f'href="{guide}"' in publishing_client.get(INDEX).content.decode()
    assert text_of(publishing_client.get(guide), "h1") == "Editors' guide"


def many_pages(number: int, person) -> None:
    """Pages with two versions, one live; a third of them reviewed. Half are in a group."""
    symptom = Symptom.objects.create(key="s", slug="s", title="S", in_sentence="s")
    group = Category.objects.create(key="g", slug="g", title="G", symptom=symptom)
    pages = [
        Condition.objects.create(
            key=f"c{n}",
            slug=f"c{n}",
            title=f"C {n}",
            review_due_on=TODAY() + timedelta(days=n % 200 - 50) if n % 3 else None,
        )
        for n in range(number)
    ]
    Cause.objects.bulk_create(
        Cause(category=group, condition=page, anchor=page.key, order=1) for page in pages[::2]
    )
    revisions = Revision.objects.bulk_create(
        Revision(
            page=page,
            number=n,
            document={},
            digest=f"{page.pk}-{n}",
            schema=1,
            author=person,
            errors=page.pk % 2,
            hints=n,
        )
        for page in pages
        for n in (1, 2)
    )
    Edition.objects.bulk_create(
        Edition(
            page=revision.page,
            number=1,
            revision=revision,
            path=f"/conditions/{revision.page.slug}/",
            body={},
            live_from=timezone.now() - timedelta(days=1),
        )
        for revision in revisions
        if revision.number == 1
    )


def test_the_desk_of_a_large_site_costs_at_most_twelve_queries(
    publishing_client, publisher, django_assert_max_num_queries
):
    many_pages(300, publisher)
    publishing_client.get(INDEX)
    with django_assert_max_num_queries(12):
        response = publishing_client.get(INDEX)
    assert "300" in text_of(response, ".desk-counts")

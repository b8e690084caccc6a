"""The lists of pages: what they show, find and filter, and at what number of queries."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record, withdraw
from causes.models import (
    AlternateName,
    Condition,
    Edition,
    Page,
    Revision,
    Source,
    Tag,
    TaggedPage,
)
from tests.admin.screens import parsed

KINDS = ["symptom", "category", "condition", "information"]
TOMORROW = timedelta(days=1)


def url_of(kind: str) -> str:
    return reverse(f"admin:causes_{kind}_changelist")


def listed(client, kind: str = "condition", **parameters: str) -> dict[str, str]:
    """The state of each page in the list, by its title."""
    rows = parsed(client.get(url_of(kind), parameters)).query("#result_list tbody tr")
    return {
        row.query(".field-title")[0].to_text().strip(): row.query(".field-state")[0]
        .to_text()
        .strip()
        for row in rows
    }


@pytest.fixture
def make_any(make_symptom, make_category, make_condition, make_information, make_tag, published):
    """Makes the n-th page of a kind, with a tag of its own."""
    makers = {
        "symptom": lambda key: make_symptom(key, title=key),
        "condition": make_condition,
        "information": make_information,
        "page": make_condition,
    }

    def make(kind: str, number: int) -> Page:
        key = f"{kind}-{number}"
        if kind == "category":
            symptom = make_symptom(f"symptom-of-{key}")
            published(symptom)
            page = make_category(symptom, key)
        else:
            page = makers[kind](key)
        page.tags.set([make_tag(f"tag-of-{key}")])
        return page

    return make


@pytest.fixture
def one_of_each_state(make_condition, published) -> None:
    """Conditions named after what has been done to them."""
    record(make_condition("saved"), actor=FIXTURE)
    published(make_condition("published"))
    changed = make_condition("published-and-changed")
    published(changed)
    Condition.objects.filter(pk=changed.pk).update(summary="Changed.")
    record(changed, actor=FIXTURE)
    gone = make_condition("withdrawn")
    published(gone)
    withdraw(gone, actor=FIXTURE, note="wrong")
    published(make_condition("scheduled"), at=timezone.now() + TOMORROW)
    again = make_condition("published-and-scheduled")
    published(again)
    Condition.objects.filter(pk=again.pk).update(summary="Changed.")
    published(again, at=timezone.now() + TOMORROW)


@pytest.mark.parametrize("kind", ["page", *KINDS])
def test_a_list_costs_the_same_queries_for_one_page_and_for_three(
    kind, publishing_client, make_any, published, django_assert_num_queries
):
    make_any(kind, 1)
    with django_assert_num_queries(10):
        assert len(listed(publishing_client, kind)) == 1
    for number in (2, 3):
        published(make_any(kind, number))
    with django_assert_num_queries(10):
        assert len(listed(publishing_client, kind)) == 3


@pytest.mark.parametrize("kind", ["page", "condition"])
def test_a_hundred_pages_are_listed_in_at_most_ten_queries(
    kind, publishing_client, make_tag, django_assert_max_num_queries
):
    pages = [
        Condition.objects.create(key=f"c{number}", slug=f"c{number}", title=f"C {number}")
        for number in range(100)
    ]
    tags = [make_tag(f"tag-{number}") for number in range(20)]
    TaggedPage.objects.bulk_create(
        TaggedPage(content_object=page, tag=tag) for page in pages for tag in tags[:3]
    )
    revisions = Revision.objects.bulk_create(
        Revision(page=page, number=number, document={}, digest="", schema=1)
        for page in pages
        for number in (1, 2)
    )
    Edition.objects.bulk_create(
        Edition(
            page=revision.page,
            number=1,
            revision=revision,
            path=f"/conditions/{revision.page.slug}/",
            body={},
            live_from=timezone.now() - TOMORROW,
        )
        for revision in revisions
        if revision.number == 1
    )
    with django_assert_max_num_queries(10):
        states = listed(publishing_client, kind)
    assert len(states) == 100
    assert set(states.values()) == {"Live: version 1; draft: 2"}


@pytest.mark.parametrize("kind", ["page", "condition"])
def test_the_state_says_what_patients_see_and_what_waits(
    kind, publishing_client, one_of_each_state
):
    assert listed(publishing_client, kind) == {
        "Saved": "Draft",
        "Published": "Live: version 1",
        "Published and changed": "Live: version 1; draft: 2",
        "Withdrawn": "Withdrawn",
        "Scheduled": "Draft; scheduled",
        "Published and scheduled": "Live: version 1; draft: 2; scheduled",
    }


STATES = {
    "live": {"Published", "Published and changed", "Published and scheduled"},
    "changed": {"Published and changed", "Published and scheduled"},
    "draft": {"Saved"},
    "withdrawn": {"Withdrawn"},
    "scheduled": {"Scheduled", "Published and scheduled"},
}


@pytest.mark.parametrize("kind", ["page", "condition"])
def test_the_state_filter_keeps_the_pages_of_one_state(kind, publishing_client, one_of_each_state):
    found = {state: set(listed(publishing_client, kind, state=state)) for state in STATES}
    assert found == STATES


def test_the_review_filter_and_column_tell_reviewed_pages_from_the_others(
    publishing_client, make_condition
):
    today = timezone.localdate()
    make_condition("reviewed", reviewed_by="Dr Who", reviewed_on=today, review_interval=12)
    make_condition("not-reviewed")
    assert set(listed(publishing_client, review="done")) == {"Reviewed"}
    assert set(listed(publishing_client, review="never")) == {"Not reviewed"}
    rows = parsed(publishing_client.get(url_of("condition"))).query("#result_list tbody tr")
    due = [row.query(".field-review_due")[0].to_text().strip() for row in rows]
    assert due[0] == "never reviewed"
    assert str(today.year + 1) in due[1]


def test_the_tag_filter_offers_the_tags_in_use_and_keeps_the_pages_that_carry_one(
    publishing_client, make_condition, make_tag
):
    foot, hip, unused = make_tag("foot"), make_tag("hip"), make_tag("unused")
    make_condition("one", tags=(foot,))
    make_condition("two", tags=(foot, hip))
    make_condition("three")
    assert set(listed(publishing_client, tagged__tag__id__exact=str(hip.pk))) == {"Two"}
    assert set(listed(publishing_client, tagged__tag__id__exact=str(foot.pk))) == {"One", "Two"}
    filters = parsed(publishing_client.get(url_of("condition"))).query("#changelist-filter")[0]
    assert foot.name in filters.to_text()
    assert unused.name not in filters.to_text()


def test_the_list_of_all_pages_filters_by_kind_and_opens_the_form_of_each(
    publishing_client, make_condition, make_symptom
):
    condition, symptom = make_condition("sciatica"), make_symptom()
    assert set(listed(publishing_client, "page", kind__exact="symptom")) == {"Leg numbness"}
    for page in (condition, symptom):
        generic = reverse("admin:causes_page_change", args=[page.pk])
        response = publishing_client.get(generic)
        assert response["Location"] == reverse(f"admin:causes_{page.kind}_change", args=[page.pk])


@pytest.mark.parametrize("number", ["0", "999", "²", "٣", "1 or 1", "9" * 30, "-1", "a"])
def test_a_page_that_does_not_exist_is_a_404_in_the_list_of_all_pages(number, publishing_client):
    assert publishing_client.get(f"/admin/causes/page/{number}/change/").status_code == 404


@pytest.mark.parametrize("kind", ["page", "condition"])
@pytest.mark.parametrize("words", ["ischias", "sciatica", "SCIATIC", "nerve-slug", "Sciatica pain"])
def test_search_finds_a_page_by_title_key_slug_and_alternate_name(
    kind, words, publishing_client, make_condition
):
    wanted = make_condition("sciatica", title="Sciatica pain", slug="nerve-slug")
    AlternateName.objects.create(page=wanted, anchor="ischias", name="Ischias")
    AlternateName.objects.create(page=wanted, anchor="ischias-2", name="Ischias of the leg")
    other = make_condition("stroke")
    AlternateName.objects.create(page=other, anchor="brain-attack", name="Brain attack")
    assert list(listed(publishing_client, kind, q=words)) == ["Sciatica pain"]


@pytest.mark.parametrize("words", ["%", "_", "'x", '"x', "\\", "a" * 10_000, "‮", "٪ OR 1=1"])
def test_junk_in_the_search_box_is_an_empty_list(words, publishing_client, make_condition):
    make_condition()
    assert listed(publishing_client, q=words) == {}


def test_the_tags_of_a_page_stand_beside_it(publishing_client, make_condition, make_tag):
    make_condition(tags=(make_tag("thigh"), make_tag("foot")))
    row = parsed(publishing_client.get(url_of("condition"))).query("#result_list tbody tr")[0]
    assert row.query(".field-tag_names")[0].to_text().strip() == "Foot, Thigh"


PAGE_ADMINS = [
    page_admin
    for model, page_admin in admin.site._registry.items()
    if issubclass(model, Page | Tag | Source)
]


@pytest.mark.parametrize("page_admin", PAGE_ADMINS, ids=lambda found: found.opts.model_name)
def test_no_list_changes_many_records_at_once(page_admin, rf, admin_user):
    request = rf.get("/")
    request.user = admin_user
    assert not page_admin.list_editable
    assert page_admin.get_actions(request) == {}


@pytest.mark.parametrize("kind", ["page", "condition"])
def test_a_forged_bulk_change_or_deletion_does_nothing(kind, admin_client, make_condition):
    page = make_condition()
    forged = {
        "action": "delete_selected",
        "_selected_action": [str(page.pk)],
        "post": "yes",
        "index": "0",
        "_save": "Save",
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(page.pk),
        "form-0-title": "Forged",
    }
    admin_client.post(url_of(kind), forged)
    assert Condition.objects.get(pk=page.pk).title == page.title


def test_the_list_of_all_pages_changes_and_deletes_nothing(admin_client, make_condition):
    page = make_condition()
    for verb in ("change", "delete"):
        admin_client.post(
            reverse(f"admin:causes_page_{verb}", args=[page.pk]), {"title": "Forged", "post": "yes"}
        )
    assert admin_client.get(reverse("admin:causes_page_add")).status_code == 403
    assert Condition.objects.get(pk=page.pk).title == page.title


@pytest.mark.parametrize("name", ["causes_page", "causes_source", "causes_tag", "auth_user"])
def test_a_search_for_thousands_of_words_looks_for_the_first_and_says_so(name, admin_client):
    url = reverse(f"admin:{name}_changelist")
    response = admin_client.get(url, {"q": "word " * 3000})
    assert "Only the first 20 words were looked for." in response.content.decode()
    response = admin_client.get(url, {"q": "word " * 20})
    assert "Only the first" not in response.content.decode()


def test_the_pickers_survive_thousands_of_words_and_say_nothing_later(admin_client):
    picker = {"app_label": "causes", "model_name": "page", "field_name": "original"}
    answer = admin_client.get(reverse("admin:autocomplete"), picker | {"term": "word " * 3000})
    assert answer.json()["results"] == []
    assert "Only the first" not in admin_client.get(url_of("page")).content.decode()

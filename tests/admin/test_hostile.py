"""Junk in the editors' forms and addresses: a message or a 404, never an error."""

import pytest
from django.urls import reverse

from causes.models import Condition, Revision
from tests.admin.screens import address, form_data

pytestmark = pytest.mark.django_db

HUGE = "99999999999999999999"
JUNK = [HUGE, "-5", "x", "\0", ""]
FIELDS = [
    *("title", "slug", "lead", "tags", "based_on", "owner", "original", "language", "status"),
    *("review_interval", "reviewed_by", "reviewed_on"),
    *("sections-0-order", "sections-0-id", "sections-0-page", "sections-0-aspect"),
    *("sections-0-body", "sections-0-citations", "sections-TOTAL_FORMS"),
    *("carecards-0-items", "carecards-0-level", "sections-INITIAL_FORMS"),
]


@pytest.fixture
def junk_client(client, admin_user):
    client.force_login(admin_user)
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("junk", JUNK, ids=ascii)
@pytest.mark.parametrize("field", FIELDS)
def test_junk_in_a_field_is_refused_or_stored_and_never_an_error(
    junk_client, make_condition, published, field, junk
):
    condition = make_condition()
    published(condition)
    url = address("change", condition)
    response = junk_client.post(url, form_data(junk_client, url) | {field: junk})
    assert response.status_code in {200, 302, 400}
    assert junk_client.get(address("changelist", "condition")).status_code == 200
    if response.status_code != 302:
        assert Revision.objects.count() == 1


@pytest.mark.parametrize("months", ["0", "121", "32768", HUGE])
def test_a_review_interval_is_between_a_month_and_ten_years(
    junk_client, make_condition, published, months
):
    condition = make_condition(reviewed_by="Dr Ada", reviewed_on="2026-01-31")
    published(condition)
    url = address("change", condition)
    form = form_data(junk_client, url) | {"review_interval": months}
    assert junk_client.post(url, form).status_code == 200
    assert Condition.objects.get().review_interval == 36


@pytest.mark.parametrize(
    "path",
    [
        f"condition/{HUGE}/change/",
        "condition/x/change/",
        f"condition/{HUGE}/publish/1/",
        f"condition/PK/publish/{HUGE}/",
        "condition/PK/publish/0/",
        "condition/x/withdraw/",
        f"condition/{HUGE}/cancel/",
        f"page/{HUGE}/change/",
        "page/x/change/",
        f"tag/{HUGE}/change/",
        f"condition/?tagged__tag__id__exact={HUGE}",
        "condition/?tagged__tag__id__exact=x",
        "condition/?state=x&review=x",
        f"condition/?p={HUGE}",
        "condition/?o=9.-9.x",
        "condition/?q=%00",
        "condition/?q=" + "x" * 10_000,
        f"condition/?{HUGE}=1",
        "page/?kind=post",
        "autocomplete/?app_label=causes&model_name=page&field_name=tags&term=%00",
        "autocomplete/?app_label=x&model_name=y&field_name=z",
    ],
)
def test_junk_in_an_address_of_the_admin_is_never_an_error(
    junk_client, make_condition, published, path
):
    condition = make_condition()
    published(condition)
    response = junk_client.get(f"/admin/causes/{path}".replace("PK", str(condition.pk)))
    assert response.status_code in {200, 302, 400, 403, 404}


@pytest.mark.parametrize(
    ("day", "time"),
    [
        ("9999-12-31", "23:59"),
        ("0001-01-01", "00:00"),
        (HUGE, "x"),
        ("\0", "\0"),
        ("2099-02-30", ""),
    ],
)
def test_junk_in_a_schedule_is_refused_or_kept_as_a_schedule(
    junk_client, make_condition, published, day, time
):
    condition = make_condition()
    published(condition)
    Condition.objects.update(title="Changed")
    url = address("change", condition)
    junk_client.post(url, form_data(junk_client, url) | {"title": "Changed again"})
    url = reverse("admin:causes_condition_publish", args=[condition.pk, 2])
    response = junk_client.post(url, {"at_0": day, "at_1": time, "note": ""})
    assert response.status_code in {200, 302, 400}
    assert condition.editions.live().get().title == "Sciatica"
    assert junk_client.get(address("change", condition)).status_code == 200

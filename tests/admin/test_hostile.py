"""Junk in the editors' forms and addresses: a message or a 404, never an error."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client

from causes.models import Condition, Revision, Source
from tests.admin.screens import FormData, address, form_data
from tests.conftest import go_live, with_rows

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


@dataclass
class Stage:
    """A live condition, and an administrator who is signed in."""

    condition: Condition
    client: Client

    @cached_property
    def form(self) -> FormData:
        """What a browser would send, read once: no test leaves a change behind."""
        return form_data(self.client, address("change", self.condition))


@pytest.fixture(scope="module")
def stage(django_db_setup, django_db_blocker) -> Iterator[Stage]:
    with django_db_blocker.unblock(), transaction.atomic():
        source = Source.objects.create(key="nih", publisher="NIH", title="Nerves")
        condition = Condition.objects.create(key="sciatica", slug="sciatica", title="Sciatica")
        with_rows(condition, source)
        go_live(condition)
        client = Client(raise_request_exception=False)
        client.force_login(User.objects.create_superuser("root"))
        yield Stage(condition, client)
        transaction.set_rollback(True)


@pytest.mark.parametrize("junk", JUNK, ids=ascii)
@pytest.mark.parametrize("field", FIELDS)
def test_junk_in_a_field_is_refused_or_stored_and_never_an_error(stage, field, junk):
    assert field in stage.form
    response = stage.client.post(address("change", stage.condition), stage.form | {field: junk})
    assert response.status_code in {200, 302, 400}
    if response.status_code == 302:
        assert stage.client.get(address("changelist", "condition")).status_code == 200
    else:
        assert Revision.objects.count() == 1


@pytest.mark.parametrize("months", ["0", "121", "32768", HUGE])
def test_a_review_interval_is_between_a_month_and_ten_years(stage, months):
    form = stage.form | {"review_interval": months}
    assert stage.client.post(address("change", stage.condition), form).status_code == 200
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
        "condition/?q=" + "x+" * 3_000,
        f"condition/?{HUGE}=1",
        "page/?kind=post",
        "autocomplete/?app_label=causes&model_name=page&field_name=tags&term=%00",
        "autocomplete/?app_label=x&model_name=y&field_name=z",
    ],
)
def test_junk_in_an_address_of_the_admin_is_never_an_error(stage, path):
    response = stage.client.get(f"/admin/causes/{path}".replace("PK", str(stage.condition.pk)))
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
def test_junk_in_a_schedule_is_refused_or_kept_as_a_schedule(stage, day, time):
    url = address("change", stage.condition)
    stage.client.post(url, stage.form | {"title": "Changed"})
    assert stage.condition.revisions.count() == 2
    response = stage.client.post(
        address("publish", stage.condition, 2), {"at_0": day, "at_1": time, "note": ""}
    )
    assert response.status_code in {200, 302, 400}
    assert stage.condition.editions.live().get().title == "Sciatica"
    assert stage.client.get(url).status_code == 200

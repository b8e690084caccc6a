"""Fixtures that every test may use: pages in the making, pages that are live, people."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AbstractUser, Group
from django.core.management import call_command
from django.db import transaction
from django.http import HttpRequest
from django.test import Client

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record
from causes.editorial.reviewing import sign_off
from causes.management.commands.prepare import shipped_fixtures
from causes.models import (
    CareCard,
    Category,
    Cause,
    Condition,
    Edition,
    Information,
    Page,
    Section,
    Source,
    Symptom,
    Tag,
)
from causes.people import sessions
from causes.search import catching_up
from causes.search.kept import forget_all


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """`shipped` needs the test database even where no test of the run asks for `db`."""
    for item in items:
        if "shipped" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.django_db)


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Static files as they lie in the tree, without `collectstatic`."""
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }


@pytest.fixture(autouse=True)
def cheap_passwords(settings):
    """Half a second a person is the price of a real password hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nothing_is_kept():
    """Each test's transaction is undone, and the content version with it."""
    forget_all()


@pytest.fixture(autouse=True)
def searches_look_each_time(monkeypatch):
    """For the same reason; and no test waits a second for what it has published."""
    catching_up.forget()
    monkeypatch.setattr(catching_up, "SHORTEST_PAUSE", 0.0)


@pytest.fixture(autouse=True)
def sign_ins_begin_like_any_other(monkeypatch):
    """`force_login` goes past allauth, whose adapter says when the session ends."""
    log_in = Client._login

    def login(client: Client, *args: Any, **kwargs: Any) -> None:
        log_in(client, *args, **kwargs)
        request = HttpRequest()
        request.session = client.session
        sessions.begin(request)
        request.session.save()

    monkeypatch.setattr(Client, "_login", login)


@pytest.fixture
def source(db) -> Source:
    return Source.objects.create(
        key="nih-nerves",
        publisher="NIH",
        title="Nerves",
        url="https://www.nih.gov/nerves",
        checked="text",
    )


@pytest.fixture
def make_tag(db) -> Callable[..., Tag]:
    def make(slug: str, facet: str = "where", **fields: Any) -> Tag:
        name = fields.pop("name", slug.replace("-", " ").capitalize())
        return Tag.objects.create(slug=slug, name=name, facet=facet, **fields)

    return make


def with_rows(page: Page, source: Source) -> None:
    """What a page needs to be published, and a section."""
    card = CareCard.objects.create(
        page=page, anchor="emergency", level="emergency", items=["you cannot move your leg"]
    )
    section = Section.objects.create(
        page=page, anchor="overview", heading="What it is", body="<p>A plain sentence.</p>"
    )
    for row in (card, section):
        row.citations.add(source)


@pytest.fixture
def make_condition(source) -> Callable[..., Condition]:
    def make(key: str = "sciatica", *, tags: tuple[Tag, ...] = (), **fields: Any) -> Condition:
        defaults = {
            "slug": key,
            "title": key.replace("-", " ").capitalize(),
            "summary": f"What {key} is.",
            "lead": "<p>The first sentence.</p>",
        }
        condition = Condition.objects.create(key=key, **defaults | fields)
        with_rows(condition, source)
        condition.tags.set(tags)
        return condition

    return make


@pytest.fixture
def make_symptom(source) -> Callable[..., Symptom]:
    def make(key: str = "leg-numbness", **fields: Any) -> Symptom:
        defaults = {"slug": key, "title": "Leg numbness", "in_sentence": "leg numbness"}
        symptom = Symptom.objects.create(key=key, **defaults | fields)
        with_rows(symptom, source)
        return symptom

    return make


@pytest.fixture
def make_category(source) -> Callable[..., Category]:
    def make(
        symptom: Symptom,
        key: str = "trapped",
        conditions: tuple[Condition, ...] = (),
        **fields: Any,
    ) -> Category:
        defaults = {"slug": key, "title": key.capitalize(), "symptom": symptom}
        category = Category.objects.create(key=key, **defaults | fields)
        with_rows(category, source)
        for order, condition in enumerate(conditions, start=1):
            cause = Cause.objects.create(
                category=category,
                condition=condition,
                anchor=condition.key,
                order=order,
                how=f"<p>How {condition.key} does it.</p>",
            )
            cause.citations.add(source)
        return category

    return make


@pytest.fixture
def make_information(db) -> Callable[..., Information]:
    def make(key: str = "privacy", **fields: Any) -> Information:
        defaults = {"slug": key, "title": key.capitalize()}
        page = Information.objects.create(key=key, **defaults | fields)
        Section.objects.create(page=page, anchor="what", heading="What", body="<p>This.</p>")
        return page

    return make


def go_live(page: Page, **options: Any) -> Edition:
    """Record the working copy and publish it."""
    revision = record(page, actor=FIXTURE)
    return publish(page, actor=FIXTURE, number=revision.number, **options)


@pytest.fixture
def published() -> Callable[..., Edition]:
    return go_live


@pytest.fixture
def make_person(db, django_user_model) -> Callable[..., AbstractUser]:
    def make(name: str, *roles: str) -> AbstractUser:
        person = django_user_model.objects.create_user(
            name, password="correct horse", is_staff=True
        )
        person.groups.set(Group.objects.filter(name__in=roles))
        return person

    return make


@pytest.fixture
def author(make_person) -> AbstractUser:
    return make_person("ada", "Author")


@pytest.fixture
def publisher(make_person) -> AbstractUser:
    return make_person("paul", "Publisher")


@pytest.fixture
def reviewer(make_person) -> AbstractUser:
    return make_person("rosa", "Clinical reviewer")


def prove(client: Client, seconds_ago: float = 0) -> Client:
    """As if its person had typed their password so long ago."""
    session = client.session
    record = {"method": "password", "at": time.time() - seconds_ago}
    session["account_authentication_methods"] = [record]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client


@pytest.fixture
def proven() -> Callable[..., Client]:
    return prove


@pytest.fixture
def signed_off(reviewer) -> Callable[[Page], None]:
    """Has the newest version of a page signed off by a clinical reviewer."""

    def sign(page: Page) -> None:
        newest = page.revisions.in_line().first()
        sign_off(page, actor=reviewer, number=newest.number, role="Neurologist")

    return sign


@pytest.fixture
def publishing_client(client: Client, publisher) -> Client:
    client.force_login(publisher)
    return client


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker):
    """The shipped fixtures, loaded once for a module; undone after it.

    Each test has a transaction of its own inside, so what one changes the next does not see.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("loaddata", *shipped_fixtures(), verbosity=0)
        yield
        transaction.set_rollback(True)

"""Fixtures of the public side: a small site that is live."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.utils import timezone

from causes.models import (
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
from tests.conftest import go_live, with_rows

TAGS = {"one-leg": ("where", 1), "both-legs": ("where", 2), "sudden": ("onset", 1)}
CONDITIONS = {
    "sciatica": ("Sciatica", ["one-leg"]),
    "disc": ("Herniated disc", ["one-leg", "both-legs"]),
    "clot": ("Blood clot", ["one-leg", "sudden"]),
}
GROUPS = {
    "trapped": ("Trapped nerves", ["sciatica", "disc"]),
    "flow": ("Poor circulation", ["clot", "disc"]),
}


def build_small_site() -> None:
    source = Source.objects.create(
        key="nhs-legs", publisher="NHS", title="Legs", url="https://www.nhs.uk/legs", checked="text"
    )
    for slug, (facet, order) in TAGS.items():
        name = slug.replace("-", " ").capitalize()
        Tag.objects.create(slug=slug, name=name, facet=facet, order=order)
    symptom = Symptom.objects.create(
        key="leg-numbness",
        slug="leg-numbness",
        title="Leg numbness",
        summary="When a leg feels nothing.",
        in_sentence="leg numbness",
    )
    pages: list[Page] = [symptom]
    for key, (title, tags) in CONDITIONS.items():
        summary, lead = f"What {key} is.", "<p>The first sentence.</p>"
        page = Condition.objects.create(key=key, slug=key, title=title, summary=summary, lead=lead)
        page.tags.set(Tag.objects.filter(slug__in=tags))
        pages.append(page)
    for order, (key, (title, conditions)) in enumerate(GROUPS.items(), start=1):
        group = Category.objects.create(
            key=key, slug=key, title=title, symptom=symptom, order=order
        )
        for place, condition in enumerate(conditions):
            cause = Cause.objects.create(
                category=group,
                condition=Condition.objects.get(key=condition),
                anchor=condition,
                order=place,
                how=f"<p>How {condition} does it.</p>",
            )
            cause.citations.add(source)
        pages.append(group)
    for page in pages:
        with_rows(page, source)
    privacy = Information.objects.create(key="privacy", slug="privacy", title="Privacy")
    Section.objects.create(page=privacy, anchor="what", heading="What", body="<p>This.</p>")
    for page in (*pages, privacy):
        go_live(page)


@pytest.fixture(scope="module")
def standing_site(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The small site, built once for a module; each test's own changes are undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        build_small_site()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def small_site(standing_site, db) -> SimpleNamespace:
    """A symptom with two groups, three conditions with tags, and an information page: all live.

    The group "trapped" has sciatica and the disc, the group "flow" has the clot and the disc.
    """
    site = {page.key: page.specific() for page in Page.objects.all()}
    site |= {tag.slug.replace("-", "_"): tag for tag in Tag.objects.all()}
    addresses = Edition.objects.live().values_list("path", flat=True)
    return SimpleNamespace(
        **site, symptom=site["leg-numbness"], addresses=list(addresses), pages=Page.objects.all()
    )


class Clock:
    """What `timezone.now()` says."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def to(self, day: int, hour: int = 12, minute: int = 0) -> None:
        """That many days after the first of March 2026."""
        start = datetime(2026, 3, 1, tzinfo=UTC)
        self.now = start + timedelta(days=day, hours=hour, minutes=minute)

    @property
    def today(self) -> str:
        return self.now.date().isoformat()


@pytest.fixture
def clock(monkeypatch) -> Clock:
    """Noon on March 1, 2026, until a test sets it."""
    clock = Clock()
    monkeypatch.setattr(timezone, "now", lambda: clock.now)
    return clock

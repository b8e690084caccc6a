"""What a page said on any past day is what patients read then, over twenty random histories."""

import random

import pytest
from django.test import Client
from django.utils import timezone
from justhtml import JustHTML

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import withdraw
from causes.models import Edition, Page
from tests.conftest import go_live
from tests.public.seen import words

NOT_COMPARED = ".screen-only, .print-only, .shared-tags, .report, nav"
DAYS = 4


def text_of(main: str) -> str:
    """The words of a page without ways to other pages."""
    document = JustHTML(main, sanitize=False, collect_errors=True)
    for node in document.query(NOT_COMPARED):
        node.parent.remove_child(node)
    return words(document)


def evening(client: Client, address: str) -> str | None:
    """The main part of the page; None where there is none."""
    response = client.get(address)
    if response.status_code != 200:
        return None
    return response.content.decode().split("<main", 1)[1].split("</main>")[0]


@pytest.mark.parametrize("seed", range(20))
def test_what_a_page_said_on_any_past_day_is_what_patients_read_that_evening(
    seed, client, clock, make_symptom, make_category, make_condition
):
    chance = random.Random(seed)
    symptom, conditions = make_symptom(), (make_condition("one"), make_condition("two"))
    group = make_category(symptom, conditions=conditions)
    pages, was_live = [symptom, *conditions, group], set()
    said: dict[tuple[str, str], str | None] = {}
    for day in range(DAYS):
        for hour in sorted(chance.sample(range(1, 23), chance.randint(0, 3))):
            clock.to(day, hour)
            change_something(chance, clock, pages, f"Said on day {day} at {hour}.")
        clock.to(day, 23, 59)
        was_live |= {e.key for e in Edition.objects.live(clock.now)}
        for page in pages:
            if page.key in was_live:
                path = Edition.objects.filter(key=page.key, live_from__lte=clock.now)
                path = path.latest("live_from").path
                said[page.key, clock.today] = evening(client, path)
    clock.to(DAYS, 1)
    for (key, day), text in said.items():
        newest = Edition.objects.filter(key=key, live_from__lte=clock.now).latest("live_from")
        address = f"{newest.path}?on={day}"
        then = evening(client, address)
        if text is not None:
            assert then == text or text_of(then) == text_of(text), (key, day)
        elif then is not None:
            assert "taken off the site later that day" in client.get(address).content.decode()
    assert any(said.values())


KINDS = ["wording", "correction", "evidence"]  # a review has no new words


def change_something(chance: random.Random, clock, pages: list[Page], text: str) -> None:
    """Publish new words, also later or at another address; or withdraw a page."""
    page = chance.choice(pages)
    if Edition.objects.live(clock.now).filter(key=page.key).exists() and chance.random() < 0.2:
        withdraw(page, actor=FIXTURE, note="wrong")
        return
    if page.kind == "category" and not Edition.objects.live(clock.now).filter(key=pages[0].key):
        page = pages[0]
    page.lead = f"<p>{text}</p>"
    page.sections.update(body=f"<p>{text} More.</p>")
    page.summary = text
    later = chance.random() < 0.2 and page.kind != "symptom"
    if chance.random() < 0.2 and not later:
        page.slug = f"{page.key}-{chance.randint(1, 9)}"
    page.save()
    at = clock.now + timezone.timedelta(hours=chance.randint(1, 30)) if later else None
    go_live(page, at=at, scheduled="replace", change=chance.choice(KINDS))

"""A page that is given again is the page that would be made anew, whatever has changed."""

import json
import random
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from causes.editorial.acting import FIXTURE, NotPossible, raise_content_version
from causes.editorial.publishing import cancel, publish, record, withdraw
from causes.editorial.tagging import merge_tags, rename_tag
from causes.models import (
    AlternateName,
    Category,
    Cause,
    Condition,
    Edition,
    Information,
    Page,
    RelatedLink,
    Section,
    Source,
    Tag,
)
from causes.public import catalog, names, prepared, tagged
from causes.public.etags import etag_of
from causes.public.prepared import MadeOf, Prepared, Shelf, State, shelf
from causes.search.kept import content_version, forget_all
from tests.conftest import go_live, with_rows

LISTS = ("/", "/symptoms/", "/conditions/", "/conditions/?letter=B", "/tags/", "/tags/one-leg/")
NARROWED = (
    "/symptoms/leg-numbness/?tag=one-leg",
    "/symptoms/leg-numbness/?tag=both-legs&tag=sudden",
    "/tags/one-leg/?tag=both-legs",
)


def addresses() -> list[str]:
    live = Edition.objects.order_by("path").values_list("path", flat=True).distinct()
    return [*live, *LISTS, *NARROWED]


def answers(client: Client, *, anew: bool = False) -> dict[str, tuple[int, bytes]]:
    """Status and body of every page; made ``anew``, or as it comes."""
    found = {}
    for address in addresses():
        if anew:
            shelf.forget()
        response = client.get(address)
        found[address] = response.status_code, response.content
    return found


def lists_are_true() -> bool:
    """Whether what lists know, as it followed the changes, is what they would read anew."""
    at, version = timezone.now(), content_version()
    return catalog.tagged_conditions.value(at, version) == tagged.tagged_conditions(
        at
    ) and catalog.names.value(at, version) == names.names(at)


def is_prepared(client: Client, address: str) -> bool:
    """Whether no template was needed for it."""
    response = client.get(address)
    assert response.status_code == 200
    return not response.templates


def page(key: str) -> Page:
    return Page.objects.get(key=key).specific()


# --- What may change ---------------------------------------------------------------------


def a_title(site) -> None:
    Condition.objects.filter(key="disc").update(title="Slipped disc")
    go_live(page("disc"))


def a_lead(site) -> None:
    Condition.objects.filter(key="clot").update(lead="<p>Another sentence.</p>")
    go_live(page("clot"))


def an_address(site) -> None:
    Condition.objects.filter(key="disc").update(slug="slipped-disc")
    go_live(page("disc"))


def the_address_of_a_symptom(site) -> None:
    site.symptom.slug = "numb-legs"
    site.symptom.save()
    go_live(page("leg-numbness"))


def a_group(site) -> None:
    Category.objects.filter(key="flow").update(title="Bad circulation", order=0)
    go_live(page("flow"))


def a_cause_less(site) -> None:
    Cause.objects.get(category__key="trapped", condition__key="disc").delete()
    go_live(page("trapped"))


def what_a_cause_does(site) -> None:
    Cause.objects.filter(condition__key="clot").update(how="<p>In another way.</p>")
    go_live(page("flow"))


def a_new_condition(site) -> None:
    new = Condition.objects.create(key="new", slug="new", title="A new one", summary="New.")
    with_rows(new, site.source)
    new.tags.set(Tag.objects.filter(slug__in=["one-leg", "sudden"]))
    go_live(new)
    for key in ("trapped", "flow"):
        Cause.objects.create(category=page(key), condition=new, anchor="new", order=9)
    go_live(page("flow"))


def a_new_group(site) -> None:
    group = Category.objects.create(key="third", slug="third", title="Third", symptom=site.symptom)
    with_rows(group, site.source)
    Cause.objects.create(category=group, condition=site.clot, anchor="clot")
    go_live(group)


def a_withdrawal(site) -> None:
    withdraw(page("disc"), actor=FIXTURE, note="wrong", safety_warning="It could harm you.")


def a_group_withdrawn(site) -> None:
    withdraw(page("flow"), actor=FIXTURE, note="wrong")


def tags_of_a_page(site) -> None:
    page("clot").tags.set(Tag.objects.filter(slug__in=["one-leg", "both-legs"]))
    go_live(page("clot"))


def a_tag_renamed(site) -> None:
    rename_tag(site.sudden, actor=FIXTURE, name="At once")


def a_tag_merged(site) -> None:
    merge_tags(site.sudden, into=site.one_leg, actor=FIXTURE)


def a_tag_described(site) -> None:
    record = {"model": "causes.tag", "fields": {"description": "Said anew."}}
    record["fields"] |= {"slug": "sudden", "name": "At once", "facet": "where", "order": 9}
    site.load([record])


def a_name(site) -> None:
    AlternateName.objects.create(page=page("disc"), anchor="b", name="Bulging disc")
    go_live(page("disc"))


def a_related_page(site) -> None:
    RelatedLink.objects.create(page=page("clot"), anchor="sciatica", target=page("sciatica"))
    go_live(page("clot"))


def a_link_to_a_page_to_come(site) -> None:
    new = Condition.objects.create(key="later", slug="later", title="Later")
    with_rows(new, site.source)
    Section.objects.filter(page__key="clot").update(
        body='<p>See <a href="page:later">the later one</a>.</p>'
    )
    go_live(page("clot"))


def the_page_to_come(site) -> None:
    go_live(page("later"))


def the_foot(site) -> None:
    Information.objects.filter(key="privacy").update(title="Your privacy")
    go_live(page("privacy"))


def a_page_in_the_foot(site) -> None:
    about = Information.objects.create(key="about", slug="about", title="About us")
    Section.objects.create(page=about, anchor="what", heading="What", body="<p>This.</p>")
    go_live(about)


def a_row_rewritten(site) -> None:
    """An edition is the same row, with another text (as a redaction leaves it)."""
    Edition.objects.live().filter(key="disc").update(title="Taken out")
    raise_content_version()


def a_schedule_and_its_second(site) -> None:
    Condition.objects.filter(key="sciatica").update(title="Sciatica, said better")
    at = timezone.now() + timedelta(hours=1)
    number = record(page("sciatica"), actor=FIXTURE).number
    publish(page("sciatica"), actor=FIXTURE, number=number, at=at)
    site.pass_time(timedelta(hours=2))


def a_schedule_taken_back(site) -> None:
    Condition.objects.filter(key="sciatica").update(title="Never seen")
    at = timezone.now() + timedelta(hours=1)
    number = record(page("sciatica"), actor=FIXTURE).number
    publish(page("sciatica"), actor=FIXTURE, number=number, at=at)
    cancel(page("sciatica"), actor=FIXTURE)
    site.pass_time(timedelta(hours=2))


def midnight(site) -> None:
    site.pass_time(timedelta(days=1))


def the_review_falls_due(site) -> None:
    site.pass_time(timedelta(days=5000))


CHANGES = [
    *(a_title, a_lead, an_address, a_group, a_cause_less, what_a_cause_does, a_new_condition),
    *(a_new_group, tags_of_a_page, a_tag_described, a_name, a_related_page, a_row_rewritten),
    *(a_link_to_a_page_to_come, the_page_to_come, the_foot, a_page_in_the_foot),
    *(a_schedule_and_its_second, a_schedule_taken_back, midnight, the_address_of_a_symptom),
    *(a_tag_renamed, a_group_withdrawn, a_withdrawal, a_tag_merged, the_review_falls_due),
]


CHANGES_NOTHING = (a_schedule_taken_back, midnight)


@pytest.fixture
def site(small_site, clock, tmp_path) -> SimpleNamespace:
    """The small site, a minute after it went live, with what the changes need."""
    clock.now = Edition.objects.latest("live_from").live_from + timedelta(minutes=1)
    reviewed = {"reviewed_by": "Dr Ada Byron", "reviewed_on": clock.now.date()}
    Condition.objects.filter(key="clot").update(**reviewed)
    go_live(page("clot"))
    clock.now += timedelta(minutes=1)

    def load(records: list[dict]) -> None:
        file = tmp_path / "records.json"
        file.write_text(json.dumps(records))
        call_command("loaddata", str(file), verbosity=0)

    def pass_time(by: timedelta) -> None:
        clock.now += by

    small_site.source = Source.objects.get()
    small_site.load, small_site.pass_time = load, pass_time
    return small_site


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_a_change_every_page_is_as_if_made_anew(client, site, change):
    if change is the_page_to_come:
        a_link_to_a_page_to_come(site)
    before = answers(client)
    assert answers(client) == before
    change(site)
    given, anew = answers(client), answers(client, anew=True)
    assert given == anew
    assert lists_are_true()
    forget_all()
    assert given == answers(client)
    assert (anew == before) == (change in CHANGES_NOTHING)


@pytest.mark.parametrize("seed", range(2))
def test_after_many_changes_every_page_is_as_if_made_anew(client, site, seed):
    made = 0
    for change in random.Random(seed).sample(CHANGES, 9):
        answers(client)
        try:
            with transaction.atomic():
                change(site)
        except (NotPossible, ObjectDoesNotExist, IntegrityError):
            continue  # what it changes is no longer there
        made += 1
        assert answers(client) == answers(client, anew=True), change.__name__
        assert lists_are_true(), change.__name__
    assert made > 3


def test_what_a_publication_does_not_touch_is_given_again_after_one_query(
    client, site, django_assert_num_queries
):
    answers(client)
    a_lead(site)  # of a condition in the group "flow", which shows none of it
    for address in ("/symptoms/leg-numbness/trapped/", "/conditions/sciatica/", "/about/privacy/"):
        with django_assert_num_queries(1 if "conditions" not in address else 8):
            assert is_prepared(client, address)
        with django_assert_num_queries(1):
            assert is_prepared(client, address)
    assert not is_prepared(client, "/conditions/clot/")
    assert is_prepared(client, "/conditions/clot/")


def test_a_list_costs_two_queries_when_it_is_given_again(client, site, django_assert_num_queries):
    answers(client)
    for address in LISTS:
        with django_assert_num_queries(2):
            assert is_prepared(client, address)


def test_a_list_of_nothing_is_made_each_time(client, site):
    for key in ("leg-numbness", "privacy", "sciatica", "disc", "clot"):
        withdraw(page(key), actor=FIXTURE, note="wrong")
    for address in ("/", "/tags/", "/conditions/", "/symptoms/"):
        for _ in range(2):
            assert not is_prepared(client, address)


@pytest.mark.parametrize("address", ["/conditions/disc/", "/symptoms/leg-numbness/", *LISTS])
def test_the_headers_are_those_of_the_page_made_anew(client, site, address):
    made = client.get(address)
    assert is_prepared(client, address)
    again = client.get(address)
    assert again.headers == made.headers
    assert again["ETag"] == etag_of(again.content)
    assert client.get(address, headers={"If-None-Match": again["ETag"]}).status_code == 304


def test_what_the_operator_says_is_part_of_a_page(client, site, settings):
    client.get("/conditions/disc/")
    settings.EMERGENCY_NUMBER = "112"
    assert b"112" in client.get("/conditions/disc/").content


def test_while_templates_may_change_nothing_is_kept(client, site, settings):
    settings.DEBUG = True
    assert not is_prepared(client, "/conditions/disc/")
    assert not is_prepared(client, "/conditions/disc/")


def test_the_past_and_addresses_that_lead_elsewhere_are_not_kept(client, site):
    for address in ("/conditions/disc/?on=2026-01-01", "/symptoms/leg-numbness/?tag=nothing"):
        client.get(address)
    rename_tag(site.sudden, actor=FIXTURE, name="At once")
    for _ in range(2):
        moved = client.get("/symptoms/leg-numbness/?tag=sudden")
        assert (moved.status_code, moved["Location"]) == (
            301,
            "/symptoms/leg-numbness/?tag=at-once",
        )
    a_withdrawal(site)
    assert client.get("/conditions/disc/").status_code == 410


def test_what_nobody_asks_for_makes_room():
    def a_page(seed: int) -> Prepared:
        return Prepared(MadeOf(State(0, 0), Q(pk=1)), random.Random(seed).randbytes(1000))

    shelf = Shelf(40_000)
    for number in range(100):
        shelf.put(number, a_page(number))
        assert shelf.get(0)
    assert shelf.get(1) is None
    assert all(shelf.get(number) for number in range(75, 100))
    for seed in range(1000, 1020):
        shelf.put(99, a_page(seed))
    assert all(shelf.get(number) for number in range(90, 100))


def test_a_page_that_another_process_overwrote_is_made_again(client, site):
    address = "/conditions/disc/"
    made = client.get(address)
    assert is_prepared(client, address)
    for number in range(20):
        prepared.shelf._ring.put(random.Random(number).randbytes(prepared.ROOM // 5))
    assert not is_prepared(client, address)
    assert client.get(address).content == made.content


# What SQLite knew of a site of 50,000 conditions.
STATISTICS = {
    "causes_edition_key_d35024a6": "123498 2",
    "causes_edition_page_id_f3a19fad": "123498 2",
    "causes_edition_parent_id_82ae4cab": "123498 84",
    "edition_by_end": "123498 1647",
    "edition_by_kind": "123498 30875 2",
    "edition_by_parent": "123498 84 12",
    "edition_by_path": "123498 2 1",
    "edition_by_start": "123498 637",
    "edition_in_lists": "123498 30875 547 253 90 1 1",
}
BY_ITS_ID = "SEARCH causes_edition USING INTEGER PRIMARY KEY (rowid=?)"


@pytest.fixture
def plans_as_on_a_large_site(db):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("DELETE FROM sqlite_stat1")
        rows = [("causes_edition", *row) for row in STATISTICS.items()]
        cursor.executemany("INSERT INTO sqlite_stat1 VALUES (%s, %s, %s)", rows)
        cursor.execute("ANALYZE sqlite_schema")  # reads them
        yield
        cursor.execute("DELETE FROM sqlite_stat1")
        cursor.execute("ANALYZE sqlite_schema")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the plan is SQLite's")
@pytest.mark.parametrize("address", ["/symptoms/leg-numbness/", "/conditions/disc/", *LISTS])
def test_a_page_that_is_given_again_finds_each_edition_by_its_id(
    client, site, plans_as_on_a_large_site, address
):
    """To read all that are live would take 0.2 to 0.9 s; on a small site nobody would notice."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert is_prepared(client, address)
    plan = []
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan += [step[3] for step in cursor.fetchall()]
    assert BY_ITS_ID in plan
    assert [step for step in plan if " causes_edition " in step and step != BY_ITS_ID] == []

"""Renaming, merging and arranging tags: look-ups follow, texts and drafts stay what they are."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from causes.admin.publishing import is_to_publish
from causes.editorial.acting import FIXTURE, NotPossible
from causes.editorial.bodies import is_live_text, public_body
from causes.editorial.documents import document, restore
from causes.editorial.publishing import publish, record, withdraw
from causes.editorial.similar_tags import near_duplicates
from causes.editorial.tagging import arrange_tags, merge_tags, rename_tag
from causes.editorial.verification import problems
from causes.models import (
    ContentVersion,
    Edition,
    Event,
    Revision,
    Tag,
    TagAlias,
    TaggedEdition,
    TaggedPage,
)

pytestmark = pytest.mark.django_db


def slugs_of(page) -> list[str]:
    return sorted(page.tags.values_list("slug", flat=True))


def found_by(edition: Edition) -> list[str]:
    return sorted(edition.tags.values_list("slug", flat=True))


def version() -> int:
    return sum(ContentVersion.objects.values_list("number", flat=True))


@pytest.fixture
def ache(make_tag) -> Tag:
    tag = make_tag("ache", "with")
    TagAlias.objects.create(tag=tag, name="Sore", slug="sore")
    return tag


@pytest.fixture
def pain(make_tag) -> Tag:
    return make_tag("pain", "with")


@pytest.fixture
def change(ache, pain, publisher):
    """Does one of the two verbs to the tag "ache": afterwards its pages carry "pain"."""

    def change(verb: str, **options) -> None:
        if verb == "merge":
            merge_tags(ache, into=pain, actor=publisher, **options)
        else:
            pain.delete()
            rename_tag(ache, actor=publisher, name="Pain", **options)

    return change


BOTH = pytest.mark.parametrize("verb", ["rename", "merge"])


@BOTH
def test_the_old_name_and_all_others_become_aliases(verb, change):
    change(verb)
    [tag] = Tag.objects.all()
    assert (tag.name, tag.slug) == ("Pain", "pain")
    assert dict(tag.aliases.values_list("slug", "name")) == {"ache": "Ache", "sore": "Sore"}


@BOTH
def test_the_old_address_answers_301_and_the_public_finds_pages_by_the_new_tag_at_once(
    verb, change, client, ache, make_condition, published
):
    published(make_condition(tags=(ache,)))
    before = version()
    change(verb)
    for old in ("ache", "sore"):
        answer = client.get(f"/tags/{old}/")
        assert (answer.status_code, answer["Location"]) == (301, "/tags/pain/")
    assert b"/conditions/sciatica/" in client.get("/tags/pain/").content
    assert b"/conditions/sciatica/" in client.get("/search/?tag=ache", follow=True).content
    assert version() == before + 1


@BOTH
def test_editions_keep_their_text_and_are_found_by_the_new_tag(
    verb, change, ache, make_condition, published
):
    page = make_condition(tags=(ache,))
    first = published(page)
    page.sections.update(heading="Other")
    second = published(page)
    page.sections.update(heading="Later")
    later = published(page, at=timezone.now() + timedelta(days=1))
    bodies = dict(Edition.objects.values_list("pk", "body"))
    digests = dict(Edition.objects.values_list("pk", "digest"))
    change(verb)
    for edition in (first, second, later):
        assert found_by(edition) == ["pain"]
    assert dict(Edition.objects.values_list("pk", "body")) == bodies
    assert dict(Edition.objects.values_list("pk", "digest")) == digests
    assert Edition.objects.count() == 3
    assert list(problems()) == []


@BOTH
def test_working_copies_get_a_version_by_the_actor_that_says_why(
    verb, change, ache, make_condition, published, publisher
):
    page, other = make_condition(tags=(ache,)), make_condition("stroke")
    published(page)
    published(other)
    change(verb)
    assert slugs_of(page) == ["pain"]
    newest = page.revisions.first()
    assert newest.document["tags"] == ["pain"]
    assert (newest.author, newest.based_on) == (publisher, 1)
    assert "“Pain”" in newest.note
    assert other.revisions.count() == 1
    [event] = page.events.filter(verb__in=Event.TAG_VERBS)
    assert (event.revision, event.actor) == (newest, publisher)


@BOTH
def test_no_page_counts_as_changed_by_it(verb, change, ache, make_condition, published):
    page = make_condition(tags=(ache,))
    live = published(page)
    change(verb)
    newest = page.revisions.first()
    assert newest.number == 2
    assert not is_to_publish(newest, live)
    assert newest.state == Revision.State.PUBLISHED
    assert page.revisions.written().first().number == 1


@BOTH
def test_a_draft_that_differs_from_what_is_live_stays_a_draft(
    verb, change, client, ache, make_condition, published
):
    page = make_condition(tags=(ache,))
    live = published(page)
    page.sections.update(heading="Only drafted")
    revision = record(page, actor=FIXTURE)
    Revision.objects.filter(pk=revision.pk).update(state="submitted")
    change(verb)
    newest = page.revisions.first()
    assert (newest.number, newest.state) == (3, "submitted")
    assert is_to_publish(newest, live)
    assert b"Only drafted" not in client.get("/conditions/sciatica/").content
    assert Edition.objects.count() == 1


@BOTH
def test_a_tag_of_a_draft_alone_shows_nowhere(verb, change, client, ache, make_condition):
    record(make_condition(tags=(ache,)), actor=FIXTURE)
    change(verb)
    assert client.get("/tags/pain/").status_code == 404
    assert not TaggedEdition.objects.exists()


@BOTH
def test_the_live_page_still_finds_those_that_share_its_tags(
    verb, change, client, ache, make_tag, make_condition, published
):
    hip = make_tag("hip")
    for key in ("sciatica", "stroke"):
        published(make_condition(key, tags=(ache, hip)))
    before = client.get("/conditions/sciatica/").content.decode()
    assert "/conditions/stroke/" in before
    change(verb)
    after = client.get("/conditions/sciatica/").content.decode()
    assert "/conditions/stroke/" in after
    assert "pain" in after


@BOTH
def test_publishing_the_page_again_brings_the_new_name(
    verb, change, ache, make_condition, published
):
    page = make_condition(tags=(ache,))
    published(page)
    change(verb)
    page.sections.update(heading="Other")
    assert [tag["slug"] for tag in published(page).body["tags"]] == ["pain"]


@BOTH
def test_a_document_from_before_finds_the_tag_by_its_old_name(verb, change, ache, make_condition):
    page = make_condition(tags=(ache,))
    old = document(page)
    change(verb)
    page.tags.clear()
    assert restore(page, old) == []
    assert slugs_of(page) == ["pain"]
    assert [tag["slug"] for tag in public_body(old)["tags"]] == ["pain"]
    assert Tag.objects.get_by_natural_key("ache").slug == "pain"


@BOTH
def test_the_event_names_the_tag_and_no_page(verb, change, publisher):
    change(verb, note="One word is enough.")
    event = Event.objects.get()
    expected = Event.Verb.MERGE_TAG if verb == "merge" else Event.Verb.RENAME_TAG
    assert (event.page, event.verb, event.subject) == (None, expected, "ache")
    assert event.actor == publisher
    assert event.note.endswith("“Pain”. One word is enough.")


@BOTH
def test_a_page_that_was_never_recorded_gets_its_first_version(verb, change, ache, make_condition):
    page = make_condition(tags=(ache,))
    change(verb)
    assert page.revisions.written().get().state == Revision.State.DRAFT
    assert page.events.get().verb == Event.Verb.RECORD


@BOTH
def test_a_withdrawn_page_follows_too(verb, change, ache, make_condition, published):
    page = make_condition(tags=(ache,))
    published(page)
    withdraw(page, actor=FIXTURE, note="wrong")
    change(verb)
    assert slugs_of(page) == ["pain"]
    assert list(problems()) == []


def test_a_page_with_both_tags_carries_one_after_the_merge(
    ache, pain, publisher, make_condition, published
):
    page = make_condition(tags=(ache, pain))
    edition = published(page)
    merge_tags(ache, into=pain, actor=publisher)
    assert slugs_of(page) == ["pain"]
    assert found_by(edition) == ["pain"]
    assert TaggedPage.objects.count() == TaggedEdition.objects.count() == 1
    assert is_live_text(public_body(page.revisions.first().document), edition)


def test_a_tag_renamed_back_has_its_old_address_again(ache, publisher):
    rename_tag(ache, actor=publisher, name="Pain")
    rename_tag(ache, actor=publisher, name="Ache")
    [tag] = Tag.objects.all()
    assert (tag.name, tag.slug) == ("Ache", "ache")
    assert sorted(tag.aliases.values_list("slug", flat=True)) == ["pain", "sore"]


def test_a_name_alone_can_change_and_the_old_one_is_still_found(ache, publisher, make_condition):
    page = make_condition(tags=(ache,))
    record(page, actor=publisher)
    rename_tag(ache, actor=publisher, name="Dull ache", slug="ache")
    assert (Tag.objects.get().name, Tag.objects.get().slug) == ("Dull ache", "ache")
    assert TagAlias.objects.get(name="Ache").slug == "ache-2"
    assert page.revisions.count() == 1  # its document names the slug


@pytest.mark.parametrize("name", ["", "   ", "!!!", "Ache", "Pain", "pain", "Sting", "sting!"])
def test_a_name_that_says_nothing_or_is_taken_is_refused(name, ache, pain, publisher):
    TagAlias.objects.create(tag=pain, name="Sting", slug="sting")
    with pytest.raises(NotPossible):
        rename_tag(ache, actor=publisher, name=name)
    assert Tag.objects.get(pk=ache.pk).name == "Ache"
    assert not Event.objects.exists()


def test_the_tags_of_the_picture_keep_their_address(make_tag, pain, publisher):
    foot = make_tag("foot")
    with pytest.raises(NotPossible, match="picture of the legs"):
        rename_tag(foot, actor=publisher, name="Sole")
    with pytest.raises(NotPossible, match="picture of the legs"):
        merge_tags(foot, into=pain, actor=publisher)
    with pytest.raises(NotPossible, match="picture of the legs"):
        arrange_tags({foot.pk: ("with", 1)}, actor=publisher)
    rename_tag(foot, actor=publisher, name="Sole", slug="foot")
    merge_tags(pain, into=foot, actor=publisher)
    assert Tag.objects.get().name == "Sole"


def test_only_a_publisher_may(ache, pain, author):
    for act in (
        lambda: rename_tag(ache, actor=author, name="Other"),
        lambda: merge_tags(ache, into=pain, actor=author),
        lambda: arrange_tags({ache.pk: ("where", 1)}, actor=author),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert Tag.objects.count() == 2
    assert not Event.objects.exists()


def test_a_tag_is_not_merged_into_itself_or_after_it_is_gone(ache, pain, publisher):
    with pytest.raises(NotPossible, match="another tag"):
        merge_tags(ache, into=ache, actor=publisher)
    old = Tag.objects.get(pk=ache.pk)
    merge_tags(ache, into=pain, actor=publisher)
    with pytest.raises(NotPossible, match="gone"):
        merge_tags(old, into=pain, actor=publisher)


def test_tags_are_arranged_and_the_public_sees_it(ache, pain, publisher):
    before = version()
    moved = arrange_tags({ache.pk: ("with", 1), pain.pk: ("onset", 7)}, actor=publisher)
    assert moved == [pain]
    pain.refresh_from_db()
    assert (pain.facet, pain.order) == ("onset", 7)
    assert version() == before + 1
    assert arrange_tags({pain.pk: ("onset", 7)}, actor=publisher) == []
    assert version() == before + 1
    with pytest.raises(NotPossible, match="no facet"):
        arrange_tags({pain.pk: ("nonsense", 7)}, actor=publisher)


def test_an_old_version_is_published_by_nobody_through_a_merge(
    ache, pain, publisher, make_condition, published
):
    """What was read is what goes live: the version from before the merge is not the newest."""
    page = make_condition(tags=(ache,))
    number = record(page, actor=publisher).number
    merge_tags(ache, into=pain, actor=publisher)
    with pytest.raises(NotPossible):
        publish(page, actor=publisher, number=number)


# --- Near-duplicates ---------------------------------------------------------------------


def alike(*tags: tuple[str, ...]) -> set[tuple[str, str]]:
    pairs = near_duplicates(
        (Tag(name=name, slug=f"tag-{number}"), others)
        for number, (name, *others) in enumerate(tags)
    )
    return {pair.names for pair in pairs}


def test_names_that_are_nearly_the_same_are_found():
    assert alike(("Tingling",), ("Tinglings",)) == {("Tingling", "Tinglings")}
    assert alike(("Pain in the back",), ("Back pain",)) == {("Pain in the back", "Back pain")}
    assert alike(("Burning", "Stinging"), ("Stingin",)) == {("Stinging", "Stingin")}


def test_names_that_differ_are_not(shipped):
    assert alike(("One leg",), ("Both legs",)) == set()
    tags = Tag.objects.prefetch_related("aliases")
    assert near_duplicates((tag, [a.name for a in tag.aliases.all()]) for tag in tags) == []

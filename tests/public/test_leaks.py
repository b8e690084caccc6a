"""Words that are not live reach no reader: every state of a page against every way of reading.

Beside the small site stand four marked pages, one of each kind, linked with it in every way there
is. All their texts have one unmistakable word. The same readers do show it once it is live, so
no test here passes because there was nothing to see.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import record, withdraw
from causes.models import (
    AlternateName,
    Category,
    Cause,
    Citation,
    Condition,
    Information,
    MedicalCode,
    Page,
    RelatedLink,
    Source,
    SourceStatement,
    Symptom,
    Tag,
)
from tests.conftest import go_live
from tests.public.seen import add_card, add_section, graph, parsed, words_of

WORD = "Xylofrost"
PLAIN = "Ordinary"


def write(page: Page, word: str) -> None:
    """Put the word into every text of the page that readers see."""
    page.title, page.summary, page.lead = f"{word} {page.kind}", f"{word}.", f"<p>{word}.</p>"
    page.slug = f"{word}-{page.kind}".lower()
    page.save()
    page.sections.all().delete()
    page.carecards.all().delete()
    page.alternatenames.all().delete()
    add_section(page, f"<p>{word}.</p>", anchor="text", heading=word)
    add_card(page, "emergency", word, heading=word)
    AlternateName.objects.create(page=page, anchor="name", name=f"old {word}")
    SourceStatement.objects.update_or_create(
        page=page, anchor="s01", defaults={"text": word, "change": word}
    )
    MedicalCode.objects.update_or_create(page=page, anchor="code", defaults={"code": word})
    source, _ = Source.objects.get_or_create(
        key=word.lower(), defaults={"publisher": word, "title": word, "url": "https://x.example/"}
    )
    Citation.objects.update_or_create(page=page, anchor="further", defaults={"source": source})
    tag, _ = Tag.objects.get_or_create(slug=word.lower(), defaults={"name": word, "facet": "with"})
    page.tags.set([tag])
    Cause.objects.filter(category=page.pk).update(how=f"<p>{word}</p>", differs=f"<p>{word}</p>")
    Symptom.objects.filter(pk=page.pk).update(in_sentence=word)


def publish_all(pages: list[Page], word: str, **options) -> None:
    for page in pages:
        write(page, word)
        go_live(page, **options)


def tomorrow():
    return timezone.now() + timedelta(days=1)


def only_saved(pages: list[Page]) -> None:
    for page in pages:
        write(page, WORD)


def only_recorded(pages: list[Page]) -> None:
    for page in pages:
        write(page, WORD)
        record(page, actor=FIXTURE)


def only_scheduled(pages: list[Page]) -> None:
    """A group cannot be scheduled before its symptom is live; so the symptom stays as it was."""
    publish_all([page for page in pages if page.kind != "symptom"], WORD, at=tomorrow())


def saved_after_publishing(pages: list[Page]) -> None:
    publish_all(pages, PLAIN)
    only_saved(pages)


def recorded_after_publishing(pages: list[Page]) -> None:
    publish_all(pages, PLAIN)
    only_recorded(pages)


def scheduled_after_publishing(pages: list[Page]) -> None:
    publish_all(pages, PLAIN)
    for page in pages:
        slug = page.slug
        write(page, WORD)
        Page.objects.filter(pk=page.pk).update(slug=slug)  # a new address cannot be scheduled
        go_live(page, at=tomorrow())


def withdrawn(pages: list[Page]) -> None:
    live(pages)
    for page in pages:
        withdraw(page, actor=FIXTURE, note=WORD)


def replaced(pages: list[Page]) -> None:
    live(pages)
    publish_all(pages, PLAIN)


def live(pages: list[Page]) -> None:
    publish_all(pages, WORD)


STATES = [
    *(only_saved, only_recorded, only_scheduled),
    *(saved_after_publishing, recorded_after_publishing, scheduled_after_publishing),
    *(withdrawn, replaced),
]

ADDRESSES = {
    "symptom": "/symptoms/{0}-symptom/",
    "group": "/symptoms/leg-numbness/{0}-category/",
    "condition": "/conditions/{0}-condition/",
    "information": "/about/{0}-information/",
}


def read(*addresses: str) -> Callable[[Client], str]:
    def reader(client: Client) -> str:
        return "".join(client.get(address).content.decode() for address in addresses)

    return reader


def its_own(kind: str) -> Callable[[Client], str]:
    """The page at its address, under whichever word it was published."""
    return read(*(ADDRESSES[kind].format(word.lower()) for word in (WORD, PLAIN)))


def found_by_words(client: Client) -> str:
    """What is listed; the page repeats the question itself."""
    document = parsed(client.get(f"/search/?q={WORD}"))
    return " ".join(words_of(document, "ul.page-list > li"))


def json_ld(client: Client) -> str:
    texts = []
    for kind in ADDRESSES:
        for word in (WORD, PLAIN):
            response = client.get(ADDRESSES[kind].format(word.lower()))
            if response.status_code == 200:
                texts.append(str(graph(parsed(response))))
    return "".join(texts)


READERS = {
    "the symptom's page": its_own("symptom"),
    "the group's page": its_own("group"),
    "the condition's page": its_own("condition"),
    "the information page": its_own("information"),
    "its JSON-LD": json_ld,
    "home": read("/"),
    "the symptoms": read("/symptoms/"),
    "a symptom that has it as a group": read("/symptoms/leg-numbness/"),
    "a narrowed symptom": read("/symptoms/leg-numbness/?tag=xylofrost"),
    "a group that lists it": read("/symptoms/leg-numbness/trapped/"),
    "a condition that links to it": read("/conditions/sciatica/"),
    "a condition that it lists": read("/conditions/disc/"),
    "the foot of another page": read("/about/privacy/"),
    "the A to Z": read("/conditions/"),
    "the tags": read("/tags/"),
    "the tag's page": read("/tags/xylofrost/"),
    "another tag's page": read("/tags/one-leg/"),
    "search by word": found_by_words,
    "search by tag": read("/search/?tag=xylofrost&tag=ordinary"),
    "an empty search": read("/search/"),
    "the feed of changes": read("/changes.atom"),
    "the sitemap": read("/sitemap.xml"),
    "robots.txt": read("/robots.txt"),
    "a page that is not there": read("/conditions/nowhere/"),
}
SHOW_NOTHING = {"robots.txt", "a page that is not there"}


def build_marked_pages() -> list[Page]:
    """A symptom, a group, a condition and an information page, tied into the small site."""
    symptom = Symptom.objects.create(key="m-symptom", slug="m", title="M", in_sentence="m")
    condition = Condition.objects.create(key="m-condition", slug="m", title="M")
    hub, trapped = (Page.objects.get(key=key).specific() for key in ("leg-numbness", "trapped"))
    group = Category.objects.create(key="m-group", slug="m", title="M", symptom=hub, order=3)
    information = Information.objects.create(key="m-information", slug="m", title="M")
    disc, sciatica = (Condition.objects.get(key=key) for key in ("disc", "sciatica"))
    Cause.objects.create(category=group, condition=disc, anchor="disc")
    Cause.objects.create(category=group, condition=condition, anchor="m", order=2)
    Cause.objects.create(category=trapped, condition=condition, anchor="m", order=9)
    for target in (condition, symptom):
        RelatedLink.objects.create(page=sciatica, anchor=target.key, target=target)
    sciatica.sections.update(body='<p>See <a href="page:m-condition">the other</a>.</p>')
    for page in (sciatica, trapped):
        go_live(page)
    return [symptom, condition, group, information]


@pytest.fixture(scope="module")
def state(request, standing_site, django_db_blocker) -> Iterator[None]:
    """The marked pages in one state, made once for all its readers."""
    with django_db_blocker.unblock(), transaction.atomic():
        request.param(build_marked_pages())
        yield
        transaction.set_rollback(True)


def name_of(state: Callable) -> str:
    return state.__name__


@pytest.mark.parametrize("state", [live], indirect=True, ids=name_of)
@pytest.mark.parametrize("reader", [name for name in READERS if name not in SHOW_NOTHING])
def test_a_word_that_is_live_is_read(client, db, state, reader):
    assert WORD.casefold() in READERS[reader](client).casefold()


@pytest.mark.parametrize("state", STATES, indirect=True, ids=name_of)
@pytest.mark.parametrize("reader", READERS)
def test_a_word_that_is_not_live_is_not_read(client, db, state, reader):
    assert WORD.casefold() not in READERS[reader](client).casefold()


@pytest.mark.parametrize("state", STATES, indirect=True, ids=name_of)
def test_a_word_that_is_not_live_finds_nothing(client, db, state):
    """Not even under the page's present name, which would tell that the word stands in it."""
    assert found_by_words(client) == ""
    assert WORD not in client.get(f"/search/?tag={WORD.lower()}").content.decode()

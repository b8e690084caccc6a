"""Attacks in stored text, written behind every form: each public answer shows them as text."""

import io
import json
from xml.etree import ElementTree

import pytest
from django.test import Client
from justhtml import JustHTML

from causes.models import Edition, EditionName, Event, Tag, TagAlias
from causes.models.fields import clean_rich_text
from causes.public.richtext import rich_text
from causes.search import catching_up
from causes.search.index import directory, wipe
from causes.search.kept import forget_all
from tests.attacks import ATTACKS, NAMES, RICH_TEXT, assert_harmless, rich_shape, shape, storable

AROUND = ["{}", "<p>{}</p>", "<ul><li>{}</li></ul>", '<p><a href="https://nih.gov/">{}</a></p>']
# Where a fragment may come to stand; in each a browser reads it by other rules.
PLACES = [
    *("<div>{}</div>", "<section><h2>x</h2>{}</section>", "<dl><dd>{}</dd></dl>", "<td>{}</td>"),
    *("<table><tr><td>{}</td></tr></table>", "<details><summary>x</summary>{}</details>"),
    *("<template>{}</template>", "<noscript>{}</noscript>", "<svg><desc>{}</desc></svg>"),
    *("<select><option>{}</option></select>", "<math><mtext>{}</mtext></math>"),
]
RICH_FIELDS = {"lead", "body", "how", "differs"}


def test_there_are_many_different_attacks():
    assert len(set(ATTACKS)) == len(ATTACKS) >= 120


@pytest.mark.parametrize("attack", ATTACKS, ids=NAMES)
def test_the_sanitiser_lets_nothing_through_but_what_the_editor_offers(attack):
    for around in AROUND:
        cleaned = clean_rich_text(around.replace("{}", attack))
        assert clean_rich_text(cleaned) == cleaned
        elements = {node.name for node in JustHTML(cleaned, sanitize=False).query("body *")}
        assert elements <= RICH_TEXT.keys()
        for place in PLACES:
            placed = shape(place.replace("{}", cleaned))
            frame = shape(place.replace("{}", "x"))
            assert placed - frame - rich_shape() == set(), place
        shown = rich_text(around.replace("{}", attack), {"disc": "/conditions/disc/"})
        assert shape(f"<div>{shown}</div>") - shape("<div></div>") <= rich_shape()


def poisoned(value: object, attack: str, field: str = "") -> object:
    """The body with an attack after each text that a reader sees."""
    if isinstance(value, dict):
        return {name: poisoned(part, attack, name) for name, part in value.items()}
    if isinstance(value, list):
        return [poisoned(part, attack, field) for part in value]
    if isinstance(value, str) and field in SHOWN:
        return f"<p>{attack}</p>" if field in RICH_FIELDS else attack
    return value


SHOWN = RICH_FIELDS | {
    *("title", "summary", "heading", "items", "name", "in_sentence", "phrase", "text", "change"),
    *("note", "code", "system", "publisher", "licence", "last_reviewed", "reviewed_by", "phrases"),
    "url",
}
HARMLESS = "plain words"


def write(attack: str) -> None:
    """The attack in every text of every live edition, in its rows, and in the tags."""
    for edition in Edition.objects.all():
        edition.body = poisoned(edition.body | {"reviewed_on": "2026-01-02"}, attack)
        edition.title, edition.summary = attack[:65], attack[:160]
        edition.note, edition.change = attack, Edition.Change.CORRECTION
        edition.safety_warning = attack
        edition.save()
        EditionName.objects.filter(edition=edition).update(name=attack[:100])
    for tag in Tag.objects.all():
        tag.name, tag.description = f"{tag.slug} {attack}"[:100], attack[:200]
        tag.save()
    Event.objects.update(note=attack)


def answers(client: Client, paths: list[str]) -> dict[str, str]:
    # What is kept for a content version knows nothing of what is written behind the verbs.
    forget_all()
    catching_up.forget()
    found = {}
    for path in paths:
        response = client.get(path)
        assert response.status_code == 200, path
        assert response["X-Content-Type-Options"] == "nosniff"
        found[path] = response.content.decode()
    return found


LISTS = ["/", "/symptoms/", "/conditions/", "/tags/", "/tags/one-leg/", "/search/?tag=one-leg"]
SEARCHES = ["/search/?q=words", "/search/?q=window", "/search/?q=hit"]
PAGES = [
    *("/conditions/disc/", "/symptoms/leg-numbness/", "/symptoms/leg-numbness/trapped/"),
    *("/about/privacy/", "/conditions/disc/history/", "/symptoms/leg-numbness/?tag=one-leg"),
]


@pytest.fixture(autouse=True, scope="module")
def no_attack_is_left_in_the_index():
    """Written behind the verbs, it is there under the digests of other tests' harmless texts."""
    yield
    wipe(directory())


@pytest.fixture
def base(client, small_site) -> dict[str, set]:
    """What each page consists of where its texts are plain."""
    TagAlias.objects.create(tag=small_site.one_leg, name="x", slug="x")
    write(HARMLESS)
    return {path: shape(html) for path, html in answers(client, LISTS + PAGES + SEARCHES).items()}


@pytest.mark.parametrize("part", range(4))
def test_every_page_shows_an_attack_as_text(client, base, part):
    everything = set().union(*base.values())
    for number, attack in list(enumerate(ATTACKS))[part::4]:
        write(storable(attack))
        # In turn each page meets a part of the attacks: the sanitiser has met them all.
        paths = [(PAGES + LISTS)[number % len(PAGES + LISTS)]]
        for path, html in answers(client, paths).items():
            assert_harmless(html, everything)
            assert html.count("application/ld+json") <= 1, path


@pytest.mark.parametrize("number", range(0, len(ATTACKS), 13))
def test_searches_suggestions_and_feeds_hand_it_out_as_data(client, base, number):
    attack = storable(ATTACKS[number])
    write(attack)
    allowed = set().union(*base.values())
    for html in answers(client, SEARCHES).values():
        assert_harmless(html, allowed)
    for address in (
        *("/search/?q=hit&format=json", "/search/suggest/?q=hit"),
        "/search/suggest/?q=hit&format=opensearch",
    ):
        response = client.get(address)
        assert response["Content-Type"].split(";")[0].endswith("json")
        json.loads(response.content)
    feed = client.get("/changes.atom")
    assert feed["Content-Type"].startswith("application/atom+xml")
    for entry in ElementTree.parse(io.BytesIO(feed.content)).iter():  # noqa: S314 - our own
        if entry.tag.endswith("}summary"):
            inner = JustHTML(entry.text or "", sanitize=False)
            assert inner.query("body *") == []
        elif entry.tag.endswith("}link"):
            assert entry.attrib["href"].startswith("http://127.0.0.1:8000/")


@pytest.mark.parametrize("attack", ATTACKS[::3], ids=NAMES[::3])
def test_a_question_that_attacks_is_only_text(client, small_site, attack):
    plain = shape(client.get("/search/", {"q": "zzz leg"}).content.decode())
    plain |= shape(client.get("/search/", {"q": "lge"}).content.decode())
    response = client.get("/search/", {"q": storable(attack), "tag": storable(attack)[:90]})
    assert_harmless(response.content.decode(), plain)


@pytest.mark.parametrize(
    "nested",
    [
        '<a href="page:disc"><table><a href="https://a.example">a</a>',
        "<ul><li><table><li><p><table><ul><p>a",
        '<h3><table><h3><a href="page:x"><table><p><a href="page:y">a',
        f"{'<a href=page:x><table>' * 40}a",
    ],
)
def test_odd_nesting_comes_to_rest(nested):
    cleaned = clean_rich_text(nested)
    assert clean_rich_text(cleaned) == cleaned
    assert "a" in JustHTML(cleaned, sanitize=False).to_text()

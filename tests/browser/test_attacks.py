"""Attacks that lie in the database, in a real browser: none runs, and the policy has no work."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from causes.models.fields import clean_rich_text
from tests.attacks import ATTACKS, storable
from tests.browser.served import served

pytestmark = pytest.mark.browser

WRITE = """
from causes.models import Edition, Section, Tag
attacks = {attacks!r}
edition = Edition.objects.live().get(key="sciatica")
section = edition.body["sections"][0]
edition.body["sections"] = [
    section | {{"anchor": f"s{{n}}", "heading": text, "body": "<p>x</p>" + text}}
    for n, text in enumerate(attacks)
]
edition.body["cards"][0]["items"] = attacks
edition.body["names"] = [
    {{"anchor": f"n{{n}}", "kind": "also_called", "name": text}} for n, text in enumerate(attacks)
]
edition.title, edition.summary, edition.body["lead"] = attacks[0][:65], attacks[0], attacks[1]
edition.save()
for source in edition.body["sources"].values():
    source["url"] = "javascript:window.__hit=1"
edition.save()
page = edition.page
page.sections.update(body="<p>x</p>" + attacks[0] + attacks[25], heading=attacks[0][:100])
Tag.objects.filter(slug="foot").update(name=attacks[20][:100], description=attacks[21][:200])
"""
SENT = [storable(attack) for attack in ATTACKS if "meta http-equiv" not in attack]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of its own with every attack in one edition, and some in a draft and a tag."""
    with served(
        Path(tmp_path_factory.mktemp("attacked")), script=WRITE.format(attacks=SENT)
    ) as address:
        yield address


@pytest.fixture
def signed_in() -> dict:
    """Its accounts are those of this site."""
    return {}


def assert_nothing_ran(page: Page) -> None:
    """Also not where a reader points at everything, presses keys or follows the focus."""
    assert page.locator("main, #content").count()
    page.evaluate(
        """() => { for (const element of document.querySelectorAll("main *, #content *"))
            for (const kind of ["mouseover", "pointerenter", "focus", "animationend", "toggle"])
                element.dispatchEvent(new Event(kind, {bubbles: true})) }"""
    )
    page.keyboard.press("Tab")
    assert page.evaluate("window.__hit") is None


@pytest.mark.parametrize(
    "address",
    [
        *("/conditions/sciatica/", "/conditions/sciatica/history/", "/conditions/", "/tags/foot/"),
        *("/search/?q=window+hit", "/symptoms/leg-numbness/"),
    ],
)
def test_no_attack_runs_on_a_public_page(open_page, address):
    """`open_page` fails for a breach of the policy: none may get as far as that."""
    page = open_page()
    page.goto(address)
    assert_nothing_ran(page)


def test_no_attack_runs_where_a_page_is_printed(open_page):
    page = open_page()
    page.emulate_media(media="print")
    page.goto("/conditions/sciatica/")
    assert_nothing_ran(page)
    page.pdf()
    assert page.evaluate("window.__hit") is None


def test_a_link_that_attacks_is_none(open_page):
    page = open_page()
    page.goto("/conditions/sciatica/")
    addresses = page.eval_on_selector_all("main a[href]", "links => links.map(a => a.protocol)")
    assert set(addresses) <= {"http:", "https:", "mailto:", "tel:"}


def test_no_attack_runs_in_the_editors_form_and_list(sign_in):
    page = sign_in("paula")
    page.goto("/admin/causes/condition/?q=sciatica")
    assert_nothing_ran(page)
    page.locator("#result_list tbody th a").first.click()
    page.wait_for_load_state()
    assert_nothing_ran(page)


def test_a_browser_reads_sanitised_text_as_the_same_text(open_page):
    """A second reading makes nothing else of it, wherever it stands (mutation XSS)."""
    page = open_page()
    page.goto("/robots.txt")
    cleaned = [clean_rich_text(text) for text in SENT]
    found = page.evaluate(
        """(texts) => texts.map((text) => {
            const read = (html) => new DOMParser().parseFromString(html, "text/html").body
            const once = read(text).innerHTML
            return [read(once).innerHTML === once, [...read(once).querySelectorAll("*")].map(
                (node) => [node.localName, ...node.getAttributeNames()])]
        })""",
        cleaned,
    )
    allowed = {"p", "h3", "ul", "ol", "li", "a"}
    for text, (is_stable, nodes) in zip(cleaned, found, strict=True):
        assert is_stable, json.dumps(text)
        for name, *attributes in nodes:
            assert name in allowed
            assert set(attributes) <= ({"href", "title"} if name == "a" else set())

"""One page of every kind, for readers and for editors: what the checks of this folder open."""

import re
from collections.abc import Callable
from itertools import count

from playwright.sync_api import APIRequestContext, Page, expect

PUBLIC = {
    "home": "/",
    "symptoms": "/symptoms/",
    "symptom": "/symptoms/leg-numbness/",
    "symptom-narrowed": "/symptoms/leg-numbness/?tag=foot&tag=burning",
    "symptom-narrowed-to-nothing": "/symptoms/leg-numbness/?tag=outer-thigh&tag=swelling",
    "category": "/symptoms/leg-numbness/nerve-compression/",
    "condition": "/conditions/slipped-disc/",
    "condition-no-cause-here": "/conditions/carpal-tunnel-syndrome/",
    "a-to-z": "/conditions/",
    "tags": "/tags/",
    "tag": "/tags/foot/",
    "tag-combined": "/tags/foot/?tag=burning",
    "search": "/search/",
    "search-found": "/search/?q=numb+foot&tag=burning",
    "search-emergency": "/search/?q=cant+hold+my+urine",
    "search-corrected": "/search/?q=numbnes+in+feet",
    "search-second-page": "/search/?q=numb&page=2",
    "search-found-nothing": "/search/?q=nothing+of+the+kind",
    "information": "/about/accessibility/",
    "not-found": "/conditions/none/",
    "withdrawn": "/about/withdrawn/",
    "bad-request": "/conditions/%00/",
}
# The others differ from one of these in a detail only.
KINDS = [
    *("home", "symptoms", "symptom", "symptom-narrowed", "category", "condition", "a-to-z", "tags"),
    *("tag-combined", "search", "search-found", "search-emergency", "search-corrected"),
    *("search-found-nothing", "information", "not-found"),
]
STATUSES = {"not-found": 404, "withdrawn": 410, "bad-request": 400}
# Pages with the text of an edition, which people print and take along.
EDITIONS = ["symptom", "category", "condition", "condition-no-cause-here", "information"]
# Makes the page that is "withdrawn"; for `manage.py shell`.
MAKE_WITHDRAWN = """
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record, withdraw
from causes.models import Information, Section
page = Information.objects.create(key="withdrawn", slug="withdrawn", title="Withdrawn")
Section.objects.create(page=page, anchor="what", heading="What", body="<p>This.</p>")
publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)
withdraw(page, actor=FIXTURE, note="For the tests.")
"""

# Where the admin's screens are; of a record's, its kind, words that find it, and the screen.
SCREENS: dict[str, str | tuple[str, str, str]] = {
    "login": "/admin/login/?next=/admin/",
    "index": "/admin/",
    "list-of-pages": "/admin/causes/page/",
    "list-of-conditions": "/admin/causes/condition/?q=nerve",
    "condition": ("condition", "slipped-disc", "change/"),
    "symptom": ("symptom", "leg-numbness", "change/"),
    "category": ("category", "nerve-compression", "change/"),
    "information": ("information", "accessibility", "change/"),
    "source": ("source", "nhs", "change/"),
    "tag": ("tag", "burning", "change/"),
    "add-condition": "/admin/causes/condition/add/",
    "withdraw": ("condition", "slipped-disc", "withdraw/"),
    "history": ("condition", "slipped-disc", "history/"),
    "preview": ("condition", "slipped-disc", "preview/"),
}
_numbers = count(1)


def open_public(page: Page, kind: str) -> None:
    answer = page.goto(PUBLIC[kind])
    assert answer.status == STATUSES.get(kind, 200)


def address(request: APIRequestContext, screen: str | tuple[str, str, str]) -> str:
    """The address of a screen; the one of a record, from the list that its words give."""
    if isinstance(screen, str):
        return screen
    kind, words, verb = screen
    found = request.get(f"/admin/causes/{kind}/?q={words}").text()
    return re.search(rf'href="(/admin/causes/{kind}/\d+/)change/', found)[1] + verb


def change_and(page: Page, button: str, *record: str) -> None:
    """Type another summary into the form, and click."""
    page.goto(address(page.request, (*record, "change/")))
    page.get_by_label("Summary").fill(f"Summary {next(_numbers)}.")
    page.get_by_role("button", name=button).first.click()


def _publish(page: Page) -> None:
    change_and(page, "Save and publish…", "information", "sources")
    expect(page.get_by_label("What changed, and why")).to_be_visible()


def _clash(page: Page) -> None:
    """Two texts to choose from, because somebody else changed the same place in between."""
    page.goto(address(page.request, ("information", "privacy", "change/")))
    other = page.context.new_page()
    change_and(other, "Save and continue", "information", "privacy")
    expect(other.locator(".messagelist .success")).to_be_visible()
    other.close()
    page.get_by_label("Summary").fill("Another summary.")
    page.get_by_role("button", name="Save and continue").first.click()
    expect(page.get_by_role("heading", name="Bring two texts together")).to_be_visible()


def _opens(screen: str | tuple[str, str, str]) -> Callable[[Page], None]:
    def opens(page: Page) -> None:
        page.goto(address(page.request, screen))

    return opens


# What a publisher who has signed in opens; "login" is for nobody who has.
ADMIN: dict[str, Callable[[Page], None]] = {
    **{kind: _opens(screen) for kind, screen in SCREENS.items()},
    "publish": _publish,
    "clash": _clash,
}

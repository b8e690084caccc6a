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
    "history": "/about/withdrawn/history/",
    "then": "/about/withdrawn/?on=2025-08-06",
    "then-not-here": "/about/withdrawn/?on=2025-07-31",
    "then-no-day": "/about/withdrawn/?on=junk",
    "not-found": "/conditions/none/",
    "withdrawn": "/about/withdrawn/",
    "bad-request": "/conditions/%00/",
}
# The others differ from one of these in a detail only.
KINDS = [
    *("home", "symptoms", "symptom", "symptom-narrowed", "category", "condition", "a-to-z", "tags"),
    *("tag-combined", "search", "search-found", "search-emergency", "search-corrected"),
    *("search-found-nothing", "information", "history", "then", "not-found"),
]
STATUSES = {"not-found": 404, "withdrawn": 410, "bad-request": 400} | {
    "then-not-here": 404,
    "then-no-day": 400,
}
# Pages with the text of an edition, which people print and take along.
EDITIONS = ["symptom", "category", "condition", "condition-no-cause-here", "information"]
# Makes the page that is "withdrawn", with a past; for `manage.py shell`.
MAKE_WITHDRAWN = """
from datetime import UTC, datetime
from causes.editorial.acting import FIXTURE
from causes.editorial.publishing import publish, record, withdraw
from causes.models import Edition, Information, Section
page = Information.objects.create(key="withdrawn", slug="withdrawn", title="Withdrawn")
what = Section.objects.create(page=page, anchor="what", heading="What", body="<p>Rest a week.</p>")
publish(page, actor=FIXTURE, number=record(page, actor=FIXTURE).number)
what.body = "<p>Rest a day.</p><ul><li><p>Walk, <a href='page:about'>slowly</a>.</p></li></ul>"
what.save()
newest, note = record(page, actor=FIXTURE), "Trials show that rest makes it worse."
publish(page, actor=FIXTURE, number=newest.number, change="evidence", note=note)
withdraw(page, actor=FIXTURE, note="For the tests.")
editions, warning = Edition.objects.filter(page=page), "The dose was wrong. Ask your doctor."
august = [datetime(2025, 8, day, 12, tzinfo=UTC) for day in (1, 6, 9)]
editions.filter(number=1).update(live_from=august[0], live_until=august[1])
last = {"live_from": august[1], "live_until": august[2], "safety_warning": warning}
editions.filter(number=2).update(**last)
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
    "tag-desk": "/admin/causes/tag/desk/",
    "tag-rename": ("tag", "burning", "rename/"),
    "tag-merge": ("tag", "burning", "merge/"),
    "tag-delete": ("tag", "burning", "delete/"),
    "guide": "/admin/guide/",
    "list-of-links": "/admin/causes/checkedlink/",
    "add-condition": "/admin/causes/condition/add/",
    "withdraw": ("condition", "slipped-disc", "withdraw/"),
    "archive": ("information", "sources", "archive/"),
    "submit": ("condition", "slipped-disc", "submit/1/"),
    "comment": ("condition", "slipped-disc", "comment/1/"),
    "restore": ("condition", "slipped-disc", "restore/1/"),
    "ask-redaction": ("information", "withdrawn", "ask_redaction/"),
    "history": ("condition", "slipped-disc", "history/"),
    "compare": ("condition", "slipped-disc", "compare/?before=live&after=1"),
    "history-of-a-withdrawn-page": ("information", "withdrawn", "history/"),
    "compare-two-versions": ("information", "withdrawn", "compare/?before=1&after=2"),
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
    expect(page.get_by_label("What changed in the advice, and why")).to_be_visible()


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


def _guest_link(page: Page) -> None:
    """The screen with the address of a new link for a guest."""
    page.goto(address(page.request, ("condition", "slipped-disc", "invite/1/")))
    page.get_by_label("For whom").fill("Dr Ng, neurologist")
    page.get_by_role("button", name="Ask a guest").click()
    expect(page.get_by_label("Address")).to_be_visible()


def _review(page: Page) -> None:
    """What the guest sees."""
    _guest_link(page)
    page.goto(page.get_by_label("Address").input_value())
    expect(page.get_by_role("heading", name="Your answer")).to_be_visible()


def _opens(screen: str | tuple[str, str, str]) -> Callable[[Page], None]:
    def opens(page: Page) -> None:
        page.goto(address(page.request, screen))

    return opens


# What a publisher who has signed in opens; "login" is for nobody who has.
ADMIN: dict[str, Callable[[Page], None]] = {
    **{kind: _opens(screen) for kind, screen in SCREENS.items()},
    "publish": _publish,
    "guest-link": _guest_link,
    "review": _review,
    "clash": _clash,
}

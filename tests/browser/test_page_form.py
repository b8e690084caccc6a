"""The form of a page in a real browser: its bar, its rows, and what happens to what was typed."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
# Whether the focused element is seen where it begins, and what stands there if it is not.
COVERED_BY = """() => {
    const focused = document.activeElement, box = focused.getBoundingClientRect();
    const x = Math.min(Math.max(box.left + 5, 1), innerWidth - 2);
    const seen = document.elementFromPoint(x, box.top + Math.min(box.height / 2, 12));
    return !seen || focused.contains(seen) || seen.contains(focused) || seen.closest("label")
        ? "" : `${focused.outerHTML.slice(0, 100)} under ${seen.outerHTML.slice(0, 100)}`;
}"""


def open_form(page: Page, kind: str, words: str) -> None:
    page.goto(f"/admin/causes/{kind}/?q={words}")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator(".page-actions")).to_be_visible()


@pytest.fixture
def editor(sign_in: Callable[..., Page]) -> Page:
    return sign_in("paula")


@pytest.mark.parametrize("size", [PHONE, {"width": 1280, "height": 800}], ids=["phone", "desk"])
def test_the_bar_stays_in_sight_and_never_covers_what_has_the_focus(size, editor):
    editor.set_viewport_size(size)
    open_form(editor, "condition", "sciatica")
    covered = []
    editor.locator("#id_title").focus()
    for key in ["Tab"] * 60 + ["Shift+Tab"] * 40:
        editor.keyboard.press(key)
        covered.append(editor.evaluate(COVERED_BY))
    assert not any(covered), next(filter(None, covered))
    expect(editor.locator(".page-actions [name=_publish]")).to_be_in_viewport()
    expect(editor.locator(".page-actions .viewsitelink")).to_be_in_viewport()
    assert editor.evaluate("scrollY") > 300


def test_a_part_of_the_form_is_shown_under_the_bar(editor):
    open_form(editor, "symptom", "leg-numbness")
    editor.get_by_role("navigation", name="On this form").get_by_text("Sections").click()
    heading, bar = editor.locator("#sections-heading"), editor.locator(".page-bar")
    expect(heading).to_be_in_viewport()
    assert heading.bounding_box()["y"] >= bar.bounding_box()["y"] + bar.bounding_box()["height"]


def test_leaving_with_unsaved_words_asks_first(editor):
    open_form(editor, "information", "privacy")
    asked: list[str] = []
    editor.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    editor.locator(".viewsitelink").click()
    expect(editor).to_have_url(re.compile("/about/"))
    editor.go_back()
    editor.get_by_label("Summary").fill("Typed.")
    editor.locator(".viewsitelink").click(no_wait_after=True)
    expect(editor.get_by_label("Summary")).to_have_value("Typed.")
    editor.wait_for_timeout(200)
    assert asked == ["beforeunload"]


def test_the_fields_of_a_row_that_is_added_have_names(editor):
    open_form(editor, "category", "nerve-compression")
    editor.get_by_text("Add another Cause").click()
    row = editor.get_by_role("group", name="New cause").last
    for name in ("How", "Differs"):
        expect(row.get_by_role("textbox", name=name, exact=True)).to_be_visible()
    expect(row.get_by_role("searchbox", name=re.compile("^Citations"))).to_be_visible()


def test_a_page_is_edited_and_opened_for_publishing_without_a_script(open_page):
    editor = open_page(java_script_enabled=False, viewport=PHONE)
    editor.goto("/admin/")
    editor.fill("[name=username]", "paula")
    editor.fill("[name=password]", PASSWORD)
    editor.click("[type=submit]")
    open_form(editor, "condition", "lyme")
    expect(editor.locator("[name=sections-0-body]")).to_have_css("opacity", "1")
    editor.fill("[name=sections-0-body]", "<p>Typed without a script.</p>")
    editor.locator(".page-actions [name=_publish]").click()
    expect(editor.get_by_role("heading", name=re.compile("Publish version 2"))).to_be_visible()
    expect(editor.locator(".changes")).to_contain_text("changed")

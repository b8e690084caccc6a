"""Findings follow what one types; without scripts they come with the next save."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.pages import address

pytestmark = pytest.mark.browser


def open_form(page: Page, kind: str, words: str) -> None:
    page.goto(address(page.request, (kind, words, "change/")))


def description(page: Page, control: str) -> str:
    """What a screen reader finds in the description of the control."""
    ids = page.locator(control).get_attribute("aria-describedby").split()
    return " ".join(page.locator(f"#{name}").inner_text() for name in ids)


def test_findings_follow_what_is_typed_and_describe_their_fields(sign_in):
    page = sign_in("paula")
    open_form(page, "condition", "slipped-disc")
    status = page.locator("#findings [role=status]")
    expect(status).to_have_text("No findings")
    page.fill("[name=title]", "Herniated disc?")
    expect(status).to_have_text("1 hint")
    assert "Make the heading a statement" in description(page, "[name=title]")
    editor = page.locator(".field-lead [contenteditable=true]")
    editor.press("End")
    editor.press_sequentially(" A nerve disorder.")
    expect(status).to_have_text("2 hints")
    editor.evaluate("editor => editor.blur()")
    editor.focus()
    assert "write condition" in description(page, ".field-lead [contenteditable=true]")
    page.click("#findings summary")
    page.click("#findings a:text('Lead')")
    assert page.url.endswith("#id_lead_helptext")
    expect(page.locator("#id_lead_helptext")).to_be_in_viewport()
    page.fill("[name=title]", "Herniated disc")
    expect(status).to_have_text("1 hint")
    assert page.locator("#id_title_helptext .findings").count() == 0


def test_findings_of_a_new_row_stand_in_that_row(sign_in):
    page = sign_in("paula")
    open_form(page, "information", "accessibility")
    page.get_by_role("button", name="Add another Section").click()
    row = page.locator("#sections-group .inline-related:not(.empty-form)").last
    row.get_by_label("Heading").fill("Is it new?")
    expect(row.locator(".field-heading .findings")).to_contain_text("Make the heading a statement")


def test_without_scripts_findings_come_with_the_next_save(sign_in):
    page = sign_in("paula", java_script_enabled=False)
    open_form(page, "information", "about")
    page.fill("[name=summary]", "About a nerve disorder.")
    page.locator("input[name=_continue]").first.click()
    assert "write condition" in description(page, "[name=summary]")
    assert "1 hint" in page.locator("#findings summary").inner_text()

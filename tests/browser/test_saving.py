"""What was typed outlives crashes, lost sessions and errors."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE
from tests.browser.forms import (
    add_section,
    choose_tag,
    fill_sign_in,
    open_form,
    press_save,
    saved,
    sections,
    until_kept,
)
from tests.browser.served import Site

pytestmark = pytest.mark.browser


@pytest.fixture
def editor(sign_in: Callable[..., Page]) -> Page:
    return sign_in("paula")


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("killed"))
    site.prepare()
    site.start()
    yield site
    site.stop()


def test_what_was_typed_is_offered_back_after_the_server_was_killed(
    browser: Browser, own_site: Site
):
    page = browser.new_context(base_url=own_site.address).new_page()
    page.set_default_timeout(PATIENCE)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto("/admin/")
    fill_sign_in(page)
    open_form(page, "condition", "sciatica")
    page.get_by_label("Summary").fill("Typed before the crash.")
    first = sections(page).first.locator("[contenteditable=true]")
    first.click()
    first.press("Control+End")
    first.press_sequentially(" Rich words.")
    add_section(page, "A new part", "Words of a new row.")
    choose_tag(page, "groin", "Saddle area")
    until_kept(page, "Saddle area")

    own_site.kill()
    press_save(page)
    expect(page.locator("#not-saved")).to_contain_text("Not saved: the site does not answer.")
    expect(page.get_by_label("Summary")).to_have_value("Typed before the crash.")

    own_site.start()
    page.reload()
    offer = page.locator("#typed-before")
    for words in ("Typed before the crash.", "Rich words.", "Words of a new row.", "Saddle area"):
        expect(offer).to_contain_text(words)
    expect(page.get_by_label("Summary")).not_to_have_value("Typed before the crash.")
    offer.get_by_role("button", name="Put it back").click()
    press_save(page)
    saved(page)
    expect(page.get_by_label("Summary")).to_have_value("Typed before the crash.")
    expect(sections(page).first.locator("[contenteditable=true]")).to_contain_text("Rich words.")
    expect(sections(page).last.locator("[contenteditable=true]")).to_have_text(
        "Words of a new row."
    )
    expect(page.locator(".field-tags")).to_contain_text("Saddle area")
    expect(offer).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage).filter(k => k.startsWith('causes.'))") == []
    page.context.close()


def test_a_session_that_ended_leaves_the_text_on_the_screen(sign_in, signed_in):
    editor = sign_in("paula")
    open_form(editor, "condition", "vasculitis")
    editor.get_by_label("Summary").fill("Typed while signed out.")
    editor.context.clear_cookies(name="sessionid")
    signed_in.pop("paula")
    press_save(editor)
    expect(editor.locator("#not-saved")).to_contain_text("you are no longer signed in")
    expect(editor.get_by_label("Summary")).to_have_value("Typed while signed out.")
    until_kept(editor, "Typed while signed out.")

    with editor.expect_popup() as opened:
        editor.get_by_role("link", name=re.compile("Sign in in a new tab")).click()
    fill_sign_in(opened.value)
    opened.value.wait_for_url("**/admin/")
    other = opened.value
    open_form(other, "condition", "vasculitis")
    expect(other.locator("#typed-before")).to_contain_text("Typed while signed out.")
    other.close()
    press_save(editor)
    saved(editor)
    expect(editor.get_by_label("Summary")).to_have_value("Typed while signed out.")
    expect(editor.locator("#typed-before")).to_be_hidden()


@pytest.mark.parametrize("button", ["_save", "_continue", "_publish"])
def test_a_save_that_meets_an_error_keeps_the_text_and_can_be_pressed_again(button, browser, site):
    page = browser.new_context(base_url=site).new_page()
    page.set_default_timeout(PATIENCE)
    page.goto("/admin/")
    fill_sign_in(page)
    open_form(page, "information", "accessibility")
    text = f"Typed before the error of {button}."
    page.get_by_label("Summary").fill(text)
    page.route("**/change/**", lambda route: route.fulfill(status=503, body="Busy"))
    page.locator(f".page-actions [name={button}]").click()
    expect(page.locator("#not-saved")).to_contain_text("answered with an error (503)")
    expect(page.get_by_label("Summary")).to_have_value(text)
    page.unroute("**/change/**")
    page.locator(f".page-actions [name={button}]").click()
    if button == "_publish":
        page.wait_for_url("**/publish/**")
    else:
        saved(page)
    open_form(page, "information", "accessibility")
    expect(page.get_by_label("Summary")).to_have_value(text)
    expect(page.locator("#typed-before")).to_be_hidden()
    page.context.close()


def test_a_form_with_errors_comes_back_with_its_text_and_is_still_kept(editor):
    open_form(editor, "condition", "fractures")
    editor.get_by_label("Title").first.fill("")
    editor.get_by_label("Summary").fill("Typed beside an error.")
    press_save(editor)
    expect(editor.locator(".errornote")).to_be_visible()
    expect(editor.get_by_label("Summary")).to_have_value("Typed beside an error.")
    until_kept(editor, "Typed beside an error.")
    editor.get_by_label("Title").first.fill("A title again")
    press_save(editor)
    saved(editor)
    expect(editor.locator("#typed-before")).to_be_hidden()


def test_what_was_typed_is_thrown_away_on_request_and_at_sign_out(sign_in, signed_in):
    editor = sign_in("ada")
    editor.on("dialog", lambda dialog: dialog.accept())
    open_form(editor, "condition", "accidents")
    for words in ("Thrown away.", "Left at sign-out."):
        editor.get_by_label("Summary").fill(words)
        until_kept(editor, words)
        editor.reload()
        expect(editor.locator("#typed-before")).to_contain_text(words)
        if words == "Thrown away.":
            editor.get_by_role("button", name="Throw it away").click()
            editor.reload()
            expect(editor.locator(".page-actions")).to_be_visible()
            expect(editor.locator("#typed-before")).to_be_hidden()
    editor.get_by_role("button", name="Log out").click()
    signed_in.pop("ada")
    expect(editor.get_by_role("heading", name="Logged out")).to_be_visible()
    assert editor.evaluate("Object.keys(localStorage).filter(k => k.startsWith('causes.'))") == []


def test_a_form_that_is_too_large_says_so_and_keeps_the_text(browser: Browser, own_site: Site):
    page = browser.new_context(base_url=own_site.address).new_page()  # its console tells of the 413
    page.set_default_timeout(PATIENCE)
    page.goto("/admin/")
    fill_sign_in(page)
    open_form(page, "condition", "sciatica")
    long = "Too many words. " * 200_000  # 3.2 MB; the site takes 2.5
    page.get_by_label("Summary").evaluate("(field, long) => { field.value = long }", long)
    press_save(page)
    said = page.locator("#not-saved")
    expect(said).to_contain_text("Not saved: that is more than the site takes at once.")
    expect(said).to_contain_text("Shorten the longest text, save, and add the rest after that.")
    assert page.get_by_label("Summary").input_value() == long
    page.context.close()

"""What was typed outlives crashes, lost sessions and errors; previews, places of rows, keys."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PASSWORD, PATIENCE
from tests.browser.served import Site

pytestmark = pytest.mark.browser

WORD = Path(__file__).with_name("pasted_from_word.html").read_text("utf-8")


def open_form(page: Page, kind: str, words: str) -> None:
    page.goto(f"/admin/causes/{kind}/?q={words}")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator(".page-actions")).to_be_visible()


def sections(page: Page) -> Locator:
    return page.locator("#sections-group .inline-related:not(.empty-form)")


def headings(page: Page) -> list[str]:
    return [
        field.input_value() for field in page.locator("[name^=sections-][name$=-heading]").all()
    ][:-1]


def add_section(page: Page, heading: str, text: str) -> None:
    count = sections(page).count()
    page.locator("#sections-group").get_by_text("Add another Section").click()
    expect(sections(page)).to_have_count(count + 1)
    row = sections(page).last
    row.get_by_label("Heading").fill(heading)
    row.locator("[contenteditable=true]").click()
    row.locator("[contenteditable=true]").press_sequentially(text)


def choose_tag(page: Page, words: str, name: str) -> None:
    page.locator(".field-tags .select2-selection").click()
    page.locator(".field-tags .select2-search__field").press_sequentially(words)
    page.locator(".select2-results__option", has_text=name).click()


def until_kept(page: Page, words: str) -> None:
    page.wait_for_function(
        "(words) => Object.entries(localStorage).some("
        "([key, text]) => key.startsWith('causes.typed.') && text.includes(words))",
        arg=words,
    )


def press_save(page: Page) -> None:
    page.locator(".page-actions [name=_continue]").click()


def saved(page: Page) -> None:
    expect(page.locator(".messagelist .success")).to_be_visible()


def fill_sign_in(page: Page) -> None:
    page.fill("[name=username]", "paula")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")


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
    reached = {"_save": "/information/", "_continue": "/change/", "_publish": "/publish/"}[button]
    page.wait_for_url(re.compile(re.escape(reached)))
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


def test_the_preview_beside_the_form_keeps_up_and_has_two_widths(editor):
    editor.set_viewport_size({"width": 1280, "height": 800})
    open_form(editor, "condition", "sciatica")
    editor.keyboard.press("Control+Shift+Enter")
    frame = editor.frame_locator("[name=preview-frame]")
    expect(frame.locator("h1")).to_have_text("Sciatica")
    editor.get_by_label("Title").first.fill("Typed title")
    expect(frame.locator("h1")).to_have_text("Typed title")
    expect(frame.locator(".draft-banner")).to_contain_text("not saved yet")
    inside = editor.frame(name="preview-frame")
    assert inside.evaluate("innerWidth") <= 390
    editor.get_by_label("Desktop").check()
    inside.wait_for_function("innerWidth === 1280")
    with editor.expect_popup() as opened:
        frame.get_by_role("link", name="Conditions A to Z").first.click()
    expect(opened.value).to_have_url(re.compile("/conditions/$"))
    opened.value.close()
    with editor.expect_popup() as opened:
        editor.get_by_role("button", name="Preview in a new tab").click()
    expect(opened.value.locator("h1")).to_have_text("Typed title")
    opened.value.close()
    editor.get_by_role("button", name="Close the preview").click()
    expect(editor.get_by_role("button", name="Preview beside the form")).to_be_focused()
    editor.on("dialog", lambda dialog: dialog.accept())


def test_rows_change_places_by_button_and_by_dragging(editor):
    open_form(editor, "information", "privacy")
    before = headings(editor)
    assert len(before) >= 3
    down = editor.get_by_role("button", name=f"Move down: Section: {before[0]}")
    down.press("Enter")
    expect(editor.locator("#rows-said")).to_contain_text(f"now 2 of {len(before)}")
    expect(editor.locator("#rows-said")).to_contain_text(before[0])
    expect(down).to_be_focused()
    sections(editor).nth(2).locator(".handle").drag_to(sections(editor).nth(0).locator("summary"))
    wanted = [before[2], before[1], before[0], *before[3:]]
    assert headings(editor) == wanted

    add_section(editor, "A part that goes again", "Words.")
    sections(editor).last.get_by_role("button", name="Move up").click()
    sections(editor).nth(-2).get_by_text("Remove").click()
    press_save(editor)
    saved(editor)
    assert headings(editor) == wanted


def test_a_button_saves_by_keys_and_a_question_mark_opens_help(editor):
    open_form(editor, "condition", "stroke")
    editor.keyboard.press("?")
    help_ = editor.get_by_role("dialog", name="Help with this form")
    expect(help_).to_be_visible()
    help_.get_by_label("key opens this help").uncheck()
    editor.keyboard.press("Escape")
    expect(help_).to_be_hidden()
    editor.keyboard.press("?")
    expect(help_).to_be_hidden()
    editor.get_by_role("button", name="Help").click()
    help_.get_by_label("key opens this help").check()
    editor.keyboard.press("Escape")
    editor.get_by_label("Summary").fill("Saved by keys?")
    editor.get_by_label("Summary").press("?")
    expect(help_).to_be_hidden()
    editor.get_by_label("Summary").press("Control+s")
    saved(editor)
    expect(editor.get_by_label("Summary")).to_have_value(re.compile("Saved by keys"))
    editor.get_by_label("Summary").press("Control+Enter")
    editor.wait_for_url("**/publish/**")


def test_two_editors_see_each_other(sign_in):
    first, second = sign_in("paula"), sign_in("ada")
    open_form(first, "condition", "diabetes")
    expect(first.locator("#presence")).to_be_empty()
    open_form(second, "condition", "diabetes")
    expect(second.locator("#presence")).to_contain_text("paula (since ")
    first.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(first.locator("#presence")).to_contain_text("ada (since ")


PASTE = """(area, html) => {
    const clipboard = new DataTransfer()
    clipboard.setData("text/html", html)
    area.dispatchEvent(new ClipboardEvent("paste", {
        clipboardData: clipboard, bubbles: true, cancelable: true,
    }))
}"""


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (
            WORD,
            "<h3>When to call</h3><p>See your doctor if the pain lasts longer.</p>"
            "<ul><li><p>a first point</p></li><li><p>a second point with a "
            '<a href="https://www.nhs.uk/">link</a></p></li></ul>'
            '<ol data-type="decimal"><li><p>one</p></li><li><p>two</p></li></ol><p>The end.</p>',
        ),
        (
            '<div style="color:red" onclick="x()"><h1 class="t">Title</h1>'
            "<p>Words <b>in bold</b> and "
            '<i style="x">slanted</i>.</p><script>bad()</script><table><tr><td>Cell</td></tr>'
            '</table><p>A <a href="javascript:bad()">bad link</a>.</p></div>',
            None,
        ),
    ],
    ids=["word", "web"],
)
def test_what_is_pasted_comes_without_rubbish(html, wanted, editor):
    editor.on("dialog", lambda dialog: dialog.accept())
    open_form(editor, "condition", "vasculitis")
    count = sections(editor).count()
    editor.locator("#sections-group").get_by_text("Add another Section").click()
    expect(sections(editor)).to_have_count(count + 1)
    area = sections(editor).last.locator("[contenteditable=true]")
    area.click()
    area.evaluate(PASTE, html)
    kept = sections(editor).last.locator("textarea[name$=-body]").input_value()
    if wanted:
        assert kept == wanted
    else:
        assert "Words in bold and slanted." in kept
        assert "Title" in kept
        assert "Cell" in kept
        assert set(re.findall(r"<(\w+)", kept)) <= {"p", "h3"}

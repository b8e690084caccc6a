"""Beside the form: its preview, the places of rows, keys, who else is there, and pasting."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.forms import (
    add_section,
    headings,
    open_form,
    press_save,
    saved,
    sections,
)

pytestmark = pytest.mark.browser

WORD = Path(__file__).with_name("pasted_from_word.html").read_text("utf-8")


@pytest.fixture
def editor(sign_in: Callable[..., Page]) -> Page:
    return sign_in("paula")


def test_the_preview_beside_the_form_keeps_up_and_has_two_widths(editor):
    editor.set_viewport_size({"width": 1280, "height": 800})
    open_form(editor, "condition", "sciatica")
    expect(editor.get_by_role("button", name="Preview beside the form")).to_be_visible()
    editor.keyboard.press("Control+Shift+Enter")
    frame = editor.frame_locator("[name=preview-frame]")
    expect(frame.locator("h1")).to_have_text("Sciatica")
    editor.get_by_label("Title").first.fill("Typed title")
    expect(frame.locator("h1")).to_have_text("Typed title")
    expect(frame.locator(".preview-banner")).to_contain_text("not saved yet")
    inside = editor.frame(name="preview-frame")
    assert inside.evaluate("innerWidth") <= 390
    editor.get_by_label("Desktop").check()
    inside.wait_for_function("innerWidth === 1280")
    with editor.expect_popup() as opened:
        frame.get_by_role("link", name="Conditions A to Z").first.press("Enter")
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
    editor.set_viewport_size({"width": 1280, "height": 6000})  # all rows in sight
    open_form(editor, "information", "privacy")
    before = headings(editor)
    assert len(before) >= 3
    down = editor.get_by_role("button", name=f"Move down: Section: {before[0]}")
    down.press("Enter")
    expect(editor.locator("#rows-said")).to_contain_text(f"now 2 of {len(before)}")
    expect(editor.locator("#rows-said")).to_contain_text(before[0])
    expect(down).to_be_focused()
    sections(editor).nth(2).locator(".handle").hover()
    editor.mouse.down()
    place = sections(editor).first.bounding_box()
    # A browser says that something is dragged over a place from the second move on.
    editor.mouse.move(place["x"] + 40, place["y"] + 10, steps=5)
    editor.mouse.up()
    wanted = [before[2], before[1], before[0], *before[3:]]
    expect(sections(editor).first.get_by_label("Heading")).to_have_value(before[2])
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
    open_form(first, "condition", "spinal-tumours")
    expect(first.locator("#presence")).to_be_empty()
    open_form(second, "condition", "spinal-tumours")
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

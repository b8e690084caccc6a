"""A guest reviews a version on a phone, without an account and without scripts."""

import pytest
from playwright.sync_api import expect

from tests.browser.pages import ADMIN, address

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def test_a_guest_approves_on_a_phone_without_scripts_and_the_editor_sees_it(sign_in, open_page):
    editor = sign_in("paula")
    ADMIN["guest-link"](editor)
    link = editor.get_by_label("Address").input_value()

    guest = open_page(viewport=PHONE, java_script_enabled=False)
    assert guest.goto(link).headers["referrer-policy"] == "no-referrer"
    expect(guest.get_by_role("heading", level=1)).to_have_text("Herniated disc")
    guest.get_by_label("Your name").fill("Dr Ng")
    guest.get_by_label("Your role").fill("Neurologist")
    guest.get_by_role("button", name="I approve version 1").click()
    expect(guest.get_by_text("Dr Ng, Neurologist, approved on")).to_be_visible()
    assert guest.context.cookies() == []

    editor.goto(address(editor.request, ("condition", "slipped-disc", "change/")))
    state = editor.locator(".page-state")
    expect(state).to_contain_text("Signed off by Dr Ng, Neurologist (guest)")

    state.get_by_text("Links for guests").click()
    state.get_by_role("link", name="Take back").first.click()
    editor.get_by_role("button", name="Take back").click()
    expect(editor.locator(".messagelist .success")).to_have_text("The link no longer opens.")
    assert guest.goto(link).status == 410

"""Editors change a page with the keyboard and the mouse; patients see it once it is published."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

pytestmark = pytest.mark.browser


def open_form(page: Page, key: str) -> None:
    """Look for a condition in the list, and open its form."""
    page.goto("/admin/causes/condition/")
    page.fill("#searchbar", key)
    page.press("#searchbar", "Enter")
    page.locator("#result_list .field-title a").first.click()
    expect(page.locator(".field-key .readonly")).to_have_text(key)


def rich_text(row: Locator) -> Locator:
    """The rich text editor of a section."""
    return row.locator(".field-body [contenteditable=true]")


def sections(page: Page) -> Locator:
    return page.locator("#sections-group .inline-related:not(.empty-form)")


def add_row(page: Page, group: str, link: str) -> Locator:
    """Click "Add another …"; returns the new row."""
    rows = page.locator(f"#{group}-group .dynamic-{group}")
    count = rows.count()
    page.locator(f"#{group}-group").get_by_text(link).click()
    expect(rows).to_have_count(count + 1)
    return rows.last


def save(page: Page) -> None:
    page.locator(".submit-row [name=_continue]").first.click()
    expect(page.locator(".messagelist .success")).to_be_visible()


def publish(page: Page) -> None:
    page.get_by_role("button", name="Save and publish…").first.click()
    page.get_by_label("New evidence").check()
    page.get_by_label("What changed in the advice, and why").fill("New in this version.")
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messagelist .success")).to_contain_text("Patients now see version")


@pytest.fixture
def patient(open_page: Callable[..., Page]) -> Page:
    """A reader who is not signed in."""
    return open_page()


def read(patient: Page, path: str) -> str:
    patient.goto(path)
    return patient.content()


def test_an_editor_changes_a_page_and_patients_see_it_once_it_is_published(sign_in, patient):
    places = ["/conditions/spinal-stenosis/", "/tags/saddle-area/", "/conditions/"]
    before = [read(patient, place) for place in places]
    editor = sign_in("paula")
    open_form(editor, "spinal-stenosis")

    first = rich_text(sections(editor).first)
    first.click()
    first.press("Control+End")
    first.press_sequentially(" Typed at the end.")

    row = add_row(editor, "sections", "Add another Section")
    row.get_by_label("Heading").fill("A new heading")
    rich_text(row).click()
    rich_text(row).press_sequentially("A new paragraph.")
    rich_text(row).press("Control+a")
    row.get_by_role("button", name="insert link").click()
    editor.locator("dialog [name=href]").fill("page:sciatica")
    editor.locator("dialog [type=submit]").click()

    row = add_row(editor, "alternatenames", "Add another Name")
    row.locator("[name$=-name]").fill("Narrow spinal canal")

    editor.locator(".field-tags .select2-selection").click()
    editor.locator(".field-tags .select2-search__field").press_sequentially("groin")
    editor.locator(".select2-results__option", has_text="Saddle area").click()

    save(editor)
    expect(editor.locator(".page-state")).to_contain_text("; the draft is version 2.")
    expect(rich_text(sections(editor).last)).to_have_text("A new paragraph.")
    expect(editor.locator(".field-tags")).to_contain_text("Saddle area")
    assert [read(patient, place) for place in places] == before

    publish(editor)
    page, tag, a_to_z = (read(patient, place) for place in places)
    for words in ("Typed at the end.", "A new heading", "Narrow spinal canal"):
        assert words in page
    assert '<p><a href="/conditions/sciatica/">A new paragraph.</a></p>' in page
    assert 'href="/tags/saddle-area/"' in page
    assert 'href="/conditions/spinal-stenosis/"' in tag
    assert "Narrow spinal canal" in a_to_z


def test_saving_an_untouched_form_changes_nothing_in_the_rich_text(sign_in):
    editor = sign_in("paula")
    open_form(editor, "cauda-equina-syndrome")
    expect(rich_text(sections(editor).last)).to_be_visible()
    save(editor)
    expect(editor.locator(".page-state")).to_contain_text(
        re.compile("Patients see version 1 since .*, which is the newest.")
    )


def test_links_to_pages_survive_editing(sign_in, patient):
    path, target = "/conditions/sciatica/", "/conditions/slipped-disc/"
    editor = sign_in("paula")
    open_form(editor, "sciatica")
    link = 'a[href="page:slipped-disc"]'
    edited = sections(editor).filter(has=editor.locator(f"[contenteditable=true] {link}")).first
    name = edited.locator("textarea[name$=-body]").get_attribute("name")
    rich_text(edited).click()
    rich_text(edited).press("Control+End")
    rich_text(edited).press_sequentially(" Typed beside the link.")
    save(editor)

    kept = editor.locator(f"textarea[name={name}]").input_value()
    assert "Typed beside the link." in kept
    assert 'href="page:slipped-disc"' in kept
    publish(editor)
    patient.goto(path)
    section = patient.locator("section", has_text="Typed beside the link.").last
    expect(section.locator(f'a[href="{target}"]').first).to_be_visible()


def test_of_two_editors_with_the_same_page_both_texts_survive(sign_in, patient):
    path = "/conditions/stroke/"
    before = read(patient, path)
    first, second = sign_in("paula"), sign_in("ada")
    for editor in (first, second):
        open_form(editor, "stroke")
    first.get_by_label("Summary").fill("The first summary.")
    save(first)

    second.get_by_label("Summary").fill("The second summary.")
    typed = rich_text(sections(second).first)
    typed.click()
    typed.press("Control+End")
    typed.press_sequentially(" Typed by the second.")
    second.locator(".submit-row [name=_continue]").first.click()

    expect(second.locator(".messagelist .warning")).to_contain_text("paula saved version 2")
    clash = second.locator(".clash")
    expect(clash).to_have_count(1)
    expect(clash).to_contain_text("The first summary.")
    expect(clash).to_contain_text("The second summary.")
    first.reload()
    expect(first.get_by_label("Summary")).to_have_value("The first summary.")
    expect(first.locator(".page-state")).to_contain_text("; the draft is version 2.")

    clash.get_by_label("Take mine").check()
    second.get_by_role("button", name="Save").click()
    expect(second.get_by_label("Summary")).to_have_value("The second summary.")
    expect(rich_text(sections(second).first)).to_contain_text("Typed by the second.")

    first.get_by_label("Title").first.fill("Stroke (brain)")
    save(first)
    expect(first.locator(".messagelist")).to_contain_text("Both texts are kept, in version 5")
    expect(first.get_by_label("Summary")).to_have_value("The second summary.")
    assert read(patient, path) == before


def test_an_author_is_not_offered_to_publish(sign_in):
    author = sign_in("ada")
    open_form(author, "diabetes")
    author.get_by_label("Summary").fill("A new summary.")
    save(author)
    expect(author.locator(".page-state")).to_contain_text("; the draft is version 2.")
    for role in ("link", "button"):
        expect(author.get_by_role(role, name=re.compile("publish|Withdraw"))).to_have_count(0)


def test_a_publisher_withdraws_a_page_and_patients_are_told(sign_in, patient):
    path = "/conditions/kidney-disease/"
    assert "Kidney disease" in read(patient, path)
    editor = sign_in("paula")
    open_form(editor, "kidney-disease")
    editor.get_by_role("link", name="Withdraw…").click()
    editor.get_by_label("Why:", exact=True).fill("It is wrong.")
    editor.get_by_role("button", name="Withdraw").click()
    expect(editor.locator(".messagelist .success")).to_contain_text("The page is withdrawn.")
    answer = patient.request.get(path)
    assert answer.status == 410
    assert "Kidney disease" not in answer.text()


def test_every_kind_of_screen_opens_without_a_complaint(sign_in):
    editor = sign_in("paula")
    for kind in ("symptom", "category", "condition", "information", "page", "source", "tag"):
        editor.goto(f"/admin/causes/{kind}/")
        expect(editor.locator("#result_list")).to_be_visible()
        if kind != "page":
            editor.goto(f"/admin/causes/{kind}/add/")
            expect(editor.locator(".submit-row").first).to_be_visible()
    editor.goto("/admin/causes/category/?q=nerve-compression")
    editor.locator("#result_list .field-title a").click()
    expect(editor.locator("#causes-group")).to_be_visible()
    editor.locator("#causes-group summary").first.click()
    expect(editor.locator("#causes-group .field-how [contenteditable=true]").first).to_be_visible()

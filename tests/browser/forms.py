"""What an editor does in the form of a page, with a real browser."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.served import PASSWORD


def open_form(page: Page, kind: str, words: str) -> None:
    page.goto(f"/admin/causes/{kind}/?q={words}")
    page.locator("#result_list tbody th a").first.click()
    expect(page.locator(".page-actions")).to_be_visible()
    page.wait_for_load_state()  # from then on the scripts listen


def sections(page: Page) -> Locator:
    return page.locator("#sections-group .inline-related:not(.empty-form)")


def headings(page: Page) -> list[str]:
    return [row.get_by_label("Heading").input_value() for row in sections(page).all()]


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
    page.wait_for_load_state()  # the message stands above rows that are still arriving


def fill_sign_in(page: Page) -> None:
    page.fill("[name=username]", "paula")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")

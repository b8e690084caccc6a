"""Readers find what they look for, with and without JavaScript, on a phone, and are not tracked."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PAGES = [
    "/",
    "/symptoms/",
    "/symptoms/leg-numbness/",
    "/symptoms/leg-numbness/?tag=foot&tag=burning",
    "/symptoms/leg-numbness/nerve-compression/",
    "/conditions/",
    "/conditions/slipped-disc/",
    "/conditions/multiple-sclerosis/",
    "/tags/",
    "/tags/saddle-area/",
    "/search/?q=numb+foot",
    "/search/?q=cant+hold+my+urine",
    "/search/?q=numbnes+in+feet",
    "/search/?q=nothing+of+the+kind",
    "/about/accessibility/",
]
NARROW_PHONE = {"width": 320, "height": 640}


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def reader(request, open_page) -> Page:
    page = open_page(java_script_enabled=request.param)
    page.goto("/")
    return page


def follow(page: Page, name: str) -> None:
    """Click the link of this name in the main part."""
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


def listed(page: Page) -> list[str]:
    """The titles in the page's lists of pages."""
    return page.get_by_role("main").locator(".page-list > li > a").all_inner_texts()


def test_a_reader_finds_a_condition_by_narrowing_a_symptoms_causes(reader):
    follow(reader, "Leg numbness")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Leg numbness")
    all_causes = listed(reader)
    assert {"Meralgia paresthetica", "Herniated disc", "Stroke"} <= set(all_causes)
    emergency = reader.get_by_role("heading", name="now if").first
    expect(emergency).to_be_visible()

    reader.get_by_role("main").get_by_role("link", name="Outer thigh 1 cause").click()
    assert "Meralgia paresthetica" in listed(reader)
    assert len(listed(reader)) < len(all_causes)
    assert "Stroke" not in listed(reader)
    expect(emergency).to_be_visible()
    expect(reader.get_by_role("main")).to_contain_text("This is not a diagnosis")

    follow(reader, "Meralgia paresthetica")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Meralgia paresthetica")
    assert reader.url.endswith("/conditions/meralgia-paraesthetica/")


def test_a_reader_finds_a_condition_by_tag(reader):
    follow(reader, "Tags")
    follow(reader, "Saddle area")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Saddle area")
    assert "Carpal tunnel syndrome" not in listed(reader)
    follow(reader, "Cauda equina syndrome")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Cauda equina syndrome")


def test_a_reader_finds_a_condition_in_the_a_to_z_by_another_name(reader):
    follow(reader, "Conditions A to Z")
    follow(reader, "P")
    expect(reader.get_by_role("heading", name="P", exact=True)).to_be_in_viewport()
    entry = reader.get_by_role("listitem").filter(has_text=re.compile("^prolapsed disc, see"))
    entry.get_by_role("link").click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Herniated disc")


def test_a_reader_finds_a_condition_by_searching(reader):
    words = "prolapsed disk"
    box = reader.get_by_role("main").get_by_label("Symptom, condition or question")
    box.fill(words)
    box.press("Enter")
    expect(reader.get_by_role("heading", level=2).first).to_contain_text(words)
    assert listed(reader)[0] == "Herniated disc"
    follow(reader, "Herniated disc")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Herniated disc")


def test_a_reader_comes_back_home_by_the_way_that_each_page_shows(reader):
    reader.goto("/conditions/slipped-disc/")
    reader.get_by_role("navigation", name="Breadcrumb").get_by_role("link").first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("What may cause your symptom")


def test_readers_get_no_cookie_and_nothing_is_kept_in_their_browser(open_page):
    page = open_page()
    for path in PAGES:
        page.goto(path)
        kept = page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]")
        assert kept == [0, 0, ""], path
    assert page.context.cookies() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_narrow_phone(scheme, open_page):
    page = open_page(viewport=NARROW_PHONE, color_scheme=scheme, is_mobile=True, has_touch=True)
    for path in PAGES:
        page.goto(path)
        widths = page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert widths == [NARROW_PHONE["width"]] * 2, path


def test_the_emergency_card_is_the_first_thing_on_a_phone(open_page):
    page = open_page(viewport={"width": 390, "height": 844}, is_mobile=True)
    page.goto("/conditions/cauda-equina-syndrome/")
    expect(page.get_by_role("heading", name="now if").first).to_be_in_viewport()


def test_the_skip_link_is_the_first_stop_and_leads_to_the_main_content(open_page):
    page = open_page()
    page.goto("/conditions/slipped-disc/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the main content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

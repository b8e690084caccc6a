"""`make screenshots`: the pictures of the README's tour, taken from the shipped site."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.served import PASSWORD, QUIET, ROOT, served
from tests.environment import chromium

FOLDER = ROOT / "docs/screenshots"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True}
DESKTOP = {"viewport": {"width": 1280, "height": 900}}
# name of the file, address (a fragment scrolls to its element), window, colour scheme
PUBLIC = [
    ("home-desktop", "/", DESKTOP, "light"),
    ("symptom-phone", "/symptoms/leg-numbness/", PHONE, "light"),
    ("symptom-phone-dark", "/symptoms/leg-numbness/", PHONE, "dark"),
    ("symptom-desktop", "/symptoms/leg-numbness/", DESKTOP, "light"),
    (
        "narrowed-desktop",
        "/symptoms/leg-numbness/?tag=one-leg&tag=sudden#narrow",
        DESKTOP,
        "light",
    ),
    ("condition-phone", "/conditions/meralgia-paraesthetica/", PHONE, "light"),
    ("condition-desktop-dark", "/conditions/cauda-equina-syndrome/", DESKTOP, "dark"),
    ("search-desktop", "/search/?q=slipped+disk", DESKTOP, "light"),
]


def take_all(browser: Browser, address: str) -> None:
    """Write every picture to FOLDER."""
    for name, path, window, scheme in PUBLIC:
        page = browser.new_page(base_url=address, color_scheme=scheme, **window)
        page.goto(path)
        page.screenshot(path=FOLDER / f"{name}.png")
        page.close()
    page = browser.new_page(base_url=address, **DESKTOP)
    page.goto("/admin/")
    page.fill("[name=username]", "paula")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")
    page.goto("/admin/causes/condition/?q=herniated")
    page.click("#result_list tbody th a")
    page.wait_for_selector("[contenteditable=true]")
    page.screenshot(path=FOLDER / "admin-desktop.png")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), EMERGENCY_NUMBER="112") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        take_all(browser, address)
        browser.close()


if __name__ == "__main__":
    main()

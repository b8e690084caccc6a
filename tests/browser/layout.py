"""Does everything fit: on a narrow window, zoomed in, and with the text set wider."""

from pathlib import Path

from playwright.sync_api import Page

NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 320, "height": 256}  # 1280 × 1024 at 400 %
PROBE = Path(__file__).with_name("probes").joinpath("layout.js").read_text("utf-8")
# WCAG 2.2, 1.4.12: what readers may set without losing anything.
TEXT_SPACING = """
* {
    line-height: 1.5 !important;
    letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important;
}
p { margin-block-end: 2em !important; }
"""
ADOPT = """css => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets.push(sheet);
}"""


def misfits(page: Page) -> list[str]:
    """Sideways scrolling; text outside of the window, cut off, or on other text."""
    return page.evaluate(PROBE)


def space_text(page: Page) -> None:
    """Set the text as wide as readers may; as an adopted sheet, which the policy lets through."""
    page.evaluate(ADOPT, TEXT_SPACING)

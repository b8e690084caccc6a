"""What a page is on paper: the text of the PDF that the browser makes, and what is left out."""

import re
from io import BytesIO
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page
from pypdf import PdfReader

PROBE = Path(__file__).with_name("probes").joinpath("printed.js").read_text("utf-8")
# What is for the screen alone: ways to other pages, and what asks to be clicked or typed in.
SCREEN_ONLY = "nav, form, script, style, svg, .panel:not(.answer), .visually-hidden, .report"
NAVIGATION = "nav a, form, .skip-link"


def _letters(text: str) -> str:
    """Without white space and hyphens: a printed line may end anywhere."""
    return re.sub(r"[\s\u00ad\u200b\u2010-]+", "", text).casefold()


def printed(page: Page) -> list[str]:
    """The letters on each sheet."""
    sheets = PdfReader(BytesIO(page.pdf(format="A4"))).pages
    return [_letters(sheet.extract_text()) for sheet in sheets]


def missing(page: Page) -> list[str]:
    """Texts of the main part that are not on the paper."""
    sheets = printed(page)
    texts = page.evaluate(PROBE, SCREEN_ONLY)
    return [text for text in texts if not _is_on(sheets, _letters(text))]


def _is_on(sheets: list[str], letters: str) -> bool:
    """Is it on one sheet, or does it go on on the next one (below a foot, or a page number)?"""
    return any(letters in sheet for sheet in sheets) or any(
        letters[:cut] in sheet and letters[cut:] in following
        for sheet, following in pairwise(sheets)
        for cut in range(1, len(letters))
    )


def navigation(page: Page) -> list[str]:
    """The parts that lead to other pages or ask for clicks, and are on the paper all the same."""
    page.emulate_media(media="print")
    shown = f"""[...document.querySelectorAll("{NAVIGATION}")]
        .filter((element) => element.checkVisibility() && element.getClientRects().length)
        .map((element) => element.outerHTML.slice(0, 120))"""
    found = page.evaluate(shown)
    page.emulate_media(media="screen")
    return found

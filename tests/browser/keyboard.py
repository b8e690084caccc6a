"""A walk through a page with the Tab key: what is reached, in which order, and can it be seen."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page

PROBES = Path(__file__).with_name("probes")
STOPS = (PROBES / "stops.js").read_text("utf-8")
STOP = (PROBES / "stop.js").read_text("utf-8")
MOST_STOPS_IN_ONE = 8
WIDGETS = ".prose-editor, .select2-container"  # the frame of what is focused inside shows it
MARGIN = 8  # pixels around an element in which a focus ring may show


@dataclass
class Walk:
    """What was met; ``troubles`` has a line for each thing that is wrong."""

    reached: list[str] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)


def walk(page: Page) -> Walk:
    """From the top of the page, Tab by Tab, until the focus leaves it."""
    found = Walk()
    found.troubles += [f"positive tabindex: {name}" for name in page.evaluate(STOPS)]
    names = page.evaluate("stops.map(nameOf)")
    places: list[int] = []
    for _stop in range(2 * len(names) + 50):
        page.keyboard.press("Tab")
        stop = page.evaluate(STOP)
        if stop is None or stop["place"] == places[:1]:
            break
        if stop["place"] < 0 or stop["place"] not in places:
            _judge(page, stop, found.troubles)
        found.reached.append(stop["name"])
        if stop["place"] >= 0:
            places.append(stop["place"])
        # A date has a stop for its day, month, year and picker.
        if places.count(stop["place"]) > MOST_STOPS_IN_ONE:
            found.troubles.append(f"the focus is trapped at {stop['name']}")
            return found
    else:
        found.troubles.append("the focus never leaves the page")
    if places != sorted(places):
        found.troubles.append("the focus does not follow the document's order")
    missed = [name for place, name in enumerate(names) if place not in places]
    found.troubles += [f"never reached: {name}" for name in missed]
    return found


def _judge(page: Page, stop: dict, troubles: list[str]) -> None:
    name = stop["name"]
    if not stop["control"]:
        troubles.append(f"reached, but no control: {name}")
    if stop["covers"]:
        troubles.append(f"covered by {', '.join(stop['covers'])}: {name}")
    elif not stop["differs"] and not _looks_different(page):
        troubles.append(f"the focus cannot be seen: {name}")


def _looks_different(page: Page) -> bool:
    """Do the pixels at the focused element change when it loses the focus?"""
    box = page.evaluate(
        """(widgets) => {
            const element = document.activeElement;
            return (element.closest(widgets) ?? element).getBoundingClientRect();
        }""",
        WIDGETS,
    )
    window = page.viewport_size
    left, top = max(0, box["x"] - MARGIN), max(0, box["y"] - MARGIN)
    clip = {
        "x": left,
        "y": top,
        "width": min(window["width"], box["x"] + box["width"] + MARGIN) - left,
        "height": min(window["height"], box["y"] + box["height"] + MARGIN) - top,
    }
    page.evaluate("window.focused = document.activeElement")
    with_focus = page.screenshot(clip=clip, caret="hide", animations="disabled")
    page.evaluate("focused.blur()")
    without = page.screenshot(clip=clip, caret="hide", animations="disabled")
    page.evaluate("focused.focus({focusVisible: true, preventScroll: true})")
    return with_focus != without

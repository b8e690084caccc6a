"""axe-core, the accessibility checker of Deque, asked about the page that is open."""

import base64
from collections.abc import Iterable
from pathlib import Path

from playwright.sync_api import Page

from tests.environment import checker

CONTRAST = Path(__file__).with_name("probes").joinpath("contrast.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOUR_RULES = ["color-contrast", "link-in-text-block"]  # all that colours can break
# (rule, selector, reason): what is not ours to mend. The selector says where, the rule elsewhere.
Excuse = tuple[str, str, str]

ASK = """async ([rules, excuses]) => {
    document.getAnimations().forEach((animation) => animation.finish());
    const { violations, incomplete } = await axe.run(document, {
        runOnly: rules, resultTypes: ["violations", "incomplete"], elementRef: true,
    });
    const isExcused = (id, element) => excuses.some(
        ([rule, selector]) => rule === id && element.matches(selector));
    const named = (id, { html }) => `${id}: ${html.replace(/\\s+/g, " ").slice(0, 160)}`;
    const why = ({ any, all, none }) => [...any, ...all, ...none][0].message;
    const undecided = incomplete.filter(({ id }) => id === "color-contrast");
    window.undecided = undecided.flatMap(({ id, nodes }) => nodes.map((node) => ({
        element: node.element, name: named(id, node),
        least: parseFloat(node.any[0].data?.expectedContrastRatio ?? 4.5),
    })));
    return violations.flatMap(({ id, nodes }) => nodes
        .filter(({ element }) => !isExcused(id, element))
        .map((node) => `${named(id, node)}: ${why(node)}`));
}"""

# On the picture of a whole page, what sticks to the window would lie over other words.
UNSTICK = """() => {
    const isStuck = (element) => getComputedStyle(element).position === "sticky";
    window.stuck = [...document.querySelectorAll("body *")].filter(isStuck);
    stuck.forEach((element) => element.style.setProperty("position", "static"));
}"""


def failures(page: Page, excuses: Iterable[Excuse] = (), *, rules: list[str] = RULES) -> list[str]:
    """What axe finds: the rule, the element, and what is wrong with it.

    Contrasts that axe leaves undecided, as over drawings, are measured.
    """
    _load(page)
    found = page.evaluate(ASK, [rules, list(excuses)])
    if page.evaluate("undecided.length"):
        page.evaluate(UNSTICK)
        picture = base64.b64encode(page.screenshot(full_page=True)).decode()
        found += page.evaluate(f"(picture) => ({CONTRAST})([picture, undecided])", picture)
        page.evaluate("stuck.forEach((element) => element.style.removeProperty('position'))")
    return found


def rules_run(page: Page) -> set[str]:
    """The names of the rules that are asked for."""
    _load(page)
    return set(page.evaluate("tags => axe.getRules(tags).map(rule => rule.ruleId)", RULES))


def _load(page: Page) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(checker("axe-core/axe.min.js").read_text("utf-8"))


def failures_in_every_look(page: Page, excuses: Iterable[Excuse] = ()) -> list[str]:
    """What axe finds, narrow and wide, light and dark; each once."""
    looks: dict[str, list[str]] = {}
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        for scheme, rules in (("light", RULES), ("dark", COLOUR_RULES)):
            page.emulate_media(color_scheme=scheme)
            for line in dict.fromkeys(failures(page, excuses, rules=rules)):
                looks.setdefault(line, []).append(f"{scheme} {width}")
    return [f"{line} ({', '.join(seen)})" for line, seen in looks.items()]

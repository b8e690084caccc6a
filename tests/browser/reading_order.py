"""What a screen reader meets, from top to bottom: Chromium's own accessibility tree.

    python -m tests.browser.reading_order ADDRESS…

prints it for pages of a running site.
"""

import sys
from typing import NamedTuple

from playwright.sync_api import Page, sync_playwright

from tests.browser.served import QUIET
from tests.environment import chromium

CONTROLS = {
    *("button", "checkbox", "combobox", "link", "listbox", "menuitem", "option", "radio"),
    *("searchbox", "slider", "spinbutton", "switch", "tab", "textbox", "DisclosureTriangle"),
}
# Said as part of something else, or only of use to programs.
SILENT = {"InlineTextBox", "none", "generic", "ListMarker", "LineBreak"}


class Node(NamedTuple):
    role: str
    name: str
    level: int  # of a heading
    depth: int

    def __str__(self) -> str:
        level = f" {self.level}" if self.level else ""
        return f"{'  ' * self.depth}{self.role}{level}: {self.name}"


def reading_order(page: Page) -> list[Node]:
    """The nodes that are not hidden, in reading order."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    found: list[Node] = []

    def visit(node: dict, depth: int) -> None:
        role = node.get("role", {}).get("value", "none")
        heard = not node["ignored"] and role not in SILENT
        if heard:
            properties = {p["name"]: p["value"].get("value") for p in node.get("properties", [])}
            name = node.get("name", {}).get("value", "")
            found.append(Node(role, " ".join(name.split()), properties.get("level", 0), depth))
        for child in node.get("childIds", []):
            if child in by_id:
                visit(by_id[child], depth + heard)

    visit(nodes[0], 0)
    return found


def nameless(nodes: list[Node]) -> list[Node]:
    """The controls without a name."""
    return [node for node in nodes if node.role in CONTROLS and not node.name]


def headings(nodes: list[Node]) -> list[str]:
    return [node.name for node in nodes if node.role == "heading"]


def main(addresses: list[str]) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=QUIET)
        page = browser.new_page()
        for address in addresses:
            page.goto(address)
            print(address, *reading_order(page), "", sep="\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])

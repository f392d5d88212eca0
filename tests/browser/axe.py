"""What axe-core finds on a page, as lines a person can read."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],  # of what passes only a count comes back, which is far quicker
}


def faults(page: Page) -> list[str]:
    """One line per fault: its rule, where, and what axe says of it. The page is whole first."""
    page.wait_for_load_state()
    found = Axe().run(page, options=RULES)
    return [
        f"{violation['id']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]

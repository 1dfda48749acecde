"""Runs axe-core in a page."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[3] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Colours half way between two states are nobody's: what moves to an end is waited for.
RUN = """async tags => {
    const moving = document.getAnimations().filter(one => isFinite(one.effect.getComputedTiming().endTime));
    await Promise.allSettled(moving.map(one => one.finished));
    const found = await axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return found.violations.flatMap(rule => rule.nodes.map(
        node => [rule.id, ...node.target, ...node.any.concat(node.all).map(check => check.message)].join(' '),
    ));
}"""


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What breaks WCAG 2.2 A or AA on the page as it is now: rule, element, why."""
    page.evaluate(_source())
    found: list[str] = page.evaluate(RUN, TAGS)
    return found

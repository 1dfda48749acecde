"""Runs axe-core in a page.

Many screens are walked through twice, not four times: each language and each scheme sees every screen. What a
scheme can break, its colours, is the same in both languages; what a language can break, its words, in both
schemes.
"""

from functools import cache
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).parents[3] / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
LOOKS = [("zh-CN", "light"), ("en", "dark")]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

# Colours half way between two states are nobody's: what moves to an end is waited for.
RUN = """async tags => {
    const moving = document.getAnimations().filter(one => isFinite(one.effect.getComputedTiming().endTime));
    await Promise.allSettled(moving.map(one => one.finished));
    const found = await axe.run(document, {
        runOnly: { type: 'tag', values: tags },
        resultTypes: ['violations'],  // of all that is in order nothing is written down
    });
    return found.violations.flatMap(rule => rule.nodes.map(
        node => [rule.id, ...node.target, ...node.any.concat(node.all).map(check => check.message)].join(' '),
    ));
}"""


@cache
def _source() -> str:
    return AXE.read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What breaks WCAG 2.2 A or AA on the page as it is now: rule, element, why."""
    if not page.evaluate("'axe' in window"):  # a page keeps it until another is loaded
        page.evaluate(_source())
    found: list[str] = page.evaluate(RUN, TAGS)
    return found

"""Waits for what only the page knows.

The way Playwright has for it asks a second time by making code of text, which our pages forbid by their
policy: it fails just where there is something to wait for.
"""

from playwright.sync_api import Page

WITHIN_MS = 30_000
ASK = """async () => {{
  const until = performance.now() + {within_ms};
  while (!({condition})) {{
    if (performance.now() > until) throw new Error('in vain');
    await new Promise((again) => setTimeout(again, 20));
  }}
}}"""


def wait_until(page: Page, condition: str) -> None:
    """Until an expression of JavaScript is true in the page."""
    page.evaluate(ASK.format(condition=condition, within_ms=WITHIN_MS))

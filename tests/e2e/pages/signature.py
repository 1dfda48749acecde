"""A finger on the pad of the customer's page."""

from playwright.sync_api import Page


def draw(page: Page) -> None:
    """A stroke across the pad."""
    page.wait_for_load_state()  # the pad listens by then
    pad = page.locator("canvas")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 60)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(box["x"] + 30 + step * 20, box["y"] + 60 + (step % 3) * 25)
    page.mouse.up()

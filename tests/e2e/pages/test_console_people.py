"""The office's people: a phone signed in from the screen, and hours changed by hand."""

import datetime as dt

from playwright.sync_api import expect

from tests.browsing import signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.journeys.phone import Phone
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import PASSWORD, Console
from tests.servers import LiveServer

VENDOR = "xunda"


def the_day_after_today(server: LiveServer) -> dt.date:
    """Of the day the demo company plays; nobody has visits then."""
    with signed_in(server.url, VENDOR, PASSWORD) as client:
        first = client.get("/api/technicians").json()[0]["first_day"]
    return dt.date.fromisoformat(first) + dt.timedelta(days=1)


def test_a_vendor_pairs_a_phone_and_gives_a_day_other_hours(
    shared_server: LiveServer, desktop_context: ContextFactory, phone_context: ContextFactory
) -> None:
    """The shown code, typed, signs the technician's phone in; the changed hours are in the week's strip."""
    console = Console(desktop_context(locale="en-GB").new_page(), shared_server.url)
    page = console.page
    console.open_day(VENDOR)
    page.get_by_role("link", name="Technicians").click()
    pair = page.get_by_role("button", name="Pair a phone").first
    name = str(pair.get_attribute("aria-label")).removeprefix("Pair a phone: ")
    pair.click()
    dialog = page.get_by_role("dialog", name=f"Pair a phone: {name}")
    expect(dialog.get_by_role("img", name="QR code to sign in")).to_be_visible()
    expect(dialog.get_by_role("timer")).to_contain_text("Good for another 14:")
    assert violations(page) == []
    code = dialog.locator(".typed strong").inner_text()
    page.keyboard.press("Escape")
    expect(pair).to_be_focused()

    phone = Phone(phone_context().new_page(), shared_server.url)
    phone.page.goto(f"{shared_server.url}/technician/")
    phone.page.locator("input[name=code]").fill(code.lower().replace("-", " "))
    phone.page.keyboard.press("Enter")
    expect(phone.chip).to_be_visible()
    phone.page.evaluate("location.hash = '#/account'")
    expect(phone.page.get_by_text(name)).to_be_visible()

    page.get_by_role("button", name=f"Change shifts: {name}").click()
    dialog = page.get_by_role("dialog", name=f"Shifts: {name}")
    tomorrow = the_day_after_today(shared_server)
    if tomorrow.weekday() == 0:
        dialog.get_by_role("button", name="Week after").click()
    dialog.get_by_role("button", name=f"Day off: {tomorrow:%a}").click()
    dialog.get_by_role("button", name=f"Add hours: {tomorrow:%a}").click()
    dialog.get_by_label("Begins").fill("07:10")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("07:10–")).to_be_visible()
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("region", name=f"{name}: The next seven days")).to_contain_text("07:10")

"""The brand offers a job to a vendor, whose own dispatcher takes it and sends one of their people."""

from playwright.sync_api import expect

from tests.browsing import LiveStream, signed_in
from tests.e2e.conftest import ContextFactory
from tests.e2e.journeys.scene import Scene
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import PASSWORD, Console

VENDOR, RIVAL = "xunda", "anju"
AIR_CONDITIONER = "SM-AC35"


def test_a_vendor_takes_what_it_is_offered_and_sends_its_own(
    scene: Scene, desktop_context: ContextFactory
) -> None:
    """Both boards show whom the vendor sent; a rival vendor's board and stream know nothing of it."""
    job_id = scene.order("maintain", 13, AIR_CONDITIONER)
    number = str(scene.read(job_id)["sheet"]["number"])
    address = f"#/day?region={scene.office.region['id']}&day={scene.day}"
    brand = Console(desktop_context().new_page(), scene.server.url)
    vendor = Console(desktop_context(locale="en-GB").new_page(), scene.server.url)
    for console, login in ((brand, "dispatcher"), (vendor, VENDOR)):
        console.open_day(login)
        console.go(address)
        expect(console.rows.first).to_be_visible()
    expect(vendor.rows).to_have_count(5)
    with signed_in(scene.server.url, RIVAL, PASSWORD) as rival, LiveStream(rival) as overheard:
        offer_to_vendor(brand, number)
        expect(vendor.page.get_by_text("1 job is offered to you")).to_be_visible()
        assert violations(vendor.page) == []
        vendor.page.get_by_role("button", name="Accept").click()
        expect(vendor.panel(number)).to_be_visible()
        expect(vendor.page.get_by_text("1 job taken, nobody sent yet")).to_be_visible()
        assert violations(vendor.page) == []
        send_somebody(vendor)
        expect(vendor.bar(job_id)).to_be_visible()
        expect(vendor.page.get_by_text("nobody sent yet")).to_have_count(0)
        # Once the brand's own board knows where the visit lies, finding it scrolls there.
        expect(brand.panel(number).get_by_text("待接单", exact=True)).to_be_visible()
        brand.page.keyboard.press("Escape")
        expect(brand.panel(number)).to_have_count(0)
        brand.find(number)
        expect(brand.bar(job_id)).to_be_visible()
        # The rival hears of its own affairs alone: the next thing it is told is what it asks for itself.
        where = {"window": "w", "region_id": scene.office.region["id"], "day": scene.day.isoformat()}
        rival.post("/api/presence", json=where).raise_for_status()
        assert overheard.next_change()["entity"] == "presence"
        assert rival.get(f"/api/jobs/{job_id}").status_code == 404


def offer_to_vendor(brand: Console, number: str) -> None:
    """Asks the vendor alone."""
    brand.find(number)
    brand.page.get_by_role("button", name="发起派单询问").click()
    sends_its_own = brand.page.get_by_role("checkbox", name="自行派师傅")
    expect(sends_its_own).to_have_count(1)
    chosen = brand.page.get_by_role("checkbox", checked=True)
    while chosen.count() > 0:
        chosen.first.uncheck()
    sends_its_own.check()
    brand.page.get_by_role("button", name="询问 1 人").click()
    expect(brand.panel(number).get_by_text("询问中")).to_be_visible()


def send_somebody(vendor: Console) -> None:
    """Gives the selected job to the best of the vendor's technicians."""
    vendor.page.get_by_role("button", name="Assign", exact=True).click()
    vendor.page.locator("aside form button[type=submit]").click()

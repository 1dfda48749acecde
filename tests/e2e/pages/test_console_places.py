"""Addresses no map knows: a pin, or coordinates typed by hand, make their jobs plannable."""

from playwright.sync_api import expect

from tests.e2e.pages.console import Console, Office


def open_places(console: Console) -> None:
    console.open_day()
    console.go("#/places")
    expect(console.page.get_by_role("heading", name="待定位", level=1)).to_be_visible()


def waiting(office: Office) -> list[str]:
    return [place["id"] for place in office.client.get("/api/places/needs-location").json()]


def test_a_click_on_the_map_places_the_pin_and_saves(console: Console, office: Office) -> None:
    """One click and one button: the address leaves the queue."""
    before = waiting(office)
    open_places(console)
    host = console.page.locator(".leaflet-container")
    expect(host).to_be_visible()
    host.click(position={"x": 300, "y": 200})
    expect(console.page.locator("input[name=coordinates]")).not_to_have_value("")
    console.page.get_by_role("button", name="保存位置").click()
    expect(console.page.get_by_text("已定位")).to_be_visible()
    assert len(waiting(office)) == len(before) - 1


def test_typed_coordinates_of_another_datum_are_converted(console: Console, office: Office) -> None:
    """Coordinates copied from a Chinese map are stored as WGS-84, some hundred metres away."""
    place_id = waiting(office)[0]
    open_places(console)
    console.page.locator("input[name=coordinates]").fill("116.397499，39.908722")
    console.page.get_by_label("坐标系").select_option("gcj02")
    with console.page.expect_response(lambda reply: "/location" in reply.url) as saved:
        console.page.get_by_role("button", name="保存位置").click()
    stored = saved.value.json()
    assert stored["id"] == place_id
    assert 0.0005 < 39.908722 - stored["lat"] < 0.005
    assert 0.003 < 116.397499 - stored["lng"] < 0.01


def test_arrow_keys_move_the_pin(console: Console) -> None:
    """The pin needs no mouse: it takes the focus and follows the arrow keys."""
    open_places(console)
    field = console.page.locator("input[name=coordinates]")
    field.fill("39.908722, 116.397499")
    pin = console.page.get_by_role("button", name="客户位置，方向键移动")
    pin.focus()
    console.page.keyboard.press("ArrowUp")
    lat, lng = (float(part) for part in field.input_value().split(","))
    assert lat > 39.9088
    assert abs(lng - 116.397499) < 0.001


def test_what_is_no_place_cannot_be_saved(console: Console) -> None:
    """A wrong entry is told at once and the button stays shut."""
    open_places(console)
    console.page.locator("input[name=coordinates]").fill("朝阳区")
    expect(console.page.get_by_text("看不出坐标")).to_be_visible()
    expect(console.page.get_by_role("button", name="保存位置")).to_be_disabled()


def test_an_empty_queue_leads_back_to_the_day(console: Console, office: Office) -> None:
    """Nothing left to locate: the page says so and shows the way on."""
    for place_id in waiting(office):
        reply = office.client.post(
            f"/api/places/{place_id}/location", json={"lat": 39.9, "lng": 116.4, "datum": "wgs84"}
        )
        assert reply.status_code == 200, reply.text
    open_places(console)
    expect(console.page.get_by_role("heading", name="没有待定位的地址")).to_be_visible()
    console.page.get_by_role("link", name="回到排班").click()
    expect(console.rows.first).to_be_visible()

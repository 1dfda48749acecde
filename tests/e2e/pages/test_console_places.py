"""Addresses no map knows: a pin, or coordinates typed by hand, make their jobs plannable."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.console import Console, Office

HEADER = "订单编号,收货人,手机,收货地址,商品名称,数量\n"


@pytest.fixture
def address(office: Office) -> str:
    """An address of this test's own that no map knows, come in with an order."""
    tag = uuid.uuid4().hex[:8]
    address = f"北京市大兴区无名新区{tag}8号楼"
    office.import_orders(f"{HEADER}PIN-{tag},赵云,15400001003,{address},智能门锁 人脸款,1\n")
    return next(place["address"] for place in office.places_waiting() if tag in place["address"])


def open_place(console: Console, address: str) -> None:
    """Opens the queue at one address."""
    console.open_day()
    console.go("#/places")
    console.page.get_by_role("button", name=address).click()
    expect(console.page.get_by_role("heading", name=address)).to_be_visible()


def is_waiting(office: Office, address: str) -> bool:
    return any(place["address"] == address for place in office.places_waiting())


def test_a_click_on_the_map_places_the_pin_and_saves(console: Console, office: Office, address: str) -> None:
    """One click and one button: the address leaves the queue."""
    open_place(console, address)
    host = console.page.locator(".leaflet-container")
    expect(host).to_be_visible()
    host.click(position={"x": 300, "y": 200})
    expect(console.page.locator("input[name=coordinates]")).not_to_have_value("")
    console.page.get_by_role("button", name="保存位置").click()
    expect(console.page.get_by_text("已定位")).to_be_visible()
    assert not is_waiting(office, address)


def test_typed_coordinates_of_another_datum_are_converted(console: Console, address: str) -> None:
    """Coordinates copied from a Chinese map are stored as WGS-84, some hundred metres away."""
    open_place(console, address)
    console.page.locator("input[name=coordinates]").fill("116.397499，39.908722")
    console.page.get_by_label("坐标系").select_option("gcj02")
    with console.page.expect_response(lambda reply: "/location" in reply.url) as saved:
        console.page.get_by_role("button", name="保存位置").click()
    stored = saved.value.json()
    assert stored["address"] == address
    assert 0.0005 < 39.908722 - stored["lat"] < 0.005
    assert 0.003 < 116.397499 - stored["lng"] < 0.01


def test_arrow_keys_move_the_pin(console: Console, address: str) -> None:
    """The pin needs no mouse: it takes the focus and follows the arrow keys."""
    open_place(console, address)
    field = console.page.locator("input[name=coordinates]")
    field.fill("39.908722, 116.397499")
    pin = console.page.get_by_role("button", name="客户位置，方向键移动")
    pin.focus()
    console.page.keyboard.press("ArrowUp")
    expect(field).not_to_have_value("39.908722, 116.397499")
    lat, lng = (float(part) for part in field.input_value().split(","))
    assert lat > 39.9088
    assert abs(lng - 116.397499) < 0.001


def test_what_is_no_place_cannot_be_saved(console: Console, address: str) -> None:
    """A wrong entry is told at once and the button stays shut."""
    open_place(console, address)
    console.page.locator("input[name=coordinates]").fill("朝阳区")
    expect(console.page.get_by_text("看不出坐标")).to_be_visible()
    expect(console.page.get_by_role("button", name="保存位置")).to_be_disabled()


def test_an_empty_queue_leads_back_to_the_day(console: Console, office: Office) -> None:
    """Nothing left to locate: the page says so and shows the way on."""
    for place in office.places_waiting():
        pin = {"lat": 39.9, "lng": 116.4, "datum": "wgs84"}
        reply = office.client.post(f"/api/places/{place['id']}/location", json=pin)
        assert reply.status_code == 200, reply.text
    console.open_day()
    console.go("#/places")
    expect(console.page.get_by_role("heading", name="没有待定位的地址")).to_be_visible()
    console.page.get_by_role("link", name="回到排班").click()
    expect(console.rows.first).to_be_visible()

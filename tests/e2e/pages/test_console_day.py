"""A day on the board and the map: one selection, moves by mouse and keys, and what others do."""

import datetime as dt
import re

from playwright.sync_api import Locator, expect

from tests.e2e.pages.console import Console, Office

QUARTER = dt.timedelta(minutes=15)
# Whether the map has painted something in a colour, said as a style says it.
PAINTED_IN = """(color) => {
  const canvas = document.querySelector('section[data-ready] .leaflet-overlay-pane canvas');
  const [red, green, blue] = color.match(/\\d+/g).map(Number);
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  const near = (at, value) => Math.abs(data[at] - value) <= 3;
  for (let at = 0; at < data.length; at += 4) {
    if (data[at + 3] > 100 && near(at, red) && near(at + 1, green) && near(at + 2, blue)) return true;
  }
  return false;
}"""


def start_of(office: Office, job_id: str) -> dt.datetime:
    """When the server has the job planned."""
    return dt.datetime.fromisoformat(office.job(job_id)["planned"]["start"])


def test_selecting_on_the_board_selects_on_the_map_and_in_the_panel(console: Console, office: Office) -> None:
    """One selection: bar, map, panel and address speak of one job, in one colour by day and by night."""
    job = office.assign_one()
    console.open_day()
    console.bar(job["job_id"]).click()
    expect(console.bar(job["job_id"])).to_have_attribute("aria-selected", "true")
    expect(console.map).to_have_attribute("data-job", job["job_id"])
    panel = console.panel(job["number"])
    expect(panel.get_by_text(job["address"])).to_be_visible()
    expect(panel.get_by_text("为什么这样派")).to_be_visible()
    assert job["job_id"] in console.page.url
    console.page.emulate_media(color_scheme="light")
    expect(console.map).to_have_attribute("data-ready", "true")
    technician = console.board.locator("[data-technician]", has=console.bar(job["job_id"]))
    name = console.board.locator(f"[data-person='{technician.get_attribute('data-technician')}']")
    by_day = swatch_color(name)
    console.page.wait_for_function(PAINTED_IN, arg=by_day)
    console.page.emulate_media(color_scheme="dark")
    expect(name.locator(".swatch")).not_to_have_css("background-color", by_day)
    console.page.wait_for_function(PAINTED_IN, arg=swatch_color(name))


def swatch_color(name: Locator) -> str:
    """A technician's colour beside their name on the board."""
    color: str = name.locator(".swatch").evaluate("(swatch) => getComputedStyle(swatch).backgroundColor")
    return color


def test_selecting_on_the_map_selects_on_the_board(console: Console, office: Office) -> None:
    """A stop chosen on the map is the chosen bar on the board, scrolled into view."""
    job = office.assign_one()
    console.open_day()
    expect(console.bar(job["job_id"])).to_be_visible()
    expect(console.map).to_have_attribute("data-ready", "true")
    console.page.mouse.click(*console.point_on_map(job["lat"], job["lng"]))
    expect(console.map).to_have_attribute("data-job", re.compile(".+"))
    chosen = console.map.get_attribute("data-job")
    if chosen == job["job_id"]:
        expect(console.bar(job["job_id"])).to_have_attribute("aria-selected", "true")
    else:
        expect(console.page.locator("button.side-card[aria-current=true]")).to_have_count(1)


def test_search_finds_by_the_end_of_the_number(console: Console, office: Office) -> None:
    """`/` goes to the search; the last digits of a job's number are enough, Enter selects."""
    job = office.assign_one()
    console.open_day()
    console.page.keyboard.press("/")
    console.page.keyboard.type(job["number"][-4:])
    console.page.keyboard.press("Enter")
    expect(console.panel(job["number"])).to_be_visible()
    expect(console.bar(job["job_id"])).to_have_attribute("aria-selected", "true")


def test_assigning_by_keyboard_through_the_form(console: Console, office: Office) -> None:
    """Who cannot drag assigns through the panel: technician by fit, a start that is free."""
    job, _technician = office.free_slot()
    console.open_day()
    console.find(job["number"])
    panel = console.panel(job["number"])
    panel.get_by_role("button", name="指派", exact=True).press("Enter")
    with console.page.expect_response(lambda reply: reply.url.endswith("/actions")) as assigned:
        panel.locator("form").get_by_role("button", name="指派").press("Enter")
    assert assigned.value.ok, assigned.value.text()
    expect(console.bar(job["job_id"])).to_be_visible()
    assert office.job(job["job_id"])["status"] == "assigned"


def test_dragging_from_the_tray_assigns_at_the_snapped_time(console: Console, office: Office) -> None:
    """A card dropped on a row is that technician's, at a quarter of an hour; what it costs is told before."""
    job, technician = office.free_slot()
    console.open_day()
    console.page.get_by_role("searchbox").fill(job["number"])
    expect(console.cards).to_have_count(1)
    row = console.board.locator(f"[data-technician='{technician['id']}']")
    target, source = row.bounding_box(), console.cards.first.bounding_box()
    assert target is not None
    assert source is not None
    console.page.mouse.move(source["x"] + 40, source["y"] + 20)
    console.page.mouse.down()
    console.page.mouse.move(target["x"] + 480, target["y"] + 20, steps=8)
    expect(console.page.locator(".drag-tip")).to_contain_text(re.compile(r"约 ¥\d+"))
    with console.page.expect_response(lambda reply: reply.url.endswith("/actions")) as assigned:
        console.page.mouse.up()
    assert assigned.value.ok, assigned.value.text()
    bar = row.get_by_role("gridcell")
    expect(bar).to_have_count(1)
    job_id = str(bar.get_attribute("data-job"))
    assert office.job(job_id)["technician_id"] == technician["id"]
    start = start_of(office, job_id)
    assert (start.minute % 15, start.second) == (0, 0)


def test_arrow_keys_move_a_visit_and_u_takes_it_back(console: Console, office: Office) -> None:
    """Two presses are one move of half an hour; `u` puts it back where it was."""
    job_id = office.assign_one()["job_id"]
    before = start_of(office, job_id)
    console.open_day()
    console.bar(job_id).click()
    console.board.focus()
    with console.page.expect_response(lambda reply: reply.url.endswith("/actions")) as moved:
        console.page.keyboard.press("ArrowRight")
        console.page.keyboard.press("ArrowRight")
        console.page.keyboard.press("Enter")
    assert moved.value.ok, moved.value.text()
    assert start_of(office, job_id) - before == 2 * QUARTER
    with console.page.expect_response(lambda reply: reply.url.endswith("/actions")) as undone:
        console.page.keyboard.press("u")
    assert undone.value.ok, undone.value.text()
    assert start_of(office, job_id) == before


def test_a_refused_move_goes_back_and_says_why(console: Console, office: Office) -> None:
    """When the server refuses, the bar returns to where it was and the reason is shown."""
    job = office.assign_one()
    console.open_day()
    console.bar(job["job_id"]).click()
    place = console.bar(job["job_id"]).evaluate("bar => bar.style.marginLeft")
    console.page.route(
        "**/actions",
        lambda route: route.fulfill(
            status=409,
            content_type="application/problem+json",
            body='{"status":409,"title":"Conflict","detail":"","code":"stale"}',
        ),
    )
    console.board.focus()
    console.page.keyboard.press("ArrowRight")
    console.page.keyboard.press("Enter")
    expect(console.page.get_by_text("内容已被别人修改")).to_be_visible()
    expect(console.bar(job["job_id"])).to_have_css("margin-left", place)
    assert office.job(job["job_id"])["planned"]["start"] == job["planned"]["start"]


def test_what_a_colleague_does_appears_without_reloading(console: Console, office: Office) -> None:
    """Another dispatcher's assignment comes over the live stream and is drawn."""
    console.open_day()
    expect(console.page.get_by_text("实时", exact=True)).to_be_visible()
    job = office.assign_one()
    expect(console.bar(job["job_id"])).to_be_visible()


def test_without_a_network_the_day_stays_readable_and_says_so(console: Console, office: Office) -> None:
    """Offline: what is known stays on screen, the loss is told, a change is refused in words."""
    job = office.assign_one()
    console.open_day()
    console.bar(job["job_id"]).click()
    expect(console.panel(job["number"])).to_be_visible()
    console.page.context.set_offline(True)
    expect(console.page.get_by_text("没有网络：可以查看，暂不能修改")).to_be_visible()
    expect(console.bar(job["job_id"])).to_be_visible()
    console.board.focus()
    console.page.keyboard.press("ArrowRight")
    console.page.keyboard.press("Enter")
    expect(console.page.get_by_text("没有网络，没有保存")).to_be_visible()
    console.page.context.set_offline(False)
    expect(console.page.get_by_text("没有网络：可以查看")).to_have_count(0)
    assert office.job(job["job_id"])["planned"]["start"] == job["planned"]["start"]


def test_a_failing_server_says_what_happened_and_lets_one_try_again(console: Console) -> None:
    """The day's error state: what failed, and a button that works once the server does."""
    console.page.route("**/api/board/columns?**", lambda route: route.fulfill(status=503, body=""))
    console.sign_in()
    expect(console.page.get_by_role("heading", name="当天排班加载失败")).to_be_visible()
    console.page.unroute("**/api/board/columns?**")
    console.page.get_by_role("button", name="重试").click()
    expect(console.rows.first).to_be_visible()


def test_shortcuts_are_listed_and_can_be_turned_off(console: Console) -> None:
    """`?` lists the keys; turned off, a letter typed by mistake does nothing."""
    console.open_day()
    console.page.keyboard.press("?")
    dialog = console.page.get_by_role("dialog")
    dialog.get_by_role("checkbox").uncheck()
    console.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    console.page.keyboard.press("?")
    expect(console.page.get_by_role("dialog")).to_have_count(0)

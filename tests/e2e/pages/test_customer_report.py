"""A fault reported in a phone's browser, and taken down by an agent who is called: small and accessible."""

import io
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import FilePayload, Page, Route, expect

from tests.e2e.conftest import ContextFactory
from tests.e2e.pages.axe import violations
from tests.e2e.pages.console import Console
from tests.factories.films import box, film
from tests.servers import LiveServer

SMALL = {"width": 360, "height": 780}
PAGE_BUDGET_BYTES = 15_000
ADDRESS = "北京市昌平区天通西苑三区 8 号楼 1 单元 202"


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 120, 200)).save(buffer, "JPEG")
    path = tmp_path / "fault.jpg"
    path.write_bytes(buffer.getvalue())
    return path


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def test_a_fault_is_reported_without_javascript_and_a_time_is_chosen_at_once(
    phone_context: ContextFactory, shared_server: LiveServer, photo: Path
) -> None:
    page = phone_context(viewport=SMALL, java_script_enabled=False).new_page()
    reply = page.goto(f"{shared_server.url}/report?sku=SM-WD10&sn=WD10-1")
    assert reply is not None
    assert reply.request.sizes()["responseBodySize"] <= PAGE_BUDGET_BYTES
    expect(page.get_by_text("滚筒洗烘一体机 10公斤")).to_be_visible()
    press(page, "下一步")
    page.get_by_label("不排水").check()
    press(page, "下一步")
    expect(page.locator("h1")).to_have_text("先试试这几步")
    press(page, "没好，继续报修")
    page.get_by_label("情况描述").fill("滚筒里都是水")
    page.get_by_label("照片（").set_input_files(photo)
    video = FilePayload(name="noise.mov", mimeType="video/quicktime", buffer=film())
    page.get_by_label("视频（").set_input_files(video)
    press(page, "下一步")
    expect(page.get_by_label("姓名")).to_be_visible()
    page.reload()  # the draft is on the server
    page.get_by_role("link", name="上一步").click()
    expect(page.get_by_role("img", name="第 1 张照片")).to_be_visible()
    expect(page.get_by_text("视频 12 秒")).to_be_visible()
    press(page, "下一步")
    page.get_by_label("姓名").fill("孙小姐")
    page.get_by_label("手机号").fill("154 1234 5678")
    page.get_by_label("上门地址").fill(ADDRESS)
    press(page, "在地图上标出位置（可不填）")
    page.locator("input[type=image]").click(position={"x": 200, "y": 100})
    expect(page.get_by_role("status")).to_contain_text("已标在离天通西苑三区约")
    press(page, "好了")
    expect(page.get_by_role("button", name="修改地图上的位置")).to_be_visible()
    page.get_by_label("我同意").check()
    press(page, "提交")
    expect(page.locator("h1")).to_have_text("已收到您的报修")
    page.go_back()
    expect(page.locator("h1")).to_have_text("已收到您的报修")
    page.get_by_role("link", name="现在就选上门时间").click()
    expect(page.locator("button.slot").first).to_be_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_report_pages_are_accessible_and_fit(
    phone_context: ContextFactory, shared_server: LiveServer, language: str, photo: Path
) -> None:
    page = phone_context(bypass_csp=True, viewport=SMALL, color_scheme="dark").new_page()
    hosts: set[str] = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    problems: dict[str, list[str]] = {}

    def check(name: str) -> None:
        expect(page.locator("h1")).to_be_visible()  # the next page, not the moment between two
        is_wide = page.locator("html").evaluate("html => html.scrollWidth") > SMALL["width"]
        problems[name] = violations(page) + (["wider than the phone"] if is_wide else [])

    def onward() -> None:
        page.locator("main .button").last.click()

    page.goto(f"{shared_server.url}/report")
    page.goto(f"{page.url}?lang={language}")
    check("start")
    page.locator("input[value=SM-WT08]").check()
    page.locator("main .button").click()
    check("need")
    page.locator("input[value='repair:leak']").check()
    onward()
    check("help")
    onward()
    page.locator("input[name=photos]").set_input_files(photo)
    onward()
    page.locator(".back a").click()
    check("details")
    onward()
    expect(page.locator("[data-here]")).to_be_visible()
    check("contact")
    page.locator("textarea[name=address]").fill(ADDRESS)
    page.locator("button[name=to]").click()
    check("map")
    page.locator("button[name=done]").click()
    page.locator("input[name=name]").fill("孙小姐")
    page.locator("input[name=phone]").fill("15412340000" if language == "en" else "15412340001")
    page.locator("textarea[name=address]").fill(ADDRESS)
    page.locator("input[name=consent]").check()
    onward()
    expect(page.locator(".verdict")).to_be_visible()
    check("done")
    assert {name: found for name, found in problems.items() if found} == {}
    assert len(problems) == 7
    assert hosts == {shared_server.url.split("/")[2]}


def test_a_video_that_is_cut_off_goes_on_where_it_was_while_the_form_waits(
    phone_context: ContextFactory, shared_server: LiveServer
) -> None:
    page = phone_context(viewport=SMALL).new_page()
    page.goto(f"{shared_server.url}/report?sku=SM-WD10")
    press(page, "下一步")
    page.locator("input[value='repair:other']").check()
    press(page, "下一步")
    offsets: list[str] = []

    def cut_once(route: Route) -> None:
        offset = route.request.headers.get("upload-offset")
        is_cut = offset == "1048576" and offset not in offsets
        if offset is not None:
            offsets.append(offset)
        route.abort("connectionreset") if is_cut else route.continue_()

    page.route("**/video?*", cut_once)
    large = film(tail=box(b"free", bytes(2_200_000)))
    video = FilePayload(name="noise.mov", mimeType="video/quicktime", buffer=large)
    page.get_by_label("视频（").set_input_files(video)
    press(page, "下一步")
    expect(page.get_by_label("姓名")).to_be_visible()
    assert offsets == ["0", "1048576", "1048576", "2097152"]
    page.get_by_role("link", name="上一步").click()
    expect(page.get_by_text("视频 12 秒，2.2 MB")).to_be_visible()


def test_a_call_becomes_a_booked_visit_from_the_keyboard_and_the_next_one_joins_it(console: Console) -> None:
    page = console.page
    console.sign_in("agent")
    expect(page.get_by_role("link", name="接电话")).to_be_visible()
    console.go("#/intake")
    expect(page.get_by_label("来电人")).to_be_focused()
    page.keyboard.type("5550099")
    expect(page.get_by_text("没有找到")).to_be_visible()
    page.get_by_label("产品").select_option("SM-WD10")
    page.get_by_label("故障").fill("排水")
    expect(page.get_by_role("button", name="不排水")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("排水泵卡死或损坏")).to_be_visible()
    page.get_by_label("姓名").fill("周先生")
    page.get_by_label("电话").fill("15415550099")
    page.get_by_label("上门地址").fill("昌平区天通西苑三区 9 号楼")
    assert violations(page) == []
    page.keyboard.press("Control+Enter")
    slot = page.locator(".slots button").nth(2)
    expect(slot).to_be_visible()  # the desk starts with the first question
    assert violations(page) == []
    page.keyboard.press("3")
    expect(page.get_by_text("上门，预计")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("来电人")).to_be_focused()
    page.keyboard.type("0099")
    expect(page.get_by_text("+8615415550099")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_text("这件事已经有工单")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="已并入")).to_be_visible()
    complains_on_the_phone(console)


def complains_on_the_phone(console: Console) -> None:
    page = console.page
    console.go("#/followups/letters")
    expect(page.get_by_text("没有等待处理的邮件")).to_be_visible()
    assert violations(page) == []
    console.go("#/followups/calls")
    page.get_by_role("button", name="登记投诉").click()
    page.get_by_label("哪一张工单").fill("0099")
    page.get_by_role("radio").filter(visible=True).first.check()
    page.get_by_label("客户怎么说").fill("等了三天没人来")
    assert violations(page) == []
    page.get_by_role("button", name="登记投诉").click()
    expect(page.get_by_text("前给客户回电")).to_be_visible()
    expect(page.get_by_role("row").filter(has_text="等了三天没人来")).to_be_visible()

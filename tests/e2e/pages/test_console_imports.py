"""A shop's file: read without effect, then applied, with the refused rows given back."""

import uuid
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.e2e.pages.console import Console

HEADER = "订单编号,收货人,手机,收货地址,商品名称,数量\n"
GOOD = "{tag}-1,王小明,15400001001,北京市朝阳区某处小区301号楼2单元502,空调挂机 1.5匹,1\n"
LOST_DIGITS = "{tag}-2,李丽,1.54E+10,北京市海淀区中关村南大街5号,燃气热水器 16升,1\n"
NO_NAME = "{tag}-3,,15400001004,北京市丰台区方庄芳城园一区5号楼,智能门锁 人脸款,1\n"


@pytest.fixture
def tag() -> str:
    """What the order numbers of this test begin with, so that no other test has seen them."""
    return f"E2E{uuid.uuid4().hex[:8].upper()}"


@pytest.fixture
def order_file(tmp_path: Path, tag: str) -> Path:
    """One good order and two that must be refused, in the encoding Chinese Excel writes."""
    path = tmp_path / f"店铺订单{tag}.csv"
    path.write_bytes((HEADER + GOOD + LOST_DIGITS + NO_NAME).format(tag=tag).encode("gbk"))
    return path


def read_file(console: Console, path: Path) -> None:
    console.open_day()
    console.go("#/imports")
    console.page.locator("input[type=file]").set_input_files(path)
    console.page.get_by_role("button", name="试读", exact=True).click()
    expect(console.page.get_by_role("heading", name=path.name)).to_be_visible()


def test_a_dry_run_names_every_row_and_applying_creates_the_good_one(
    console: Console, order_file: Path, tag: str
) -> None:
    """Row numbers and reasons first; only then, on request, one order is made."""
    read_file(console, order_file)
    expect(console.page.get_by_text("还没有建立任何工单")).to_be_visible()
    refused = console.page.get_by_role("row").filter(has_text=f"{tag}-2")
    expect(refused.get_by_role("cell").first).to_have_text("3")
    expect(refused.get_by_text("位数已丢失")).to_be_visible()
    console.page.get_by_role("button", name="导入 1 个订单").click()
    expect(console.page.get_by_text("重复导入同一文件不会产生重复工单")).to_be_visible()
    console.page.get_by_role("link", name="全部导入").click()
    row = console.page.get_by_role("row").filter(has_text=order_file.name)
    expect(row.get_by_role("cell").nth(1)).to_have_text("已导入")


def test_the_same_file_again_creates_nothing(console: Console, order_file: Path, tag: str) -> None:
    """A second reading after applying finds the order unchanged and has nothing to import."""
    read_file(console, order_file)
    console.page.get_by_role("button", name="导入 1 个订单").click()
    expect(console.page.get_by_text("重复导入同一文件不会产生重复工单")).to_be_visible()
    console.go("#/imports")
    console.page.locator("input[type=file]").set_input_files(order_file)
    console.page.get_by_role("button", name="试读", exact=True).click()
    expect(console.page.get_by_role("button", name="导入 0 个订单")).to_be_disabled()
    expect(console.page.get_by_role("row").filter(has_text=f"{tag}-1").get_by_text("无变化")).to_be_visible()


def test_refused_rows_come_back_as_a_file(
    console: Console, order_file: Path, tag: str, tmp_path: Path
) -> None:
    """Nothing is lost: the refused lines can be downloaded, corrected and read again."""
    read_file(console, order_file)
    with console.page.expect_download() as download:
        console.page.get_by_role("link", name="下载拒收的行").click()
    saved = tmp_path / "refused.csv"
    download.value.save_as(saved)
    text = saved.read_text(encoding="utf-8-sig")
    assert f"{tag}-2" in text
    assert f"{tag}-3" in text
    assert f"{tag}-1" not in text


def test_a_file_that_is_no_order_file_is_told_apart(console: Console, tmp_path: Path) -> None:
    """Something else dropped by mistake is refused in words and creates nothing."""
    path = tmp_path / "notes.csv"
    path.write_text("hello\nworld\n", encoding="utf-8")
    console.open_day()
    console.go("#/imports")
    console.page.locator("input[type=file]").set_input_files(path)
    console.page.get_by_role("button", name="试读", exact=True).click()
    expect(console.page.get_by_text("没有找到表头").first).to_be_visible()

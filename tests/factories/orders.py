"""Order files as shops export them, mess included, for people who do not exist at real communities.

`python -m tests.factories.orders` writes the examples of docs/examples.
"""

# ruff: noqa: E501 - rows of a file are read best on one line each

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

import openpyxl

from backend.demo.catalogue import catalogue
from backend.geocoding.datum import Datum
from backend.imports.lines import Context
from backend.imports.products import KnownProduct, ProductIndex

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
BEIJING = ZoneInfo("Asia/Shanghai")
Row = Sequence[object]

TAOBAO = [
    "订单编号",
    "买家会员名",
    "买家应付货款",
    "收货人姓名",
    "收货地址",
    "运送方式",
    "联系电话",
    "联系手机",
    "订单创建时间",
    "订单付款时间",
    "宝贝标题",
    "宝贝种类",
    "物流单号",
    "物流公司",
    "订单备注",
    "宝贝总数量",
]
JD = [
    "订单号",
    "商品ID",
    "商品名称",
    "订购数量",
    "下单时间",
    "京东价",
    "应付金额",
    "订单状态",
    "下单帐号",
    "客户姓名",
    "客户地址",
    "联系电话",
    "订单备注",
]
DOUYIN = [
    "主订单编号",
    "子订单编号",
    "选购商品",
    "商品规格",
    "商品数量",
    "收件人",
    "收件人手机号",
    "省",
    "市",
    "区",
    "街道",
    "详细地址",
    "买家留言",
    "订单提交时间",
    "支付完成时间",
    "预约安装时间",
]
ERP = ["日期", "客户", "电话", "地址", "型号", "数量", "备注"]
OWN = [
    "order_no",
    "customer",
    "phone",
    "address",
    "lat",
    "lng",
    "datum",
    "sku",
    "qty",
    "job_type",
    "appointment",
    "ordered_at",
    "serial",
    "note",
]


def phone(number: int) -> str:
    """A number of the demo's range, which no operator was ever given."""
    return f"154{number:08d}"


def taobao_line(
    order: str, name: str, address: str, mobile: str, title: str, qty: str = "1", **cells: str
) -> list[str]:
    line = dict.fromkeys(TAOBAO, "") | {
        "订单编号": order, "买家会员名": f"tb_{name}", "买家应付货款": "3299.00", "收货人姓名": name, "收货地址": address,
        "运送方式": "快递", "联系手机": mobile, "订单创建时间": "2026/11/3 9:5", "宝贝标题": title, "宝贝总数量": qty,
    }  # fmt: skip
    return list((line | cells).values())


def taobao() -> list[Row]:
    """A Tmall export: a line above the header, numbers as formulas, an order of three lines, a line of totals."""
    first = (
        '="2751839201234567890"',
        "王女士",
        "北京市 丰台区 西罗园三区5号楼2单元301",
        f"'{phone(90000001)}",
    )
    return [
        ["2026年11月 已付款订单"],
        TAOBAO,
        taobao_line(*first, "Shangmen 空调挂机 1.5匹 SM-AC35 家用冷暖 送货安装", "2"),
        taobao_line(*first, "滚筒洗烘一体机 10公斤 全自动"),
        taobao_line(*first, "空调罩 防尘 加厚", 订单备注="赠品"),
        taobao_line('="2751839201234567891"', "李先生", "北京市海淀区 稻香园 12号楼1单元602", phone(90000002), "嵌入式洗碗机 14套 SM_DW14", 订单备注="周末上门"),
        taobao_line('="2751839201234567892"', "张女士", "北京市朝阳区红庙北里3号楼", "1.54E+10", "智能门锁 人脸款 SM-LK07"),
        taobao_line("2.75184E+18", "刘先生", "北京市朝阳区甜水园东里8号楼", phone(90000003), "电视 65英寸"),
        ["合计", "", "23093.00", *[""] * 12, "7"],
    ]  # fmt: skip


def jd() -> list[Row]:
    """A JD workbook: the order's cells are filled on its first line only, numbers and dates are real cells."""
    ordered = dt.datetime(2026, 11, 4, 20, 15)  # noqa: DTZ001 - a spreadsheet's dates have no zone
    return [
        JD,
        [302145678901, 100012345678, "电热水器 60升", 1, ordered, 1299.0, 1299.0, "等待出库", "jd_u1", "陈先生", "北京昌平区天通苑本六区21号楼3单元402", 15490000011, ""],
        [None, 100012345679, "扫地机器人 自清洁款", 1, None, 2599.0, None, None, None, None, None, None, ""],
        [302145678902, 100012345680, "电视 85英寸 SM-TV85", 1, ordered, 8999.0, 8999.0, "等待出库", "jd_u2", "赵女士", "北京石景山区老山西里6号楼", 15490000012, "需要挂架"],
        [302145678903, 100012345681, "燃气灶 双眼", 1, ordered, 999.0, 999.0, "已取消", "jd_u3", "孙先生", "北京丰台区角门西里", 15490000013, ""],
        ["总计", None, None, 4, None, None, 13896.0],
    ]  # fmt: skip


def douyin() -> list[Row]:
    """A Douyin export: sub-orders, the address in pieces, an appointment in words."""
    wang = ("周女士", phone(90000021), "北京市", "北京市", "西城区", "广安门外街道", "红莲南里15号楼2单元")
    return [
        DOUYIN,
        ["6923456789012345678", "6923456789012345679", "空调柜机 3匹 SM-AC72", "白色", 1, *wang, "老人在家", "2026-11-05 21:08:33", "2026-11-05 21:09:01", "11月25日 上午9点-11点"],
        ["6923456789012345678", "6923456789012345680", "空调挂机 1.5匹 SM-AC35", "白色", 2, *wang, "老人在家", "2026-11-05 21:08:33", "2026-11-05 21:09:01", "11月25日 上午9点-11点"],
        ["6923456789012345690", "6923456789012345691", "智能门锁 指纹款", "SM-LK03 黑", 1, "吴先生", "154****0022", "北京市", "北京市", "通州区", "", "新华联锦园9号楼", "", "2026-11-06 08:00:00", "", "2026-11-26"],
    ]  # fmt: skip


def erp() -> list[Row]:
    """What somebody keeps in a sheet: no order numbers, dates as they come to mind."""
    return [
        ERP,
        ["2026.11.6", "郑先生", phone(90000031), "大兴区车站北里4号楼201", "SM-WG16", "1", "燃气热水器，带烟管"],
        ["11月6日", "郑先生", phone(90000031), "大兴区车站北里4号楼201", "SM-GH02", "1台", ""],
        ["20261106", "冯女士", f"{phone(90000032)}转803", "顺义区双裕花园东区18号楼", "sm rv05", "", "晚上在家"],
        ["6/11", "唐先生", "", "海淀区翠湖", "SM-TV65", "1", "电话后补"],
        ["", "", "", "", "", "", ""],
        ["小计", "", "", "", "", "4", ""],
    ]  # fmt: skip


def own() -> list[Row]:
    """Our documented columns, with coordinates from a Chinese map."""
    return [
        OWN,
        ["A-1001", "韩女士", phone(90000041), "朝阳区甜水园东里8号楼", "39.926845", "116.482304", "gcj02", "SM-TV65", "1", "install", "2026-11-25 14:00-16:00", "2026-11-02T10:00:00+08:00", "", "wall mount"],
        ["A-1002", "于先生", phone(90000042), "石景山区碣石坪2号楼", "", "", "", "SM-AC35", "1", "repair", "", "2025-06-18", "SNAC35000042", "不制冷"],
        ["A-1003", "董女士", phone(90000043), "朝阳区望京新交付小区3号楼", "", "", "", "SM-WT08", "1", "", "2026-11-25", "2026-11-02", "", ""],
    ]  # fmt: skip


def csv_bytes(rows: Iterable[Row], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(encoding)


def xlsx_bytes(rows: Iterable[Row], title: str = "订单") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def json_bytes(rows: Sequence[Row]) -> bytes:
    header, *lines = rows
    orders = [
        {str(name): cell for name, cell in zip(header, line, strict=True) if cell != ""} for line in lines
    ]
    return (json.dumps({"orders": orders}, ensure_ascii=False, indent=1) + "\n").encode()


def examples() -> dict[str, bytes]:
    """The example files by name."""
    return {
        "orders-taobao.csv": csv_bytes(taobao(), "gbk"),
        "orders-jd.xlsx": xlsx_bytes(jd()),
        "orders-douyin.csv": csv_bytes(douyin(), "utf-8-sig"),
        "orders-erp.csv": csv_bytes(erp(), "gbk", "\t"),
        "orders-own.csv": csv_bytes(own()),
        "orders-own.json": json_bytes(own()),
    }


def demo_products() -> ProductIndex:
    """The demo company's products, without a database."""
    services: dict[str, set[str]] = {}
    for row in catalogue()["services"]:
        services.setdefault(row["category"], set()).add(row["type"])
    return ProductIndex.of(
        KnownProduct(
            row["sku"], row["name"], row["name_en"], row["category"], frozenset(services[row["category"]])
        )
        for row in catalogue()["products"]
    )


def context(
    now: dt.datetime = dt.datetime(2026, 11, 10, 2, tzinfo=dt.UTC), datum: Datum = Datum.WGS84
) -> Context:
    """Beijing on the morning of 10 November 2026."""
    return Context(BEIJING, now.astimezone(BEIJING).date(), now, "CN", datum, demo_products())


if __name__ == "__main__":
    EXAMPLES.mkdir(parents=True, exist_ok=True)
    for name, data in examples().items():
        (EXAMPLES / name).write_bytes(data)
        print(EXAMPLES / name)

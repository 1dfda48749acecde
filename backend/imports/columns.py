"""Which column of a file means what: our documented names, four shops' exports, and what people type."""

import enum
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MIN_RECOGNISED = 3


class Column(enum.StrEnum):
    """What a cell can say about an order."""

    CHANNEL = "channel"
    ORDER_NO = "order_no"
    SUB_ORDER_NO = "sub_order_no"
    ORDER_STATUS = "order_status"
    ORDERED_AT = "ordered_at"
    CUSTOMER = "customer"
    PHONE = "phone"
    PHONE_OTHER = "phone_other"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    STREET = "street"
    ADDRESS = "address"
    LAT = "lat"
    LNG = "lng"
    DATUM = "datum"
    SKU = "sku"
    PRODUCT = "product"
    VARIANT = "variant"
    QTY = "qty"
    JOB_TYPE = "job_type"
    APPOINTMENT = "appointment"
    WINDOW_START = "window_start"
    WINDOW_END = "window_end"
    SERIAL = "serial"
    NOTE = "note"
    BUYER_NOTE = "buyer_note"
    BUYER = "buyer"
    PRICE = "price"
    SHIPPING = "shipping"
    # Written into files of refused lines, so that a corrected line is known again.
    REFUSED_LINE = "refused_line"
    REFUSED_REASON = "refused_reason"
    REFUSED_KEY = "refused_key"


C = Column
NAMES: dict[Column, str] = {
    C.CHANNEL: "channel 渠道 来源 店铺平台",
    C.ORDER_NO: (
        "order_no order_number order_id 订单号 订单编号 主订单编号 主订单号 单号 销售单号 平台单号 网店订单号"
    ),
    C.SUB_ORDER_NO: "sub_order_no line_id 子订单编号 子订单号 子单号 商品单号",
    C.ORDER_STATUS: "order_status 订单状态 交易状态 退款状态 售后状态",
    C.ORDERED_AT: (
        "ordered_at order_time order_date 下单时间 订单创建时间 订单提交时间 下单日期 日期 购买日期 订单日期"
    ),
    C.CUSTOMER: (
        "customer customer_name receiver 客户 客户姓名 收货人姓名 收货人 收件人 姓名 联系人 客户名称 顾客"
    ),
    C.PHONE: (
        "phone mobile tel telephone 联系手机 收件人手机号 手机 手机号 手机号码 电话 "
        "电话号码 联系方式 客户电话 收货人手机"
    ),
    C.PHONE_OTHER: "phone_other 联系电话 固定电话 备用电话 收货人电话",
    C.PROVINCE: "province 省 省份 收货省份",
    C.CITY: "city 市 城市 收货城市",
    C.DISTRICT: "district 区 区县 县区 县 收货区县",
    C.STREET: "street 街道 乡镇 街道乡镇",
    C.ADDRESS: "address 地址 收货地址 客户地址 详细地址 收件地址 安装地址 上门地址 收货人地址",
    C.LAT: "lat latitude 纬度",
    C.LNG: "lng lon longitude 经度",
    C.DATUM: "datum 坐标系",
    C.SKU: "sku model 型号 产品型号 商品型号 商品编码 商家编码 货号 商品id 规格型号 机型",
    C.PRODUCT: (
        "product product_name title 商品 商品名称 宝贝标题 选购商品 产品 产品名称 品名 货品名称 商品标题"
    ),
    C.VARIANT: "variant 宝贝种类 商品规格 规格 商品属性 颜色分类",
    C.QTY: "qty quantity count 数量 宝贝总数量 订购数量 商品数量 购买数量 件数 台数",
    C.JOB_TYPE: "job_type service_type service 工单类型 服务类型 服务项目 服务 业务类型",
    C.APPOINTMENT: (
        "appointment 预约时间 预约安装时间 预约上门时间 预约日期 上门时间 安装时间 期望上门时间 预约时段"
    ),
    C.WINDOW_START: "window_start 预约开始 预约开始时间 开始时间",
    C.WINDOW_END: "window_end 预约结束 预约结束时间 结束时间",
    C.SERIAL: "serial serial_no sn 序列号 机器编号 出厂编号 条码",
    C.NOTE: "note remark remarks 备注 订单备注 卖家备注 商家备注 说明",
    C.BUYER_NOTE: "buyer_note 买家留言 买家备注 客户留言",
    C.BUYER: "buyer 买家会员名 下单帐号 下单账号 会员名",
    C.PRICE: "price amount 买家应付货款 京东价 应付金额 实付金额 金额 单价",
    C.SHIPPING: "paid_at shipping 运送方式 订单付款时间 支付完成时间 付款时间 物流单号 物流公司",
    C.REFUSED_LINE: "refused_line 原行号",
    C.REFUSED_REASON: "refused_reason 拒收原因",
    C.REFUSED_KEY: "refused_key 行标识",
}


def header_key(text: str) -> str:
    """A column name without case, width, spaces, punctuation and remarks in brackets."""
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"[(\[【].*?[)\]】]", "", text)
    return re.sub(r"[\W]+", "", text).replace("_", "")


_BY_KEY = {header_key(name): column for column, names in NAMES.items() for name in names.split()}

# A name that only one shop uses says whose export it is.
CHANNEL_MARKS = {
    "taobao": {"宝贝标题", "宝贝种类", "宝贝总数量", "买家会员名", "买家应付货款"},
    "jd": {"下单帐号", "下单账号", "京东价", "订购数量"},
    "douyin": {"主订单编号", "子订单编号", "选购商品"},
}
OWN_CHANNEL = "file"
HAND_CHANNEL = "erp"


def recognised(cells: Iterable[str]) -> int:
    """How many different columns a row would name if it were the header."""
    return len({_BY_KEY[key] for cell in cells if (key := header_key(cell)) in _BY_KEY})


@dataclass(frozen=True, slots=True)
class Layout:
    """Where in a row each column stands; several positions when a file says one thing twice."""

    header: tuple[str, ...]
    positions: dict[Column, tuple[int, ...]]
    channel: str

    def has(self, column: Column) -> bool:
        return column in self.positions

    def values(self, cells: Sequence[str], column: Column) -> list[str]:
        """What a row says in a column, in file order, without blanks."""
        at = self.positions.get(column, ())
        return [cells[i] for i in at if i < len(cells) and cells[i].strip()]


def layout_of(header: Sequence[str]) -> Layout | None:
    """The layout a header row describes; nothing when it cannot be the header of orders."""
    positions: dict[Column, list[int]] = defaultdict(list)
    for index, name in enumerate(header):
        column = _BY_KEY.get(header_key(name))
        if column is not None:
            positions[column].append(index)
    found = {column: tuple(indexes) for column, indexes in positions.items()}
    if len(found) < MIN_RECOGNISED or not _is_enough(found):
        return None
    return Layout(tuple(header), found, _channel(header, found))


def _is_enough(found: dict[Column, tuple[int, ...]]) -> bool:
    needed = ({C.ADDRESS}, {C.PHONE, C.PHONE_OTHER}, {C.PRODUCT, C.SKU})
    return all(found.keys() & group for group in needed)


def _channel(header: Sequence[str], found: dict[Column, tuple[int, ...]]) -> str:
    names = {header_key(name) for name in header}
    for channel, marks in CHANNEL_MARKS.items():
        if names & marks:
            return channel
    return OWN_CHANNEL if C.ORDER_NO in found else HAND_CHANNEL

"""Why a line was refused, or what a person should know about one that was taken; in both languages."""

import dataclasses
from typing import Any

# code: (zh, en). A text may name the reason's data in braces.
MESSAGES: dict[str, tuple[str, str]] = {
    # The file as a whole
    "file_empty": ("文件是空的", "The file is empty"),
    "file_too_large": ("文件超过 {limit_mb} MB，请拆分后再导入", "The file is over {limit_mb} MB: split it"),
    "too_many_rows": ("超过 {limit} 行，请拆分后再导入", "More than {limit} rows: split the file"),
    "too_many_columns": ("超过 {limit} 列", "More than {limit} columns"),
    "legacy_xls": ("旧版 .xls 文件：请另存为 .xlsx 或 CSV", "An old .xls file: save it as .xlsx or CSV"),
    "xlsx_unreadable": (
        "Excel 文件已损坏或受密码保护",
        "The Excel file is damaged or protected by a password",
    ),
    "xlsx_bomb": ("Excel 文件解压后过大", "The Excel file unpacks to far too much"),
    "json_unreadable": ("不是有效的 JSON", "Not valid JSON"),
    "json_not_orders": ("JSON 中没有订单列表", "The JSON holds no list of orders"),
    "header_not_found": (
        "没有找到表头：至少需要地址、电话和商品或型号列",
        "No header found: at least address, phone and product or model columns are needed",
    ),
    # A line or an order
    "order_no_missing": ("缺少订单号", "The order number is missing"),
    "digits_lost": (
        "编号被表格软件改成了 {value}，位数已丢失；请按文本格式重新导出",
        "A spreadsheet turned the number into {value} and lost digits: export it as text",
    ),
    "customer_missing": ("缺少客户姓名", "The customer's name is missing"),
    "phone_missing": ("缺少电话", "The phone number is missing"),
    "phone_digits_lost": (
        "电话被表格软件改成了 {value}，位数已丢失，无法恢复；请按文本格式重新导出",
        "A spreadsheet turned the phone number into {value}; its digits are lost for good: export it as text",
    ),
    "phone_masked": ("电话已脱敏（{value}），无法联系客户", "The phone number is masked ({value})"),
    "phone_invalid": ("电话号码无效：{value}", "Not a phone number: {value}"),
    "address_missing": ("缺少地址", "The address is missing"),
    "product_missing": ("缺少商品或型号", "The product or model is missing"),
    "unknown_product": ("没有匹配到产品：{value}", "No product matches: {value}"),
    "ambiguous_product": (
        "匹配到多个产品（{candidates}），请填写型号",
        "Several products match ({candidates}): give the model",
    ),
    "qty_invalid": ("数量无效：{value}", "Not a quantity: {value}"),
    "qty_too_large": ("数量 {value} 超过上限 {limit}", "The quantity {value} is over the limit of {limit}"),
    "job_type_unknown": ("不认识的工单类型：{value}", "Unknown job type: {value}"),
    "no_service_spec": ("该产品没有“{value}”服务", "This product has no service of type {value}"),
    "appointment_unreadable": ("无法识别预约时间：{value}", "The appointment cannot be read: {value}"),
    "coordinates_invalid": ("坐标无效：{value}", "Not coordinates: {value}"),
    "datum_unknown": ("不认识的坐标系：{value}", "Unknown datum: {value}"),
    "lines_disagree": (
        "同一订单的各行不一致：{field}",
        "The lines of this order disagree about: {field}",
    ),
    "order_cancelled": ("订单已取消或退款（{value}）", "The order was cancelled or refunded ({value})"),
    "text_too_long": ("内容过长（超过 {limit} 字）", "The text is too long (over {limit} characters)"),
    "unreadable_text": ("内容含有无法识别的字符", "The text has characters that cannot be read"),
    "more_cells_than_header": ("这一行的列数多于表头", "The line has more cells than the header"),
    "known_line_differs": (
        "订单已导入，但数量由 {before} 变为 {after}，请人工处理",
        "Already imported, but the quantity changed from {before} to {after}: a person must decide",
    ),
    "too_many_jobs": ("一个订单最多 {limit} 个工单", "One order may have {limit} jobs at most"),
    "not_applied": ("未能导入：{value}", "Not imported: {value}"),
    "file_forgotten": (
        "文件内容只保留 {days} 天，已删除",
        "What a file says is kept for {days} days",
    ),
    "forgotten": ("客户资料已按要求删除", "The customer's data was erased"),
    # Taken, but worth knowing
    "phone_recovered": ("电话已从 {value} 恢复", "The phone number was recovered from {value}"),
    "appointment_past": (
        "预约时间已过（{value}），需要重新预约",
        "The appointment is in the past ({value}): book again",
    ),
    "ordered_at_unreadable": ("无法识别下单时间：{value}", "The order time cannot be read: {value}"),
    "unknown_address": (
        "地址没有坐标，需要在地图上标注",
        "The address has no location: put a pin on the map",
    ),
    "ambiguous_address": (
        "地址可能是多个地点，需要在地图上标注",
        "The address may be several places: put a pin on the map",
    ),
    "geocoder_unavailable": (
        "地理编码服务暂不可用，需要在地图上标注",
        "The geocoder was unavailable: put a pin on the map",
    ),
    # Lines that are no order
    "total_line": ("合计行", "A line of totals"),
    "before_header": ("表头之前的行", "A line above the header"),
    "header": ("表头", "The header"),
    "blank": ("空行", "A blank line"),
    "sheet_not_read": ("未读取的工作表：{value}", "A sheet that was not read: {value}"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """A machine-readable code with the field it is about and what its message names."""

    code: str
    field: str = ""
    data: dict[str, Any] = dataclasses.field(default_factory=dict)

    def message(self) -> dict[str, str]:
        """The words for people."""
        zh, en = MESSAGES[self.code]
        return {"zh": zh.format(**self.data), "en": en.format(**self.data)}

    def to_json(self) -> dict[str, Any]:
        """As stored and shown: code, field, message."""
        return {"code": self.code, "field": self.field, "message": self.message()}


class OrderFileError(ValueError):
    """The file as a whole cannot be read; nothing in it was looked at."""

    def __init__(self, code: str, **data: Any) -> None:
        self.reason = Reason(code, data=data)
        super().__init__(self.reason.message()["en"])


class LineError(ValueError):
    """One value of a line is wrong; the reason says which and why."""

    def __init__(self, code: str, field: str, **data: Any) -> None:
        self.reason = Reason(code, field, data)
        super().__init__(self.reason.message()["en"])

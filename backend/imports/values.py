"""Single values of a row brought into shape: text, quantities, coordinates, job types."""

import re
import unicodedata

from backend.geocoding.datum import Datum, Point, to_wgs84
from backend.imports.reasons import LineError
from backend.jobs.lifecycle import JobType

MAX_QTY = 20
MAX_TEXT = {
    "customer": 120,
    "address": 300,
    "note": 2000,
    "order_no": 60,
    "serial": 60,
    "product": 300,
    "sku": 300,
}

_FORMULA_TEXT = re.compile(r'^=\s*(?:T\s*\()?\s*"(?P<text>(?:[^"]|"")*)"\s*\)?$')
_E_NUMBER = re.compile(r"^[+-]?\d+(?:[.,]\d+)?[eE]\+?(\d+)$")
_NOTHING = {"-", "--", "—", "/", "无", "null", "none", "nan", "n/a", "#n/a", "undefined", "暂无"}

JOB_WORDS: dict[JobType, str] = {
    JobType.INSTALL: "install 安装 新装 送装 送装一体 安装服务 上门安装",
    JobType.REPAIR: "repair 维修 修理 报修 上门维修",
    JobType.MAINTAIN: "maintain maintenance 保养 清洗 维护",
    JobType.INSPECT: "inspect 检测 检查 勘测 鉴定 上门检测",
    JobType.COLLECT: "collect 取件 取机 取回",
    JobType.RETURN: "return 送回 送件 返还",
    JobType.SWAP: "swap 换机 更换 换新",
}
_JOB_TYPES = {word: kind for kind, words in JOB_WORDS.items() for word in words.split()}

DATUM_WORDS: dict[Datum, str] = {
    Datum.WGS84: "wgs84 wgs-84 gps 地球坐标 国际",
    Datum.GCJ02: "gcj02 gcj-02 高德 腾讯 火星坐标 amap",
    Datum.BD09: "bd09 bd-09 百度 baidu",
}
_DATUMS = {word: datum for datum, words in DATUM_WORDS.items() for word in words.split()}


def plain(text: str) -> str:
    """A cell as it was meant: without the tricks that keep a spreadsheet from changing it."""
    text = text.strip().strip("\t\r\n \u200b﻿").strip()
    text = text.removeprefix("'").removeprefix("‘").removeprefix("’").strip()
    formula = _FORMULA_TEXT.match(text)
    if formula:
        text = formula["text"].replace('""', '"').strip()
    return "" if text.casefold() in _NOTHING else text


def words(text: str, field: str) -> str:
    """Text for people: half-width digits and letters, single spaces, no control characters."""
    text = unicodedata.normalize("NFC", plain(text))
    text = "".join(_half_width(char) for char in text)
    text = "".join(" " if unicodedata.category(char) in ("Cc", "Zs", "Zl", "Zp") else char for char in text)
    text = re.sub(r" +", " ", text).strip()
    if "�" in text:
        raise LineError("unreadable_text", field)
    limit = MAX_TEXT.get(field, 2000)
    if len(text) > limit:
        raise LineError("text_too_long", field, limit=limit)
    return text


def _half_width(char: str) -> str:
    """Full-width digits and letters only: Chinese punctuation stays Chinese."""
    narrow = unicodedata.normalize("NFKC", char)
    return narrow if "！" <= char <= "～" and narrow.isalnum() else char


def identifier(text: str, field: str) -> str:
    """An order or serial number; refused when a spreadsheet has already lost digits of it."""
    value = plain(unicodedata.normalize("NFKC", text))
    exact = exact_integer(value)
    if exact is None and _E_NUMBER.match(value):
        raise LineError("digits_lost", field, value=value)
    return words(exact or value, field).replace(" ", "")


def exact_integer(text: str) -> str | None:
    """The digits of `1.38001380001E+10` or `13800138000.0` when all of them are there."""
    match = re.match(r"^(\d+)(?:\.(\d+))?(?:[eE]\+?(\d{1,2}))?$", text.replace(",", ""))
    if not match:
        return None
    whole, fraction, exponent = match[1], match[2] or "", int(match[3] or 0)
    if exponent == 0:
        return whole if not fraction.strip("0") else None
    if len(whole) != 1 or len(fraction) < exponent or fraction[exponent:].strip("0"):
        return None
    return whole + fraction[:exponent]


def quantity(text: str) -> int:
    """A count of pieces; an empty cell is one piece."""
    value = re.sub(
        r"(件|台|个|套|pcs?)\.?$", "", plain(unicodedata.normalize("NFKC", text)), flags=re.IGNORECASE
    )
    if not value:
        return 1
    digits = exact_integer(value.strip().removeprefix("x").removeprefix("×"))
    if digits is None or int(digits[:9]) < 1:
        raise LineError("qty_invalid", "qty", value=text.strip()[:40])
    if len(digits) > 9 or int(digits) > MAX_QTY:
        raise LineError("qty_too_large", "qty", value=digits[:12], limit=MAX_QTY)
    return int(digits)


def job_type(text: str) -> JobType:
    """The kind of work; orders are for installation unless they say otherwise."""
    value = plain(unicodedata.normalize("NFKC", text)).casefold()
    if not value:
        return JobType.INSTALL
    if value in _JOB_TYPES:
        return _JOB_TYPES[value]
    named = {kind for word, kind in _JOB_TYPES.items() if word in value}
    if len(named) != 1:
        raise LineError("job_type_unknown", "job_type", value=text.strip()[:40])
    return named.pop()


def datum(text: str, usual: Datum) -> Datum:
    """The datum a cell names, else the file's."""
    value = plain(unicodedata.normalize("NFKC", text)).casefold()
    if not value:
        return usual
    if value not in _DATUMS:
        raise LineError("datum_unknown", "datum", value=text.strip()[:40])
    return _DATUMS[value]


def coordinates(lat: str, lng: str, given_in: Datum) -> Point | None:
    """A WGS-84 point; nothing when both cells are empty or zero, as exports write unknown places."""
    north, east = (plain(unicodedata.normalize("NFKC", each)) for each in (lat, lng))
    if not north and not east:
        return None
    try:
        point = Point(float(north), float(east))
    except ValueError as error:
        raise LineError("coordinates_invalid", "lat", value=f"{north}, {east}"[:60]) from error
    return to_wgs84(point, given_in) if (point.lat, point.lng) != (0.0, 0.0) else None

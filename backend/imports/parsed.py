"""An order as the dry run understood it, in the form it is stored until it is applied."""

import datetime as dt
from typing import Any

import msgspec

from backend.geocoding.locate import Location
from backend.imports.lines import Line
from backend.imports.outcomes import Verdict
from backend.jobs.lifecycle import JobType


class Article(msgspec.Struct, frozen=True):
    """One line that makes `qty` jobs; `key` tells the line again in another file."""

    line: int
    key: str
    sku: str
    product: str
    qty: int
    type: JobType
    window_start: dt.datetime | None = None
    window_end: dt.datetime | None = None
    serial: str = ""
    note: str = ""


class ParsedOrder(msgspec.Struct, frozen=True):
    """Who, where, what. Coordinates are WGS-84; `jobs` is filled when the order has been applied."""

    channel: str
    customer: str = ""
    phone: str = ""
    address: str = ""
    product: str = ""
    qty: int = 0
    type: str = ""
    ordered_at: dt.datetime | None = None
    lat: float | None = None
    lng: float | None = None
    location: str = "missing"
    community: str = ""
    district: str = ""
    articles: list[Article] = []
    jobs: list[str] | None = None


def parsed_order(verdict: Verdict, location: Location | None) -> ParsedOrder:
    """What to store of a verdict; refused orders have no location."""
    first = verdict.lines[0]
    at = location.point if location else None
    return ParsedOrder(
        channel=verdict.order.channel,
        customer=first.customer,
        phone=first.phone,
        address=first.address,
        product=_said(verdict.lines),
        qty=sum(line.qty for line in verdict.lines),
        type=first.type,
        ordered_at=first.ordered_at,
        lat=at.lat if at else None,
        lng=at.lng if at else None,
        location=location.source if location else "missing",
        community=location.community if location else "",
        district=location.district if location else "",
        articles=[_article(key, line) for key, line in verdict.new.items()],
    )


def _said(lines: tuple[Line, ...]) -> str:
    names = [
        f"{line.product} ×{line.qty}" if line.qty > 1 else line.product for line in lines if line.product
    ]
    return ", ".join(names)[:300]


def _article(key: str, line: Line) -> Article:
    return Article(
        line=line.row.line,
        key=key,
        sku=line.sku,
        product=line.product,
        qty=line.qty,
        type=line.type,
        window_start=line.window.start if line.window else None,
        window_end=line.window.end if line.window else None,
        serial=line.serial,
        note=line.note,
    )


def to_json(order: ParsedOrder) -> dict[str, Any]:
    """As stored in a JSON column."""
    stored: dict[str, Any] = msgspec.to_builtins(order)
    return stored


def from_json(stored: dict[str, Any]) -> ParsedOrder:
    """As it was stored."""
    return msgspec.convert(dict(stored), ParsedOrder)

"""One row of a file read as one article of an order."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from backend.geocoding.datum import Datum, Point
from backend.imports import dates, values
from backend.imports.columns import Column, Layout
from backend.imports.dates import Window
from backend.imports.phones import phone
from backend.imports.products import ProductIndex
from backend.imports.reasons import LineError, Reason
from backend.imports.tables import SourceRow
from backend.jobs.lifecycle import JobType

_TOTAL = re.compile(
    r"^([合总小共]\s*计|汇\s*总|总数|总金额|合计金额|total|sum|grand total|subtotal)(?![a-z])",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"^共\s*\d+\s*(条|单|笔|行|个)")
_CANCELLED = re.compile(r"取消|已?关闭|退款成功|已退款|cancel|refunded", re.IGNORECASE)
C = Column
WHO = (C.CUSTOMER, C.PHONE, C.PHONE_OTHER, C.ADDRESS)


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a line depends on besides its cells; `today` is the region's date."""

    zone: ZoneInfo
    today: dt.date
    now: dt.datetime
    phone_region: str
    datum: Datum
    products: ProductIndex


@dataclass(slots=True)
class Line:
    """A line as far as it could be read; a line with `refusals` becomes nothing."""

    row: SourceRow
    order_no: str = ""
    channel: str = ""
    customer: str = ""
    phone: str = ""
    address: str = ""
    point: Point | None = None
    ordered_at: dt.datetime | None = None
    sku: str = ""
    product: str = ""
    qty: int = 1
    type: JobType = JobType.INSTALL
    window: Window | None = None
    serial: str = ""
    note: str = ""
    sub_order_no: str = ""
    refused_key: str = ""
    refusals: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)


def is_total(row: SourceRow, layout: Layout) -> bool:
    """Whether a row only adds up: it starts with such a word and names nobody to visit."""
    says = [values.plain(cell) for cell in row.cells if cell.strip()]
    named = any(layout.values(row.cells, column) for column in (C.PHONE, C.ADDRESS))
    return not named and any(_TOTAL.match(cell) or _COUNTED.match(cell) for cell in says)


def names_customer(row: SourceRow, layout: Layout) -> bool:
    """Whether a row says who is visited. One that does not is another article of an order already seen."""
    return any(layout.values(row.cells, column) for column in WHO)


def read_line(row: SourceRow, layout: Layout, context: Context, above: Line | None = None) -> Line:
    """Read every cell; each that cannot be read adds its reason. `above` is the order's first line."""
    line = Line(row)
    if len(row.cells) > len(layout.header) and any(cell.strip() for cell in row.cells[len(layout.header) :]):
        line.refusals.append(Reason("more_cells_than_header"))
    reader = _LineReader(line, layout, context)
    if above is None:
        reader.read_order()
    else:
        reader.copy_order(above)
    reader.read_article()
    return line


class _LineReader:
    """Fills a line cell by cell, so that one wrong cell does not hide the others."""

    def __init__(self, line: Line, layout: Layout, context: Context) -> None:
        self.line, self.layout, self.context = line, layout, context

    def copy_order(self, above: Line) -> None:
        line = self.line
        line.order_no, line.channel = above.order_no, above.channel
        line.customer, line.phone, line.address = above.customer, above.phone, above.address
        line.point, line.ordered_at = above.point, above.ordered_at
        line.refusals += [each for each in above.refusals if each.field in ORDER_FIELDS]

    def read_order(self) -> None:
        for step in (
            self._order_no,
            self._status,
            self._customer,
            self._phone,
            self._address,
            self._point,
            self._ordered_at,
        ):
            self._try(step)

    def read_article(self) -> None:
        for step in (self._product, self._qty, self._type, self._window, self._serial, self._note):
            self._try(step)

    def _try(self, step: Callable[[], None]) -> None:
        try:
            step()
        except LineError as error:
            self.line.refusals.append(error.reason)

    def _first(self, column: C) -> str:
        found = self.layout.values(self.line.row.cells, column)
        return values.plain(found[0]) if found else ""

    def _order_no(self) -> None:
        self.line.channel = values.words(self._first(C.CHANNEL), "channel")[:20]
        self.line.refused_key = self._first(C.REFUSED_KEY)[:40]
        if not self.layout.has(C.ORDER_NO):
            return
        self.line.order_no = values.identifier(self._first(C.ORDER_NO), "order_no")
        if not self.line.order_no:
            raise LineError("order_no_missing", "order_no")

    def _status(self) -> None:
        for status in self.layout.values(self.line.row.cells, C.ORDER_STATUS):
            if _CANCELLED.search(status):
                raise LineError("order_cancelled", "order_status", value=status.strip()[:40])

    def _customer(self) -> None:
        self.line.customer = values.words(self._first(C.CUSTOMER), "customer")
        if not self.line.customer:
            raise LineError("customer_missing", "customer")

    def _phone(self) -> None:
        cells = [
            cell
            for column in (C.PHONE, C.PHONE_OTHER)
            for cell in self.layout.values(self.line.row.cells, column)
        ]
        self.line.phone, notes = phone(cells, self.context.phone_region)
        self.line.notes += notes

    def _address(self) -> None:
        parts = [
            values.words(self._first(column), "address")
            for column in (C.PROVINCE, C.CITY, C.DISTRICT, C.STREET)
        ]
        address = values.words(self._first(C.ADDRESS), "address")
        if not address:
            raise LineError("address_missing", "address")
        self.line.address = values.words(_joined(parts, address), "address")

    def _point(self) -> None:
        given_in = values.datum(self._first(C.DATUM), self.context.datum)
        self.line.point = values.coordinates(self._first(C.LAT), self._first(C.LNG), given_in)

    def _ordered_at(self) -> None:
        try:
            self.line.ordered_at = dates.instant(
                self._first(C.ORDERED_AT), self.context.zone, self.context.today
            )
        except LineError as error:
            self.line.notes.append(error.reason)

    def _product(self) -> None:
        cells = self.line.row.cells
        models = [values.words(cell, "sku") for cell in self.layout.values(cells, C.SKU)]
        texts = [
            values.words(cell, "product")
            for column in (C.PRODUCT, C.VARIANT)
            for cell in self.layout.values(cells, column)
        ]
        self.line.product = next(iter((*texts, *models)), "")
        if not self.line.product:
            raise LineError("product_missing", "product")
        product = self.context.products.match(models, texts)
        self.line.sku, self.line.product = product.sku, product.name
        self._try(lambda: self._type_of(product.services))

    def _type_of(self, services: frozenset[str]) -> None:
        text = self._first(C.JOB_TYPE)
        self.line.type = values.job_type(text)
        if self.line.type not in services:
            raise LineError("no_service_spec", "job_type", value=text or self.line.type)

    def _type(self) -> None:
        if not self.line.sku:
            self.line.type = values.job_type(self._first(C.JOB_TYPE))

    def _qty(self) -> None:
        self.line.qty = values.quantity(self._first(C.QTY))

    def _window(self) -> None:
        zone, today = self.context.zone, self.context.today
        if self.layout.has(C.WINDOW_START):
            text = f"{self._first(C.WINDOW_START)} {self._first(C.WINDOW_END)}".strip()
            found = dates.window_between(self._first(C.WINDOW_START), self._first(C.WINDOW_END), zone, today)
        else:
            text = self._first(C.APPOINTMENT)
            found = dates.window(text, zone, today)
        if found is not None and found.end <= self.context.now:
            self.line.notes.append(Reason("appointment_past", "appointment", {"value": text[:60]}))
            found = None
        self.line.window = found

    def _serial(self) -> None:
        self.line.serial = values.identifier(self._first(C.SERIAL), "serial")
        self.line.sub_order_no = values.identifier(self._first(C.SUB_ORDER_NO), "sub_order_no")

    def _note(self) -> None:
        said = [self._first(column) for column in (C.NOTE, C.BUYER_NOTE)]
        self.line.note = values.words("; ".join(filter(None, said)), "note")


ORDER_FIELDS = {"order_no", "order_status", "customer", "phone", "address", "lat", "datum"}


def _joined(parts: list[str], address: str) -> str:
    """Province, city, district and street before the address, without saying any of them twice."""
    joined = ""
    for part in parts:
        if part and part not in joined and not address.startswith(part) and part not in address[:20]:
            joined += part
    return joined + address

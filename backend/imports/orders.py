"""Rows gathered into orders: one article a line, several lines an order, every row in exactly one place."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from backend.geocoding.address_text import canonical
from backend.imports.columns import Column, Layout, header_key, layout_of, recognised
from backend.imports.lines import Context, Line, is_total, names_customer, read_line
from backend.imports.reasons import LineError, OrderFileError, Reason
from backend.imports.tables import SourceRow, Table
from backend.imports.values import identifier

HEADER_WITHIN_ROWS = 15
MAX_JOBS = 50


@dataclass(slots=True)
class Order:
    """One order: the lines that can become jobs and those that cannot."""

    channel: str
    order_no: str
    lines: list[Line] = field(default_factory=list)
    refused: list[Line] = field(default_factory=list)
    keys: dict[int, str] = field(default_factory=dict)  # row number of a line: its key within the order


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file says: its orders, and the rows that are none with the reason."""

    table: Table
    layout: Layout
    channel: str
    orders: tuple[Order, ...]
    ignored: tuple[tuple[int, Reason], ...]


def read_orders(table: Table, context: Context, channel: str = "") -> Reading:
    """Orders of a table in file order. `channel` overrides what the columns suggest.

    Raises `OrderFileError` when no row can be the header.
    """
    at, layout = _header(table)
    ignored = [(row.line, Reason("blank" if row.is_blank else "before_header")) for row in table.rows[:at]]
    ignored.append((table.rows[at].line, Reason("header")))
    gathering = _Gathering(layout, context, channel or layout.channel)
    for row in table.rows[at + 1 :]:
        code = _no_order(row, layout)
        if code:
            ignored.append((row.line, Reason(code)))
        else:
            gathering.add(row)
    return Reading(table, layout, gathering.channel, tuple(gathering.finished()), tuple(ignored))


def _header(table: Table) -> tuple[int, Layout]:
    candidates = range(min(len(table.rows), HEADER_WITHIN_ROWS))
    for at in sorted(candidates, key=lambda i: -recognised(table.rows[i].cells)):
        layout = layout_of(table.rows[at].cells)
        if layout is not None:
            return at, layout
    raise OrderFileError("header_not_found")


def _no_order(row: SourceRow, layout: Layout) -> str:
    if row.is_blank:
        return "blank"
    if is_total(row, layout):
        return "total_line"
    keys = [header_key(cell) for cell in row.cells]
    return "header" if keys[: len(layout.header)] == [header_key(cell) for cell in layout.header] else ""


class _Gathering:
    """Collects lines into orders by channel and order number."""

    def __init__(self, layout: Layout, context: Context, channel: str) -> None:
        self.layout, self.context, self.channel = layout, context, channel
        self._orders: dict[tuple[str, str], Order] = {}
        self._unnumbered: list[Order] = []
        self._last: Line | None = None
        self._first: dict[str, Line] = {}

    def add(self, row: SourceRow) -> None:
        line = read_line(row, self.layout, self.context, self._above(row))
        line.channel = line.channel.casefold() or self.channel
        if not line.order_no and not line.refusals:
            line.order_no = _made_up_number(line)
        self._last = line
        order = self._order_of(line)
        (order.refused if line.refusals else order.lines).append(line)

    def _above(self, row: SourceRow) -> Line | None:
        """The line whose order this row continues, when it does not say itself who is visited."""
        if names_customer(row, self.layout):
            return None
        number = self._number(row)
        return self._first.get(number) if number else self._last

    def _number(self, row: SourceRow) -> str:
        cells = self.layout.values(row.cells, Column.ORDER_NO)
        try:
            return identifier(cells[0], "order_no") if cells else ""
        except LineError:
            return ""

    def _order_of(self, line: Line) -> Order:
        if not line.order_no:
            self._unnumbered.append(Order(line.channel, ""))
            return self._unnumbered[-1]
        self._first.setdefault(line.order_no, line)
        return self._orders.setdefault((line.channel, line.order_no), Order(line.channel, line.order_no))

    def finished(self) -> list[Order]:
        orders = [*self._orders.values(), *self._unnumbered]
        for order in orders:
            _refuse(order, _disagreeing(order.lines))
            _refuse(order, _too_many(order.lines))
            order.keys = _keys(order)
        return sorted(orders, key=_first_line)


def _first_line(order: Order) -> int:
    return min(line.row.line for line in (*order.lines, *order.refused))


def _refuse(order: Order, wrong: Iterable[tuple[Line, Reason]]) -> None:
    for line, reason in list(wrong):
        line.refusals.append(reason)
        order.lines.remove(line)
        order.refused.append(line)
    order.refused.sort(key=lambda line: line.row.line)


def _disagreeing(lines: list[Line]) -> list[tuple[Line, Reason]]:
    """Lines that send an order elsewhere than its first line does."""
    wrong = []
    for line in lines[1:]:
        for name in ("phone", "customer", "address"):
            if canonical(getattr(line, name)) != canonical(getattr(lines[0], name)):
                wrong.append((line, Reason("lines_disagree", name, {"field": name})))
                break
    return wrong


def _too_many(lines: list[Line]) -> list[tuple[Line, Reason]]:
    wrong, jobs = [], 0
    for line in lines:
        if jobs + line.qty > MAX_JOBS:
            wrong.append((line, Reason("too_many_jobs", "qty", {"limit": MAX_JOBS})))
        else:
            jobs += line.qty
    return wrong


def _made_up_number(line: Line) -> str:
    """A number for a file that has none: the same customer, place and day are the same order."""
    day = line.ordered_at.isoformat() if line.ordered_at else ""
    said = "\n".join((day, line.phone, canonical(line.customer), canonical(line.address)))
    return f"H{hashlib.sha256(said.encode()).hexdigest()[:12]}"


def identity(line: Line) -> str:
    """What makes an article of an order the same article in the next export, as a short hash."""
    said = [line.sub_order_no] if line.sub_order_no else [line.sku, line.type, line.serial]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:20]


def _keys(order: Order) -> dict[int, str]:
    """A key per line: its identity and a count, or the key its refusal was given in an earlier file."""
    seen: Counter[str] = Counter()
    keys = {}
    for line in order.lines:
        who = identity(line)
        seen[who] += 1
        keys[line.row.line] = f"{who}#{line.refused_key or seen[who]}"
    return keys


def by_identity(keys: Iterable[str]) -> dict[str, list[str]]:
    """Line keys by the identity they begin with."""
    found: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        found[key.partition("#")[0]].append(key)
    return found

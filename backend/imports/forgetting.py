"""Forgetting what order files said: of one person at once, of everybody when it has served its turn."""

import datetime as dt
import re
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import phonenumbers
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.db.session import Database
from backend.db.types import utc_now
from backend.geocoding.address_text import canonical
from backend.imports.models import ImportRow, ImportRun, ImportState
from backend.imports.outcomes import Outcome
from backend.imports.parsed import ParsedOrder, from_json, to_json
from backend.imports.reasons import Reason
from backend.imports.repository import OrderKey
from backend.imports.service import APPLIED

AT_ONCE = 500
NOTHING = "[]"
# Long enough to bring refused lines in after all; orders that were taken are on record by themselves.
KEPT = dt.timedelta(days=90)


@dataclass(frozen=True)
class Traces:
    """By what a person's orders are known: numbers in E.164, homes with whoever lives there, orders."""

    phones: Collection[str]
    homes: Collection[tuple[str, str]]
    orders: Collection[OrderKey]

    def are_in(self, row: ImportRow) -> bool:
        """Whether an order of a file is theirs; of a refused one the cells are all there is to go by."""
        channel = str(row.parsed.get("channel", ""))
        cells = [str(cell) for line in row.raw for cell in line["cells"]]
        return (channel, row.order_no) in self.orders or self._are_called(cells) or self._live_there(cells)

    def _are_called(self, cells: list[str]) -> bool:
        numbers = [_national(phone) for phone in self.phones]
        written = [re.sub(r"\D", "", cell) for cell in cells]
        return any(number in digits for digits in written for number in numbers)

    def _live_there(self, cells: list[str]) -> bool:
        said = {canonical(cell) for cell in cells}
        return any({canonical(name), canonical(address)} <= said for name, address in self.homes)


def _national(phone: str) -> str:
    """The digits every way of writing a number has: not the country's, not a privacy relay's extension."""
    return str(phonenumbers.parse(phone.partition(",")[0]).national_number)


def forget(session: Session, org_id: uuid.UUID, traces: Traces) -> int:
    """Empty a person's orders in every file of an organisation; how many. Other people's lines stay."""
    count = 0
    for row in _rows(session, org_id):
        if traces.are_in(row):
            _empty(row, Reason("forgotten"))
            count += 1
    session.flush()
    return count


async def forget_old(db: Database) -> None:
    """Empty what is older than it is kept, a page at a time, so that nobody has to wait for long."""
    while await db.write(_forget_page, utc_now() - KEPT) == AT_ONCE:
        pass


def _forget_page(session: Session, before: dt.datetime) -> int:
    query = (
        sa.select(ImportRow)
        .join(ImportRun, col(ImportRun.id) == col(ImportRow.run_id))
        .where(col(ImportRun.created_at) < before, col(ImportRun.state) != ImportState.APPLYING)
        .where(sa.cast(col(ImportRow.raw), sa.String) != NOTHING)
        .limit(AT_ONCE)
    )
    rows = session.scalars(query).all()
    for row in rows:
        _empty(row, Reason("file_forgotten", data={"days": KEPT.days}))
    session.flush()
    return len(rows)


def _rows(session: Session, org_id: uuid.UUID) -> Iterator[ImportRow]:
    after = uuid.UUID(int=0)
    query = (
        sa.select(ImportRow).where(col(ImportRow.org_id) == org_id).order_by(col(ImportRow.id)).limit(AT_ONCE)
    )
    while page := session.scalars(query.where(col(ImportRow.id) > after)).all():
        yield from page
        after = page[-1].id


def _empty(row: ImportRow, why: Reason) -> None:
    order = from_json(row.parsed)
    if order.jobs is None and row.outcome in APPLIED:
        # Nobody is to be sent there any more, should the file be applied after all.
        row.outcome = Outcome.REFUSE
    row.reasons = [why.to_json()]
    row.parsed = to_json(ParsedOrder(channel=order.channel, jobs=order.jobs))
    row.raw = []

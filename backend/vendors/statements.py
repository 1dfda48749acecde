"""What a vendor is paid for a month, visit by visit.

Nothing is priced again: a visit pays the tariff it was given for, once its customer has signed, in the month
of the signature as the technician's region counts days, to the vendor its technician worked for when it was
given. So a vendor's statement is the sum of what its technicians were told they earned.
"""

import datetime as dt
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import BadInputError, NotFoundError
from backend.organisations.models import Organisation
from backend.vendors import repository
from backend.vendors.models import Vendor
from backend.vendors.schemas import Statement, StatementLine, StatementSummary, VendorRead
from backend.web.schemas import Page

MONTH = re.compile(r"2[01][0-9]{2}-(0[1-9]|1[0-2])")


def summaries(session: Session, actor: Actor, month: str) -> list[StatementSummary]:
    """The month of every vendor the actor may see."""
    actor.require(Permission.STATEMENT_READ)
    return _summaries(session, actor, month, repository.visible(session, actor))


def statement(
    session: Session, actor: Actor, month: str, vendor_id: uuid.UUID, after: uuid.UUID | None, limit: int
) -> Statement:
    """A vendor's month with the visits behind the line `after`. Raises NotFoundError."""
    actor.require(Permission.STATEMENT_READ)
    found = [vendor for vendor in repository.visible(session, actor) if vendor.id == vendor_id]
    if not found:
        raise NotFoundError("No such vendor.")
    [summary] = _summaries(session, actor, month, found)
    zones = repository.zones(session, actor.org_id)
    rows = repository.signed_visits(session, vendor_id, _signed_in(month, zones), after, limit)
    lines = [_line(row, ZoneInfo(zones[row.region_id])) for row in rows]
    return Statement(summary, Page(lines, next=str(lines[-1].id) if len(lines) == limit else None))


def _summaries(
    session: Session, actor: Actor, month: str, vendors: Sequence[Vendor]
) -> list[StatementSummary]:
    currency = session.get_one(Organisation, actor.org_id).currency
    when = _signed_in(month, repository.zones(session, actor.org_id))
    totals = repository.totals(session, [vendor.id for vendor in vendors], when)
    return [
        StatementSummary(
            VendorRead(vendor.id, vendor.name), month, *totals.get(vendor.id, (0, 0, 0)), currency
        )
        for vendor in vendors
    ]


def _line(row: sa.Row[Any], zone: ZoneInfo) -> StatementLine:
    return StatementLine(
        id=row.id,
        day=row.signed_at.astimezone(zone).date(),
        signed_at=row.signed_at,
        job_id=row.job_id,
        number=row.number,
        attempt=row.attempt,
        technician=row.technician,
        type=row.type,
        category=row.category,
        product=row.product,
        product_en=row.product_en or row.product,
        pays_fen=row.pays_fen,
        sha256=row.sha256,
    )


def _signed_in(month: str, zones: Mapping[uuid.UUID, str]) -> sa.ColumnElement[bool]:
    return repository.signed_in({region_id: _span(month, zone) for region_id, zone in zones.items()})


def _span(month: str, zone: str) -> tuple[dt.datetime, dt.datetime]:
    """From the first instant of a month in a zone to that of the next."""
    if not MONTH.fullmatch(month):
        raise BadInputError("A month is written as 2026-11.", code="bad_month")
    first = dt.date.fromisoformat(f"{month}-01")
    following = (first + dt.timedelta(days=31)).replace(day=1)
    begins, ends = (dt.datetime.combine(day, dt.time.min, ZoneInfo(zone)) for day in (first, following))
    return begins, ends

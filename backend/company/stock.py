"""What lies in the warehouse and in the vans when a company begins."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping

import sqlalchemy as sa
from sqlmodel import col

from backend.audit import service as audit
from backend.company.file import CompanyFile
from backend.company.rows import Rows
from backend.parts.models import Part, StockMove
from backend.parts.service import opening_stock
from backend.technicians.models import Technician


def write_stock(
    rows: Rows,
    told: CompanyFile,
    parts: Mapping[str, Part],
    technicians: Mapping[str, Technician],
    now: dt.datetime,
) -> None:
    """Book the opening stock of parts that have never moved; of all others the ledger knows better."""
    warehouse = {part.sku: part.stock for part in told.parts if part.stock}
    vans = {row.login: {sku: qty for sku, qty in row.van.items() if qty} for row in told.technicians}
    wanted = sorted({*warehouse, *(sku for van in vans.values() for sku in van)})
    query = sa.select(col(StockMove.part_id)).where(col(StockMove.org_id) == rows.org_id).distinct()
    moved = set(rows.session.scalars(query))
    fresh = {sku for sku in wanted if parts[sku].id not in moved}
    for sku in wanted:
        rows.report.count("opening stock", sku, is_new=sku in fresh)
    if not fresh:
        return
    loads: dict[str, dict[str, int]] = defaultdict(dict)
    for login, van in vans.items():
        loads[login] = {sku: qty for sku, qty in van.items() if sku in fresh}
    moves = opening_stock(
        rows.session,
        rows.org_id,
        warehouse={sku: qty for sku, qty in warehouse.items() if sku in fresh},
        vans={technicians[login].id: load for login, load in loads.items() if load},
        moved_at=now,
    )
    audit.record(rows.session, rows.actor, "stock.opened", "organisation", rows.org_id, moves=moves)

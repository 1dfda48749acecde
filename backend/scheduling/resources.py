"""Who can work on a day and with what: technicians, shifts, vans, vendors, the warehouse."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.organisations.models import Region
from backend.parts.models import LocationKind, Part, StockLocation, StockMove
from backend.scheduling.day import DayShift, DayTechnician, DayVendor, LatLng
from backend.technicians.models import Shift, Technician, TechnicianCertificate, TechnicianSkill
from backend.vendors.models import Tariff, Vendor


def technicians(
    session: Session, region: Region, day: dt.date, rows: Sequence[Technician]
) -> list[DayTechnician]:
    """Technicians with what they can do, their shift that day and what is in their van."""
    ids = sa.select(col(Technician.id)).where(col(Technician.region_id) == region.id)
    skills = _group(session, TechnicianSkill.technician_id, TechnicianSkill.skill, TechnicianSkill.level, ids)
    certificates = _group(
        session,
        TechnicianCertificate.technician_id,
        TechnicianCertificate.code,
        TechnicianCertificate.expires_on,
        ids,
    )
    on_duty = sa.select(Shift).where(col(Shift.technician_id).in_(ids), col(Shift.day) == day)
    shifts = {shift.technician_id: _day_shift(shift) for shift in session.scalars(on_duty)}
    vans = _van_stock(session, region)
    return [
        DayTechnician(
            id=row.id,
            name=row.name,
            vendor_id=row.vendor_id,
            home=LatLng(row.home_lat, row.home_lng),
            hourly_fen=row.hourly_fen,
            per_km_fen=row.per_km_fen,
            day_fee_fen=row.day_fee_fen,
            overtime_hourly_fen=row.overtime_hourly_fen,
            overtime_limit_s=row.overtime_limit_s,
            skills=skills[row.id],
            certificates=certificates[row.id],
            shift=shifts.get(row.id),
            van=vans[row.id],
        )
        for row in rows
    ]


def _group(session: Session, owner: Any, key: Any, value: Any, ids: Any) -> dict[uuid.UUID, dict[str, Any]]:  # noqa: ANN401 - SQLAlchemy columns
    grouped: dict[uuid.UUID, dict[str, Any]] = defaultdict(dict)
    for who, what, how_much in session.execute(sa.select(owner, key, value).where(owner.in_(ids))):
        grouped[who][what] = how_much
    return grouped


def _day_shift(shift: Shift) -> DayShift:
    return DayShift(shift.starts_at, shift.ends_at, shift.break_from, shift.break_until, shift.break_s)


def _stock(session: Session, places: sa.Select[Any]) -> Iterable[tuple[uuid.UUID, str, int]]:
    """(location, SKU, pieces) of the locations in `places`: the sum of what came in less what went out."""
    arrived: sa.Select[Any, Any, Any] = sa.select(
        col(StockMove.to_id).label("location_id"), col(StockMove.part_id), col(StockMove.qty)
    ).where(col(StockMove.to_id).in_(places))
    left = sa.select(col(StockMove.from_id), col(StockMove.part_id), -col(StockMove.qty)).where(
        col(StockMove.from_id).in_(places)
    )
    moves = sa.union_all(arrived, left).subquery()
    query = (
        sa.select(moves.c.location_id, col(Part.sku), sa.func.sum(moves.c.qty))
        .join(Part, col(Part.id) == moves.c.part_id)
        .group_by(moves.c.location_id, col(Part.sku))
    )
    return ((location, sku, int(qty)) for location, sku, qty in session.execute(query))


def _van_stock(session: Session, region: Region) -> dict[uuid.UUID, dict[str, int]]:
    vans_of_region = (
        sa.select(col(StockLocation.id), col(StockLocation.technician_id))
        .join(Technician, col(Technician.id) == col(StockLocation.technician_id))
        .where(col(Technician.region_id) == region.id)
    )
    owner: dict[uuid.UUID, uuid.UUID] = {
        van: who for van, who in session.execute(vans_of_region) if who is not None
    }
    stock: dict[uuid.UUID, dict[str, int]] = defaultdict(dict)
    for location, sku, qty in _stock(session, vans_of_region.with_only_columns(col(StockLocation.id))):
        if qty > 0:
            stock[owner[location]][sku] = qty
    return stock


def warehouse(session: Session, org_id: uuid.UUID) -> dict[str, int]:
    """Pieces per SKU over the organisation's warehouses."""
    places = sa.select(col(StockLocation.id)).where(
        col(StockLocation.org_id) == org_id, col(StockLocation.kind) == LocationKind.WAREHOUSE
    )
    total: dict[str, int] = defaultdict(int)
    for _, sku, qty in _stock(session, places):
        total[sku] += max(qty, 0)
    return dict(total)


def vendors(session: Session, org_id: uuid.UUID) -> list[DayVendor]:
    """The organisation's vendors with their tariffs."""
    tariffs: dict[uuid.UUID, dict[tuple[str, str], int]] = defaultdict(dict)
    for tariff in session.scalars(sa.select(Tariff).where(col(Tariff.org_id) == org_id)):
        tariffs[tariff.vendor_id][tariff.category, tariff.job_type.value] = tariff.price_fen
    rows = session.scalars(sa.select(Vendor).where(col(Vendor.org_id) == org_id).order_by(col(Vendor.id)))
    return [DayVendor(row.id, row.name, row.daily_capacity, tariffs[row.id]) for row in rows]

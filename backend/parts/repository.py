"""Queries over parts, stock locations and the ledger."""

import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.db.upsert import insert_into
from backend.parts.models import LocationKind, Part, StockLocation, StockMove

# Locations that exist once have an id that follows from what they are, so that two writers cannot make two.
_NAMESPACE = uuid.UUID("5f0f7c52-3d0c-5c3e-9a4e-6f2f6f1f8a10")


def site_id(org_id: uuid.UUID, kind: LocationKind) -> uuid.UUID:
    """The id of the organisation's one warehouse, customers' side or supplier side."""
    return uuid.uuid5(_NAMESPACE, f"{org_id}:{kind}")


def van_id(technician_id: uuid.UUID) -> uuid.UUID:
    """The id of a technician's van."""
    return uuid.uuid5(_NAMESPACE, f"van:{technician_id}")


def ensure_site(session: Session, org_id: uuid.UUID, kind: LocationKind) -> uuid.UUID:
    """The organisation's location of a kind, made when it is first needed."""
    location_id = site_id(org_id, kind)
    _ensure(session, StockLocation(id=location_id, org_id=org_id, kind=kind, name=kind.value))
    return location_id


def ensure_van(session: Session, org_id: uuid.UUID, technician_id: uuid.UUID) -> uuid.UUID:
    """The technician's van, made when it is first needed."""
    location_id = van_id(technician_id)
    van = StockLocation(
        id=location_id, org_id=org_id, kind=LocationKind.VAN, name="van", technician_id=technician_id
    )
    _ensure(session, van)
    return location_id


def _ensure(session: Session, location: StockLocation) -> None:
    if session.scalar(sa.select(col(StockLocation.id)).where(col(StockLocation.id) == location.id)) is None:
        values = location.model_dump()
        session.execute(insert_into(session, StockLocation).values(values).on_conflict_do_nothing())


def lock_location(session: Session, location_id: uuid.UUID) -> None:
    """One at a time may take from a location; SQLite has a single writer anyway."""
    query = sa.select(col(StockLocation.id)).where(col(StockLocation.id) == location_id)
    session.execute(query.with_for_update())


def part_by_sku(session: Session, org_id: uuid.UUID, sku: str) -> Part | None:
    return session.exec(select(Part).where(Part.org_id == org_id, Part.sku == sku)).first()


def parts_by_sku(session: Session, org_id: uuid.UUID, skus: Collection[str]) -> dict[str, Part]:
    query = select(Part).where(Part.org_id == org_id, col(Part.sku).in_(skus))
    return {part.sku: part for part in session.exec(query)}


def moves_of_use(session: Session, use_id: uuid.UUID) -> Sequence[StockMove]:
    """The use, and its return if there is one."""
    return session.exec(
        select(StockMove).where(StockMove.use_id == use_id).order_by(col(StockMove.is_return))
    ).all()


def stock(
    session: Session, location_ids: Collection[uuid.UUID], part_id: uuid.UUID | None = None
) -> dict[tuple[uuid.UUID, uuid.UUID], int]:
    """Pieces by (location, part): everything that came in less everything that went out."""
    incoming, outgoing = col(StockMove.to_id), col(StockMove.from_id)
    sums: dict[tuple[uuid.UUID, uuid.UUID], int] = {}
    for place, sign in ((incoming, 1), (outgoing, -1)):
        query = sa.select(place, col(StockMove.part_id), sa.func.sum(col(StockMove.qty)))
        query = query.where(place.in_(location_ids)).group_by(place, col(StockMove.part_id))
        if part_id is not None:
            query = query.where(col(StockMove.part_id) == part_id)
        for location, part, qty in session.execute(query):
            sums[location, part] = sums.get((location, part), 0) + sign * int(qty)
    return sums


def parts_by_id(session: Session, part_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Part]:
    return {part.id: part for part in session.exec(select(Part).where(col(Part.id).in_(part_ids)))}


def uses(session: Session, job_ids: Collection[uuid.UUID]) -> Sequence[tuple[StockMove, Part]]:
    """Parts used on the jobs and not returned, in the order they were used."""
    returned = sa.select(col(StockMove.use_id)).where(
        col(StockMove.job_id).in_(job_ids), col(StockMove.is_return)
    )
    query = (
        select(StockMove, Part)
        .join(Part, col(Part.id) == col(StockMove.part_id))
        .where(
            col(StockMove.job_id).in_(job_ids),
            col(StockMove.use_id).is_not(None),
            ~col(StockMove.is_return),
            col(StockMove.use_id).not_in(returned),
        )
        .order_by(col(StockMove.moved_at), col(StockMove.id))
    )
    return session.exec(query).all()

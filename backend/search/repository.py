"""Queries behind the search: who and where first, by an index or one narrow scan, then their jobs."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.assets.models import Asset, Product
from backend.auth.actor import Actor
from backend.auth.models import Account
from backend.cases.models import SalesOrder
from backend.customers.models import Customer, Place
from backend.jobs.lifecycle import FINISHED
from backend.jobs.models import Job
from backend.jobs.repository import visible_to
from backend.organisations.models import Region
from backend.search.query import TAIL_DIGITS, Asked
from backend.technicians.models import Technician
from backend.vendors.models import Vendor

AMONG = 60
Row = sa.Row[Any]
LAST = "\U0010ffff"


@dataclass(frozen=True)
class Known:
    """Rows that fit what was asked, by where it was found."""

    customers: Sequence[uuid.UUID] = ()
    places: Sequence[uuid.UUID] = ()
    cases: Sequence[uuid.UUID] = ()
    assets: Sequence[uuid.UUID] = ()


def known(session: Session, org_id: uuid.UUID, asked: Asked) -> Known:
    """Customers, places, orders and appliances of an organisation that fit, a few of each."""
    customers: list[uuid.UUID] = []
    if asked.tail:
        customers += _ids(session, _by_tail(session, org_id, asked.tail))
    if asked.is_words:
        customers += _ids(session, _containing(session, Customer, "name", org_id, asked.text))
    return Known(
        customers,
        _ids(session, _containing(session, Place, "address", org_id, asked.text)) if asked.is_words else (),
        _beginning(session, SalesOrder, "order_no", "case_id", org_id, asked) if asked.is_code else (),
        _beginning(session, Asset, "serial", "id", org_id, asked) if asked.is_code else (),
    )


def jobs(session: Session, actor: Actor, asked: Asked, known: Known) -> Sequence[Row]:
    """Visible jobs of those rows, and jobs whose own number fits, the newest first."""
    rules = [
        col(Job.customer_id).in_(known.customers) if known.customers else None,
        col(Job.place_id).in_(known.places) if known.places else None,
        col(Job.case_id).in_(known.cases) if known.cases else None,
        col(Job.asset_id).in_(known.assets) if known.assets else None,
    ]
    visible = _visible(session, actor)
    wanted = [sa.and_(rule, visible) for rule in rules if rule is not None]
    if asked.is_code:
        wanted.insert(0, sa.and_(_begins(session, col(Job.number), asked.text.upper()), visible_to(actor)))
    # One after the other and unsorted, so that each uses its own index.
    ids = {
        job_id
        for rule in wanted
        for job_id in session.scalars(sa.select(col(Job.id)).where(rule).limit(AMONG * 4))
    }
    newest = sorted(ids, reverse=True)[:AMONG]
    rows = _rows(visible).where(col(Job.id).in_(newest))
    return session.execute(rows).all() if newest else []


def jobs_of_few(session: Session, actor: Actor, asked: Asked) -> Sequence[Row]:
    """The same for somebody who sees a small part of the organisation: their own jobs are looked through."""
    anywhere = f"%{_escaped(asked.text)}%"
    fits = [
        col(Job.number).ilike(f"{_escaped(asked.text)}%", escape="\\"),
        col(Customer.name).ilike(anywhere, escape="\\"),
        col(Place.address).ilike(anywhere, escape="\\"),
        col(Asset.serial).ilike(f"{_escaped(asked.text)}%", escape="\\"),
    ]
    if asked.tail:
        fits.append(col(Customer.phone).like(f"%{asked.tail}"))
    return session.execute(_rows(visible_to(actor)).where(sa.or_(*fits)).limit(AMONG)).all()


def technicians(session: Session, actor: Actor, asked: Asked, limit: int) -> Sequence[Row]:
    """Those who work, by a part of the name or the beginning of the login; a vendor's own for a vendor."""
    start = _escaped(asked.text)
    query = (
        sa.select(
            *(col(getattr(Technician, name)) for name in ("id", "name", "region_id")),
            col(Account.login), col(Region.name).label("region_name"), col(Vendor.name).label("vendor_name"),
        )
        .join(Region, col(Region.id) == col(Technician.region_id))
        .outerjoin(Vendor, col(Vendor.id) == col(Technician.vendor_id))
        .outerjoin(
            Account,
            sa.and_(col(Account.technician_id) == col(Technician.id), col(Account.disabled_at).is_(None)),
        )
        .where(
            col(Technician.org_id) == actor.org_id,
            col(Technician.is_active),
            sa.or_(
                col(Technician.name).ilike(f"%{start}%", escape="\\"),
                col(Account.login).ilike(f"{start}%", escape="\\"),
            ),
        )
        .order_by(col(Technician.name), col(Technician.id))
        .limit(limit)
    )  # fmt: skip
    if actor.vendor_id is not None:
        query = query.where(col(Technician.vendor_id) == actor.vendor_id)
    return session.execute(query).all()


def customers_at_rest(session: Session, org_id: uuid.UUID, known: Known, limit: int) -> Sequence[Row]:
    """Of those known the ones without work under way, each with an appliance that was found by its serial."""
    if not known.customers and not known.assets:
        return []
    working = sa.exists().where(
        col(Job.customer_id) == col(Customer.id), col(Job.status).not_in(tuple(FINISHED))
    )
    owned = sa.and_(col(Asset.customer_id) == col(Customer.id), col(Asset.id).in_(known.assets))
    query = (
        sa.select(
            *(col(getattr(Customer, name)) for name in ("id", "name", "phone")),
            col(Asset.serial), col(Product.name).label("product_name"),
            col(Product.name_en).label("product_name_en"),
        )
        .outerjoin(Asset, owned)
        .outerjoin(Product, col(Product.id) == col(Asset.product_id))
        .where(
            col(Customer.id).in_([*known.customers, *_owners(session, known.assets)]),
            col(Customer.org_id) == org_id,
            col(Customer.erased_at).is_(None),
            ~working,
        )
        .order_by(col(Customer.id).desc())
        .limit(limit)
    )  # fmt: skip
    return session.execute(query).all()


def _owners(session: Session, assets: Sequence[uuid.UUID]) -> Sequence[uuid.UUID]:
    if not assets:
        return ()
    query = sa.select(col(Asset.customer_id)).where(col(Asset.id).in_(assets))
    return [owner for owner in session.scalars(query) if owner is not None]


def orders(session: Session, case_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, str]:
    """A shop's order number by case."""
    query = sa.select(col(SalesOrder.case_id), col(SalesOrder.order_no)).where(
        col(SalesOrder.case_id).in_(case_ids)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _rows(visible: sa.ColumnElement[bool]) -> sa.Select[Any]:
    columns = (
        *(col(getattr(Job, name)) for name in ("id", "number", "type", "status", "day", "region_id")),
        col(Job.case_id), col(Job.window_start), col(Job.window_end),
        col(Customer.name).label("customer_name"), col(Customer.phone),
        col(Place.address), col(Product.name).label("product_name"),
        col(Product.name_en).label("product_name_en"), col(Asset.serial),
        col(Technician.name).label("technician_name"),
    )  # fmt: skip
    return (
        sa.select(*columns)
        .select_from(Job)
        .join(Customer, col(Customer.id) == col(Job.customer_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .join(Product, col(Product.id) == col(Job.product_id))
        .outerjoin(Asset, col(Asset.id) == col(Job.asset_id))
        .outerjoin(Technician, col(Technician.id) == col(Job.technician_id))
        .where(visible)
        .order_by(col(Job.id).desc())
    )


def _ids(session: Session, query: sa.Select[Any]) -> list[uuid.UUID]:
    return list(session.scalars(query.limit(AMONG)))


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


def _visible(session: Session, actor: Actor) -> sa.ColumnElement[bool]:
    """SQLite is told that most jobs pass, or it reads an organisation's instead of a few by their keys."""
    rule = visible_to(actor)
    return sa.func.likely(rule, type_=sa.Boolean()) if _is_sqlite(session) else rule


def _by_tail(session: Session, org_id: uuid.UUID, tail: str) -> sa.Select[Any]:
    query = sa.select(col(Customer.id)).where(col(Customer.phone).like(f"%{tail}"))
    if _is_sqlite(session):
        return query.where(_unindexed(Customer) == org_id)
    return query.where(
        col(Customer.org_id) == org_id,
        sa.func.right(col(Customer.phone), TAIL_DIGITS) == tail[-TAIL_DIGITS:],
    )


def _containing(
    session: Session, table: type[Customer] | type[Place], column: str, org_id: uuid.UUID, text: str
) -> sa.Select[Any]:
    said = col(getattr(table, column))
    query, anywhere = sa.select(col(table.id)), f"%{_escaped(text)}%"
    if _is_sqlite(session):
        # Its LIKE does not tell capitals from small letters, and is faster than comparing lowered copies.
        return query.where(_unindexed(table) == org_id, said.like(anywhere, escape="\\"))
    pairs = sa.func.shangmen_pairs
    return query.where(
        col(table.org_id) == org_id,
        pairs(said).op("@>")(pairs(text)),
        said.ilike(anywhere, escape="\\"),
    )


def _unindexed(table: type[Customer] | type[Place]) -> sa.ColumnElement[uuid.UUID]:
    """The organisation's column kept from SQLite's planner: one pass over a table beats 100,000 look-ups."""
    return sa.literal_column(f"+{table.__tablename__}.org_id", sa.Uuid())


def _beginning(
    session: Session,
    table: type[SalesOrder] | type[Asset],
    column: str,
    wanted: str,
    org_id: uuid.UUID,
    asked: Asked,
) -> list[uuid.UUID]:
    """Rows whose number begins with the text as it is typed, or in capitals."""
    said = col(getattr(table, column))
    query = sa.select(col(getattr(table, wanted))).where(col(table.org_id) == org_id)
    starts = sorted({asked.text, asked.text.upper()})
    return [row for start in starts for row in _ids(session, query.where(_begins(session, said, start)))]


def _begins(session: Session, column: Any, start: str) -> sa.ColumnElement[bool]:  # noqa: ANN401 - any column
    """Begins with `start`, in the form that an index of either database serves."""
    if _is_sqlite(session):
        return sa.and_(column >= start, column < start + LAST)
    return sa.and_(column.like(f"{_escaped(start)}%", escape="\\"))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")

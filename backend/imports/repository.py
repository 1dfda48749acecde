"""Every query of imports."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.assets.models import Product, ServiceSpec
from backend.auth.actor import Actor
from backend.cases.models import OrderLine, SalesOrder
from backend.imports.models import ImportRow, ImportRun
from backend.imports.products import KnownProduct, ProductIndex
from backend.organisations.models import Organisation, Region

CHUNK = 400
OrderKey = tuple[str, str]  # channel, order number


def product_index(session: Session, org_id: uuid.UUID) -> ProductIndex:
    """The organisation's products with the services each can be booked for."""
    services: dict[str, set[str]] = defaultdict(set)
    query = select(ServiceSpec.category, ServiceSpec.job_type).where(ServiceSpec.org_id == org_id)
    for category, job_type in session.exec(query):
        services[category].add(job_type)
    products = session.exec(select(Product).where(Product.org_id == org_id).order_by(col(Product.sku)))
    return ProductIndex.of(
        KnownProduct(row.sku, row.name, row.name_en, row.category, frozenset(services[row.category]))
        for row in products
    )


def products_by_sku(session: Session, org_id: uuid.UUID, skus: Iterable[str]) -> dict[str, Product]:
    query = select(Product).where(Product.org_id == org_id, col(Product.sku).in_(set(skus)))
    return {product.sku: product for product in session.exec(query)}


def organisation(session: Session, org_id: uuid.UUID) -> Organisation:
    return session.get_one(Organisation, org_id)


def sole_organisation(session: Session) -> Organisation | None:
    """The organisation when there is exactly one."""
    found = session.exec(select(Organisation).limit(2)).all()
    return found[0] if len(found) == 1 else None


def regions(session: Session, org_id: uuid.UUID) -> Sequence[Region]:
    return session.exec(select(Region).where(Region.org_id == org_id).order_by(col(Region.name))).all()


def known_lines(
    session: Session, org_id: uuid.UUID, orders: Sequence[OrderKey]
) -> dict[OrderKey, dict[str, int]]:
    """Quantities by line key of those orders that were imported before."""
    found: dict[OrderKey, dict[str, int]] = {}
    numbers: dict[str, list[str]] = defaultdict(list)
    for channel, number in orders:
        numbers[channel].append(number)
    for channel, wanted in numbers.items():
        for start in range(0, len(wanted), CHUNK):
            query = (
                sa.select(col(SalesOrder.order_no), col(OrderLine.line_key), col(OrderLine.qty))
                .join_from(SalesOrder, OrderLine, col(OrderLine.order_id) == col(SalesOrder.id), isouter=True)
                .where(col(SalesOrder.org_id) == org_id, col(SalesOrder.channel) == channel)
                .where(col(SalesOrder.order_no).in_(wanted[start : start + CHUNK]))
            )
            for number, key, qty in session.execute(query):
                lines = found.setdefault((channel, number), {})
                if key is not None:
                    lines[key] = qty
    return found


def sales_order(session: Session, org_id: uuid.UUID, channel: str, order_no: str) -> SalesOrder | None:
    """A known order, locked until the transaction ends."""
    query = select(SalesOrder).where(
        SalesOrder.org_id == org_id, SalesOrder.channel == channel, SalesOrder.order_no == order_no
    )
    return session.exec(query.with_for_update()).first()


def line_keys(session: Session, order_id: uuid.UUID) -> set[str]:
    return set(session.exec(select(OrderLine.line_key).where(OrderLine.order_id == order_id)))


def run_of(session: Session, actor: Actor, run_id: uuid.UUID) -> ImportRun | None:
    query = select(ImportRun).where(ImportRun.id == run_id, ImportRun.org_id == actor.org_id)
    return session.exec(query).first()


def runs(session: Session, actor: Actor, after: uuid.UUID | None, limit: int) -> Sequence[ImportRun]:
    """Import runs, newest first, a page at a time."""
    query = select(ImportRun).where(ImportRun.org_id == actor.org_id)
    if after is not None:
        query = query.where(col(ImportRun.id) < after)
    return session.exec(query.order_by(col(ImportRun.id).desc()).limit(limit)).all()


def rows(
    session: Session, run_id: uuid.UUID, limit: int | None = None, outcome: str = "", after: int = -1
) -> Sequence[ImportRow]:
    """A run's rows in file order, those behind a position."""
    query = select(ImportRow).where(ImportRow.run_id == run_id, col(ImportRow.position) > after)
    if outcome:
        query = query.where(ImportRow.outcome == outcome)
    return session.exec(query.order_by(col(ImportRow.position)).limit(limit)).all()


def row_for_update(session: Session, run_id: uuid.UUID, position: int) -> ImportRow:
    query = select(ImportRow).where(ImportRow.run_id == run_id, ImportRow.position == position)
    return session.exec(query.with_for_update()).one()

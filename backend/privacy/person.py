"""Who a person is to us: every record under one phone number, with their places, cases and jobs."""

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.cases.models import Case
from backend.customers.models import Customer
from backend.errors import NotFoundError
from backend.jobs.models import Job


@dataclass(frozen=True)
class Person:
    """The ids of everything that is somebody's."""

    customers: tuple[uuid.UUID, ...]
    cases: tuple[uuid.UUID, ...]
    jobs: tuple[uuid.UUID, ...]


def person(session: Session, actor: Actor, customer_id: uuid.UUID) -> Person:
    """Everybody under a customer's phone number; raises NotFoundError for one of another organisation."""
    actor.require(Permission.RULES_MANAGE)
    query = select(Customer).where(Customer.id == customer_id, Customer.org_id == actor.org_id)
    found = session.exec(query).first()
    if found is None:
        raise NotFoundError("No such customer.")
    same = sa.select(col(Customer.id)).where(
        col(Customer.org_id) == actor.org_id,
        sa.or_(
            col(Customer.id) == customer_id,
            sa.and_(col(Customer.phone) == found.phone, col(Customer.phone) != ""),
        ),
    )
    customers = tuple(session.scalars(same.order_by(col(Customer.id))))
    cases = sa.select(col(Case.id)).where(col(Case.customer_id).in_(customers)).order_by(col(Case.id))
    jobs = sa.select(col(Job.id)).where(col(Job.customer_id).in_(customers)).order_by(col(Job.id))
    return Person(customers, tuple(session.scalars(cases)), tuple(session.scalars(jobs)))


def customer_by_phone(session: Session, actor: Actor, phone: str) -> uuid.UUID:
    """Some customer under a number in E.164; raises NotFoundError."""
    query = select(Customer.id).where(Customer.org_id == actor.org_id, Customer.phone == phone)
    found = session.exec(query.limit(1)).first()
    if found is None:
        raise NotFoundError("Nobody has this phone number.")
    return found

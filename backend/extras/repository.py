"""Queries over the price list and quotes."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.extras.models import ExtraQuote, ExtraWork, QuoteState
from backend.organisations.models import Organisation


def prices(session: Session, org_id: uuid.UUID) -> Sequence[ExtraWork]:
    """What is offered now, by code."""
    query = select(ExtraWork).where(ExtraWork.org_id == org_id, col(ExtraWork.valid_until).is_(None))
    return session.exec(query.order_by(col(ExtraWork.code))).all()


def lock_prices(session: Session, org_id: uuid.UUID) -> None:
    """One at a time sets an organisation's prices; SQLite has a single writer anyway."""
    query = sa.select(col(Organisation.id)).where(col(Organisation.id) == org_id)
    session.execute(query.with_for_update(key_share=True))


def prices_since(
    session: Session, org_id: uuid.UUID, codes: Collection[str], since: dt.datetime
) -> Sequence[ExtraWork]:
    """Every price asked for these codes at some time since, the newest first."""
    is_recent = sa.or_(col(ExtraWork.valid_until).is_(None), col(ExtraWork.valid_until) >= since)
    query = select(ExtraWork).where(ExtraWork.org_id == org_id, col(ExtraWork.code).in_(codes), is_recent)
    return session.exec(query.order_by(col(ExtraWork.valid_from).desc())).all()


def quote(session: Session, quote_id: uuid.UUID) -> ExtraQuote | None:
    return session.get(ExtraQuote, quote_id)


def quotes(session: Session, job_ids: Collection[uuid.UUID]) -> Sequence[ExtraQuote]:
    """Answered quotes of the jobs in the order of the answers."""
    query = select(ExtraQuote).where(col(ExtraQuote.job_id).in_(job_ids))
    return session.exec(query.order_by(col(ExtraQuote.decided_at), col(ExtraQuote.id))).all()


def agreed(session: Session, job_id: uuid.UUID) -> list[ExtraQuote]:
    """What the customer agreed to and is still to be charged."""
    return [row for row in quotes(session, [job_id]) if row.state is QuoteState.AGREED]

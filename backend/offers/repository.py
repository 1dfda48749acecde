"""Every query over offers."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from backend.assets.models import Product
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.customers.models import Place
from backend.jobs.lifecycle import OPEN_FOR_PLANNING
from backend.jobs.models import Job
from backend.offers.models import Answer, Offer, OfferCandidate, OfferEntry, OfferState
from backend.organisations.models import Organisation

FOR_OTHERS = (Role.TECHNICIAN, Role.VENDOR_DISPATCHER)


def asked(actor: Actor) -> sa.ColumnElement[bool]:
    """The row rule of candidates: those who are asked see their own line, and only once they are asked."""
    if actor.role is Role.TECHNICIAN:
        mine: sa.ColumnElement[bool] = col(OfferCandidate.technician_id) == actor.technician_id
    else:
        mine = col(OfferCandidate.vendor_id) == actor.vendor_id
    return sa.and_(
        col(OfferCandidate.org_id) == actor.org_id, mine, col(OfferCandidate.answer) != Answer.LISTED
    )


def offer(session: Session, org_id: uuid.UUID, offer_id: uuid.UUID) -> Offer | None:
    return session.exec(select(Offer).where(Offer.id == offer_id, Offer.org_id == org_id)).first()


def job_for_update(session: Session, job_id: uuid.UUID) -> Job:
    """The job, locked: whoever answers an offer of it waits here, so that one comes first."""
    query = select(Job).where(Job.id == job_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def offer_now(session: Session, offer_id: uuid.UUID) -> Offer:
    """The offer as the transactions before this one left it."""
    query = select(Offer).where(Offer.id == offer_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def open_offer(session: Session, job_id: uuid.UUID) -> Offer | None:
    return session.exec(select(Offer).where(Offer.job_id == job_id, Offer.state == OfferState.OPEN)).first()


def open_offers(session: Session, actor: Actor, region_id: uuid.UUID | None) -> Sequence[Offer]:
    """The organisation's open offers, oldest first."""
    query = select(Offer).where(Offer.org_id == actor.org_id, Offer.state == OfferState.OPEN)
    if region_id is not None:
        query = query.where(col(Offer.job_id).in_(select(Job.id).where(Job.region_id == region_id)))
    return session.exec(query.order_by(col(Offer.id))).all()


def offers_of(session: Session, job_id: uuid.UUID) -> Sequence[Offer]:
    """Every offer there has been of a job, newest first."""
    return session.exec(select(Offer).where(Offer.job_id == job_id).order_by(col(Offer.id).desc())).all()


def candidates(session: Session, offer_id: uuid.UUID) -> Sequence[OfferCandidate]:
    """Those on an offer's list, in its order, as they stand now."""
    return candidates_of(session, [offer_id])[offer_id]


def candidates_of(
    session: Session, offer_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[OfferCandidate]]:
    """Those on the lists of offers, each in its order, as they stand now."""
    found: dict[uuid.UUID, list[OfferCandidate]] = {offer_id: [] for offer_id in offer_ids}
    query = select(OfferCandidate).where(col(OfferCandidate.offer_id).in_(offer_ids))
    ordered = query.order_by(col(OfferCandidate.position)).execution_options(populate_existing=True)
    for line in session.exec(ordered):
        found[line.offer_id].append(line)
    return found


def entries_of(session: Session, offer_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[OfferEntry]]:
    """The logs of offers."""
    found: dict[uuid.UUID, list[OfferEntry]] = {offer_id: [] for offer_id in offer_ids}
    query = select(OfferEntry).where(col(OfferEntry.offer_id).in_(offer_ids))
    for entry in session.exec(query.order_by(col(OfferEntry.seq))):
        found[entry.offer_id].append(entry)
    return found


def next_seq(session: Session, offer_id: uuid.UUID) -> int:
    query = sa.select(sa.func.max(col(OfferEntry.seq))).where(col(OfferEntry.offer_id) == offer_id)
    return int(session.execute(query).scalar_one() or 0) + 1


def my_line(session: Session, actor: Actor, offer_id: uuid.UUID) -> OfferCandidate | None:
    """The line of an offer that asks the actor."""
    query = select(OfferCandidate).where(OfferCandidate.offer_id == offer_id, asked(actor))
    return session.exec(query.execution_options(populate_existing=True)).first()


AskedLine = tuple[OfferCandidate, Job, Place, Product]


def asking_me(session: Session, actor: Actor) -> list[AskedLine]:
    """Lines that wait for the actor's answer, the most urgent first, with what the job is about."""
    return _my_lines(session, actor, OfferCandidate.answer == Answer.OFFERED)


def held_by_me(session: Session, actor: Actor) -> list[AskedLine]:
    """Lines of jobs that the actor's vendor has taken and given to nobody yet, the newest yes of each job."""
    newer, later = aliased(OfferCandidate), aliased(Offer)
    again = sa.exists().where(
        col(later.id) == col(newer.offer_id),
        col(later.job_id) == col(Job.id),
        col(newer.vendor_id) == actor.vendor_id,
        col(newer.answer) == Answer.ACCEPTED,
        col(newer.id) > col(OfferCandidate.id),
    )
    return _my_lines(
        session,
        actor,
        OfferCandidate.answer == Answer.ACCEPTED,
        Job.vendor_id == OfferCandidate.vendor_id,
        col(Job.technician_id).is_(None),
        col(Job.status).in_(OPEN_FOR_PLANNING),
        ~again,
    )


def _my_lines(session: Session, actor: Actor, *wanted: sa.ColumnElement[bool] | bool) -> list[AskedLine]:
    query = (
        select(OfferCandidate, Job, Place, Product)
        .join(Offer, col(Offer.id) == col(OfferCandidate.offer_id))
        .join(Job, col(Job.id) == col(Offer.job_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .join(Product, col(Product.id) == col(Job.product_id))
        .where(asked(actor), *wanted)
        .order_by(col(OfferCandidate.expires_at), col(OfferCandidate.id))
    )
    return [(row[0], row[1], row[2], row[3]) for row in session.exec(query)]


def lines_over(session: Session, now: dt.datetime, limit: int) -> Sequence[uuid.UUID]:
    """Lines that wait for an answer in vain: out of time by the wall's clock, or their job was given out."""
    is_given = sa.or_(
        col(Job.status).not_in(OPEN_FOR_PLANNING),
        col(Job.technician_id).is_not(None),
        col(Job.vendor_id).is_not(None),
    )
    is_out_of_time = sa.and_(~_by_own_clock(), col(OfferCandidate.expires_at) <= now)
    return session.scalars(
        _waiting(col(OfferCandidate.id)).where(sa.or_(is_given, is_out_of_time)).limit(limit)
    ).all()


def replayed_lines(session: Session) -> Sequence[sa.Row[uuid.UUID, uuid.UUID, dt.date, dt.datetime | None]]:
    """Lines that wait in replays, with the region and day whose clock says when they are out of time."""
    columns = (col(OfferCandidate.id), col(Job.region_id), col(Job.day), col(OfferCandidate.expires_at))
    return session.execute(_waiting(*columns).where(_by_own_clock())).all()


def _by_own_clock() -> sa.ColumnElement[bool]:
    return sa.and_(col(Organisation.is_replay), col(Job.day).is_not(None))


def _waiting(*columns: Any) -> Any:  # noqa: ANN401 - a select of the columns
    """Columns of lines that wait for an answer, those that wait the longest first."""
    return (
        sa.select(*columns)
        .select_from(OfferCandidate)
        .join(Offer, col(Offer.id) == col(OfferCandidate.offer_id))
        .join(Job, col(Job.id) == col(Offer.job_id))
        .join(Organisation, col(Organisation.id) == col(Job.org_id))
        .where(col(OfferCandidate.answer) == Answer.OFFERED, col(Offer.state) == OfferState.OPEN)
        .order_by(col(OfferCandidate.expires_at), col(OfferCandidate.id))
    )

"""Offering several jobs in one request, each to those who suit it best: made or refused one by one."""

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.errors import BadInputError, DomainError
from backend.jobs import many
from backend.jobs.schemas import RefusedRead
from backend.offers import desk, service
from backend.offers.schemas import ManyOffers, OfferCreate, OfferedJob, OfferedRead, OffersWanted
from backend.web.problems import conflict_of


async def create(db: Database, actor: Actor, wanted: OffersWanted) -> ManyOffers:
    """Offer the jobs one after the other: who is asked about one counts as busier for none.

    Each in a transaction of its own, so that whoever else writes waits for one ranking and not for 200.
    Raises NotFoundError where that is what stands against every one of them.
    """
    service.require_offering(actor)
    if len({each.job_id for each in wanted.jobs}) != len(wanted.jobs):
        raise BadInputError("A job is listed twice.", code="listed_twice")
    answer = ManyOffers([], [])
    for each in wanted.jobs:
        made = await db.write(_offer_one, actor, wanted, each)
        if isinstance(made, OfferedRead):
            answer.made.append(made)
        else:
            answer.refused.append(made)
    many.refuse_outsiders(answer.made, answer.refused)
    return answer


def _offer_one(
    session: Session, actor: Actor, wanted: OffersWanted, job: OfferedJob
) -> OfferedRead | RefusedRead:
    wish = OfferCreate(version=job.version, mode=wanted.mode, minutes=wanted.minutes, count=wanted.count)
    try:
        with session.begin_nested():
            offer = desk.create(session, actor, job.job_id, wish)
            return OfferedRead(offer.id, job.job_id, len(offer.candidates))
    except DomainError as error:
        return many.refusal(session, actor, job.job_id, error)
    except IntegrityError as error:
        return many.refusal(session, actor, job.job_id, conflict_of(error))

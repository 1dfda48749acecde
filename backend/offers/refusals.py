"""Who said no to being offered a job: planning and boards count it as a refusal of the job itself."""

import datetime as dt
import uuid

from sqlmodel import Session, col, select

from backend.jobs.models import Job
from backend.offers.models import Answer, Offer, OfferCandidate


def of_day(session: Session, region_id: uuid.UUID, day: dt.date) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Job and technician of every no to an offer of the region's day, in the order they were said."""
    query = (
        select(Offer.job_id, OfferCandidate.technician_id)
        .join(Offer, col(Offer.id) == col(OfferCandidate.offer_id))
        .join(Job, col(Job.id) == col(Offer.job_id))
        .where(Job.region_id == region_id, Job.day == day, OfferCandidate.answer == Answer.DECLINED)
        .order_by(col(OfferCandidate.answered_at), col(OfferCandidate.id))
    )
    return [(job_id, technician_id) for job_id, technician_id in session.exec(query) if technician_id]


def of_job(session: Session, job_id: uuid.UUID) -> set[uuid.UUID]:
    """Technicians and vendors who said no to an offer of this job."""
    query = (
        select(OfferCandidate.technician_id, OfferCandidate.vendor_id)
        .join(Offer, col(Offer.id) == col(OfferCandidate.offer_id))
        .where(Offer.job_id == job_id, OfferCandidate.answer == Answer.DECLINED)
    )
    return {whom for row in session.exec(query) for whom in row if whom is not None}


def being_offered(session: Session, region_id: uuid.UUID, day: dt.date) -> set[uuid.UUID]:
    """Jobs of the region's day with an open offer: somebody may take them any moment."""
    query = (
        select(Offer.job_id)
        .join(Job, col(Job.id) == col(Offer.job_id))
        .where(Job.region_id == region_id, Job.day == day, Offer.state == "open")
    )
    return set(session.exec(query))

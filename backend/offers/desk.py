"""Offers as the API shows them: to dispatchers whole, to those who are asked their own line."""

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.errors import BadInputError, ForbiddenError, NotFoundError
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.offers import ranking, repository, service
from backend.offers.models import Offer, OfferCandidate, OfferEntry
from backend.offers.ranking import Ranked
from backend.offers.schemas import (
    AnsweredRead,
    AskedRead,
    CandidateRead,
    EntryRead,
    OfferCreate,
    OfferRead,
    RankedRead,
    Whom,
)
from backend.organisations.models import Organisation
from backend.technicians.models import Technician
from backend.vendors.models import Vendor

USUAL_MINUTES = 30


def rank(session: Session, actor: Actor, job_id: uuid.UUID) -> list[RankedRead]:
    """Who could do a visible job, in the order to ask them."""
    service.require_offering(actor)
    found = ranking.rank(session, jobs.get(session, actor, job_id))
    names = _names(session, actor.org_id, found)
    return [_ranked_read(each, names) for each in found]


def create(session: Session, actor: Actor, job_id: uuid.UUID, wish: OfferCreate) -> OfferRead:
    """Offer a job as it was when the decision was made."""
    service.require_offering(actor)
    job = jobs.get_for_change(session, actor, job_id, wish.version)
    ranked = ranking.rank(session, job)
    listed = (
        _listed(session, actor, job, wish.candidates, ranked) if wish.candidates else ranked[: wish.count]
    )
    minutes = wish.minutes or session.get_one(Organisation, actor.org_id).offer_minutes or USUAL_MINUTES
    return read(session, service.make(session, actor, job, wish.mode, minutes, listed))


def of_job(session: Session, actor: Actor, job_id: uuid.UUID) -> list[OfferRead]:
    """Every offer there has been of a visible job, newest first."""
    service.require_offering(actor)
    job = jobs.get(session, actor, job_id)
    return _reads(session, repository.offers_of(session, job.id))


def out(session: Session, actor: Actor, region_id: uuid.UUID | None) -> list[OfferRead]:
    """Offers that are out."""
    service.require_offering(actor)
    return _reads(session, repository.open_offers(session, actor, region_id))


def withdraw(session: Session, actor: Actor, offer_id: uuid.UUID) -> OfferRead:
    """Take an offer back."""
    return read(session, service.withdraw(session, actor, offer_id))


def asking(session: Session, actor: Actor) -> list[AskedRead]:
    """What waits for the actor's own answer."""
    if actor.role not in repository.FOR_OTHERS:
        raise ForbiddenError("Only those who are asked have offers of their own.")
    return _asked_reads(session, actor, repository.asking_me(session, actor))


def held(session: Session, actor: Actor) -> list[AskedRead]:
    """What the actor's vendor has taken and still has to give to somebody, or back."""
    if actor.vendor_id is None or actor.role is not Role.VENDOR_DISPATCHER:
        raise ForbiddenError("Only a vendor's dispatcher holds jobs.")
    return _asked_reads(session, actor, repository.held_by_me(session, actor))


def _asked_reads(session: Session, actor: Actor, rows: Sequence[repository.AskedLine]) -> list[AskedRead]:
    is_paid = _is_paid_by_tariff(session, actor)
    return [
        AskedRead(
            offer_id=line.offer_id,
            job_id=job.id,
            type=job.type,
            product_name=product.name,
            product_name_en=product.name_en or product.name,
            community=place.community,
            district=place.district,
            window_start=job.window_start,
            window_end=job.window_end,
            start=line.start_at,
            service_s=job.duration_s,
            expires_at=line.expires_at,
            pays_fen=line.why.get("price_fen") if is_paid else None,
        )
        for line, job, place, product in rows
    ]


def accept(session: Session, actor: Actor, offer_id: uuid.UUID) -> AnsweredRead:
    """Say yes."""
    return _answered(service.accept(session, actor, offer_id))


def decline(session: Session, actor: Actor, offer_id: uuid.UUID, reason: str, text: str) -> AnsweredRead:
    """Say no."""
    return _answered(service.decline(session, actor, offer_id, reason, text))


def give_back(session: Session, actor: Actor, offer_id: uuid.UUID, reason: str, text: str) -> AnsweredRead:
    """Return what was taken."""
    return _answered(service.give_back(session, actor, offer_id, reason, text))


def read(session: Session, offer: Offer) -> OfferRead:
    """An offer with its list and its log."""
    return _reads(session, [offer])[0]


def _reads(session: Session, offers: Sequence[Offer]) -> list[OfferRead]:
    """Offers of one organisation with their lists and logs: as many queries for many as for one."""
    ids = [offer.id for offer in offers]
    lines, log = repository.candidates_of(session, ids), repository.entries_of(session, ids)
    names = _names(session, offers[0].org_id, [each for one in lines.values() for each in one]) if ids else {}
    return [_offer_read(offer, lines[offer.id], log[offer.id], names) for offer in offers]


def _offer_read(
    offer: Offer,
    lines: Sequence[OfferCandidate],
    log: Sequence[OfferEntry],
    names: dict[uuid.UUID | None, str],
) -> OfferRead:
    return OfferRead(
        id=offer.id,
        job_id=offer.job_id,
        mode=offer.mode,
        state=offer.state,
        minutes=offer.minutes,
        created_by=offer.created_by,
        created_at=offer.created_at,
        ended_at=offer.ended_at,
        candidates=[_candidate_read(line, names) for line in lines],
        log=[
            EntryRead(
                entry.seq, entry.at, entry.event, entry.position, entry.technician_id, entry.vendor_id,
                entry.actor_kind, entry.actor_name, dict(entry.data),
            )
            for entry in log
        ],
    )  # fmt: skip


def _listed(
    session: Session, actor: Actor, job: Job, wanted: Sequence[Whom], ranked: Sequence[Ranked]
) -> list[Ranked]:
    """Whom a dispatcher chose, in their order; what the ranking knows of them is kept as the why."""
    known = {each.technician_id or each.vendor_id: each for each in ranked}
    whom = [each.technician_id or each.vendor_id for each in wanted]
    if any((each.technician_id is None) == (each.vendor_id is None) for each in wanted):
        raise BadInputError("Each candidate is a technician or a vendor.", code="bad_candidate")
    if len(set(whom)) != len(whom):
        raise BadInputError("Somebody is listed twice.", code="bad_candidate")
    if set(whom) - set(_names(session, actor.org_id, wanted, is_at_work=True)):
        raise NotFoundError("No such technician or vendor.")
    return [_chosen(job, each, known.get(each.technician_id or each.vendor_id)) for each in wanted]


def _chosen(job: Job, wanted: Whom, known: Ranked | None) -> Ranked:
    start = wanted.start or (known.start_at if known else None) or job.window_start
    if wanted.technician_id is not None and start is None:
        raise BadInputError("A technician is offered a job at a time.", code="bad_candidate")
    why = dict(known.why) if known else {"price_fen": None}
    start_at = start if wanted.technician_id is not None else None
    return Ranked(wanted.technician_id, wanted.vendor_id, start_at, why | {"chosen": True})


def _names(
    session: Session,
    org_id: uuid.UUID,
    whom: Sequence[Ranked | Whom | OfferCandidate],
    *,
    is_at_work: bool = False,
) -> dict[uuid.UUID | None, str]:
    """Names of technicians, those who have left too unless they are to be at work, and of vendors, by id."""
    technicians = select(Technician.id, Technician.name).where(
        Technician.org_id == org_id, col(Technician.id).in_([each.technician_id for each in whom])
    )
    if is_at_work:
        technicians = technicians.where(col(Technician.is_active))
    vendors = select(Vendor.id, Vendor.name).where(
        Vendor.org_id == org_id, col(Vendor.id).in_([each.vendor_id for each in whom])
    )
    return {row[0]: row[1] for query in (technicians, vendors) for row in session.exec(query)}


def _is_paid_by_tariff(session: Session, actor: Actor) -> bool:
    """A vendor's people are; own technicians are paid by the hour."""
    if actor.technician_id is None:
        return actor.vendor_id is not None
    own = sa.select(col(Technician.vendor_id)).where(col(Technician.id) == actor.technician_id)
    return session.execute(own).scalar_one() is not None


def _ranked_read(ranked: Ranked, names: dict[uuid.UUID | None, str]) -> RankedRead:
    name = names.get(ranked.technician_id or ranked.vendor_id, "")
    return RankedRead(ranked.technician_id, ranked.vendor_id, name, ranked.start_at, dict(ranked.why))


def _candidate_read(line: OfferCandidate, names: dict[uuid.UUID | None, str]) -> CandidateRead:
    return CandidateRead(
        technician_id=line.technician_id,
        vendor_id=line.vendor_id,
        name=names.get(line.technician_id or line.vendor_id, ""),
        start=line.start_at,
        why=dict(line.why),
        position=line.position,
        answer=line.answer,
        expires_at=line.expires_at,
        answered_at=line.answered_at,
        reason=line.reason,
        text=line.text,
    )


def _answered(offer: Offer) -> AnsweredRead:
    return AnsweredRead(offer.id, offer.job_id, offer.state)

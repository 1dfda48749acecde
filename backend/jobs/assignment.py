"""Giving visits to technicians: one by hand, or a whole plan at once.

A plan moves many visits of one technician, and in any order some intermediate state would overlap. So what
moves is first taken off the calendar (withdrawn, or parked far in the future), then put where it belongs.
"""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from backend.assets.models import Product
from backend.auth.actor import Actor
from backend.db.types import utc_now
from backend.errors import NotFoundError, RejectedError
from backend.jobs import events, lifecycle, repository
from backend.jobs.lifecycle import OFFERED, OPEN_FOR_PLANNING, Action
from backend.jobs.models import Job, Visit, VisitOutcome
from backend.jobs.offer_clock import OfferClock
from backend.push.field import Moved, tell_moves
from backend.technicians.hours import rely_on
from backend.technicians.models import Technician
from backend.vendors import tariffs

# A published change smaller than this needs no second "yes" from the technician.
ACCEPTED_SHIFT = dt.timedelta(minutes=15)
PARKED_FROM = dt.datetime(3000, 1, 1, tzinfo=dt.UTC)
MOVABLE = OPEN_FOR_PLANNING | OFFERED


@dataclass(frozen=True)
class Assignment:
    """A job given to a technician: arrival, start and end of the work (UTC), the way there, and why."""

    job_id: uuid.UUID
    technician_id: uuid.UUID
    arrive_at: dt.datetime
    start_at: dt.datetime
    end_at: dt.datetime
    travel_s: int = 0
    travel_m: int = 0
    why: Mapping[str, Any] = field(default_factory=dict)


def technician_for(session: Session, actor: Actor, technician_id: uuid.UUID) -> Technician:
    """An active technician the actor may give work to; NotFoundError otherwise."""
    query = select(Technician).where(Technician.id == technician_id, Technician.org_id == actor.org_id)
    technician = session.exec(query).first()
    foreign = (
        technician is not None and actor.vendor_id is not None and technician.vendor_id != actor.vendor_id
    )
    if technician is None or foreign or not technician.is_active:
        raise NotFoundError("No such technician.")
    return technician


def assign(session: Session, actor: Actor, job: Job, assignment: Assignment) -> Visit:
    """Give one job to one technician by hand. The database refuses a time that is taken."""
    technician_for(session, actor, assignment.technician_id)
    apply_assignments(session, actor, [assignment], plan_id=None)
    visit = repository.open_visit(session, job.id)
    if visit is None:
        raise RejectedError("The job can't be assigned in its present state.", code="transition_refused")
    return visit


def release(
    session: Session, actor: Actor, job: Job, action: Action, outcome: VisitOutcome, **data: Any
) -> None:
    """End the open visit with `outcome`, take the job from its technician and apply the action."""
    previous = (job.technician_id, job.vendor_id)
    visit = repository.open_visit(session, job.id)
    if visit is not None:
        visit.outcome = outcome
        if actor.technician_id != visit.technician_id:
            tell_moves(session, [Moved(job, visit.technician_id, visit.arrive_at, None)])
    events.take(session, actor, job, action, visit, **data)
    job.technician_id = None
    job.vendor_id = None
    session.flush()
    events.announce(session, job, previous)


def apply_assignments(
    session: Session,
    actor: Actor,
    assignments: Sequence[Assignment],
    *,
    plan_id: uuid.UUID | None,
    unassign: Sequence[uuid.UUID] = (),
    reasons: Mapping[uuid.UUID, Mapping[str, Any]] | None = None,
) -> list[uuid.UUID]:
    """Put every assignment in force in the caller's transaction; returns the ids of the jobs that changed.

    Jobs on the way or further are left alone. `unassign` lists jobs to take back; `reasons` says, per job
    without an assignment, why.
    """
    wanted = {a.job_id: a for a in assignments}
    jobs = repository.lock_jobs(session, actor.org_id, [*wanted, *unassign, *(reasons or {})])
    rely_on(session, {a.technician_id for a in assignments})
    movable = {job_id: job for job_id, job in jobs.items() if job.status in MOVABLE}
    change = _Change(session, actor, plan_id, movable, repository.open_visits(session, movable))
    change.take_off(wanted, [job_id for job_id in unassign if job_id not in wanted])
    change.put_on(wanted)
    for job_id, reason in (reasons or {}).items():
        if job_id in movable and job_id not in wanted:
            movable[job_id].unserved_reason = dict(reason)
    change.tell()
    session.flush()
    return sorted(change.changed)


class _Change:
    """One application of assignments; collects what it changes."""

    def __init__(
        self,
        session: Session,
        actor: Actor,
        plan_id: uuid.UUID | None,
        jobs: dict[uuid.UUID, Job],
        visits: dict[uuid.UUID, Visit],
    ) -> None:
        self.session, self.actor, self.plan_id = session, actor, plan_id
        self.jobs, self.visits = jobs, visits
        self.changed: set[uuid.UUID] = set()
        self._began = {job_id: visit.arrive_at for job_id, visit in visits.items()}
        self._begins: dict[uuid.UUID, dt.datetime] = {}
        self._was = {job_id: (job.technician_id, job.vendor_id) for job_id, job in jobs.items()}
        self._seqs = repository.last_event_seqs(session, jobs)
        self._attempts = repository.next_attempts(session, jobs)
        self._offer_clock = OfferClock(session, actor.org_id)

    def take_off(self, wanted: Mapping[uuid.UUID, Assignment], unassign: Sequence[uuid.UUID]) -> None:
        """Withdraw visits that change hands, park those that only change time, take back the rest."""
        for slot, (job_id, visit) in enumerate(sorted(self.visits.items())):
            assignment = wanted.get(job_id)
            if assignment is None:
                continue
            if visit.technician_id != assignment.technician_id:
                visit.outcome = VisitOutcome.WITHDRAWN
            elif _moves(visit, assignment):
                visit.busy_from = PARKED_FROM + slot * dt.timedelta(days=1)
                visit.busy_until = visit.busy_from + dt.timedelta(hours=1)
        for job_id in unassign:
            self._unassign(job_id)
        self.session.flush()

    def _unassign(self, job_id: uuid.UUID) -> None:
        job = self.jobs.get(job_id)
        if job is None or job.status not in lifecycle.TRANSITIONS[Action.UNASSIGN].sources:
            return
        visit = self.visits.get(job_id)
        if visit is not None:
            visit.outcome = VisitOutcome.WITHDRAWN
        self._record(job, Action.UNASSIGN, visit, {})
        job.technician_id = job.vendor_id = None
        self._announce(job)

    def tell(self) -> None:
        """Say to every technician whose jobs came, moved or went, what did."""
        moves = []
        for job_id in self.changed:
            job, (before_id, _) = self.jobs[job_id], self._was[job_id]
            before_at = self._began.get(job_id)
            after_at = self._begins.get(job_id)
            if before_id is not None and before_id == job.technician_id:
                moves.append(Moved(job, before_id, before_at, after_at))
                continue
            if before_id is not None:
                moves.append(Moved(job, before_id, before_at, None))
            if job.technician_id is not None:
                moves.append(Moved(job, job.technician_id, None, after_at))
        tell_moves(self.session, moves)

    def put_on(self, wanted: Mapping[uuid.UUID, Assignment]) -> None:
        """Put every wanted assignment on the calendar."""
        vendors = self._vendors({a.technician_id for a in wanted.values()})
        pays = self._pays({vendor_id for vendor_id in vendors.values() if vendor_id is not None})
        for job_id in sorted(wanted):
            job = self.jobs.get(job_id)
            if job is not None:
                vendor_id = vendors[wanted[job_id].technician_id]
                self._give(job, wanted[job_id], vendor_id, pays.get((vendor_id, job.id)))

    def _vendors(self, technician_ids: set[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID | None]:
        query = select(Technician.id, Technician.vendor_id).where(
            col(Technician.id).in_(technician_ids), Technician.org_id == self.actor.org_id
        )
        return {row[0]: row[1] for row in self.session.exec(query)}

    def _pays(self, vendor_ids: set[uuid.UUID]) -> dict[tuple[uuid.UUID | None, uuid.UUID], int]:
        """What each vendor is paid for each of the jobs, by the tariffs of this moment."""
        prices = tariffs.in_force(self.session, vendor_ids)
        products = {job.product_id for job in self.jobs.values()} if prices else set()
        rows = self.session.exec(select(Product.id, Product.category).where(col(Product.id).in_(products)))
        categories = dict(rows.all())
        return {
            (vendor_id, job.id): fen
            for job in self.jobs.values()
            for vendor_id in vendor_ids
            if (fen := prices.get((vendor_id, categories.get(job.product_id, ""), job.type))) is not None
        }

    def _give(
        self, job: Job, assignment: Assignment, vendor_id: uuid.UUID | None, pays_fen: int | None
    ) -> None:
        visit = self.visits.get(job.id)
        same_hands = visit is not None and visit.outcome is None
        unchanged = same_hands and visit is not None and not _moves(visit, assignment)
        was_accepted = job.status is lifecycle.JobStatus.ACCEPTED
        settled = same_hands and visit is not None and _shift(visit, assignment) <= ACCEPTED_SHIFT
        if visit is None or not same_hands:
            visit = Visit(
                org_id=job.org_id,
                job_id=job.id,
                attempt=self._attempts.get(job.id, 1),
                technician_id=assignment.technician_id,
                vendor_id=vendor_id,
                arrive_at=assignment.arrive_at,
                busy_from=assignment.start_at,
                busy_until=assignment.end_at,
                pays_fen=pays_fen,
            )
            self.session.add(visit)
        elif visit.vendor_id != vendor_id:
            visit.vendor_id, visit.pays_fen = vendor_id, pays_fen
        _set_times(visit, assignment)
        self._begins[job.id] = assignment.arrive_at
        visit.plan_id = self.plan_id or visit.plan_id
        job.unserved_reason = None
        if unchanged:
            return
        job.technician_id = assignment.technician_id
        job.vendor_id = vendor_id
        self.session.flush()
        if not (was_accepted and settled):
            visit.accepted_at = None
            visit.offer_expires_at = self._offer_clock.expiry(job)
            self._record(job, Action.ASSIGN, visit, {"technician_id": str(assignment.technician_id)})
        self._announce(job)

    def _record(self, job: Job, action: Action, visit: Visit | None, data: dict[str, Any]) -> None:
        event = lifecycle.apply(job, action, self.actor, utc_now())
        self._seqs[job.id] = self._seqs.get(job.id, 0) + 1
        events.append(self.session, self.actor, job, event, visit, self._seqs[job.id], data)

    def _announce(self, job: Job) -> None:
        self.changed.add(job.id)
        self.session.flush()
        events.announce(self.session, job, self._was[job.id])


def _shift(visit: Visit, assignment: Assignment) -> dt.timedelta:
    return abs(visit.arrive_at - assignment.arrive_at)


def _moves(visit: Visit, assignment: Assignment) -> bool:
    return (visit.arrive_at, visit.busy_from, visit.busy_until) != (
        assignment.arrive_at,
        assignment.start_at,
        assignment.end_at,
    )


def _set_times(visit: Visit, assignment: Assignment) -> None:
    visit.arrive_at = assignment.arrive_at
    visit.busy_from = assignment.start_at
    visit.busy_until = assignment.end_at
    visit.travel_s = assignment.travel_s
    visit.travel_m = assignment.travel_m
    if assignment.why:
        visit.why = dict(assignment.why)

"""The record of a plan run: asked for, claimed by a solver, reported on, ended. Every write is fenced.

A run's `attempt` goes up each time a solver takes it. Whoever holds an older number has been given up and can
no longer write anything, so a run ends once however often it was started.
"""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.audit import service as audit
from backend.audit.feed import append_change
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import BadInputError, NotFoundError
from backend.organisations.models import Region
from backend.scheduling import objectives, repository, snapshot
from backend.scheduling.day import CurrentVisit, RegionDay
from backend.scheduling.models import Plan, PlanRun, PlanVisit, RunState
from backend.scheduling.prices import USUAL, Prices
from backend.scheduling.result import PlanRequest
from backend.scheduling.scope import Scope, brought_back, narrowed
from backend.technicians.models import Technician

UNFINISHED = (RunState.QUEUED, RunState.RUNNING, RunState.CANCELLING)
CLAIMED = (RunState.RUNNING, RunState.CANCELLING)
# A solver that has not been heard of for so long is taken for dead.
SILENT_AFTER = dt.timedelta(seconds=20)
CANCELLED_UNSTARTED = "cancelled: stopped before it began"
GIVEN_UP = "given_up: every solver that took this run died with it"
MAX_ATTEMPTS = 5
MAX_ERROR = 500
# Outside them a day has no neighbours in every zone.
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants planned: a region's day, for so many seconds, by an objective's code or id."""

    region_id: uuid.UUID
    day: dt.date
    seconds: float = 10.0
    seed: int = 1
    engine: str = "auto"
    scope: Scope = field(default_factory=Scope)
    objective: str = USUAL


@dataclass(frozen=True, slots=True)
class Claim:
    """A run taken by a solver, and the number that fences it."""

    run_id: uuid.UUID
    attempt: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """What a claimed run is to plan, and the snapshot it stands on."""

    request: PlanRequest
    snapshot: dict[str, Any]


def request_run(
    session: Session, actor: Actor, wish: Wish, enqueue: Callable[[Session, PlanRun], None]
) -> PlanRun:
    """Ask for a plan of a region's day; `enqueue` hands the run to a solver in the same transaction."""
    actor.require(Permission.PLAN_RUN)
    region = repository.region(session, actor.org_id, wish.region_id)
    if region is None:
        raise NotFoundError("No such region.")
    if not FIRST_DAY <= wish.day <= LAST_DAY:
        raise BadInputError("The day is out of range.", code="bad_day")
    run = PlanRun(
        org_id=actor.org_id,
        region_id=region.id,
        day=wish.day,
        seconds=wish.seconds,
        seed=wish.seed,
        engine=wish.engine,
        scope=_checked(session, region, wish).kept(),
        objective=objectives.chosen(session, actor.org_id, wish.objective).kept(),
        requested_by=actor.name,
    )
    session.add(run)
    session.flush()
    enqueue(session, run)
    audit.record(session, actor, "plan_run", "plan_run", run.id, day=wish.day.isoformat())
    _announce(session, run, "created")
    return run


def get_run(session: Session, actor: Actor, run_id: uuid.UUID) -> PlanRun:
    """One run of the actor's organisation."""
    actor.require(Permission.PLAN_RUN)
    run = session.get(PlanRun, run_id)
    if run is None or run.org_id != actor.org_id:
        raise NotFoundError("No such plan run.")
    return run


def cancel_run(session: Session, actor: Actor, run_id: uuid.UUID) -> PlanRun:
    """End a run early: one that is searching keeps its best plan, one that is over stays as it is."""
    run = get_run(session, actor, run_id)
    session.refresh(run, with_for_update=True)
    if run.state is RunState.QUEUED:
        run.state, run.error = RunState.FAILED, CANCELLED_UNSTARTED
    elif run.state is RunState.RUNNING:
        run.state = RunState.CANCELLING
    else:
        return run
    session.flush()
    audit.record(session, actor, "plan_run_cancel", "plan_run", run.id)
    _announce(session, run)
    return run


def waiting_runs(session: Session, now: dt.datetime) -> list[uuid.UUID]:
    """Runs nobody works on, oldest first: queued ones, and those whose solver has fallen silent."""
    unheard = sa.or_(col(PlanRun.heartbeat_at).is_(None), col(PlanRun.heartbeat_at) < now - SILENT_AFTER)
    silent = sa.and_(col(PlanRun.state).in_(CLAIMED), unheard)
    query = sa.select(col(PlanRun.id)).where(sa.or_(col(PlanRun.state) == RunState.QUEUED, silent))
    return list(session.scalars(query.order_by(col(PlanRun.created_at), col(PlanRun.id))))


def has_unfinished(session: Session) -> bool:
    """Whether some run is not over yet."""
    return session.scalar(sa.select(sa.exists().where(col(PlanRun.state).in_(UNFINISHED)))) or False


def claim(session: Session, run_id: uuid.UUID, *, is_orphaned: bool = False) -> Claim | None:
    """Take a run; None when it is over or somebody works on it.

    `is_orphaned` says that whoever worked on it is known to be gone; otherwise only silence tells.
    """
    query = sa.select(PlanRun).where(col(PlanRun.id) == run_id).with_for_update()
    run = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if run is None or not _may_claim(run, is_orphaned):
        return None
    if run.state is RunState.CANCELLING or run.attempt >= MAX_ATTEMPTS:
        is_cancelled = run.state is RunState.CANCELLING
        _end(session, run, RunState.FAILED, error=CANCELLED_UNSTARTED if is_cancelled else GIVEN_UP)
        return None
    run.state, run.attempt, run.heartbeat_at = RunState.RUNNING, run.attempt + 1, utc_now()
    session.flush()
    _announce(session, run)
    return Claim(run.id, run.attempt)


def prepare(session: Session, run_id: uuid.UUID) -> Prepared:
    """The day as it is now, for a run that has been claimed."""
    run = session.get_one(PlanRun, run_id)
    day = repository.load_day(session, session.get_one(Region, run.region_id), run.day, utc_now())
    searched = searched_day(session, day, run)
    return Prepared(PlanRequest(searched, run.seconds, run.seed, run.engine), snapshot.take(day))


def _checked(session: Session, region: Region, wish: Wish) -> Scope:
    """The wish's scope, if what it names is the region's own."""
    scope = wish.scope
    if scope.technician_ids:
        query = sa.select(col(Technician.id)).where(
            col(Technician.id).in_(scope.technician_ids), col(Technician.region_id) == region.id
        )
        if set(session.scalars(query)) != scope.technician_ids:
            raise NotFoundError("No such technician.")
    if scope.earlier_plan_id is not None:
        plan = session.get(Plan, scope.earlier_plan_id)
        if plan is None or (plan.region_id, plan.day) != (region.id, wish.day):
            raise NotFoundError("No such plan.")
    return scope


def searched_day(session: Session, day: RegionDay, asked: PlanRun | Plan) -> RegionDay:
    """The day as a run, or its plan, was told to see it: what may change, and what weighs how much."""
    objective = asked.objective or {}
    weighed = replace(day, prices=Prices.read(objective.get("prices")))
    return _scoped(session, weighed, Scope.read(asked.scope))


def _scoped(session: Session, day: RegionDay, scope: Scope) -> RegionDay:
    """What the search may decide about, which is the whole day unless the run says otherwise."""
    if scope.earlier_plan_id is not None:
        query = sa.select(PlanVisit).where(col(PlanVisit.plan_id) == scope.earlier_plan_id)
        earlier = {
            visit.job_id: CurrentVisit(visit.technician_id, visit.start_at, visit.end_at)
            for visit in session.scalars(query)
        }
        return brought_back(day, earlier)
    if scope == Scope():
        return day
    return narrowed(day, scope, repository.standing(session, [job.id for job in day.jobs]))


def _may_claim(run: PlanRun, is_orphaned: bool) -> bool:
    if run.state is RunState.QUEUED:
        return True
    if run.state not in CLAIMED:
        return False
    return is_orphaned or run.heartbeat_at is None or run.heartbeat_at < utc_now() - SILENT_AFTER


def beat(session: Session, run_id: uuid.UUID, attempt: int, progress: dict[str, Any] | None) -> bool | None:
    """Note that the solver lives, and its progress when there is news.

    Returns whether somebody asked it to end; None when the run has been given to another solver.
    """
    run = _fenced(session, run_id, attempt)
    if run is None:
        return None
    run.heartbeat_at = utc_now()
    if progress is not None:
        run.progress = progress
        _announce(session, run)
    session.flush()
    return run.state is RunState.CANCELLING


def owned(session: Session, claimed: Claim) -> PlanRun | None:
    """The run, locked, if it is still this solver's; its answer may be kept only then."""
    return _fenced(session, claimed.run_id, claimed.attempt)


def finish(session: Session, run: PlanRun, plan_id: uuid.UUID, progress: dict[str, Any] | None) -> None:
    """Close an owned run with its plan and the last of its progress."""
    run.plan_id = plan_id
    run.progress = progress if progress is not None else run.progress
    _end(session, run, RunState.DONE)


def fail(session: Session, run_id: uuid.UUID, attempt: int, error: str) -> None:
    """Close the run without a plan, unless it is no longer this solver's."""
    run = _fenced(session, run_id, attempt)
    if run is not None:
        _end(session, run, RunState.FAILED, error=error)


def release(session: Session, run_id: uuid.UUID, attempt: int) -> None:
    """Put a run back into the queue: its solver is going away in good order."""
    run = _fenced(session, run_id, attempt)
    if run is not None:
        run.state = RunState.QUEUED if run.state is RunState.RUNNING else run.state
        run.heartbeat_at = None
        session.flush()
        _announce(session, run)


def _fenced(session: Session, run_id: uuid.UUID, attempt: int) -> PlanRun | None:
    query = sa.select(PlanRun).where(
        col(PlanRun.id) == run_id, col(PlanRun.attempt) == attempt, col(PlanRun.state).in_(CLAIMED)
    )
    locked = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(locked).one_or_none()


def _end(session: Session, run: PlanRun, state: RunState, error: str | None = None) -> None:
    run.state, run.error = state, error[:MAX_ERROR] if error else None
    session.flush()
    _announce(session, run)


def _announce(session: Session, run: PlanRun, kind: str = "updated") -> None:
    append_change(session, run.org_id, "plan_run", run.id, kind=kind, region_id=run.region_id)

"""Jobs in trouble given to others by the software, where an organisation wants it, within its limits."""

import contextlib
import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.auth.actor import Actor, system_actor
from backend.auth.permissions import Permission
from backend.background.chore import Chore
from backend.booking.desk import DeskBusyError
from backend.db.session import Database
from backend.errors import DomainError
from backend.jobs.assignment import Assignment
from backend.jobs.lifecycle import OFFERED, OPEN_FOR_PLANNING
from backend.jobs.models import Job, Visit
from backend.live import rules, service
from backend.live.asked import Remedy
from backend.live.desk import RemedyDesk
from backend.live.duty import refuse_off_duty
from backend.live.exceptions import Kind
from backend.live.models import LiveRules, Replanned
from backend.organisations.clock import now_in, open_day
from backend.organisations.models import Region
from backend.organisations.service import get_region

LOOK_EVERY_S = 30.0
AT_ONCE = 5
NAME = "automatic re-planning"
HELPED = frozenset({Kind.LATE, Kind.OFF_DUTY, Kind.DECLINED, Kind.SLA, Kind.AT_RISK})


@dataclass(frozen=True)
class Case:
    """A job in trouble, and what may be done about it."""

    actor: Actor
    region_id: uuid.UUID
    day: dt.date
    job_id: uuid.UUID
    job_version: int
    trouble: Kind
    not_before: dt.datetime
    promises_left: int
    most_fen: int


class Replanner:
    """Looks again and again at the days of organisations that want it; one job at a time."""

    def __init__(self, db: Database, desk: RemedyDesk, look_every_s: float = LOOK_EVERY_S) -> None:
        self._db, self._desk = db, desk
        # Nothing is half applied by a look that fails.
        self._chore = Chore("re-planning", self.look, look_every_s, waits_first=True)

    async def start(self) -> None:
        self._chore.start()

    async def close(self) -> None:
        await self._chore.close()

    async def look(self) -> int:
        """Go through the jobs in trouble once; how many were given to somebody else."""
        given = 0
        for case in await self._db.read(cases):
            with contextlib.suppress(DeskBusyError, DomainError):
                given += await self._help(case)
        return given

    async def _help(self, case: Case) -> bool:
        asked, named = await self._db.read(
            service.question, case.actor, case.region_id, case.day, [case.job_id]
        )
        found = await self._desk.ask(asked)
        chosen, outcome = choose(case, found)
        versions = {job_id: version for job_id, (version, _) in named.items()}
        await self._db.write(carry_out, case, chosen, outcome, versions)
        return chosen is not None


def choose(case: Case, found: Sequence[Remedy]) -> tuple[Remedy | None, str]:
    """The cheapest way out within the limits, or which limit stands in the way."""
    ways = [each for each in found if each.code == "give" and each.changes]
    if not ways:
        return None, "nobody"
    early = [each for each in ways if all(c.start_at >= case.not_before for c in each.changes)]
    if not early:
        return None, "frozen"
    kept = [each for each in early if each.promises_moved <= case.promises_left]
    if not kept:
        return None, "promises"
    affordable = [each for each in kept if each.price_fen <= case.most_fen]
    return (affordable[0], "given") if affordable else (None, "too_dear")


def cases(session: Session) -> list[Case]:
    """Jobs in trouble of every organisation that wants help, those not looked at as they are now."""
    query = select(Region, LiveRules).join(LiveRules, col(LiveRules.org_id) == col(Region.org_id))
    found: list[Case] = []
    for region, limits in session.exec(query.where(col(LiveRules.is_replanning))):
        found += _of_region(session, region, limits)
    return found


def _of_region(session: Session, region: Region, limits: LiveRules) -> list[Case]:
    actor = system_actor(region.org_id, NAME)
    day = open_day(session, region)
    now = now_in(session, region, day)
    freeze = now + dt.timedelta(minutes=limits.freeze_minutes)
    left = _promises_left(session, region.org_id, region.id, day)
    troubles = {t.job_id: t for t in reversed(service.exceptions(session, actor, region.id, day))}
    wanted = [job_id for job_id, trouble in troubles.items() if trouble.kind in HELPED]
    return [
        Case(actor, region.id, day, job.id, job.version, troubles[job.id].kind, freeze, left, limits.most_fen)
        for job in _untried(session, wanted, day, freeze)
    ]


def _promises_left(session: Session, org_id: uuid.UUID, region_id: uuid.UUID, day: dt.date) -> int:
    """How many more promises the software may move in a region's day."""
    used = sa.select(sa.func.coalesce(sa.func.sum(Replanned.promises_moved), 0)).where(
        col(Replanned.region_id) == region_id, col(Replanned.day) == day
    )
    return rules.of(session, org_id).promise_budget - int(session.execute(used).scalar_one())


def _untried(
    session: Session, job_ids: Sequence[uuid.UUID], day: dt.date, freeze: dt.datetime
) -> Sequence[Job]:
    """Jobs that may still move, are not about to start, and were not looked at in this very state."""
    tried = sa.exists().where(
        col(Replanned.job_id) == col(Job.id), col(Replanned.job_version) == col(Job.version)
    )
    soon = sa.exists().where(
        col(Visit.job_id) == col(Job.id), col(Visit.outcome).is_(None), col(Visit.busy_from) < freeze
    )
    query = select(Job).where(
        col(Job.id).in_(job_ids),
        Job.day == day,
        col(Job.status).in_(OPEN_FOR_PLANNING | OFFERED),
        col(Job.lock_technician).is_(False),
        col(Job.lock_time).is_(False),
        ~tried,
        ~soon,
    )
    return session.exec(query.order_by(col(Job.window_end), col(Job.id)).limit(AT_ONCE)).all()


def carry_out(
    session: Session, case: Case, chosen: Remedy | None, outcome: str, versions: dict[uuid.UUID, int]
) -> None:
    """Put the way out into force and log it, in one transaction; the log alone when there is none.

    What others gave away since the look counts: the day's budget of moved promises is never exceeded.
    """
    if chosen is not None and chosen.promises_moved:
        region = sa.select(col(Region.id)).where(col(Region.id) == case.region_id)
        session.execute(region.with_for_update(key_share=True))
        if chosen.promises_moved > _promises_left(session, case.actor.org_id, case.region_id, case.day):
            chosen, outcome = None, "promises"
    moved = 0
    job_version = case.job_version
    changes = list(chosen.changes) if chosen else []
    if chosen is not None:
        assignments = [
            Assignment(c.job_id, c.technician_id, c.arrive_at, c.start_at, c.end_at, c.travel_s, c.travel_m)
            for c in changes
        ]
        known = {c.job_id: versions[c.job_id] for c in changes}
        service.refuse_stale(session, case.actor, known)
        refuse_off_duty(session, assignments)
        applied = service.apply(session, case.actor, service.Chosen(assignments, [], known))
        job_version = {job_id: version for job_id, _, version in applied}.get(case.job_id, job_version)
        moved = chosen.promises_moved
    session.add(
        Replanned(
            org_id=case.actor.org_id, region_id=case.region_id, day=case.day, job_id=case.job_id,
            job_version=job_version, trouble=case.trouble, outcome=outcome,
            price_fen=chosen.price_fen if chosen else 0, promises_moved=moved,
            changes=[
                {
                    "job_id": str(c.job_id),
                    "technician_id": str(c.technician_id),
                    "start": c.start_at.isoformat(),
                }
                for c in changes
            ],
        )
    )  # fmt: skip


def logged(session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date) -> list[tuple[Replanned, str]]:
    """What was done by itself in a region's day, the newest first, with the job's number."""
    actor.require(Permission.PLAN_RUN)
    get_region(session, actor, region_id)
    query = (
        select(Replanned, Job.number)
        .join(Job, col(Job.id) == col(Replanned.job_id))
        .where(Replanned.org_id == actor.org_id, Replanned.region_id == region_id, Replanned.day == day)
        .order_by(col(Replanned.id).desc())
        .limit(200)
    )
    return [(row, number) for row, number in session.exec(query)]

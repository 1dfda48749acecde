"""A plan beside what is in force now: money by component, who moves, which promises."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.jobs.models import Job, Visit
from backend.scheduling.models import Plan, PlanUnserved, PlanVisit

# Seconds are not worth telling anybody about.
SAME_TIME = dt.timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Placed:
    """Who comes when."""

    technician_id: uuid.UUID
    start: dt.datetime


@dataclass(frozen=True, slots=True)
class Moved:
    """A job that changes technician or time; `promise_moved` when it leaves its confirmed window."""

    job_id: uuid.UUID
    number: str
    before: Placed
    after: Placed
    promise_moved: bool


@dataclass(frozen=True, slots=True)
class Gained:
    """A job that has a visit on one side only."""

    job_id: uuid.UUID
    number: str
    placed: Placed


@dataclass(frozen=True, slots=True)
class Comparison:
    """`cost` is (before, after) in fen by component; before is as of the plan's making."""

    cost: dict[str, tuple[int, int]]
    moved: list[Moved]
    added: list[Gained]
    removed: list[Gained]


def compare(
    plan: Plan,
    visits: Sequence[PlanVisit],
    unserved: Sequence[PlanUnserved],
    jobs: Mapping[uuid.UUID, Job],
    current: Mapping[uuid.UUID, Visit],
) -> Comparison:
    """The difference publishing the plan would make now; fixed visits make none."""
    moved: list[Moved] = []
    added: list[Gained] = []
    for visit in visits:
        job, now = jobs.get(visit.job_id), current.get(visit.job_id)
        if job is None or visit.is_fixed:
            continue
        after = Placed(visit.technician_id, visit.start_at)
        if now is None:
            added.append(Gained(job.id, job.number, after))
        elif differs(visit, now):
            before = Placed(now.technician_id, now.busy_from)
            moved.append(Moved(job.id, job.number, before, after, breaks_promise(job, visit.start_at)))
    return Comparison(_costs(plan), moved, added, _removed(unserved, jobs, current))


def differs(visit: PlanVisit, now: Visit) -> bool:
    """Whether somebody would notice the change."""
    return visit.technician_id != now.technician_id or abs(visit.start_at - now.busy_from) > SAME_TIME


def breaks_promise(job: Job, start: dt.datetime) -> bool:
    """Whether a start lies outside the window the customer was promised."""
    if job.window_start is None or job.window_end is None:
        return False
    return not job.window_start <= start <= job.window_end


def _removed(
    unserved: Sequence[PlanUnserved], jobs: Mapping[uuid.UUID, Job], current: Mapping[uuid.UUID, Visit]
) -> list[Gained]:
    return [
        Gained(item.job_id, jobs[item.job_id].number, Placed(now.technician_id, now.busy_from))
        for item in unserved
        if (now := current.get(item.job_id)) is not None and item.job_id in jobs
    ]


def _costs(plan: Plan) -> dict[str, tuple[int, int]]:
    names = list(dict.fromkeys([*plan.baseline, *plan.cost]))
    return {name: (int(plan.baseline.get(name, 0)), int(plan.cost.get(name, 0))) for name in names}

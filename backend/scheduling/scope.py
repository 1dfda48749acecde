"""Part of a day planned anew, or an earlier plan brought back: the day as the search then sees it. Pure.

What lies outside keeps its technician and its time, like work that a person holds in place.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from backend.scheduling.day import CurrentVisit, DayJob, FixedVisit, RegionDay


@dataclass(frozen=True, slots=True)
class Scope:
    """What may change. Nothing said: everything.

    `only_unassigned` puts in jobs that nobody has. `technician_ids` are the only ones whose days change.
    `communities` are the only places whose jobs move.
    """

    only_unassigned: bool = False
    technician_ids: frozenset[uuid.UUID] = frozenset()
    communities: frozenset[str] = frozenset()
    earlier_plan_id: uuid.UUID | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> "Scope":
        """A scope as it is kept with a run."""
        kept = kept or {}
        earlier = kept.get("earlier_plan_id")
        return cls(
            bool(kept.get("only_unassigned")),
            frozenset(uuid.UUID(each) for each in kept.get("technician_ids", [])),
            frozenset(kept.get("communities", [])),
            uuid.UUID(earlier) if earlier else None,
        )

    def kept(self) -> dict[str, Any] | None:
        """As JSON; None for everything."""
        said: dict[str, Any] = {
            "only_unassigned": self.only_unassigned,
            "technician_ids": sorted(str(each) for each in self.technician_ids),
            "communities": sorted(self.communities),
            "earlier_plan_id": str(self.earlier_plan_id) if self.earlier_plan_id else None,
        }
        return {name: value for name, value in said.items() if value} or None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a job's open visit is besides its time: needed to hold it where it is."""

    visit_id: uuid.UUID
    community: str
    travel_s: int = 0
    travel_m: int = 0


def narrowed(day: RegionDay, scope: Scope, standing: Mapping[uuid.UUID, Standing]) -> RegionDay:
    """The day with everything outside the scope held where it is; `standing` by job."""
    inside, stays = [], []
    for job in day.jobs:
        place = standing[job.id]
        if _may_move(job, scope, place.community):
            inside.append(_for(job, scope, day))
        elif job.current is not None:
            stays.append(held(job, job.current, place))
        # A job outside that nobody has stays with nobody.
    return replace(day, jobs=tuple(inside), fixed=(*day.fixed, *stays))


def brought_back(day: RegionDay, earlier: Mapping[uuid.UUID, CurrentVisit]) -> RegionDay:
    """The day with every job that an earlier plan placed tied to its place in it; the others find theirs."""
    on_duty = {technician.id for technician in day.technicians if technician.shift is not None}
    jobs = [
        replace(job, tied=was) if (was := earlier.get(job.id)) and was.technician_id in on_duty else job
        for job in day.jobs
    ]
    return replace(day, jobs=tuple(jobs))


def _may_move(job: DayJob, scope: Scope, community: str) -> bool:
    if scope.communities and community not in scope.communities:
        return False
    if job.current is None:
        return True
    if scope.only_unassigned:
        return False
    return not scope.technician_ids or job.current.technician_id in scope.technician_ids


def _for(job: DayJob, scope: Scope, day: RegionDay) -> DayJob:
    """The job for the technicians of the scope alone."""
    if not scope.technician_ids:
        return job
    others = frozenset(technician.id for technician in day.technicians) - scope.technician_ids
    return replace(job, not_for=others)


def held(job: DayJob, current: CurrentVisit, place: Standing) -> FixedVisit:
    """A job as work that a person holds where it is."""
    return FixedVisit(
        visit_id=place.visit_id,
        number=job.number,
        job_type=job.job_type,
        category=job.category,
        job_id=job.id,
        technician_id=current.technician_id,
        arrive_at=current.start_at,
        start_at=current.start_at,
        end_at=current.end_at,
        travel_s=place.travel_s,
        travel_m=place.travel_m,
        at=job.at,
        is_begun=False,
        is_open=True,
        parts_due=dict(job.parts),
    )

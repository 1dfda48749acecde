"""Which visits will start late, projected from what has happened so far. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from backend.jobs.lifecycle import JobStatus

RISK_MARGIN = dt.timedelta(minutes=15)
OVER = frozenset({JobStatus.DONE, JobStatus.SIGNED, JobStatus.CLOSED})
AT_DOOR = frozenset({JobStatus.ON_SITE, JobStatus.DIAGNOSED, JobStatus.REWORK})
INTERRUPTED = frozenset({JobStatus.CUSTOMER_ABSENT, JobStatus.NEEDS_PART, JobStatus.TO_WORKSHOP})


@dataclass(frozen=True)
class Leg:
    """One visit of a technician's day as far as it is known."""

    status: JobStatus
    window_end: dt.datetime | None
    planned_start: dt.datetime
    duration: dt.timedelta
    travel: dt.timedelta
    departed_at: dt.datetime | None = None
    arrived_at: dt.datetime | None = None
    completed_at: dt.datetime | None = None


@dataclass(frozen=True)
class Lateness:
    """A projected start that endangers (`minutes` 0) or breaks the promised window."""

    projected_start: dt.datetime
    minutes: int


def project(legs: Sequence[Leg], now: dt.datetime) -> list[Lateness | None]:
    """For each visit of one technician in planned order, its lateness if it is at risk.

    What is over is taken as it was; what is under way ends no earlier than now; what has not begun starts
    when the technician is free (at the earliest now) and has driven there, and not before it is planned.
    """
    free_at: dt.datetime | None = None
    result: list[Lateness | None] = []
    for leg in legs:
        start, free_at = _follow(leg, free_at, now)
        begun = leg.status in OVER | AT_DOOR | INTERRUPTED
        result.append(None if begun else _judge(leg, start))
    return result


def _follow(leg: Leg, free_at: dt.datetime | None, now: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """When the visit starts and when the technician is free again."""
    if leg.status in OVER | INTERRUPTED:
        start = leg.arrived_at or leg.planned_start
        return start, max(leg.completed_at or start, free_at or start)
    if leg.status in AT_DOOR:
        start = leg.arrived_at or leg.planned_start
        return start, max(now, start + leg.duration)
    if leg.status is JobStatus.EN_ROUTE:
        start = max(now, (leg.departed_at or now) + leg.travel)
        return start, start + leg.duration
    leaves = max(now, free_at) if free_at else now
    start = max(leg.planned_start, leaves + leg.travel)
    return start, start + leg.duration


def _judge(leg: Leg, start: dt.datetime) -> Lateness | None:
    if leg.window_end is None or start <= leg.window_end - RISK_MARGIN:
        return None
    late_s = (start - leg.window_end).total_seconds()
    return Lateness(start, max(0, round(late_s / 60)))

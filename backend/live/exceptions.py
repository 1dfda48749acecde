"""What has gone wrong in a region's day, told by what is known of its visits. Pure."""

import datetime as dt
import enum
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backend.board.lateness import AT_DOOR, Lateness
from backend.jobs.lifecycle import OFFERED, OPEN_FOR_PLANNING, JobStatus

OVERRUN_AFTER = dt.timedelta(minutes=15)
SILENT_AFTER = dt.timedelta(minutes=20)
UNBOOKED = frozenset({JobStatus.RECEIVED, JobStatus.QUALIFIED})
WATCHED = AT_DOOR | {JobStatus.EN_ROUTE}


class Kind(enum.StrEnum):
    """In the order a dispatcher looks at them."""

    NO_SHOW = "no_show"
    LATE = "late"
    OFF_DUTY = "off_duty"
    SLA = "sla"
    DECLINED = "declined"
    AT_RISK = "at_risk"
    OVERRUN = "overrun"
    NO_POSITION = "no_position"


@dataclass(frozen=True)
class Watched:
    """A visit as far as exceptions are concerned."""

    job_id: uuid.UUID
    number: str
    status: JobStatus
    technician_id: uuid.UUID | None
    start_at: dt.datetime | None
    duration: dt.timedelta
    departed_at: dt.datetime | None
    arrived_at: dt.datetime | None
    window_end: dt.datetime | None = None
    reported_at: dt.datetime | None = None


@dataclass(frozen=True)
class Limits:
    """What an organisation holds itself to: a window agreed within `book_within`; told `warn` before."""

    book_within: dt.timedelta | None = None
    warn: dt.timedelta = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Trouble:
    """One exception; `minutes` is by how much (late, overrun) or for how long (no position).

    `due_at` is the limit that is broken or about to be.
    """

    kind: Kind
    job_id: uuid.UUID
    number: str
    technician_id: uuid.UUID | None
    minutes: int | None = None
    due_at: dt.datetime | None = None


def find(
    visits: Sequence[Watched],
    late: Mapping[uuid.UUID, Lateness],
    shifts: Mapping[uuid.UUID, tuple[dt.datetime, dt.datetime]],
    positions: Mapping[uuid.UUID, dt.datetime],
    now: dt.datetime,
    limits: Limits | None = None,
) -> list[Trouble]:
    """Every exception of the visits, the gravest kind first, then the worst.

    `shifts` and `positions` (the time of the last one) are by technician; whoever has no shift is not there.
    """
    found: list[Trouble] = []
    limits = limits or Limits()
    for visit in visits:
        found += _of_limit(visit, limits, now)
        found += _of_job(visit)
        found += _of_promise(visit, late.get(visit.job_id))
        found += _of_duty(visit, shifts)
        found += _of_work(visit, positions, now)
    order = list(Kind)
    return sorted(found, key=lambda each: (order.index(each.kind), -(each.minutes or 0), each.number))


def _trouble(
    kind: Kind, visit: Watched, minutes: int | None = None, due_at: dt.datetime | None = None
) -> Trouble:
    return Trouble(kind, visit.job_id, visit.number, visit.technician_id, minutes, due_at)


def _of_limit(visit: Watched, limits: Limits, now: dt.datetime) -> list[Trouble]:
    """A promise that nobody is there to keep, or a report that nobody has agreed a time for."""
    if visit.technician_id is not None or visit.status not in OPEN_FOR_PLANNING | UNBOOKED:
        return []
    due_at = visit.window_end
    if due_at is None and limits.book_within is not None and visit.reported_at is not None:
        due_at = visit.reported_at + limits.book_within
    if due_at is None or due_at - now > limits.warn:
        return []
    return [_trouble(Kind.SLA, visit, max(0, _minutes(now - due_at)), due_at)]


def _of_job(visit: Watched) -> list[Trouble]:
    kinds = {JobStatus.DECLINED: Kind.DECLINED, JobStatus.NO_SHOW: Kind.NO_SHOW}
    kind = kinds.get(visit.status)
    return [_trouble(kind, visit)] if kind is not None else []


def _of_promise(visit: Watched, late: Lateness | None) -> list[Trouble]:
    if late is None or visit.technician_id is None:
        return []
    # What was planned for the end of its window and is on time is no news.
    if late.minutes == 0 and visit.start_at is not None and late.projected_start <= visit.start_at:
        return []
    kind = Kind.LATE if late.minutes > 0 else Kind.AT_RISK
    return [_trouble(kind, visit, late.minutes, visit.window_end)]


def _of_duty(visit: Watched, shifts: Mapping[uuid.UUID, tuple[dt.datetime, dt.datetime]]) -> list[Trouble]:
    """A visit still to come with somebody who is not there then."""
    if visit.status not in OFFERED or visit.technician_id is None or visit.start_at is None:
        return []
    shift = shifts.get(visit.technician_id)
    is_there = shift is not None and visit.start_at < shift[1]
    return [] if is_there else [_trouble(Kind.OFF_DUTY, visit)]


def _of_work(visit: Watched, positions: Mapping[uuid.UUID, dt.datetime], now: dt.datetime) -> list[Trouble]:
    if visit.status not in WATCHED or visit.technician_id is None:
        return []
    found = []
    if visit.status in AT_DOOR and visit.arrived_at is not None:
        over = now - (visit.arrived_at + visit.duration)
        if over > OVERRUN_AFTER:
            found.append(_trouble(Kind.OVERRUN, visit, _minutes(over)))
    seen = max(
        (at for at in (positions.get(visit.technician_id), visit.departed_at) if at is not None), default=None
    )
    if seen is not None and now - seen > SILENT_AFTER:
        found.append(_trouble(Kind.NO_POSITION, visit, _minutes(now - seen)))
    return found


def _minutes(span: dt.timedelta) -> int:
    return round(span.total_seconds() / 60)

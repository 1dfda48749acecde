"""When somebody who is asked about a job could begin it: in the promised window, beside their other work."""

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Collection, Sequence

from sqlmodel import Session, col, select

from backend.jobs.models import Job, Visit
from backend.technicians.models import Shift

STEP = dt.timedelta(minutes=15)
BETWEEN = dt.timedelta(minutes=20)  # the least anybody needs from one door to the next
Span = tuple[dt.datetime, dt.datetime]


def busy_spans(
    session: Session, job: Job, technician_ids: Collection[uuid.UUID]
) -> dict[uuid.UUID, list[Span]]:
    """Open visits of technicians around the promised window."""
    found: dict[uuid.UUID, list[Span]] = defaultdict(list)
    if job.window_start is None or job.window_end is None:
        return found
    query = select(Visit.technician_id, Visit.busy_from, Visit.busy_until).where(
        Visit.org_id == job.org_id,
        col(Visit.technician_id).in_(technician_ids),
        col(Visit.outcome).is_(None),
        Visit.busy_until > job.window_start - dt.timedelta(hours=12),
        Visit.busy_from < job.window_end + dt.timedelta(hours=12),
    )
    for technician_id, busy_from, busy_until in session.exec(query):
        found[technician_id].append((busy_from, busy_until))
    return found


def first_free(job: Job, shift: Span, busy: Sequence[Span], now: dt.datetime) -> dt.datetime | None:
    """The first time in the promised window with room for the job, in steps of a quarter of an hour.

    Never before `now`; where the window is over already, as soon as the shift has room. None without one.
    """
    if job.window_start is None or job.window_end is None:
        return None
    length = dt.timedelta(seconds=job.duration_s)
    start = max(job.window_start, shift[0])
    if start < now:
        start += -((start - now) // STEP) * STEP
    latest = job.window_end if job.window_end >= now else shift[1]
    while start <= latest and start + length <= shift[1]:
        if all(start + length + BETWEEN <= begins or start >= ends + BETWEEN for begins, ends in busy):
            return start
        start += STEP
    return None


def still_free(
    session: Session, job: Job, technician_id: uuid.UUID, start: dt.datetime, now: dt.datetime
) -> dt.datetime | None:
    """The start a technician was listed with or, where that has passed, the first free one; None without."""
    if start >= now:
        return start
    hours = select(Shift.starts_at, Shift.ends_at).where(
        Shift.technician_id == technician_id, Shift.day == job.day
    )
    shift = session.exec(hours).first()
    if shift is None:
        return None
    busy = busy_spans(session, job, [technician_id])
    return first_free(job, (shift[0], shift[1]), busy[technician_id], now)

"""Who may choose, change or cancel an appointment, and until when: pure rules."""

import datetime as dt
from dataclasses import dataclass

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.booking.models import BookingRules
from backend.errors import ConflictError, RejectedError
from backend.jobs.lifecycle import OFFERED, JobStatus
from backend.jobs.models import Job

WITHOUT_APPOINTMENT = frozenset({JobStatus.QUALIFIED, JobStatus.NO_SHOW, JobStatus.CUSTOMER_ABSENT})
WITH_APPOINTMENT = OFFERED | {JobStatus.BOOKED, JobStatus.DECLINED}
CHOOSING = WITHOUT_APPOINTMENT | WITH_APPOINTMENT


class NotBookableError(RejectedError):
    """The job is in no state to choose an appointment; `code` says which rule it is."""

    code = "not_bookable"


class ChargeChangedError(ConflictError):
    """It costs something now that the customer has not agreed to; `charge_fen` says how much."""

    code = "charge_changed"


@dataclass(frozen=True)
class CustomerAtTheDoor(Actor):
    """A customer behind a link, who may book and cancel the one job it covers."""

    def may(self, permission: Permission) -> bool:
        return permission is Permission.JOB_INTAKE or super().may(permission)


def of_customer(actor: Actor) -> CustomerAtTheDoor:
    """The link's customer with the right to decide about their own appointment."""
    return CustomerAtTheDoor(role=actor.role, org_id=actor.org_id, name=actor.name, job_id=actor.job_id)


def may_choose(job: Job) -> bool:
    """Whether there is, or may be, an appointment to choose."""
    return job.status in CHOOSING


def refusal(job: Job, now: dt.datetime, rules: BookingRules, late_fen: int | None) -> str | None:
    """Why the customer may not: "too_late", "under_way" or "not_now"; None when they may.

    `late_fen` is what it costs after the limit; without a price it is refused then.
    """
    if job.status in WITHOUT_APPOINTMENT:
        return None
    if job.status not in WITH_APPOINTMENT:
        return "under_way" if job.status in UNDER_WAY else "not_now"
    if job.window_start is None or job.window_end is None or job.window_end <= now:
        return None
    return "too_late" if is_late(job, now, rules) and late_fen is None else None


def is_late(job: Job, now: dt.datetime, rules: BookingRules) -> bool:
    """Whether a standing appointment can no longer be changed for nothing."""
    if not has_appointment(job, now) or job.window_start is None:
        return False
    return now > change_limit(job.window_start, rules.change_until_h)


def charge(job: Job, now: dt.datetime, rules: BookingRules, late_fen: int | None) -> int:
    """What a change or a cancellation costs now, in fen."""
    return late_fen or 0 if is_late(job, now, rules) else 0


UNDER_WAY = frozenset({JobStatus.EN_ROUTE, JobStatus.ON_SITE, JobStatus.DIAGNOSED, JobStatus.REWORK})


def change_limit(window_start: dt.datetime, change_until_h: int) -> dt.datetime:
    """Until when an appointment may be changed or cancelled."""
    return window_start - dt.timedelta(hours=change_until_h)


def has_appointment(job: Job, now: dt.datetime) -> bool:
    """Whether a promise stands that can still be kept."""
    return job.status in WITH_APPOINTMENT and job.window_end is not None and job.window_end > now

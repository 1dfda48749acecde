"""Who may choose, change or cancel an appointment, and until when: pure rules."""

import datetime as dt
from dataclasses import dataclass

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import RejectedError
from backend.jobs.lifecycle import OFFERED, JobStatus
from backend.jobs.models import Job

WITHOUT_APPOINTMENT = frozenset({JobStatus.QUALIFIED, JobStatus.NO_SHOW, JobStatus.CUSTOMER_ABSENT})
WITH_APPOINTMENT = OFFERED | {JobStatus.BOOKED, JobStatus.DECLINED}


class NotBookableError(RejectedError):
    """The job is in no state to choose an appointment; `code` says which rule it is."""

    code = "not_bookable"


@dataclass(frozen=True)
class CustomerAtTheDoor(Actor):
    """A customer behind a link, who may book and cancel the one job it covers."""

    def may(self, permission: Permission) -> bool:
        return permission is Permission.JOB_INTAKE or super().may(permission)


def of_customer(actor: Actor) -> CustomerAtTheDoor:
    """The link's customer with the right to decide about their own appointment."""
    return CustomerAtTheDoor(role=actor.role, org_id=actor.org_id, name=actor.name, job_id=actor.job_id)


def may_choose(job: Job, now: dt.datetime, change_until_h: int) -> bool:
    """Whether the customer may choose a time now: a first one, a new one after nobody met, or another one."""
    return refusal(job, now, change_until_h) is None


def refusal(job: Job, now: dt.datetime, change_until_h: int) -> str | None:
    """Why the customer may not choose a time: "too_late", "under_way" or "not_now"; None when they may."""
    if job.status in WITHOUT_APPOINTMENT:
        return None
    if job.status not in WITH_APPOINTMENT:
        return "under_way" if job.status in UNDER_WAY else "not_now"
    if job.window_start is None or job.window_end is None or job.window_end <= now:
        return None
    return None if now <= change_limit(job.window_start, change_until_h) else "too_late"


UNDER_WAY = frozenset({JobStatus.EN_ROUTE, JobStatus.ON_SITE, JobStatus.DIAGNOSED, JobStatus.REWORK})


def change_limit(window_start: dt.datetime, change_until_h: int) -> dt.datetime:
    """Until when an appointment may be changed or cancelled."""
    return window_start - dt.timedelta(hours=change_until_h)


def has_appointment(job: Job, now: dt.datetime) -> bool:
    """Whether a promise stands that can still be kept."""
    return job.status in WITH_APPOINTMENT and job.window_end is not None and job.window_end > now

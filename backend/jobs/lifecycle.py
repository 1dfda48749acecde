"""The life of a job as pure rules: named actions, the states they lead from and to, and who may take them.

Nothing here knows a database, a clock or HTTP. `apply` is the only place that assigns a job's status.
"""

import datetime as dt
import enum
from dataclasses import dataclass
from typing import Protocol

from backend.auth.permissions import Permission
from backend.errors import ConflictError, ForbiddenError


class JobType(enum.StrEnum):
    INSTALL = "install"
    REPAIR = "repair"
    MAINTAIN = "maintain"
    INSPECT = "inspect"
    COLLECT = "collect"
    RETURN = "return"
    SWAP = "swap"


class JobStatus(enum.StrEnum):
    RECEIVED = "received"
    QUALIFIED = "qualified"
    BOOKED = "booked"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    EN_ROUTE = "en_route"
    ON_SITE = "on_site"
    DIAGNOSED = "diagnosed"
    DONE = "done"
    SIGNED = "signed"
    CLOSED = "closed"
    DECLINED = "declined"
    NO_SHOW = "no_show"
    CUSTOMER_ABSENT = "customer_absent"
    NEEDS_PART = "needs_part"
    TO_WORKSHOP = "to_workshop"
    REWORK = "rework"
    CANCELLED = "cancelled"


class Action(enum.StrEnum):
    QUALIFY = "qualify"
    BOOK = "book"
    ASSIGN = "assign"
    UNASSIGN = "unassign"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    DEPART = "depart"
    ARRIVE = "arrive"
    DIAGNOSE = "diagnose"
    COMPLETE = "complete"
    SIGN = "sign"
    REJECT_WORK = "reject_work"
    REPORT_ABSENT = "report_absent"
    REPORT_NO_SHOW = "report_no_show"
    NEED_PART = "need_part"
    TAKE_TO_WORKSHOP = "take_to_workshop"
    CLOSE = "close"
    CANCEL = "cancel"


S = JobStatus
OPEN_FOR_PLANNING = frozenset({S.BOOKED, S.DECLINED})
OFFERED = frozenset({S.ASSIGNED, S.ACCEPTED})
AT_WORK = frozenset({S.ON_SITE, S.DIAGNOSED})
INTERRUPTED = frozenset({S.DECLINED, S.NO_SHOW, S.CUSTOMER_ABSENT, S.NEEDS_PART, S.TO_WORKSHOP})
FINISHED = frozenset({S.SIGNED, S.CLOSED, S.CANCELLED})


@dataclass(frozen=True)
class Transition:
    """Where an action may be taken, where it leads and what right it needs."""

    sources: frozenset[JobStatus]
    target: JobStatus
    permission: Permission


TRANSITIONS: dict[Action, Transition] = {
    Action.QUALIFY: Transition(frozenset({S.RECEIVED}), S.QUALIFIED, Permission.JOB_INTAKE),
    Action.BOOK: Transition(
        frozenset({S.QUALIFIED, S.BOOKED}) | INTERRUPTED, S.BOOKED, Permission.JOB_INTAKE
    ),
    Action.ASSIGN: Transition(OPEN_FOR_PLANNING | OFFERED, S.ASSIGNED, Permission.JOB_PLAN),
    Action.UNASSIGN: Transition(OFFERED | {S.DECLINED}, S.BOOKED, Permission.JOB_PLAN),
    Action.ACCEPT: Transition(frozenset({S.ASSIGNED}), S.ACCEPTED, Permission.JOB_VISIT),
    Action.DECLINE: Transition(OFFERED, S.DECLINED, Permission.JOB_VISIT),
    Action.EXPIRE: Transition(frozenset({S.ASSIGNED}), S.DECLINED, Permission.JOB_AUTOMATE),
    Action.DEPART: Transition(frozenset({S.ACCEPTED}), S.EN_ROUTE, Permission.JOB_VISIT),
    Action.ARRIVE: Transition(frozenset({S.EN_ROUTE}), S.ON_SITE, Permission.JOB_VISIT),
    Action.DIAGNOSE: Transition(frozenset({S.ON_SITE}), S.DIAGNOSED, Permission.JOB_VISIT),
    Action.COMPLETE: Transition(AT_WORK | {S.REWORK}, S.DONE, Permission.JOB_VISIT),
    Action.SIGN: Transition(frozenset({S.DONE}), S.SIGNED, Permission.JOB_VISIT),
    Action.REJECT_WORK: Transition(frozenset({S.DONE}), S.REWORK, Permission.JOB_VISIT),
    Action.REPORT_ABSENT: Transition(
        frozenset({S.EN_ROUTE, S.ON_SITE}), S.CUSTOMER_ABSENT, Permission.JOB_VISIT
    ),
    Action.REPORT_NO_SHOW: Transition(OFFERED | {S.EN_ROUTE}, S.NO_SHOW, Permission.JOB_PLAN),
    Action.NEED_PART: Transition(AT_WORK | {S.REWORK}, S.NEEDS_PART, Permission.JOB_VISIT),
    Action.TAKE_TO_WORKSHOP: Transition(AT_WORK | {S.REWORK}, S.TO_WORKSHOP, Permission.JOB_VISIT),
    Action.CLOSE: Transition(frozenset({S.SIGNED}), S.CLOSED, Permission.JOB_SUPERVISE),
    Action.CANCEL: Transition(
        frozenset({S.RECEIVED, S.QUALIFIED, S.BOOKED, S.EN_ROUTE}) | OFFERED | INTERRUPTED,
        S.CANCELLED,
        Permission.JOB_INTAKE,
    ),
}


class HasStatus(Protocol):
    """Anything whose status the lifecycle may move."""

    status: JobStatus


class Doer(Protocol):
    """Whoever takes an action, reduced to what the rules ask."""

    def may(self, permission: Permission) -> bool: ...


class TransitionRefusedError(ConflictError):
    code = "transition_refused"


@dataclass(frozen=True)
class Event:
    """What `apply` did, to be appended to history in the same transaction."""

    action: Action
    source: JobStatus
    target: JobStatus
    at: dt.datetime


def allowed_actions(status: JobStatus, doer: Doer) -> list[Action]:
    """The actions `doer` may take on a job in `status`, in lifecycle order."""
    return [a for a, t in TRANSITIONS.items() if status in t.sources and doer.may(t.permission)]


def apply(job: HasStatus, action: Action, doer: Doer, at: dt.datetime) -> Event:
    """Take `action`: assign the new status and return the event.

    Raises ForbiddenError when the doer lacks the right, TransitionRefusedError when the job's state does not
    allow the action.
    """
    transition = TRANSITIONS[action]
    if not doer.may(transition.permission):
        raise ForbiddenError(f"{action} needs {transition.permission}")
    source = JobStatus(job.status)
    if source not in transition.sources:
        raise TransitionRefusedError(
            f"{action} is not possible in state {source}", action=action, state=source
        )
    job.status = transition.target
    return Event(action, source, transition.target, at)

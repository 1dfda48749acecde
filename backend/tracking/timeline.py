"""The customer's timeline: the job's history in their words, without what is none of their business."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backend.jobs.lifecycle import Action, JobStatus


class Mark(StrEnum):
    """How an entry of the timeline is drawn."""

    DONE = "done"
    CURRENT = "current"
    TODO = "todo"
    PROBLEM = "problem"


@dataclass(frozen=True)
class Happening:
    """One event of a job's history: what, and when it really happened."""

    action: str
    at: dt.datetime


@dataclass(frozen=True)
class Entry:
    """One line of the timeline; `key` names its words, `at` is None for what is still to come."""

    key: str
    at: dt.datetime | None
    mark: Mark


MILESTONES = ("booked", "assigned", "departed", "arrived", "completed", "signed")
REACHED = {
    Action.BOOK: "booked",
    Action.ASSIGN: "assigned",
    Action.DEPART: "departed",
    Action.ARRIVE: "arrived",
    Action.COMPLETE: "completed",
    Action.SIGN: "signed",
}
# A technician who can't come is replaced; the customer sees only that somebody is being found.
GIVEN_BACK = frozenset({Action.UNASSIGN, Action.DECLINE, Action.EXPIRE})
TROUBLES = {
    Action.REJECT_WORK: "rework",
    Action.REPORT_NO_SHOW: "no_show",
    Action.REPORT_ABSENT: "customer_absent",
    Action.NEED_PART: "needs_part",
    Action.TAKE_TO_WORKSHOP: "to_workshop",
    Action.CANCEL: "cancelled",
}
FINISHED = frozenset({JobStatus.SIGNED, JobStatus.CLOSED})
STOPPED = frozenset(
    {
        JobStatus.NO_SHOW,
        JobStatus.CUSTOMER_ABSENT,
        JobStatus.NEEDS_PART,
        JobStatus.TO_WORKSHOP,
        JobStatus.CANCELLED,
    }
)


def timeline(history: Iterable[Happening], status: JobStatus) -> list[Entry]:
    """What happened, oldest first, then what is still to come unless the job has stopped.

    Of earlier attempts only their trouble is kept: a customer who was booked anew starts anew.
    """
    steps: list[Entry] = []
    for event in history:
        steps = _after(steps, event)
    if status in STOPPED:
        return steps
    if steps and steps[-1].mark is Mark.DONE and status not in FINISHED:
        steps[-1] = Entry(steps[-1].key, steps[-1].at, Mark.CURRENT)
    return steps + [Entry(key, None, Mark.TODO) for key in MILESTONES[_next_milestone(steps) :]]


def _after(steps: list[Entry], event: Happening) -> list[Entry]:
    """The steps once an event has happened."""
    action = _known(event.action)
    if action is None:
        return steps
    if action is Action.BOOK:
        steps = [step for step in steps if step.mark is Mark.PROBLEM]
    elif action in GIVEN_BACK or action is Action.ASSIGN:
        steps = [step for step in steps if step.key != "assigned"]
    elif action is Action.REJECT_WORK:
        steps = [step for step in steps if step.key != "completed"]
    if action in TROUBLES:
        return [*steps, Entry(TROUBLES[action], event.at, Mark.PROBLEM)]
    if action in REACHED:
        return [*steps, Entry(REACHED[action], event.at, Mark.DONE)]
    return steps


def _known(action: str) -> Action | None:
    return next((known for known in Action if known == action), None)


def _next_milestone(steps: list[Entry]) -> int:
    """The place of the first milestone that is not reached."""
    reached = [MILESTONES.index(step.key) for step in steps if step.key in MILESTONES]
    return max(reached) + 1 if reached else 0

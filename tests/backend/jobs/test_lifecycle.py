"""The whole grid: every action, in every state, by every role."""

import datetime as dt
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.auth.models import Role
from backend.auth.permissions import ROLE_PERMISSIONS, Permission
from backend.errors import ForbiddenError
from backend.jobs import lifecycle
from backend.jobs.lifecycle import TRANSITIONS, Action, JobStatus, TransitionRefusedError

NOW = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)

# Written down a second time, by hand, from the description of a job's life: state → {action → next state}.
LIFE = {
    "received": {"qualify": "qualified", "cancel": "cancelled"},
    "qualified": {"book": "booked", "cancel": "cancelled"},
    "booked": {"book": "booked", "assign": "assigned", "cancel": "cancelled"},
    "assigned": {
        "assign": "assigned", "unassign": "booked", "accept": "accepted", "decline": "declined",
        "expire": "declined", "report_no_show": "no_show", "cancel": "cancelled",
    },
    "accepted": {
        "assign": "assigned", "unassign": "booked", "decline": "declined", "depart": "en_route",
        "report_no_show": "no_show", "cancel": "cancelled",
    },
    "en_route": {
        "arrive": "on_site", "report_absent": "customer_absent", "report_no_show": "no_show",
        "cancel": "cancelled",
    },
    "on_site": {
        "diagnose": "diagnosed", "complete": "done", "report_absent": "customer_absent",
        "need_part": "needs_part", "take_to_workshop": "to_workshop",
    },
    "diagnosed": {"complete": "done", "need_part": "needs_part", "take_to_workshop": "to_workshop"},
    "done": {"sign": "signed", "reject_work": "rework"},
    "rework": {"complete": "done", "need_part": "needs_part", "take_to_workshop": "to_workshop"},
    "signed": {"close": "closed"},
    "closed": {},
    "cancelled": {},
    "declined": {"book": "booked", "assign": "assigned", "unassign": "booked", "cancel": "cancelled"},
    "no_show": {"book": "booked", "cancel": "cancelled"},
    "customer_absent": {"book": "booked", "cancel": "cancelled"},
    "needs_part": {"book": "booked", "cancel": "cancelled"},
    "to_workshop": {"book": "booked", "cancel": "cancelled"},
}  # fmt: skip
OFFICE = {"qualify", "book", "cancel"}
PLANNING = {"assign", "unassign", "report_no_show"}
VISITING = {
    "accept", "decline", "depart", "arrive", "diagnose", "complete", "sign", "reject_work", "report_absent",
    "need_part", "take_to_workshop",
}  # fmt: skip
ALLOWED = {
    Role.ADMIN: OFFICE | PLANNING | {"close"},
    Role.DISPATCHER: OFFICE | PLANNING | {"close"},
    Role.AGENT: OFFICE,
    Role.CLERK: set(),
    Role.VENDOR_DISPATCHER: PLANNING,
    Role.TECHNICIAN: VISITING,
    Role.INTEGRATION: OFFICE,
    Role.CUSTOMER: set(),
    Role.SYSTEM: OFFICE | PLANNING | VISITING | {"close", "expire"},
}


@dataclass
class Work:
    status: JobStatus


@dataclass(frozen=True)
class Doer:
    role: Role

    def may(self, permission: Permission) -> bool:
        return permission in ROLE_PERMISSIONS[self.role]


def outcome(action: Action, status: JobStatus, role: Role) -> str:
    """Where the action leads, or the error's name; a refused action must not touch the status."""
    work = Work(status)
    try:
        event = lifecycle.apply(work, action, Doer(role), NOW)
    except (ForbiddenError, TransitionRefusedError) as error:
        assert work.status is status
        return type(error).__name__
    assert (event.action, event.source, event.target, event.at) == (action, status, work.status, NOW)
    return work.status


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_every_action_in_every_state_by_every_role(action: Action, role: Role) -> None:
    found = {status: outcome(action, status, role) for status in JobStatus}
    if action not in ALLOWED[role]:
        assert set(found.values()) == {"ForbiddenError"}
    else:
        assert found == {status: LIFE[status].get(action, "TransitionRefusedError") for status in JobStatus}


def test_every_state_is_reachable_and_leads_to_an_end() -> None:
    reached, frontier = set(), {JobStatus.RECEIVED}
    while frontier:
        reached |= frontier
        frontier = {t.target for t in TRANSITIONS.values() if t.sources & reached} - reached
    assert reached == set(JobStatus)
    ends = {status for status, actions in LIFE.items() if not actions}
    assert ends == {"closed", "cancelled"}


@given(st.lists(st.sampled_from(list(Action)), max_size=40))
def test_any_sequence_of_actions_leaves_an_unbroken_history(actions: list[Action]) -> None:
    work, history = Work(JobStatus.RECEIVED), []
    for action in actions:
        try:
            history.append(lifecycle.apply(work, action, Doer(Role.SYSTEM), NOW))
        except TransitionRefusedError:
            continue
    states = [JobStatus.RECEIVED, *(event.target for event in history)]
    assert [event.source for event in history] == states[:-1]
    assert work.status is states[-1]


def test_offered_actions_are_those_that_would_succeed() -> None:
    offered = lifecycle.allowed_actions(JobStatus.ACCEPTED, Doer(Role.TECHNICIAN))
    assert offered == [Action.DECLINE, Action.DEPART]

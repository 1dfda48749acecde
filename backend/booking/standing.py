"""How a job stands with booking, as its progress page shows it."""

import datetime as dt
from dataclasses import dataclass

from sqlmodel import Session

from backend.booking import policies, repository
from backend.jobs.models import Job


@dataclass(frozen=True)
class Standing:
    """What the customer can do about their time.

    `state` is "choose" (there is none yet), "change", "call" (too late, by phone only) or "" (nothing);
    `until` is the last moment of a change that costs nothing; after it a change or a cancellation costs
    `change_fen` or `cancel_fen` where it is possible at all (None: by phone only).
    """

    state: str = ""
    until: dt.datetime | None = None
    hotline: str = ""
    is_waiting: bool = False
    change_fen: int | None = 0
    cancel_fen: int | None = 0


def standing(session: Session, job: Job, now: dt.datetime) -> Standing:
    """How the job stands as of `now`."""
    rules = repository.rules_of(session, job.org_id)
    is_late = policies.is_late(job, now, rules)
    change_fen, cancel_fen = (rules.late_change_fen, rules.late_cancel_fen) if is_late else (0, 0)
    either_fen = change_fen if change_fen is not None else cancel_fen
    refusal = policies.refusal(job, now, rules, either_fen)
    if refusal == "too_late":
        return Standing("call", hotline=rules.hotline)
    if refusal is not None:
        return Standing(hotline=rules.hotline)
    is_waiting = repository.waiting_entry(session, job.id) is not None
    if not policies.has_appointment(job, now) or job.window_start is None:
        return Standing("choose", hotline=rules.hotline, is_waiting=is_waiting)
    until = None if is_late else policies.change_limit(job.window_start, rules.change_until_h)
    return Standing("change", until, rules.hotline, is_waiting, change_fen, cancel_fen)

"""Wire types of a week: a list per day always has seven members, Monday first."""

import datetime as dt
import uuid
from typing import Any

from backend.board.schemas import LockRead, VendorRead
from backend.sync.schemas import Span
from backend.web.schemas import Reply


class Load(Reply, gc=False):
    """Jobs and the work they take, without the ways."""

    jobs: int = 0
    work_s: int = 0


class TechnicianDay(Reply, gc=False):
    """What somebody does on a day; `shift_s` is what their shift leaves for it, breaks taken off."""

    jobs: int
    work_s: int
    shift_s: int
    shift: Span | None


class TechnicianWeek(Reply, gc=False):
    id: uuid.UUID
    name: str
    vendor: VendorRead | None
    skills: list[str]
    days: list[TechnicianDay]


class Week(Reply):
    """`unassigned` counts per day what is booked and nobody has."""

    days: list[dt.date]
    technicians: list[TechnicianWeek]
    unassigned: list[Load]


class WaitingRead(Reply, gc=False):
    """A job of the week that nobody has; `reason` {code, data} says why, where a plan has looked into it."""

    job_id: uuid.UUID
    number: str
    day: dt.date
    version: int
    status: str
    type: str
    window: Span
    customer_name: str
    community: str
    skill: str
    level: int
    service_s: int
    priority: int
    lock: LockRead
    reason: dict[str, Any] | None

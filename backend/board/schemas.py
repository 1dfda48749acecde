"""Wire types of the board.

Rows come by the thousand and refer to nothing that refers back: `gc=False` spares the collector walking them.
"""

import datetime as dt
import uuid
from typing import Any

from backend.organisations.api import RegionRead
from backend.sync.schemas import PlannedRead, Span
from backend.web.schemas import Point, Reply


class VendorRead(Reply, gc=False):
    id: uuid.UUID
    name: str


class SkillRead(Reply, gc=False):
    skill: str
    level: int


class CertificateRead(Reply, gc=False):
    code: str
    expires_on: dt.date


class BreakRead(Reply, gc=False):
    """A break of `duration_s` taken somewhere between `start` and `end`."""

    start: dt.datetime
    end: dt.datetime
    duration_s: int


class PositionRead(Reply, gc=False):
    lat: float
    lng: float
    at: dt.datetime
    accuracy_m: float


class TechnicianRow(Reply, gc=False):
    id: uuid.UUID
    name: str
    vendor: VendorRead | None
    color: str
    home: Point
    skills: list[SkillRead]
    certificates: list[CertificateRead]
    shift: Span | None
    lunch: BreakRead | None
    position: PositionRead | None


class LockRead(Reply, gc=False):
    technician: bool
    time: bool


class LateRead(Reply, gc=False):
    """The visit is at risk (`minutes` 0) or will be late."""

    projected_start: dt.datetime
    minutes: int


class VisitRow(Reply, gc=False):
    """A job of the day; without `technician_id` it lies in the unassigned tray with its `reason`.

    `refused_by` are technicians who declined it or did not come: nobody is kept from asking them again.
    """

    job_id: uuid.UUID
    visit_id: uuid.UUID | None
    number: str
    technician_id: uuid.UUID | None
    planned: PlannedRead | None
    status: str
    type: str
    window: Span | None
    customer_name: str
    address: str
    community: str
    lat: float | None
    lng: float | None
    product_name: str
    product_name_en: str
    skill: str
    level: int
    service_s: int
    priority: int
    lock: LockRead
    version: int
    late: LateRead | None
    why: dict[str, Any] | None
    reason: dict[str, Any] | None
    refused_by: list[uuid.UUID]


class PublishedPlanRead(Reply):
    id: uuid.UUID
    published_at: dt.datetime | None
    published_by: str


class Board(Reply):
    """One region's day. `cursor` is the feed's place it corresponds to.

    `conflicts` are fields that a phone and the office wrote differently, of any day, and nobody has decided.
    """

    region: RegionRead
    day: dt.date
    zone: str
    now: dt.datetime
    cursor: str
    published_plan: PublishedPlanRead | None
    technicians: list[TechnicianRow]
    visits: list[VisitRow]
    unassigned: list[VisitRow]
    needs_location: int
    conflicts: int
    counts: dict[str, int]


class Whereabouts(Reply, gc=False):
    """Where a technician is now; null when that is not known any more."""

    technician_id: uuid.UUID
    position: PositionRead | None


class BoardRows(Reply):
    """What has changed of a day: the jobs asked for, and everything that whoever has them does that day.

    A job asked for that is not in `visits` or `unassigned` is no longer of this day or to be seen.
    """

    now: dt.datetime
    visits: list[VisitRow]
    unassigned: list[VisitRow]
    positions: list[Whereabouts]

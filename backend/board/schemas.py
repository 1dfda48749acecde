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
    Why whoever has it was chosen is told with the job itself.
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
    reason: dict[str, Any] | None
    refused_by: list[uuid.UUID]


class PublishedPlanRead(Reply):
    id: uuid.UUID
    published_at: dt.datetime | None
    published_by: str


class DayRead(Reply):
    """What is said of a region's day beside its visits. `cursor` is the feed's place it corresponds to.

    `conflicts` are fields that a phone and the office wrote differently, of any day, and nobody has decided.
    """

    region: RegionRead
    day: dt.date
    zone: str
    now: dt.datetime
    cursor: str
    published_plan: PublishedPlanRead | None
    technicians: list[TechnicianRow]
    needs_location: int
    conflicts: int
    counts: dict[str, int]


class Board(DayRead, kw_only=True):
    """One region's day with a row for each visit."""

    visits: list[VisitRow]
    unassigned: list[VisitRow]


class Coded(Reply):
    """A list whose values come again and again: each is said once, and `at` are places among `words`."""

    words: list[str | None]
    at: list[int]


class VisitColumns(Reply):
    """Visits, a list for each fact about them: what stands at the same place in each list is of one visit.

    Instants are milliseconds since `since`. What few visits have is told by the visit's place:
    `lock_technician` and `lock_time` are the places of locked ones, `late`, `reason` and `refused_by` go from
    a place to what is there.
    """

    since: dt.datetime
    job_id: list[uuid.UUID]
    number: list[str]
    technician_id: Coded
    status: Coded
    type: Coded
    customer_name: list[str]
    address: list[str]
    community: Coded
    product_name: Coded
    product_name_en: Coded
    skill: Coded
    level: list[int]
    lat: list[float | None]
    lng: list[float | None]
    arrive_ms: list[int | None]
    start_ms: list[int | None]
    end_ms: list[int | None]
    travel_s: list[int]
    travel_m: list[int]
    window_start_ms: list[int | None]
    window_end_ms: list[int | None]
    service_s: list[int]
    priority: list[int]
    version: list[int]
    lock_technician: list[int]
    lock_time: list[int]
    late: dict[int, LateRead]
    reason: dict[int, dict[str, Any]]
    refused_by: dict[int, list[uuid.UUID]]


class BoardColumns(DayRead, kw_only=True):
    """The same day for a screen that shows all of it: a quarter of the size, and quicker to read.

    Those without a technician are the ones that `Board` has as unassigned.
    """

    visits: VisitColumns


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

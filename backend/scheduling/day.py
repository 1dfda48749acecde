"""A region's day as planning sees it: plain values that travel to the solver's process.

Nothing here or in `adapter` loads the database's libraries, so that a solver starts quickly.
"""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from backend.scheduling.prices import Prices


@dataclass(frozen=True, slots=True)
class LatLng:
    """WGS-84 degrees."""

    lat: float
    lng: float


@dataclass(frozen=True, slots=True)
class DayShift:
    """When a technician works; the break of `break_s` lies inside its window."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    break_from: dt.datetime | None
    break_until: dt.datetime | None
    break_s: int


@dataclass(frozen=True, slots=True)
class DayTechnician:
    """A technician of the region, on duty or not. `van` is what the ledger says is on board, per SKU."""

    id: uuid.UUID
    name: str
    vendor_id: uuid.UUID | None
    home: LatLng
    hourly_fen: int
    per_km_fen: int
    day_fee_fen: int
    overtime_hourly_fen: int
    overtime_limit_s: int
    skills: dict[str, int]
    certificates: dict[str, dt.date]
    shift: DayShift | None
    van: dict[str, int]


@dataclass(frozen=True, slots=True)
class DayVendor:
    """A vendor; `tariff_fen` by (category, job type), a pair without an entry is not done."""

    id: uuid.UUID
    name: str
    daily_capacity: int
    tariff_fen: dict[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class CurrentVisit:
    """Where a job stands in the plan in force."""

    technician_id: uuid.UUID
    start_at: dt.datetime
    end_at: dt.datetime


@dataclass(frozen=True, slots=True)
class DayJob:
    """A job this day's plan decides about. Without `at` it cannot be planned until somebody places it.

    `refused_by` are those who declined it or did not come to it: a plan does not give it to them again.
    `not_for` are those this run leaves out. `tied` is the only place the job may have, or it has none.
    """

    id: uuid.UUID
    number: str
    version: int
    place_version: int
    status: str
    job_type: str
    category: str
    at: LatLng | None
    duration_s: int
    skill: str
    level: int
    certificate: str | None
    parts: dict[str, int]
    unserved_fen: int
    priority: int
    window_start: dt.datetime | None
    window_end: dt.datetime | None
    is_technician_locked: bool
    is_time_locked: bool
    current: CurrentVisit | None
    refused_by: frozenset[uuid.UUID] = frozenset()
    not_for: frozenset[uuid.UUID] = frozenset()
    tied: CurrentVisit | None = None


@dataclass(frozen=True, slots=True)
class FixedVisit:
    """Work the plan may not touch: begun, finished, or held where a person put it.

    A begun one is where its technician is; the rest of their day starts at its end. `job_id` is missing when
    the job belongs to another region or day. `parts_due` will still be taken from the van.
    """

    visit_id: uuid.UUID
    number: str
    job_type: str
    category: str
    job_id: uuid.UUID | None
    technician_id: uuid.UUID
    arrive_at: dt.datetime
    start_at: dt.datetime
    end_at: dt.datetime
    travel_s: int
    travel_m: int
    at: LatLng | None
    is_begun: bool
    is_open: bool
    parts_due: dict[str, int]


@dataclass(frozen=True, slots=True)
class RegionDay:
    """Everything a plan of one region's day is made from, as of `now`, and what it is to weigh how much."""

    org_id: uuid.UUID
    region_id: uuid.UUID
    zone: str
    day: dt.date
    now: dt.datetime
    depot: LatLng
    technicians: tuple[DayTechnician, ...] = ()
    vendors: tuple[DayVendor, ...] = ()
    jobs: tuple[DayJob, ...] = ()
    fixed: tuple[FixedVisit, ...] = ()
    warehouse: dict[str, int] = field(default_factory=dict)
    prices: Prices = field(default_factory=Prices)

    @property
    def begins_at(self) -> dt.datetime:
        """Local midnight as an instant; second 0 of the planning clock."""
        return local_midnight(self.day, self.zone)

    @property
    def ends_at(self) -> dt.datetime:
        """The next local midnight; 23 or 25 hours later when the clocks change."""
        return local_midnight(self.day + dt.timedelta(days=1), self.zone)

    @property
    def is_today(self) -> bool:
        """Whether part of this day has already passed, and part has not."""
        return self.begins_at <= self.now < self.ends_at

    def seconds(self, instant: dt.datetime) -> int:
        """Seconds that really pass between local midnight and `instant`."""
        return round((instant - self.begins_at).total_seconds())

    def instant(self, seconds: int) -> dt.datetime:
        """The instant (UTC) so many seconds after local midnight."""
        return self.begins_at + dt.timedelta(seconds=seconds)

    def midnight_s(self, day: dt.date) -> int:
        """Planning-clock seconds of another day's local midnight."""
        return self.seconds(local_midnight(day, self.zone))


def local_midnight(day: dt.date, zone: str) -> dt.datetime:
    """The instant (UTC) a day starts in a zone."""
    return dt.datetime.combine(day, dt.time.min, tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)

"""A reading of a phone, and the stretch of a visit in which it may be taken."""

import datetime as dt
import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Ping:
    """One reading of a phone: an instant (UTC), WGS-84 degrees, accuracy in metres."""

    at: dt.datetime
    lat: float
    lng: float
    accuracy_m: float


@dataclass(frozen=True)
class VisitTrack:
    """The stretch of a visit during which its technician may be located."""

    technician_id: uuid.UUID
    job_id: uuid.UUID
    region_id: uuid.UUID
    vendor_id: uuid.UUID | None
    since: dt.datetime
    until: dt.datetime | None

    def covers(self, at: dt.datetime) -> bool:
        return self.since <= at and (self.until is None or at <= self.until)

"""Until when a technician may answer an offer."""

import datetime as dt
import uuid

from sqlmodel import Session

from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.organisations.clock import now_in
from backend.organisations.models import Organisation, Region


class OfferClock:
    """Gives offers made in one transaction their expiry, by the organisation's rule and clock."""

    def __init__(self, session: Session, org_id: uuid.UUID) -> None:
        self._session = session
        self._organisation = session.get_one(Organisation, org_id)
        self._replayed: dict[tuple[uuid.UUID, dt.date], dt.datetime] = {}

    def expiry(self, job: Job) -> dt.datetime | None:
        """When an offer made now expires; None where offers do not."""
        minutes = self._organisation.offer_minutes
        return None if minutes is None else self._now(job) + dt.timedelta(minutes=minutes)

    def _now(self, job: Job) -> dt.datetime:
        if not self._organisation.is_replay or job.day is None:
            return utc_now()
        key = (job.region_id, job.day)
        if key not in self._replayed:
            region = self._session.get_one(Region, job.region_id)
            self._replayed[key] = now_in(self._session, region, job.day)
        return self._replayed[key]

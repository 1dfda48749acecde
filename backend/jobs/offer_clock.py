"""What time it is for an offer of a job, and until when a technician may answer one."""

import datetime as dt
import uuid

from sqlmodel import Session

from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.organisations.clock import now_in
from backend.organisations.models import Organisation, Region


def now_for(session: Session, job: Job) -> dt.datetime:
    """The present instant for a job: the wall's, or its day's in a replay."""
    return utc_now() if job.day is None else now_in(session, session.get_one(Region, job.region_id), job.day)


class OfferClock:
    """Gives offers made in one transaction their expiry, by the organisation's rule and clock."""

    def __init__(self, session: Session, org_id: uuid.UUID) -> None:
        self._session = session
        self._minutes = session.get_one(Organisation, org_id).offer_minutes
        self._now: dict[tuple[uuid.UUID, dt.date | None], dt.datetime] = {}

    def expiry(self, job: Job) -> dt.datetime | None:
        """When an offer made now expires; None where offers do not."""
        if self._minutes is None:
            return None
        key = (job.region_id, job.day)
        if key not in self._now:
            self._now[key] = now_for(self._session, job)
        return self._now[key] + dt.timedelta(minutes=self._minutes)

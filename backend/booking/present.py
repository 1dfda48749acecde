"""What time it is for a customer: the wall's clock, or how far a replayed day has come."""

import datetime as dt

from sqlmodel import Session

from backend.db.types import utc_now
from backend.organisations.clock import now_in
from backend.organisations.models import Region
from backend.scheduling.day import local_midnight


def present(session: Session, region: Region, day: dt.date | None) -> dt.datetime:
    """The present of a region's day (UTC); a day of a replay that has not begun is not yet its present."""
    now = utc_now()
    if day is None:
        return now
    played = now_in(session, region, day)
    return min(now, played) if played == local_midnight(day, region.zone) else played

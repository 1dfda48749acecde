"""What time it is for a customer: the wall's clock, or how far a replay has come."""

import datetime as dt
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.organisations import clock
from backend.organisations.models import Region


def present(session: Session, region: Region, day: dt.date | None = None) -> dt.datetime:
    """The present (UTC) of a region, or of one of its days; days that lie ahead have the region's."""
    now = clock.present(session, region)
    is_ahead = day is None or day > now.astimezone(ZoneInfo(region.zone)).date()
    return now if is_ahead or day is None else clock.now_in(session, region, day)

"""What a technician paid by tariff has earned, day by day; today's they see from their own work."""

import datetime as dt
from collections import defaultdict
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import ForbiddenError
from backend.evidence.models import Acceptance
from backend.jobs.models import Visit
from backend.organisations.clock import present
from backend.organisations.models import Region
from backend.sync.schemas import EarnedDay, Earnings
from backend.technicians.models import Technician

# This month and the one before, whatever day it is.
DAYS = 62


def earnings(session: Session, actor: Actor) -> Earnings:
    """Signed visits by the day the customer signed, up to yesterday; no days for who is paid by the hour."""
    actor.require(Permission.PHONE_SYNC)
    if actor.technician_id is None:
        raise ForbiddenError("Only a technician's phone asks for earnings.")
    technician = session.get_one(Technician, actor.technician_id)
    region = session.get_one(Region, technician.region_id)
    zone = ZoneInfo(region.zone)
    today = present(session, region).astimezone(zone).date()
    days: dict[dt.date, list[int]] = defaultdict(list)
    for signed_at, price_fen in session.execute(_signed(technician, today, zone)):
        days[signed_at.astimezone(zone).date()].append(price_fen)
    return Earnings(
        through=today - dt.timedelta(days=1),
        days=[EarnedDay(day, len(paid), sum(paid)) for day, paid in sorted(days.items())],
    )


def _signed(technician: Technician, today: dt.date, zone: ZoneInfo) -> sa.Select[dt.datetime, int | None]:
    midnight = dt.datetime.combine(today, dt.time.min, zone)
    return (
        sa.select(col(Acceptance.signed_at), col(Visit.pays_fen))
        .join(Visit, col(Visit.id) == col(Acceptance.visit_id))
        .where(
            col(Visit.technician_id) == technician.id,
            col(Visit.pays_fen).is_not(None),
            col(Acceptance.signed_at) >= midnight - dt.timedelta(days=DAYS),
            col(Acceptance.signed_at) < midnight,
        )
    )

"""Where technicians are: kept only while they are on shift and on the way to a customer or at one."""

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from backend.audit.feed import append_change
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import ForbiddenError
from backend.organisations.models import Organisation
from backend.tracking import repository
from backend.tracking.tracks import Ping, VisitTrack

ANNOUNCE_EVERY = dt.timedelta(seconds=5)
CLOCK_AHEAD = dt.timedelta(minutes=2)
OLDEST = dt.timedelta(hours=24)


@dataclass(frozen=True)
class Stored:
    """How many readings were new and kept, and how many were not."""

    stored: int
    ignored: int


def store(session: Session, actor: Actor, pings: Sequence[Ping], now: dt.datetime | None = None) -> Stored:
    """Keep the readings that may be kept, each once; the rest is dropped and never written anywhere."""
    actor.require(Permission.PHONE_SYNC)
    if actor.technician_id is None:
        raise ForbiddenError("Only a technician's phone reports positions.")
    wall_now = now or utc_now()
    if session.get_one(Organisation, actor.org_id).is_replay and pings:
        now = max(ping.at for ping in pings)  # a replayed day runs by its phones' clocks
    allowed = _allowed(session, actor.technician_id, pings, now or wall_now)
    new = repository.insert_positions(session, actor.technician_id, allowed) if allowed else 0
    if new:
        latest = max(allowed, key=lambda kept: kept[0].at)
        _update_last(session, actor, latest[0], latest[1], wall_now)
    return Stored(new, len(pings) - new)


def _allowed(
    session: Session, technician_id: uuid.UUID, pings: Iterable[Ping], now: dt.datetime
) -> list[tuple[Ping, VisitTrack]]:
    """Readings inside a shift (with its overtime) and a visit, each with its visit."""
    recent = [ping for ping in pings if now - OLDEST <= ping.at <= now + CLOCK_AHEAD]
    if not recent:
        return []
    first, last = min(ping.at for ping in recent), max(ping.at for ping in recent)
    shifts = repository.shifts_between(session, technician_id, first, last)
    tracks = repository.tracks_between(session, technician_id, first, last)
    found = []
    for ping in recent:
        track = next((track for track in tracks if track.covers(ping.at)), None)
        if track is not None and any(start <= ping.at <= end for start, end in shifts):
            found.append((ping, track))
    return found


def _update_last(session: Session, actor: Actor, ping: Ping, track: VisitTrack, now: dt.datetime) -> None:
    technician_id = track.technician_id
    if not repository.upsert_last(session, technician_id, ping):
        return
    if not repository.claim_announcement(session, technician_id, now, now - ANNOUNCE_EVERY):
        return
    append_change(
        session,
        actor.org_id,
        "position",
        technician_id,
        region_id=track.region_id,
        technician_id=technician_id,
        vendor_id=track.vendor_id,
        job_id=track.job_id,
    )

"""What a phone should have: the technician's own jobs, from a cursor on."""

import datetime as dt
import uuid
from collections.abc import Sequence
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.audit.feed import Cursor, after, head, moment
from backend.audit.models import Change
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import ForbiddenError
from backend.extras import service as extras
from backend.jobs.lifecycle import FINISHED
from backend.jobs.models import Job, Visit
from backend.jobs.repository import visible_to
from backend.organisations.clock import is_replay, present
from backend.organisations.models import Region
from backend.parts import service as parts
from backend.privacy.disclosure import disclosure
from backend.sync.schemas import Me, Pull, Span, VanPart
from backend.sync.sheets import build_sheets
from backend.technicians.models import Shift, Technician
from backend.vendors.models import Vendor
from backend.web.schemas import Point

MAX_CHANGES = 2000


def pull(session: Session, actor: Actor, cursor_text: str | None) -> Pull:
    """The technician's jobs changed since the cursor, all of them when it is unknown."""
    actor.require(Permission.PHONE_SYNC)
    if actor.technician_id is None:
        raise ForbiddenError("Only a technician's phone pulls.")
    here = head(session)  # before the data: what commits in between is delivered again, never lost
    technician = session.get_one(Technician, actor.technician_id)
    region = session.get_one(Region, technician.region_id)
    now = present(session, region)
    today = now.astimezone(ZoneInfo(region.zone)).date()
    rows = _own_jobs(session, actor, today, ZoneInfo(region.zone))
    since = Cursor.parse(cursor_text)
    changed = _changed_since(session, technician.id, since, here) if since is not None else None
    wanted = list(rows) if changed is None else [job for job in rows if job.id in changed]
    if changed is not None and since is not None:
        turned = _disclosed_since(session, actor, rows, since)
        wanted += [job for job in turned if job.id not in changed]
    return Pull(
        cursor=str(here),
        reset=changed is None,
        server_time=now,
        is_replay=is_replay(session, region),
        me=_me(session, technician, today),
        jobs=build_sheets(session, wanted, actor),
        ids=[job.id for job in rows],
        van=[
            VanPart(
                part.sku, part.name, part.name_en or part.name, part.barcode, part.qty, part.unit_price_fen
            )
            for part in parts.van_stock(session, technician.id)
        ],
        extra_work=extras.price_list(session, technician.org_id),
    )


def _own_jobs(session: Session, actor: Actor, today: dt.date, zone: ZoneInfo) -> Sequence[Job]:
    """What is not finished, today's, and what was finished today whichever day it was promised for."""
    midnight = dt.datetime.combine(today, dt.time.min, zone)
    ended_today = sa.select(col(Visit.job_id)).where(
        col(Visit.technician_id) == actor.technician_id,
        col(Visit.completed_at) >= midnight,
        col(Visit.completed_at) < midnight + dt.timedelta(days=1),
    )
    wanted = sa.or_(col(Job.status).not_in(FINISHED), col(Job.day) == today, col(Job.id).in_(ended_today))
    query = select(Job).where(visible_to(actor), wanted)
    return session.exec(query.order_by(col(Job.day), col(Job.window_start), col(Job.id))).all()


def _changed_since(
    session: Session, technician_id: uuid.UUID, since: Cursor, here: Cursor
) -> set[uuid.UUID] | None:
    """Ids of jobs that changed for the technician; None when the phone must take everything again."""
    if since > here:
        return None  # a cursor from another life of this database, before a restore
    query = (
        sa.select(col(Change.entity_id))
        .where(
            col(Change.technician_id) == technician_id,
            col(Change.entity) == "job",
            after(since),
        )
        .limit(MAX_CHANGES)
    )
    ids = list(session.scalars(query))
    return None if len(ids) == MAX_CHANGES else set(ids)


def _disclosed_since(session: Session, actor: Actor, rows: Sequence[Job], since: Cursor) -> list[Job]:
    """Jobs whose customer is shown or masked by time alone since the cursor: no change tells of that."""
    told_at = moment(session, since)
    if told_at is None:
        return list(rows)
    shown = disclosure(session, actor.org_id)
    return [job for job in rows if shown.has_turned(job, told_at)]


def _me(session: Session, technician: Technician, today: dt.date) -> Me:
    shift = session.exec(
        select(Shift).where(Shift.technician_id == technician.id, Shift.day == today)
    ).first()
    vendor = session.get(Vendor, technician.vendor_id) if technician.vendor_id else None
    return Me(
        technician_id=technician.id,
        name=technician.name,
        vendor_name=vendor.name if vendor else None,
        shift=Span(shift.starts_at, shift.ends_at) if shift else None,
        home=Point(technician.home_lat, technician.home_lng),
    )

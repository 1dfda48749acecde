"""Putting the board together."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlmodel import Session

from backend.audit.feed import head
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.board import repository
from backend.board.columns import board_columns
from backend.board.lateness import Lateness, Leg, project
from backend.board.repository import Row
from backend.board.schemas import (
    Board,
    BoardColumns,
    BoardRows,
    BreakRead,
    CertificateRead,
    LateRead,
    LockRead,
    PositionRead,
    PublishedPlanRead,
    SkillRead,
    TechnicianRow,
    VendorRead,
    VisitRow,
    Whereabouts,
)
from backend.jobs.lifecycle import JobStatus
from backend.organisations.api import region_read
from backend.organisations.clock import now_in
from backend.organisations.service import get_region
from backend.privacy.disclosure import Disclosure, disclosure
from backend.sync.schemas import PlannedRead, Span
from backend.technicians.models import LastPosition, Shift
from backend.web.schemas import Point

POSITION_LIFE = dt.timedelta(hours=1)


def board(session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date) -> Board:
    """A region's day as the actor may see it."""
    actor.require(Permission.BOARD_READ)
    region = get_region(session, actor, region_id)
    now, cursor = now_in(session, region, day), head(session)
    visits = _visit_rows(session, actor, region.id, day, now)
    plan = repository.published_plan(session, region.id, day)
    unlocated, conflicts = repository.waiting_elsewhere(session, actor, region, day)
    published = PublishedPlanRead(plan.id, plan.published_at, plan.published_by) if plan else None
    return Board(
        region=region_read(region),
        day=day,
        zone=region.zone,
        now=now,
        cursor=str(cursor),
        published_plan=published,
        technicians=_technician_rows(session, actor, region.id, day, now),
        visits=_given(visits),
        unassigned=_waiting(visits),
        needs_location=unlocated,
        conflicts=conflicts,
        counts=dict(Counter(row.status for row in visits)),
    )


def columns(session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date) -> BoardColumns:
    """The same day with its visits in columns."""
    return board_columns(board(session, actor, region_id, day))


def rows(
    session: Session,
    actor: Actor,
    region_id: uuid.UUID,
    day: dt.date,
    job_ids: Sequence[uuid.UUID],
    technician_ids: Sequence[uuid.UUID],
) -> BoardRows:
    """What changed of a day the actor has on screen: these jobs and these technicians' whole days."""
    actor.require(Permission.BOARD_READ)
    region = get_region(session, actor, region_id)
    now = now_in(session, region, day)
    visits = _visit_rows(
        session, actor, region.id, day, now, repository.rows_of(day, job_ids, technician_ids)
    )
    whose = repository.visible_technicians(session, actor, region.id, technician_ids)
    found = repository.positions(session, whose, now - POSITION_LIFE)
    return BoardRows(
        now=now,
        visits=_given(visits),
        unassigned=_waiting(visits),
        positions=[Whereabouts(each, _position(found.get(each))) for each in whose],
    )


def _visit_rows(
    session: Session,
    actor: Actor,
    region_id: uuid.UUID,
    day: dt.date,
    now: dt.datetime,
    *only: sa.ColumnElement[bool],
) -> list[VisitRow]:
    """Jobs of the day as they stand; lateness needs all of a technician's, so `only` takes them whole."""
    found = repository.visit_rows(session, actor, region_id, day, *only)
    late = lateness_of(found, now)
    refused = repository.refusals(session, actor, region_id, day)
    shown = disclosure(session, actor.org_id)
    return [_visit_row(row, late.get(row.id), refused.get(row.id, []), shown) for row in found]


def _given(visits: Sequence[VisitRow]) -> list[VisitRow]:
    return [row for row in visits if row.technician_id is not None]


def _waiting(visits: Sequence[VisitRow]) -> list[VisitRow]:
    return [row for row in visits if row.technician_id is None and row.status != JobStatus.CANCELLED]


def _technician_rows(
    session: Session, actor: Actor, region_id: uuid.UUID, day: dt.date, now: dt.datetime
) -> list[TechnicianRow]:
    found = repository.technicians(session, actor, region_id)
    ids = [technician.id for technician, _ in found]
    skills, certificates = repository.skills(session, ids), repository.certificates(session, ids)
    shifts = repository.shifts(session, ids, day)
    positions = repository.positions(session, ids, now - POSITION_LIFE)
    rows = []
    for technician, vendor_name in found:
        shift = shifts.get(technician.id)
        vendor_id = technician.vendor_id
        rows.append(
            TechnicianRow(
                id=technician.id,
                name=technician.name,
                vendor=VendorRead(vendor_id, vendor_name or "") if vendor_id else None,
                color=technician.color,
                home=Point(technician.home_lat, technician.home_lng),
                skills=[SkillRead(skill.skill, skill.level) for skill in skills[technician.id]],
                certificates=[CertificateRead(c.code, c.expires_on) for c in certificates[technician.id]],
                shift=Span(shift.starts_at, shift.ends_at) if shift else None,
                lunch=_lunch(shift),
                position=_position(positions.get(technician.id)),
            )
        )
    return rows


def _position(last: LastPosition | None) -> PositionRead | None:
    return PositionRead(last.lat, last.lng, last.at, last.accuracy_m) if last else None


def _lunch(shift: Shift | None) -> BreakRead | None:
    if shift is None or shift.break_from is None or shift.break_until is None:
        return None
    return BreakRead(shift.break_from, shift.break_until, shift.break_s)


def lateness_of(rows: Sequence[Row], now: dt.datetime) -> Mapping[uuid.UUID, Lateness]:
    """Which of the day's jobs will start late or nearly so, technician by technician."""
    days: dict[uuid.UUID, list[Row]] = defaultdict(list)
    for row in rows:
        if row.technician_id is not None and row.visit_busy_from is not None:
            days[row.technician_id].append(row)
    late: dict[uuid.UUID, Lateness] = {}
    for legs in days.values():
        legs.sort(key=lambda row: row.visit_busy_from)
        for row, lateness in zip(legs, project([_leg(row) for row in legs], now), strict=True):
            if lateness is not None:
                late[row.id] = lateness
    return late


def _leg(row: Row) -> Leg:
    return Leg(
        status=JobStatus(row.status),
        window_end=row.window_end,
        planned_start=row.visit_busy_from,
        duration=dt.timedelta(seconds=row.duration_s),
        travel=dt.timedelta(seconds=row.visit_travel_s),
        departed_at=row.visit_departed_at,
        arrived_at=row.visit_arrived_at,
        completed_at=row.visit_completed_at,
    )


def _visit_row(row: Row, late: Lateness | None, refused_by: list[uuid.UUID], shown: Disclosure) -> VisitRow:
    planned = None
    if row.technician_id is not None and row.visit_arrive_at is not None:
        planned = PlannedRead(
            row.visit_arrive_at,
            row.visit_busy_from,
            row.visit_busy_until,
            row.visit_travel_s,
            row.visit_travel_m,
        )
    return VisitRow(
        job_id=row.id,
        visit_id=row.visit_id if planned else None,
        number=row.number,
        technician_id=row.technician_id,
        planned=planned,
        status=row.status,
        type=row.type,
        window=Span(row.window_start, row.window_end) if row.window_start else None,
        customer_name=row.customer_name,
        address=shown.address(row, row.address),
        community=row.community,
        lat=shown.degrees(row, row.lat),
        lng=shown.degrees(row, row.lng),
        product_name=row.product_name,
        product_name_en=row.product_name_en or row.product_name,
        skill=row.skill,
        level=row.level,
        service_s=row.duration_s,
        priority=row.priority,
        lock=LockRead(row.lock_technician, row.lock_time),
        version=row.version,
        late=LateRead(late.projected_start, late.minutes) if late else None,
        reason=dict(row.unserved_reason) if row.unserved_reason else None,
        refused_by=refused_by,
    )

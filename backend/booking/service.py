"""Booking in the database: what is asked of a day, and giving a slot away in one transaction."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor, system_actor
from backend.booking import policies, repository, windows
from backend.booking.asked import DayAsked, Placement, Seat, Slot, Wish
from backend.booking.models import BookingCharge, BookingRules, SlotHold, WaitingEntry, WaitOutcome
from backend.booking.policies import ChargeChangedError, NotBookableError
from backend.booking.present import present
from backend.booking.stamps import Resources, stamps
from backend.db.types import utc_now
from backend.errors import BadInputError, ConflictError, NotFoundError
from backend.jobs import assignment
from backend.jobs import repository as job_rows
from backend.jobs import service as jobs
from backend.jobs.assignment import Assignment
from backend.jobs.lifecycle import OFFERED
from backend.jobs.models import Job
from backend.organisations.models import Region
from backend.scheduling import repository as scheduling
from backend.scheduling.day import FixedVisit, LatLng, RegionDay
from backend.technicians.hours import rely_on

HOLD = dt.timedelta(minutes=5)
# How far we look for the earliest possible time when the days that are offered have none.
FAR_DAYS = 21


class DayMovedError(ConflictError):
    """The day is no longer what the answer was worked out from; asking again helps."""

    code = "day_moved"


class SlotGoneError(ConflictError):
    """Somebody else has it now; `reason` as the desk names it."""

    code = "slot_gone"


@dataclass(frozen=True)
class Prepared:
    """A wish and the days it is asked of, as of their stamps and the region's resources.

    `of` is how many days there are to ask in all.
    """

    wish: Wish
    region_id: uuid.UUID
    resources: str
    days: tuple[DayAsked, ...]
    of: int = 1


def job_of(session: Session, actor: Actor) -> Job:
    """The one job a customer's link covers."""
    if actor.job_id is None:
        raise NotFoundError("No such job.")
    return jobs.get(session, actor, actor.job_id)


def prepare(
    session: Session, actor: Actor, resources: Resources, first: int, count: int, *, is_far: bool = False
) -> Prepared | None:
    """The wish of the customer's job and the days to ask; None while nobody knows where it is.

    `first` and `count` say which days from today, of those that are offered or, with `is_far`, beyond.
    Raises NotBookableError when the customer may not choose.
    """
    job = job_of(session, actor)
    region, rules = session.get_one(Region, job.region_id), repository.rules_of(session, job.org_id)
    _refuse(session, job, region, rules)
    wish = wish_of(session, job)
    if wish is None:
        return None
    of = max(FAR_DAYS, rules.days) if is_far else rules.days
    dates = windows.days_ahead(present(session, region), region.zone, of)[first : first + count]
    marks = resources.digest(session, region)
    found = stamps(session, region, dates, utc_now(), marks, job.id) if dates else {}
    asked = tuple(_asked(session, region, rules, date, found[date], wish) for date in dates)
    return Prepared(wish, region.id, marks, asked, of)


def turn_of(session: Session, actor: Actor, slot: Slot) -> tuple[uuid.UUID, dt.date]:
    """The region and day on which one slot is given away at a time."""
    region = session.get_one(Region, job_of(session, actor).region_id)
    return region.id, windows.days_ahead(slot.start_at, region.zone, 1)[0]


def prepare_slot(session: Session, actor: Actor, resources: Resources, slot: Slot) -> Prepared:
    """The wish and the one day of a slot; SlotGoneError when the organisation does not offer that slot."""
    job = job_of(session, actor)
    region, rules = session.get_one(Region, job.region_id), repository.rules_of(session, job.org_id)
    _refuse(session, job, region, rules)
    wish = wish_of(session, job)
    (date,) = windows.days_ahead(slot.start_at, region.zone, 1)
    if wish is None or date not in windows.days_ahead(
        present(session, region), region.zone, max(FAR_DAYS, rules.days)
    ):
        raise SlotGoneError("This time is not offered.", reason="no_slot")
    marks = resources.digest(session, region)
    stamp = stamps(session, region, [date], utc_now(), marks, job.id)[date]
    asked = _asked(session, region, rules, date, stamp, wish)
    if slot not in {*asked.slots, *_lately_soonest(session, region, rules, date, wish)}:
        raise SlotGoneError("This time is not offered.", reason="no_slot")
    return Prepared(wish, region.id, marks, (replace(asked, slots=(slot,)),))


def _asked(
    session: Session, region: Region, rules: BookingRules, date: dt.date, stamp: str, wish: Wish
) -> DayAsked:
    """What is offered of a day: from the notice on; an emergency waits for no notice and no full window."""
    now = present(session, region, date)
    notice = dt.timedelta() if wish.is_urgent else dt.timedelta(hours=rules.notice_h)
    slots = windows.slots_of(date, region.zone, rules.windows, now + notice)
    if wish.is_urgent:
        slots = tuple(sorted({*windows.soonest(date, region.zone, rules.windows, now), *slots}))
    return DayAsked(region.id, date, stamp, slots, rules.reserve_percent)


def rest_of_today(session: Session, actor: Actor) -> Slot | None:
    """When an emergency could be served today, whether anybody is free or not; None for other work."""
    job = job_of(session, actor)
    region, rules = session.get_one(Region, job.region_id), repository.rules_of(session, job.org_id)
    now = present(session, region)
    (today,) = windows.days_ahead(now, region.zone, 1)
    found = windows.soonest(today, region.zone, rules.windows, now)
    if job.priority <= 0 or not found:
        return None
    return Slot(found[0].start_at, max(found[0].end_at, windows.last_end(today, region.zone, rules.windows)))


def _lately_soonest(
    session: Session, region: Region, rules: BookingRules, date: dt.date, wish: Wish
) -> tuple[Slot, ...]:
    """What an emergency was offered up to a quarter of an hour ago: deciding takes a moment."""
    if not wish.is_urgent:
        return ()
    shown = present(session, region, date) - dt.timedelta(seconds=windows.QUARTER_S)
    return windows.soonest(date, region.zone, rules.windows, shown)


def _refuse(
    session: Session, job: Job, region: Region, rules: BookingRules, *, is_cancel: bool = False
) -> None:
    late_fen = rules.late_cancel_fen if is_cancel else rules.late_change_fen
    refusal = policies.refusal(job, present(session, region, job.day), rules, late_fen)
    if refusal is not None:
        raise NotBookableError("This appointment can't be changed here.", code=refusal, hotline=rules.hotline)


def wish_of(session: Session, job: Job) -> Wish | None:
    """The job as a wish; None while its place has no coordinates."""
    place, category = repository.place_and_category(session, job)
    if place.lat is None or place.lng is None:
        return None
    parts: dict[str, int] = {}
    for part in job.parts:
        parts[part["sku"]] = parts.get(part["sku"], 0) + int(part["qty"])
    return Wish(
        job_id=job.id,
        at=LatLng(place.lat, place.lng),
        duration_s=job.duration_s,
        category=category,
        job_type=job.type.value,
        skill=job.skill,
        level=job.level,
        certificate=job.certificate,
        parts=tuple(sorted(parts.items())),
        unserved_fen=job.unserved_fen,
        is_urgent=job.priority > 0,
    )


def load_days(
    session: Session, region_id: uuid.UUID, dates: Iterable[dt.date], but_of: uuid.UUID
) -> dict[dt.date, RegionDay]:
    """Days as planning sees them, with what is held on them as work nobody may touch."""
    region, now = session.get_one(Region, region_id), utc_now()
    return {date: _with_holds(session, region, date, now, but_of) for date in dates}


def _with_holds(
    session: Session, region: Region, date: dt.date, now: dt.datetime, but_of: uuid.UUID
) -> RegionDay:
    day = scheduling.load_day(session, region, date, now)
    held = [
        FixedVisit(
            visit_id=hold.id,
            number=job.number,
            job_type=job.type.value,
            category=category,
            job_id=None,
            technician_id=hold.technician_id,
            arrive_at=hold.busy_from,
            start_at=hold.busy_from,
            end_at=hold.busy_until,
            travel_s=hold.travel_s,
            travel_m=hold.travel_m,
            at=LatLng(place.lat, place.lng) if place.lat is not None and place.lng is not None else None,
            is_begun=False,
            is_open=True,
            parts_due={part["sku"]: int(part["qty"]) for part in job.parts},
        )
        for hold, job, place, category in repository.holds_of_day(session, region.id, date, now, but_of)
    ]
    return replace(day, fixed=(*day.fixed, *held))


def hold(session: Session, actor: Actor, prepared: Prepared, placement: Placement) -> SlotHold:
    """Keep the slot for the job for five minutes; DayMovedError when the day is not what was asked about."""
    (asked,), (slot,) = prepared.days, prepared.days[0].slots
    job, _ = _take_turn(session, actor, prepared, placement)
    seat = placement.seat
    kept = SlotHold(
        org_id=job.org_id,
        job_id=job.id,
        region_id=prepared.region_id,
        day=asked.date,
        technician_id=seat.technician_id,
        window_start=slot.start_at,
        window_end=slot.end_at,
        busy_from=seat.start_at,
        busy_until=seat.end_at,
        travel_s=seat.travel_s,
        travel_m=seat.travel_m,
        expires_at=utc_now() + HOLD,
    )
    session.add(kept)
    session.flush()
    return kept


def book(
    session: Session,
    actor: Actor,
    prepared: Prepared,
    placement: Placement,
    agreed_fen: int = 0,
    *,
    waiting_since: dt.datetime | None = None,
) -> Job:
    """Promise the slot and give the visit to its technician, in one transaction.

    The slot that is promised already, sent again, costs nothing and changes nothing.
    Raises DayMovedError when the day is not what was asked about, NotBookableError when the customer may not
    choose any more, ChargeChangedError when a late change costs more than they have agreed to, ConflictError
    `booked_meanwhile` for one who waits since an instant and was promised something after it.
    """
    (slot,) = prepared.days[0].slots
    job, customer = _take_turn(session, actor, prepared, placement)
    if waiting_since is not None and repository.is_booked_since(session, job.id, waiting_since):
        raise ConflictError("Somebody has booked it in the meantime.", code="booked_meanwhile")
    office = system_actor(job.org_id, "booking")
    if (job.window_start, job.window_end) != (slot.start_at, slot.end_at):
        _charge(session, actor, job, agreed_fen, is_cancel=False)
    elif job.status in OFFERED:
        return job
    if job.status in OFFERED:
        jobs.unassign(session, office, job)
    job.lock_technician = job.lock_time = False
    jobs.book(session, customer, job, slot.start_at, slot.end_at)
    why = {"marginal_fen": placement.price_fen}
    moved = [_assignment(job_id, seat) for job_id, seat in placement.moved if job_id != job.id]
    given = replace(_assignment(job.id, placement.seat), why=why)
    assignment.apply_assignments(session, office, [given, *moved], plan_id=None)
    _end_waiting(session, job.id, WaitOutcome.BOOKED)
    audit.record(
        session, customer, "booking.confirmed", "job", job.id, window_start=slot.start_at.isoformat()
    )
    return job


def _take_turn(session: Session, actor: Actor, prepared: Prepared, placement: Placement) -> tuple[Job, Actor]:
    """Lock the day and whom it takes, make sure that it is as asked about, load the job for its change."""
    (asked,) = prepared.days
    repository.lock_day(session, prepared.region_id, asked.date)
    region, now = session.get_one(Region, prepared.region_id), utc_now()
    # All at once and in the order of their ids, as plans are published, so that the two never wait in a ring.
    others = [job_id for job_id, _ in placement.moved]
    job_rows.lock_jobs(session, actor.org_id, [prepared.wish.job_id, *others])
    job = jobs.get_for_change(session, actor, prepared.wish.job_id)
    seats = [placement.seat, *(seat for _, seat in placement.moved)]
    rely_on(session, {seat.technician_id for seat in seats})
    if stamps(session, region, [asked.date], now, prepared.resources, job.id)[asked.date] != asked.stamp:
        raise DayMovedError("The day has changed in the meantime.")
    _refuse(session, job, region, repository.rules_of(session, job.org_id))
    repository.drop_holds(session, region.id, asked.date, now, job.id)
    return job, policies.of_customer(actor)


def _assignment(job_id: uuid.UUID, seat: Seat) -> Assignment:
    return Assignment(
        job_id, seat.technician_id, seat.arrive_at, seat.start_at, seat.end_at, seat.travel_s, seat.travel_m
    )


def release(session: Session, actor: Actor) -> None:
    """Give a held slot back."""
    job = job_of(session, actor)
    held = repository.hold_of(session, job.id)
    if held is not None:
        session.delete(held)
        session.flush()


def _charge(session: Session, actor: Actor, job: Job, agreed_fen: int, *, is_cancel: bool) -> None:
    """Note what being late costs; ChargeChangedError when it is more than the customer has agreed to."""
    region, rules = session.get_one(Region, job.region_id), repository.rules_of(session, job.org_id)
    late_fen = rules.late_cancel_fen if is_cancel else rules.late_change_fen
    due_fen = policies.charge(job, present(session, region, job.day), rules, late_fen)
    if due_fen > agreed_fen:
        raise ChargeChangedError("It costs something now.", charge_fen=due_fen)
    if due_fen == 0 or job.window_start is None:
        return
    what = "cancel" if is_cancel else "change"
    start = job.window_start
    session.add(
        BookingCharge(org_id=job.org_id, job_id=job.id, what=what, amount_fen=due_fen, window_start=start)
    )
    audit.record(session, actor, "booking.charged", "job", job.id, what=what, amount_fen=due_fen)
    session.flush()


def cancel(session: Session, actor: Actor, reason: str, agreed_fen: int = 0) -> Job:
    """The customer needs nobody any more.

    Raises NotBookableError when it is too late for that, ChargeChangedError when it costs more than agreed.
    """
    if actor.job_id is None:
        raise NotFoundError("No such job.")
    job = jobs.get_for_change(session, actor, actor.job_id)
    region = session.get_one(Region, job.region_id)
    _refuse(session, job, region, repository.rules_of(session, job.org_id), is_cancel=True)
    _charge(session, actor, job, agreed_fen, is_cancel=True)
    release(session, actor)
    _end_waiting(session, job.id, WaitOutcome.LEFT)
    jobs.cancel(session, policies.of_customer(actor), job, reason)
    return job


def wait(session: Session, actor: Actor, part: str) -> WaitingEntry:
    """Put the job on the waiting list, or change what part of the day it waits for."""
    if part not in windows.PARTS:
        raise BadInputError("No such part of the day.")
    job = jobs.get_for_change(session, actor, job_of(session, actor).id)
    region = session.get_one(Region, job.region_id)
    _refuse(session, job, region, repository.rules_of(session, job.org_id))
    entry = repository.waiting_entry(session, job.id)
    if entry is None:
        entry = WaitingEntry(org_id=job.org_id, job_id=job.id, region_id=job.region_id)
        session.add(entry)
    entry.part = part
    session.flush()
    return entry


def leave_waiting(session: Session, actor: Actor) -> None:
    """Take the job off the waiting list."""
    _end_waiting(session, job_of(session, actor).id, WaitOutcome.LEFT)


def end_waiting_in_vain(session: Session) -> int:
    """Take off the list who was booked otherwise, or has nothing left to choose; returns how many."""
    found = repository.waiting_in_vain(session)
    for entry, is_booked in found:
        entry.outcome, entry.ended_at = WaitOutcome.BOOKED if is_booked else WaitOutcome.LEFT, utc_now()
    session.flush()
    return len(found)


def _end_waiting(session: Session, job_id: uuid.UUID, outcome: WaitOutcome) -> None:
    entry = repository.waiting_entry(session, job_id)
    if entry is not None:
        entry.outcome, entry.ended_at = outcome, utc_now()
        session.flush()

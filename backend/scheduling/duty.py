"""What is left of a technician's day once the work nobody may touch is taken out of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from backend.scheduling.day import DayShift, DayTechnician, FixedVisit, LatLng, RegionDay

TravelTime = Callable[[LatLng, LatLng], int]


@dataclass(frozen=True, slots=True)
class Rest:
    """A break: its earliest and latest start, and its length."""

    earliest_s: int
    latest_s: int
    duration_s: int


@dataclass(frozen=True, slots=True)
class Held:
    """Time a person has given away; visits too close together to drive between are one stretch."""

    start_s: int
    end_s: int
    at: LatLng
    visits: tuple[FixedVisit, ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """The rest of a technician's day, in seconds of the planning clock. Work already begun is behind it."""

    start_s: int
    end_s: int
    start_at: LatLng
    overtime_limit_s: int
    has_begun: bool
    rest: Rest | None
    held: tuple[Held, ...]


def duty_of(
    day: RegionDay, technician: DayTechnician, fixed: Sequence[FixedVisit], travel: TravelTime
) -> Duty | None:
    """What `technician` can still do, or None when there is nothing left of the day.

    Held work always fits: somebody decided it, so the frame is widened for it where the rules would refuse.
    """
    if technician.shift is None:
        return None
    begun = max((visit for visit in fixed if visit.is_begun), key=lambda v: v.end_at, default=None)
    start_s, end_s = day.seconds(technician.shift.starts_at), day.seconds(technician.shift.ends_at)
    start_at = technician.home
    if begun is not None:
        start_s, start_at = max(start_s, day.seconds(begun.end_at)), begun.at or technician.home
    if day.is_today:
        start_s = max(start_s, day.seconds(day.now) + 1)
    if start_s >= end_s:
        return None
    floor_s = start_s if begun is not None or day.is_today else 0
    waiting = [visit for visit in fixed if visit.is_open and not visit.is_begun]
    held = _held(day, technician.home, waiting, floor_s, travel)
    rest = _rest(day, technician.shift, start_s, held)
    duty = Duty(start_s, end_s, start_at, technician.overtime_limit_s, begun is not None, rest, tuple(held))
    return _widened(duty, technician.home, travel)


def _held(
    day: RegionDay, home: LatLng, waiting: Sequence[FixedVisit], floor_s: int, travel: TravelTime
) -> list[Held]:
    """Held visits in order; those in the past wait for `floor_s`, those without a way between are joined."""
    stretches: list[Held] = []
    for visit in sorted(waiting, key=lambda v: (v.start_at, v.visit_id)):
        length = day.seconds(visit.end_at) - day.seconds(visit.start_at)
        start_s = max(day.seconds(visit.start_at), floor_s)
        here = Held(start_s, start_s + length, visit.at or home, (visit,))
        last = stretches[-1] if stretches else None
        if last is not None and here.start_s < last.end_s + travel(last.at, here.at):
            joined = replace(
                here,
                start_s=last.start_s,
                end_s=max(last.end_s, here.end_s),
                visits=(*last.visits, visit),
            )
            stretches[-1] = joined
        else:
            stretches.append(here)
    return stretches


def _rest(day: RegionDay, shift: DayShift, start_s: int, held: Sequence[Held]) -> Rest | None:
    """The break, unless its time has passed or held work leaves no room for it."""
    if shift.break_from is None or shift.break_until is None or shift.break_s <= 0:
        return None
    earliest_s = max(day.seconds(shift.break_from), start_s)
    latest_s = day.seconds(shift.break_until) - shift.break_s
    if latest_s < earliest_s:
        return None
    until_s = latest_s + shift.break_s
    free_from = earliest_s
    for stretch in held:
        if stretch.start_s - free_from >= shift.break_s:
            break
        if stretch.end_s > free_from:
            free_from = stretch.end_s
    return Rest(earliest_s, latest_s, shift.break_s) if free_from + shift.break_s <= until_s else None


def _widened(duty: Duty, home: LatLng, travel: TravelTime) -> Duty:
    """The duty with a frame in which the way to the first held visit and home from the last one fit."""
    if not duty.held:
        return duty
    first, last = duty.held[0], duty.held[-1]
    depart_s = first.start_s - travel(duty.start_at, first.at)
    if depart_s < 0 or (duty.has_begun and depart_s < duty.start_s):
        # Whoever put it there knows better how to get there in time: the day starts at its door.
        duty = replace(duty, start_at=first.at, start_s=min(duty.start_s, first.start_s))
    elif depart_s < duty.start_s:
        duty = replace(duty, start_s=depart_s)
    overrun_s = last.end_s + travel(last.at, home) - duty.end_s
    return replace(duty, overtime_limit_s=max(duty.overtime_limit_s, overrun_s))

"""Days of technicians as they might have gone: planned by the book, then met by traffic, work and bad signal.

In process and fast. Nothing here knows how arrivals are reckoned; learning has to find the habits below.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from backend.tracking.arrival import Sighting
from backend.tracking.course import Leg

ZONE = ZoneInfo("Asia/Shanghai")
FIRST_DAY = dt.date(2026, 3, 2)
BEGINS, LUNCH, ENDS = dt.time(8, 30), dt.time(12, 0), dt.time(18, 0)
LUNCH_BREAK = dt.timedelta(minutes=45)
WINDOW = dt.timedelta(hours=2)
PLANNED_SPEED_MPS = 6.5
# By skill: planned minutes, how long it takes in truth as a multiple, and how much that scatters.
WORK: dict[str, tuple[int, float, float]] = {
    "install": (60, 1.12, 0.28),
    "repair": (50, 1.0, 0.40),
    "maintain": (35, 0.92, 0.20),
    "inspect": (25, 1.0, 0.25),
}
CUT_SHORT, DRAGS_ON = 0.05, 0.07
RUSH_HOURS = ((dt.time(7, 30), dt.time(9, 30), 1.3), (dt.time(16, 30), dt.time(18, 30), 1.35))
LOSES_SIGNAL = 0.12
PING_EVERY = dt.timedelta(seconds=75)


@dataclass(frozen=True)
class Person:
    """One technician: faster or slower than others, at work and at the wheel."""

    at_work: float
    at_the_wheel: float


def people(count: int, chance: random.Random) -> list[Person]:
    return [Person(chance.lognormvariate(0, 0.10), chance.lognormvariate(0, 0.06)) for _ in range(count)]


def play_days(count: int, technicians: int, seed: int) -> list[list[list[Leg]]]:
    """So many days, each a list of the technicians' visits; the same seed plays the same days."""
    chance = random.Random(seed)  # noqa: S311 - repeatable days, not a secret
    team = people(technicians, chance)
    days = []
    for number in range(count):
        traffic = chance.lognormvariate(0.06, 0.10)
        date = FIRST_DAY + dt.timedelta(days=number)
        days.append([_play(_plan(date, chance), person, traffic, chance) for person in team])
    return days


def _plan(date: dt.date, chance: random.Random) -> list[Leg]:
    """A day's visits one after the other, each promised within two hours; lunch where it falls."""
    free_at, ends_at = _at(date, BEGINS), _at(date, ENDS)
    has_eaten = False
    legs: list[Leg] = []
    while True:
        if not has_eaten and free_at >= _at(date, LUNCH):
            free_at, has_eaten = free_at + LUNCH_BREAK, True
        skill = chance.choice(list(WORK))
        travel = dt.timedelta(minutes=round(min(50.0, max(5.0, chance.lognormvariate(2.9, 0.5)))))
        work = dt.timedelta(minutes=WORK[skill][0])
        window_start = _at(date, dt.time(9 + (max(0, (free_at - _at(date, dt.time(9))) // WINDOW)) * 2))
        arrive_at = max(free_at + travel, window_start)
        if arrive_at + work > ends_at:
            return legs
        metres = travel.total_seconds() * PLANNED_SPEED_MPS
        legs.append(Leg(skill, arrive_at, work, travel, metres, window_start))
        free_at = arrive_at + work


def _play(plan: Sequence[Leg], person: Person, traffic: float, chance: random.Random) -> list[Leg]:
    """How the plan went."""
    played: list[Leg] = []
    free_at: dt.datetime | None = None
    for leg in plan:
        leaves_at = leg.arrive_at - leg.travel - _minutes(chance.triangular(-6, 12, 4))
        if free_at is not None:
            leaves_at = max(leaves_at, free_at + _minutes(chance.uniform(1, 6)))
        drive = leg.travel * person.at_the_wheel * traffic * _rush(leaves_at) * chance.lognormvariate(0, 0.18)
        parking = _minutes(chance.uniform(1, 6))
        arrived_at = leaves_at + drive + parking
        begins_at = max(arrived_at, leg.window_start or arrived_at)
        free_at = begins_at + _work(leg, person, chance)
        track = _track(leg, leaves_at, drive, arrived_at, chance)
        played.append(
            Leg(
                leg.skill, leg.arrive_at, leg.work, leg.travel, leg.travel_m, leg.window_start,
                leaves_at, arrived_at, free_at, track,
            )
        )  # fmt: skip
    return played


def _work(leg: Leg, person: Person, chance: random.Random) -> dt.timedelta:
    """Mostly near the usual, now and then nobody needs much, now and then it drags on."""
    _, real, scatter = WORK[leg.skill]
    length = leg.work * real * person.at_work * chance.lognormvariate(0, scatter)
    dice = chance.random()
    if dice < CUT_SHORT:
        return length * 0.35
    return length * chance.uniform(1.5, 2.2) if dice > 1 - DRAGS_ON else length


def _track(
    leg: Leg, left_at: dt.datetime, drive: dt.timedelta, arrived_at: dt.datetime, chance: random.Random
) -> tuple[Sighting, ...]:
    """What the phone reports: nearer in fits and starts, silent for a while now and then."""
    straight_m = leg.travel_m / chance.uniform(1.15, 1.6)
    curve = chance.lognormvariate(0, 0.2)
    silent_from, silent_until = _silence(left_at, drive, chance)
    seen = []
    moment = left_at + PING_EVERY * chance.random()
    while moment < arrived_at:
        if not silent_from <= moment < silent_until:
            share = min(1.0, (moment - left_at) / drive)
            away_m = straight_m * (1 - share**curve) * chance.uniform(0.94, 1.06) + chance.uniform(10, 120)
            seen.append(Sighting(moment, away_m))
        moment += PING_EVERY * chance.uniform(0.8, 1.4)
    return tuple(seen)


def _silence(
    left_at: dt.datetime, drive: dt.timedelta, chance: random.Random
) -> tuple[dt.datetime, dt.datetime]:
    if chance.random() >= LOSES_SIGNAL:
        return left_at, left_at
    begins = left_at + drive * chance.uniform(0, 0.7)
    return begins, begins + _minutes(chance.uniform(8, 60))


def _rush(moment: dt.datetime) -> float:
    local = moment.astimezone(ZONE).time()
    return next((factor for start, end, factor in RUSH_HOURS if start <= local < end), 1.0)


def _at(date: dt.date, time: dt.time) -> dt.datetime:
    return dt.datetime.combine(date, time, ZONE).astimezone(dt.UTC)


def _minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)

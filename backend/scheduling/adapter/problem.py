"""A region's day becomes a routing problem.

Money: own technicians cost hours, kilometres, day fee and overtime; a vendor's technician costs the tariff of
each job, and a token per kilometre so that their routes are short although the brand does not pay for them.
Work that has begun is behind the plan and not in its cost.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import routing
from backend.scheduling.day import DayJob, DayTechnician, FixedVisit, LatLng, RegionDay
from backend.scheduling.duty import Duty, Held, duty_of

PROFILE = "car"
PICK_UP_S = 600
DEPOT = "depot"
VENDOR_FEN_PER_KM = 5
# A visit that has been announced: how many times the price of a change counts for it.
OTHER_TECHNICIAN_TIMES = {"assigned": 1, "accepted": 3}
OTHER_TIME_TIMES = {"assigned": 1, "accepted": 2}
ANNOUNCED = frozenset(OTHER_TIME_TIMES)
ANNOUNCED_WITHIN_S = 1_800
# A start just before a window's end leaves nothing for a traffic light: its last minutes, a quarter of it at
# most, have a small price, so that plans keep a margin wherever that is cheap.
MARGIN_S = 900


class Places:
    """Every coordinate of a day with its index in the travel matrix."""

    def __init__(self, day: RegionDay, travel: routing.TravelMatrix) -> None:
        points = [day.depot, *(technician.home for technician in day.technicians)]
        points += [job.at for job in day.jobs if job.at is not None]
        points += [visit.at for visit in day.fixed if visit.at is not None]
        self.index = {point: number for number, point in enumerate(dict.fromkeys(points))}
        self.travel = travel.travel([routing.Coordinate(p.lat, p.lng) for p in self.index], PROFILE)

    def __getitem__(self, point: LatLng) -> int:
        return self.index[point]

    def seconds(self, start: LatLng, end: LatLng) -> int:
        """Driving time between two places of the day."""
        return int(self.travel.durations_s[self.index[start], self.index[end]])

    def metres(self, start: LatLng, end: LatLng) -> int:
        """Distance between two places of the day."""
        return int(self.travel.distances_m[self.index[start], self.index[end]])


@dataclass(frozen=True)
class DayProblem:
    """A region's day as a routing problem, with what is needed to read an answer."""

    day: RegionDay
    places: Places
    duties: dict[uuid.UUID, Duty]
    problem: routing.Problem

    @cached_property
    def jobs(self) -> dict[str, DayJob]:
        """The jobs that may be planned, by their id in the problem."""
        return {str(job.id): job for job in self.day.jobs if job.at is not None}

    @cached_property
    def held(self) -> dict[str, Held]:
        """Stretches of held work by their id in the problem."""
        return {
            held_id(technician, number): held
            for technician, duty in self.duties.items()
            for number, held in enumerate(duty.held)
        }


def held_id(technician_id: uuid.UUID, number: int) -> str:
    """The id of a stretch of held work in the problem."""
    return f"held:{technician_id}:{number}"


def build_problem(
    day: RegionDay, travel: routing.TravelMatrix | None = None, more_parts: Iterable[str] = ()
) -> DayProblem:
    """The problem of a day; jobs without coordinates are not in it. Without `travel`, roads are estimated.

    The depot has the parts its jobs need, and `more_parts` for those who may yet come.
    """
    places = Places(day, travel or routing.GreatCircle())
    fixed: dict[uuid.UUID, list[FixedVisit]] = defaultdict(list)
    for visit in day.fixed:
        fixed[visit.technician_id].append(visit)
    duties = {
        technician.id: duty
        for technician in day.technicians
        if (duty := duty_of(day, technician, fixed[technician.id], places.seconds)) is not None
    }
    visits = [_visit(day, job, job.at, places) for job in day.jobs if job.at is not None]
    for technician_id, duty in duties.items():
        visits += [_held_visit(technician_id, number, held, places) for number, held in enumerate(duty.held)]
    problem = routing.Problem(
        travel={PROFILE: places.travel},
        technicians=tuple(
            _technician(day, technician, duties.get(technician.id), fixed[technician.id], places)
            for technician in day.technicians
        ),
        visits=tuple(visits),
        vendors=tuple(_vendors(day, duties, fixed)),
        depots=tuple(_depots(day, places, more_parts)),
        max_moved=day.prices.most_moved,
        fairness_cents=day.prices.fairness_fen,
    )
    return DayProblem(day, places, duties, problem)


def _technician(
    day: RegionDay,
    technician: DayTechnician,
    duty: Duty | None,
    fixed: Sequence[FixedVisit],
    places: Places,
) -> routing.Technician:
    home = places[technician.home]
    is_own = technician.vendor_id is None
    has_begun = duty is not None and duty.has_begun
    return routing.Technician(
        id=str(technician.id),
        start_place=places[duty.start_at] if duty else home,
        end_place=home,
        shifts=(_shift(duty),) if duty else (),
        skills=technician.skills,
        certificates={
            # The last day of a certificate counts in full.
            code: max(0, day.midnight_s(last_day) + 86_400)
            for code, last_day in technician.certificates.items()
        },
        van_stock=_on_board(technician, fixed),
        cents_per_hour=technician.hourly_fen if is_own else 0,
        cents_per_km=technician.per_km_fen if is_own else VENDOR_FEN_PER_KM,
        day_fee_cents=technician.day_fee_fen if is_own and not has_begun else 0,
        overtime_limit_s=duty.overtime_limit_s if duty else 0,
        overtime_cents_per_hour=technician.overtime_hourly_fen if is_own else 0,
        vendor=str(technician.vendor_id) if technician.vendor_id else None,
        profile=PROFILE,
    )


def _shift(duty: Duty) -> routing.Shift:
    rest = duty.rest
    breaks = (routing.Break(rest.earliest_s, rest.latest_s, rest.duration_s),) if rest else ()
    return routing.Shift(duty.start_s, duty.end_s, breaks)


def _on_board(technician: DayTechnician, fixed: Sequence[FixedVisit]) -> dict[str, int]:
    """Van stock less what the work under way will still take."""
    stock = dict(technician.van)
    for visit in fixed:
        for sku, qty in visit.parts_due.items():
            stock[sku] = max(0, stock.get(sku, 0) - qty)
    return stock


def tariff_key(category: str, job_type: str) -> str:
    """A product category and job type as one word: what tariffs are looked up by."""
    return f"{category}/{job_type}"


def _vendors(
    day: RegionDay, duties: dict[uuid.UUID, Duty], fixed: dict[uuid.UUID, list[FixedVisit]]
) -> list[routing.Vendor]:
    """Vendors with their tariffs and the capacity that fixed work leaves them."""
    extra = day.prices.vendor_extra_fen
    tariffs = {
        v.id: {tariff_key(*pair): fen + extra for pair, fen in v.tariff_fen.items()} for v in day.vendors
    }
    used: dict[uuid.UUID, int] = defaultdict(int)
    for technician in day.technicians:
        vendor_id = technician.vendor_id
        if vendor_id is None:
            continue
        duty = duties.get(technician.id)
        used[vendor_id] += len(fixed[technician.id])
        for number, held in enumerate(duty.held if duty else ()):
            used[vendor_id] -= 1  # the stretch itself is counted as one visit
            keys = [tariff_key(v.category, v.job_type) for v in held.visits]
            # Nobody decides about held work, so it has no price but its own.
            paid = sum(tariffs[vendor_id][key] - extra for key in keys if key in tariffs[vendor_id])
            tariffs[vendor_id][held_id(technician.id, number)] = paid
    return [
        routing.Vendor(str(v.id), tariffs[v.id], max(0, v.daily_capacity - used[v.id])) for v in day.vendors
    ]


def _depots(day: RegionDay, places: Places, more_parts: Iterable[str]) -> list[routing.Depot]:
    """The region's depot with what the warehouse has of the parts that are needed."""
    wanted = {sku for job in day.jobs for sku in job.parts} | set(more_parts)
    if not wanted:
        return []
    stock = {sku: day.warehouse.get(sku, 0) for sku in sorted(wanted)}
    return [routing.Depot(DEPOT, places[day.depot], PICK_UP_S, stock)]


def _held_visit(technician_id: uuid.UUID, number: int, held: Held, places: Places) -> routing.Visit:
    key = held_id(technician_id, number)
    return routing.Visit(
        id=key,
        place=places[held.at],
        service_s=held.end_s - held.start_s,
        job_type=key,
        lock=routing.Lock(frozenset({str(technician_id)}), held.start_s, held.start_s),
    )


def _visit(day: RegionDay, job: DayJob, at: LatLng, places: Places) -> routing.Visit:
    on_duty = {technician.id for technician in day.technicians}
    known = job.current if job.current is not None and job.current.technician_id in on_duty else None
    who = frozenset({str(known.technician_id)}) if known else frozenset[str]()
    is_offered = known is not None and job.status in ANNOUNCED
    prices = day.prices
    start_s = max(0, day.seconds(known.start_at)) if known else 0
    return routing.Visit(
        id=str(job.id),
        place=places[at],
        service_s=job.duration_s,
        windows=(_window(day, job),),
        job_type=tariff_key(job.category, job.job_type),
        skills={job.skill: job.level} if job.level else {},
        certificates=frozenset({job.certificate}) if job.certificate else frozenset(),
        preferred=who if is_offered else frozenset(),
        # Somebody a person gave the job to all the same has it: that decision stands.
        excluded=frozenset(str(each) for each in (job.refused_by | job.not_for) & on_duty)
        - who
        - _tied_to(job),
        not_preferred_cents=prices.swapped_fen * OTHER_TECHNICIAN_TIMES[job.status] if is_offered else 0,
        parts=job.parts,
        unserved_cents=job.unserved_fen * (1 + max(0, job.priority)) * prices.unserved_percent // 100,
        lock=_tie(day, job) or _lock(day, job, who, start_s),
        promise=routing.Promise(
            max(0, start_s - ANNOUNCED_WITHIN_S),
            start_s + ANNOUNCED_WITHIN_S,
            prices.moved_fen * OTHER_TIME_TIMES[job.status],
        )
        if is_offered
        else None,
    )


def _tied_to(job: DayJob) -> frozenset[str]:
    return frozenset({str(job.tied.technician_id)}) if job.tied else frozenset()


def _tie(day: RegionDay, job: DayJob) -> routing.Lock | None:
    """The place an earlier plan gave the job; one that has passed is tied to its technician alone."""
    if job.tied is None:
        return None
    start_s = day.seconds(job.tied.start_at)
    has_passed = start_s < 0 or (day.is_today and start_s <= day.seconds(day.now))
    return routing.Lock(_tied_to(job)) if has_passed else routing.Lock(_tied_to(job), start_s, start_s)


def _window(day: RegionDay, job: DayJob) -> routing.Window:
    """The confirmed window; one that has passed is open until midnight and late from its start."""
    last_s = day.seconds(day.ends_at)
    floor_s = max(0, day.seconds(day.now)) if day.is_today else 0
    if job.window_start is None or job.window_end is None:
        return routing.Window(0, last_s)
    start_s, end_s = day.seconds(job.window_start), day.seconds(job.window_end)
    if end_s <= floor_s:
        return routing.Window(
            floor_s, last_s, due_s=floor_s, late_cents_per_minute=day.prices.late_fen_per_minute
        )
    start_s = max(0, start_s)
    return routing.Window(start_s, end_s, _margin_from_s(start_s, end_s), day.prices.margin_fen_per_minute)


def _margin_from_s(start_s: int, end_s: int) -> int:
    """When a window is nearly over, and a start begins to cost."""
    return end_s - min(MARGIN_S, (end_s - start_s) // 4)


def _lock(day: RegionDay, job: DayJob, who: frozenset[str], start_s: int) -> routing.Lock | None:
    """The job's lock; a locked time that has passed no longer binds."""
    locked_who = who if job.is_technician_locked else frozenset[str]()
    has_passed = day.is_today and start_s <= day.seconds(day.now)
    if job.is_time_locked and who and not has_passed:
        return routing.Lock(locked_who, start_s, start_s)
    return routing.Lock(locked_who) if locked_who else None

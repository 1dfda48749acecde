"""What may be promised to one more customer: the days in force as routing plans, asked and filled exactly.

A desk keeps the days it has been shown by their stamp. Work that is promised but not planned yet gets a place
first, so that nobody is offered what somebody else was promised.
"""

import datetime as dt
import uuid
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

import routing
from backend.booking.asked import (
    Answer,
    AskOffers,
    AskPlace,
    DayAsked,
    Failed,
    NoOffer,
    Offer,
    Offers,
    Placement,
    Question,
    Seat,
    Slot,
    Unknown,
    Wish,
)
from backend.scheduling.adapter.answer import plain, plan_in_force
from backend.scheduling.adapter.problem import PROFILE, DayProblem, build_problem, tariff_key
from backend.scheduling.day import CurrentVisit, LatLng, RegionDay
from routing.draft import Draft
from routing.finish import finish
from routing.flat import flatten
from routing.insertion import Search, apply

KEPT_DAYS = 64
Remembered = dict[uuid.UUID, CurrentVisit]


@dataclass(frozen=True)
class OpenDay:
    """A day that can be asked: its problem, and the plan in force with all promised work in it."""

    asked: DayProblem
    plan: routing.Plan
    capacity_s: int
    used_s: int

    def has_free(self, wish: Wish, reserve_percent: int) -> bool:
        """Whether the wish leaves what is kept back for emergencies."""
        if wish.is_urgent or not reserve_percent:
            return True
        return (self.used_s + wish.duration_s) * 100 <= self.capacity_s * (100 - reserve_percent)


class Desk:
    """Answers questions about days; remembers days and where promised work found its place."""

    def __init__(self, travel: routing.TravelMatrix | None = None) -> None:
        self._travel = travel or routing.GreatCircle()
        self._open: OrderedDict[tuple[uuid.UUID, dt.date, str], OpenDay] = OrderedDict()
        self._places: dict[tuple[uuid.UUID, dt.date], Remembered] = {}

    def answer(self, question: Question) -> Answer:
        """The answer; Unknown when a day has to be brought along, Failed when a day contradicts itself."""
        asked = question.days if isinstance(question, AskOffers) else (question.day,)
        missing = tuple(one.date for one in asked if not self._knows(one))
        if missing:
            return Unknown(missing)
        try:
            if isinstance(question, AskPlace):
                return self._place(question.wish, question.day)
            return self._offers(question)
        except routing.RoutingError as error:
            return Failed(str(error))

    def _knows(self, one: DayAsked) -> bool:
        # Nothing has to be known of a day on which nothing is asked for.
        return not one.slots or one.day is not None or (one.region_id, one.date, one.stamp) in self._open

    def _offers(self, question: AskOffers) -> Offers:
        offers: list[Offer] = []
        refusals: list[NoOffer] = []
        for one in question.days:
            found = self._offers_of_day(question.wish, one)
            if isinstance(found, NoOffer):
                refusals.append(found)
            else:
                offers += found
        return Offers(tuple(sorted(offers, key=lambda offer: offer.slot)), tuple(refusals))

    def _offers_of_day(self, wish: Wish, one: DayAsked) -> list[Offer] | NoOffer:
        if not one.slots:
            return NoOffer(one.date, "no_slot", {})
        opened = self._opened(one)
        if not opened.capacity_s:
            return NoOffer(one.date, routing.Reason.NO_SHIFT.value, {})
        if not opened.has_free(wish, one.reserve_percent):
            return NoOffer(one.date, "reserved", {})
        problem, visit = _with_guest(opened.asked, wish, self._travel)
        windows = [_window(opened.asked.day, slot) for slot in one.slots]
        quotes = routing.quote(problem, opened.plan, visit, windows)
        offers = [
            Offer(slot, quote.price_cents)
            for slot, quote in zip(one.slots, quotes, strict=True)
            if quote.price_cents is not None
        ]
        return offers or _refusal(opened, problem, replace(visit, windows=_merged(windows)), one.date)

    def _place(self, wish: Wish, one: DayAsked) -> Placement | NoOffer:
        (slot,) = one.slots
        opened = self._opened(one)
        if not opened.has_free(wish, one.reserve_percent):
            return NoOffer(one.date, "reserved", {})
        problem, visit = _with_guest(opened.asked, wish, self._travel)
        found = routing.insert(problem, opened.plan, visit, _window(opened.asked.day, slot))
        if isinstance(found, routing.Unserved):
            return NoOffer(one.date, found.reason.value, plain(found.data))
        self._remember(one, opened.asked, found.plan)
        return _placement(opened.asked, found, visit.id)

    def _opened(self, one: DayAsked) -> OpenDay:
        key = (one.region_id, one.date, one.stamp)
        if key not in self._open:
            if one.day is None:
                raise KeyError(key)
            self._open[key] = self._work_out(one, one.day)
            while len(self._open) > KEPT_DAYS:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        return self._open[key]

    def _work_out(self, one: DayAsked, day: RegionDay) -> OpenDay:
        opened = _filled(day, self._travel, self._places.get((one.region_id, one.date), {}))
        self._remember(one, opened.asked, opened.plan)
        return opened

    def _remember(self, one: DayAsked, asked: DayProblem, plan: routing.Plan) -> None:
        """Where the work that is promised but not planned stands, so that it is not looked for again."""
        self._places[one.region_id, one.date] = {
            asked.jobs[stop.visit].id: CurrentVisit(
                uuid.UUID(route.technician), asked.day.instant(stop.start_s), asked.day.instant(stop.end_s)
            )
            for route in plan.routes
            for stop in route.stops
            if stop.visit in asked.jobs and asked.jobs[stop.visit].status in UNPLANNED
        }
        for key in list(self._places)[:-KEPT_DAYS]:
            del self._places[key]


UNPLANNED = frozenset({"booked", "declined"})


def _filled(day: RegionDay, travel: routing.TravelMatrix, known: Remembered) -> OpenDay:
    """The plan in force, and in it every promised job that still finds a place, first the one it had."""
    asked = build_problem(day, travel, day.warehouse)
    draft = Draft.of(flatten(asked.problem), plan_in_force(asked))
    for frame in np.flatnonzero(draft.grid.stops).tolist():
        _fetch_parts(draft, frame)
    _put_back(asked, draft, known)
    # A promise is kept whatever it costs, so the price is no reason to leave its room free; dearest first.
    for visit in sorted(draft.unserved, key=lambda left: -int(draft.flat.drop[left])):
        option = Search(draft, visit).best()
        if option is not None:
            apply(draft, option)
    plan = finish(draft)
    capacity_s = sum(
        duty.end_s - duty.start_s - (duty.rest.duration_s if duty.rest else 0)
        for duty in asked.duties.values()
    )
    used_s = sum(
        route.travel_s + sum(stop.travel_s + stop.end_s - stop.start_s for stop in route.stops)
        for route in plan.routes
    )
    return OpenDay(asked, plan, capacity_s, used_s)


def _fetch_parts(draft: Draft, frame: int) -> None:
    """Visits in force do not show where their parts are fetched: the cheapest pick-up that makes up for it.

    Where none does, the route stays as people were told, and its van short.
    """
    technician, _ = draft.problem.frames[frame]
    if draft.supplies(technician, {}):
        return
    nodes, trial = draft.nodes(frame), draft.copy()
    found: list[tuple[int, list[int]]] = []
    for depot in range(len(draft.problem.depots)):
        for at in range(len(nodes)):
            longer = [*nodes[:at], 2 * draft.flat.visits + depot, *nodes[at:]]
            if draft.supplies(technician, {frame: longer}) and trial.set_route(frame, longer):
                found.append((int(trial.grid.cents[frame]), longer))
    if found:
        draft.set_route(frame, min(found)[1])


def _put_back(asked: DayProblem, draft: Draft, known: Remembered) -> None:
    """Put unplanned work where it stood before, route by route, where that still holds together."""
    team = asked.problem.technicians
    frame_of = {team[who].id: frame for frame, (who, _) in enumerate(asked.problem.frames)}
    by_frame: dict[int, list[tuple[int, int]]] = {}
    for visit in draft.unserved:
        job = asked.jobs.get(asked.problem.visits[visit].id)
        place = known.get(job.id) if job is not None else None
        if place is not None and (frame := frame_of.get(str(place.technician_id))) is not None:
            by_frame.setdefault(frame, []).append((asked.day.seconds(place.start_at), visit))
    for frame, returning in by_frame.items():
        there = [(int(draft.grid.begin[frame, n]), node) for n, node in enumerate(draft.nodes(frame))]
        technician = asked.problem.frames[frame][0]
        nodes = [node for _, node in sorted(there + returning)]
        able = all(draft.flat.arrays.able[visit, frame] for _, visit in returning)
        if not able or not _has_capacity(draft, frame, len(returning)):
            continue
        if draft.supplies(technician, {frame: nodes}) and draft.set_route(frame, nodes):
            draft.seats.update({visit: (frame,) for _, visit in returning})


def _has_capacity(draft: Draft, frame: int, more: int) -> bool:
    """Whether the vendor behind a frame, if any, takes so many more visits that day."""
    key = draft.vendor_day(frame)
    limit = draft.problem.vendor_by_id[key[0]].daily_capacity if key is not None else None
    return key is None or limit is None or draft.vendor_load()[key] + more <= limit


def _window(day: RegionDay, slot: Slot) -> routing.Window:
    return routing.Window(max(0, day.seconds(slot.start_at)), day.seconds(slot.end_at))


def _with_guest(
    asked: DayProblem, wish: Wish, travel: routing.TravelMatrix
) -> tuple[routing.Problem, routing.Visit]:
    """The problem with the wish's place in its matrices, and the wish as a visit of it."""
    problem, place = asked.problem, asked.places.index.get(wish.at)
    if place is None:
        place = len(asked.places.index)
        problem = _with_place(problem, _larger_travel(asked, wish.at, travel))
    return problem, routing.Visit(
        id=f"wish:{wish.job_id}",
        place=place,
        service_s=wish.duration_s,
        windows=(routing.Window(0, asked.day.seconds(asked.day.ends_at)),),
        job_type=tariff_key(wish.category, wish.job_type),
        skills={wish.skill: wish.level},
        certificates=frozenset({wish.certificate}) if wish.certificate else frozenset(),
        parts=dict(wish.parts),
        unserved_cents=wish.unserved_fen,
    )


def _larger_travel(asked: DayProblem, at: LatLng, travel: routing.TravelMatrix) -> routing.Travel:
    points = [*asked.places.index, at]
    return travel.travel([routing.Coordinate(point.lat, point.lng) for point in points], PROFILE)


def _with_place(problem: routing.Problem, travel: routing.Travel) -> routing.Problem:
    """The same problem with larger matrices; everything derived from the rest is kept, which saves most of
    the time of building it anew."""
    flat = flatten(problem)
    larger = object.__new__(routing.Problem)
    larger.__dict__.update(problem.__dict__)
    larger.__dict__["travel"] = {PROFILE: travel}
    arrays = flat.arrays._replace(
        durations=np.ascontiguousarray(travel.durations_s[None]),
        distances=np.ascontiguousarray(travel.distances_m[None]),
    )
    larger.__dict__["_flat"] = replace(flat, problem=larger, arrays=arrays)
    return larger


def _merged(windows: list[routing.Window]) -> tuple[routing.Window, ...]:
    """The same time without windows that touch."""
    merged: list[routing.Window] = []
    for window in sorted(windows, key=lambda one: one.start_s):
        if merged and window.start_s <= merged[-1].end_s:
            merged[-1] = routing.Window(merged[-1].start_s, max(merged[-1].end_s, window.end_s))
        else:
            merged.append(window)
    return tuple(merged)


def _refusal(opened: OpenDay, problem: routing.Problem, visit: routing.Visit, date: dt.date) -> NoOffer:
    found = routing.insert(problem, opened.plan, visit)
    if isinstance(found, routing.Unserved):
        return NoOffer(date, found.reason.value, plain(found.data))
    return NoOffer(date, routing.Reason.NO_ROOM.value, {})


def _placement(asked: DayProblem, found: routing.Insertion, wish_id: str) -> Placement:
    ((route, stop),) = found.plan.where(wish_id)
    moved = tuple(
        (asked.jobs[other.visit].id, seat)
        for other in route.stops
        if other.visit in asked.jobs and (seat := _moved(asked, route, other)) is not None
    )
    return Placement(_seat(asked.day, route, stop), found.price_cents, moved)


def _moved(asked: DayProblem, route: routing.Route, stop: routing.Stop) -> Seat | None:
    """The new times of a visit in force that gives way; None for one that stays, or has none yet."""
    job = asked.jobs[str(stop.visit)]
    if job.current is None or job.status in UNPLANNED:
        return None
    seat = _seat(asked.day, route, stop)
    stays = (seat.start_at, seat.end_at) == (job.current.start_at, job.current.end_at)
    return None if stays else seat


def _seat(day: RegionDay, route: routing.Route, stop: Any) -> Seat:  # noqa: ANN401 - routing.Stop
    return Seat(
        technician_id=uuid.UUID(route.technician),
        arrive_at=day.instant(stop.arrival_s),
        start_at=day.instant(stop.start_s),
        end_at=day.instant(stop.end_s),
        travel_s=stop.travel_s,
        travel_m=stop.distance_m,
    )


def warm_up_desk() -> None:
    """Load and compile what questions need, so that the first customer does not wait for it.

    Questions put visits into a plan and never search for another: the search's own code stays unloaded.
    """
    steps = np.abs(np.subtract.outer(np.arange(3), np.arange(3)))
    problem = routing.Problem(
        travel={PROFILE: routing.Travel(steps * 60, steps)},
        technicians=(routing.Technician("t", 0, 0, (routing.Shift(0, 36_000),)),),
        visits=(routing.Visit("v", 1, 600),),
    )
    plan = routing.solve(problem, routing.MaxIterations(1), engine="insertion")
    routing.insert(problem, plan, routing.Visit("w", 2, 600))
    routing.quote(problem, plan, routing.Visit("w", 2, 600), (routing.Window(0, 36_000),))

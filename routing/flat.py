"""The problem as flat arrays, the form compiled code reads.

A *frame* is one technician's shift, the place of one route. A *node* is something a route can stop at; with
``n`` visits, node ``v`` is visit ``v`` with its promise kept, node ``n + v`` the same visit with the promise
set aside for its price, and node ``2 n + d`` a pick-up at depot ``d``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from routing.appointments import drop_cents, starts
from routing.eligibility import Eligibility
from routing.problem import FOREVER_S, Problem, Shift, Technician, Visit, Window

Ints = npt.NDArray[np.int64]


class Arrays(NamedTuple):
    """What the kernels read; times in seconds, money in cents.

    ``w_*`` are the nodes' windows, those of node ``k`` at ``w_ptr[k]:w_ptr[k + 1]``; ``b_*`` the frames'
    breaks likewise.
    """

    durations: npt.NDArray[np.int32]
    """(profiles, places, places)"""
    distances: npt.NDArray[np.int32]
    clock: npt.NDArray[np.float64]
    """(profiles, 25): free-road seconds driven by each full hour of the day"""
    is_rush: npt.NDArray[np.bool_]
    place: Ints
    service: Ints
    job: Ints
    w_ptr: Ints
    w_start: Ints
    w_end: Ints
    w_due: Ints
    w_rate: Ints
    not_preferred: Ints
    move: Ints
    promise_start: Ints
    promise_end: Ints
    technician: Ints
    """of each frame, as everything from here on"""
    profile: Ints
    start: Ints
    end: Ints
    limit: Ints
    from_place: Ints
    to_place: Ints
    per_hour: Ints
    per_km: Ints
    overtime: Ints
    day_fee: Ints
    fairness: Ints
    percent: Ints
    """(technicians, jobs): service time"""
    tariff: Ints
    """(technicians, jobs): paid to the vendor"""
    b_ptr: Ints
    b_earliest: Ints
    b_latest: Ints
    b_duration: Ints
    able: npt.NDArray[np.uint8]
    """(visits, frames): see :mod:`routing.eligibility`"""


@dataclass(frozen=True)
class Flat:
    """A problem with its arrays and what engines look up beside them."""

    problem: Problem
    arrays: Arrays
    eligibility: Eligibility
    drop: Ints
    """Cents for leaving each visit out."""
    linked: frozenset[int]
    """Visits whose start other routes depend on: crews and related visits."""
    technician_frames: Mapping[int, Sequence[int]]
    jobs: Mapping[str, int]
    """Index of each job type; 0 is a pick-up."""
    parts: Mapping[str, int]
    """Index of each part some visit needs."""
    needs: Ints
    """(visits, parts): units of each part"""
    stocked: Ints
    """(technicians, parts): units on board before the first shift"""
    vendor_days: Mapping[int, tuple[str, int]]
    """Of each frame of a vendor's technician, what capacity a visit uses up: the vendor and the day."""

    @property
    def visits(self) -> int:
        """How many visits there are."""
        return len(self.problem.visits)

    def visit_of(self, node: int) -> int:
        """Index of the visit behind a node, -1 for a depot."""
        if node >= 2 * self.visits:
            return -1
        return node - self.visits if node >= self.visits else node

    def depot_of(self, node: int) -> int:
        """Index of the depot behind a node, -1 for a visit."""
        return node - 2 * self.visits if node >= 2 * self.visits else -1

    def service_s(self, node: int, frame: int) -> int:
        """Time on site of the frame's technician."""
        a = self.arrays
        percent = int(a.percent[a.technician[frame], a.job[node]])
        return -(-int(a.service[node]) * percent // 100)


def flatten(problem: Problem) -> Flat:
    """The arrays of a problem, made on first use and kept with it."""
    cached: Flat | None = problem.__dict__.get("_flat")
    if cached is None:
        cached = _flatten(problem)
        problem.__dict__["_flat"] = cached
    return cached


def _flatten(problem: Problem) -> Flat:
    eligibility = Eligibility(problem)
    jobs = _jobs(problem)
    able = np.zeros((len(problem.visits), len(problem.frames)), dtype=np.uint8)
    for index, visit in enumerate(problem.visits):
        able[index] = eligibility.row(visit)
    columns: dict[str, Any] = {
        **_travel(problem),
        **_nodes(problem, jobs),
        **_frames(problem),
        **_pay(problem, jobs),
    }
    arrays = Arrays(**columns, able=able)
    drop = np.array([drop_cents(problem, visit) for visit in problem.visits], dtype=np.int64)
    frames_of: dict[int, list[int]] = {}
    for frame, (technician, _) in enumerate(problem.frames):
        frames_of.setdefault(technician, []).append(frame)
    parts = {part: index for index, part in enumerate(sorted({p for v in problem.visits for p in v.parts}))}
    return Flat(
        problem,
        arrays,
        eligibility,
        drop,
        linked=_linked(problem),
        technician_frames=frames_of,
        jobs=jobs,
        parts=parts,
        needs=units([visit.parts for visit in problem.visits], parts),
        stocked=units([technician.van_stock for technician in problem.technicians], parts),
        vendor_days=_vendor_days(problem),
    )


def units(amounts: Sequence[Mapping[str, int]], parts: Mapping[str, int]) -> Ints:
    """Amounts of parts as rows of a table; shape (amounts, parts)."""
    table = np.zeros((len(amounts), len(parts)), dtype=np.int64)
    for row, amount in enumerate(amounts):
        for part, count in amount.items():
            if part in parts:
                table[row, parts[part]] = count
    return table


def _vendor_days(problem: Problem) -> dict[int, tuple[str, int]]:
    found = {}
    for frame, (technician, shift) in enumerate(problem.frames):
        who = problem.technicians[technician]
        if who.vendor is not None:
            found[frame] = (who.vendor, who.shifts[shift].day)
    return found


def _linked(problem: Problem) -> frozenset[int]:
    index = problem.visit_index
    related = (index[visit] for r in problem.relations for visit in (r.first, r.second))
    crews = (number for number, visit in enumerate(problem.visits) if visit.crew_size > 1)
    return frozenset(related) | frozenset(crews)


def _jobs(problem: Problem) -> dict[str, int]:
    """Index of each job type; 0 is a pick-up."""
    return {job: index for index, job in enumerate(sorted({v.job_type for v in problem.visits}), start=1)}


def _travel(problem: Problem) -> dict[str, npt.NDArray[np.generic]]:
    tables = list(problem.travel.values())
    if len(tables) == 1:
        durations, distances = tables[0].durations_s[None], tables[0].distances_m[None]
    else:
        durations = np.stack([table.durations_s for table in tables])
        distances = np.stack([table.distances_m for table in tables])
    for matrices in (durations, distances):
        matrices.setflags(write=False)  # as a single table is: compiled code is made for each kind of array
    return {
        "durations": durations,
        "distances": distances,
        "clock": np.array([table.clock() for table in tables]),
        "is_rush": np.array([table.hour_percent is not None for table in tables]),
    }


def _nodes(problem: Problem, jobs: dict[str, int]) -> dict[str, Ints]:
    visits, depots = problem.visits, problem.depots
    kept = [starts(problem, visit) for visit in visits]
    moved = [
        kept[index] if visit.promise is None else starts(problem, visit, is_promise_kept=False)
        for index, visit in enumerate(visits)
    ]
    ends = {
        "place": [depot.place for depot in depots],
        "service": [depot.service_s for depot in depots],
        "promise_end": [FOREVER_S] * len(depots),
    }
    nothing = [0] * len(depots)
    columns = {
        name: np.concatenate((column, column, _ints(ends.get(name, nothing))))
        for name, column in visit_columns(visits, jobs).items()
    }
    return columns | windows_columns(kept + moved + [depot.windows for depot in depots])


def visit_columns(visits: Sequence[Visit], jobs: Mapping[str, int]) -> dict[str, Ints]:
    """What the nodes of visits are made of; each of shape (visits,)."""
    return {
        "place": _ints([visit.place for visit in visits]),
        "service": _ints([visit.service_s for visit in visits]),
        "job": _ints([jobs[visit.job_type] for visit in visits]),
        "not_preferred": _ints([visit.not_preferred_cents for visit in visits]),
        "move": _ints([0 if v.promise is None else v.promise.move_cents or 0 for v in visits]),
        "promise_start": _ints([0 if v.promise is None else v.promise.start_s for v in visits]),
        "promise_end": _ints([FOREVER_S if v.promise is None else v.promise.end_s for v in visits]),
    }


def windows_columns(windows: Sequence[tuple[Window, ...]]) -> dict[str, Ints]:
    """Windows of nodes, one after another."""
    flat = [window for each in windows for window in each]
    return {
        "w_ptr": _ints(np.concatenate(([0], np.cumsum([len(each) for each in windows])))),
        "w_start": _ints([window.start_s for window in flat]),
        "w_end": _ints([window.end_s for window in flat]),
        "w_due": _ints([FOREVER_S if window.due_s is None else window.due_s for window in flat]),
        "w_rate": _ints([window.late_cents_per_minute for window in flat]),
    }


def _frames(problem: Problem) -> dict[str, Ints]:
    profiles = {profile: index for index, profile in enumerate(problem.travel)}
    rows = [
        _frame(technician, shift, profiles[technician.profile])
        for technician in problem.technicians
        for shift in technician.shifts
    ]
    names = ("profile", "start", "end", "limit", "from_place", "to_place", "per_hour", "per_km", "overtime")
    columns = {name: _ints([row[index] for row in rows]) for index, name in enumerate(names)}
    columns["technician"] = _ints([t for t, _ in problem.frames])
    columns["day_fee"] = _ints([problem.technicians[t].day_fee_cents for t, _ in problem.frames])
    columns["fairness"] = _ints(
        [0 if problem.technicians[t].vendor else problem.fairness_cents for t, _ in problem.frames]
    )
    breaks = [problem.technicians[t].shifts[s].breaks for t, s in problem.frames]
    flat = [rest for each in breaks for rest in each]
    columns["b_ptr"] = _ints(np.concatenate(([0], np.cumsum([len(each) for each in breaks]))))
    columns["b_earliest"] = _ints([rest.earliest_s for rest in flat])
    columns["b_latest"] = _ints([rest.latest_s for rest in flat])
    columns["b_duration"] = _ints([rest.duration_s for rest in flat])
    return columns


def _frame(technician: Technician, shift: Shift, profile: int) -> tuple[int, ...]:
    return (
        profile,
        shift.start_s,
        shift.end_s,
        shift.end_s + technician.overtime_limit_s,
        technician.start_place if shift.start_place is None else shift.start_place,
        technician.end_place if shift.end_place is None else shift.end_place,
        technician.cents_per_hour,
        technician.cents_per_km,
        technician.overtime_cents_per_hour,
    )


def _pay(problem: Problem, jobs: dict[str, int]) -> dict[str, Ints]:
    percent = np.full((len(problem.technicians), len(jobs) + 1), 100, dtype=np.int64)
    tariff = np.zeros_like(percent)
    for row, technician in enumerate(problem.technicians):
        for job, value in technician.service_percent.items():
            if job in jobs:
                percent[row, jobs[job]] = value
        if technician.vendor is None:
            continue
        for job, cents in problem.vendor_by_id[technician.vendor].tariff_cents.items():
            if job in jobs:
                tariff[row, jobs[job]] = cents
    return {"percent": percent, "tariff": tariff}


def _ints(values: npt.ArrayLike) -> Ints:
    return np.asarray(values, dtype=np.int64)

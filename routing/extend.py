"""Add one visit to a problem without looking at all the others again."""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from routing.appointments import drop_cents, starts
from routing.errors import ProblemError
from routing.flat import Flat, Ints, flatten, units, visit_columns, windows_columns
from routing.problem import Problem, Visit
from routing.validation import validate_visit


def extended(problem: Problem, visit: Visit) -> Problem:
    """The problem with one visit more, at the end; milliseconds where building it anew takes far longer.

    Raises
    ------
    ProblemError
        When the visit is known already, or is wrong in itself.
    """
    if visit.id in problem.visit_index:
        raise ProblemError(f"visit {visit.id}", "appears twice")
    validate_visit(visit, problem)
    flat = flatten(problem)
    larger = object.__new__(Problem)
    for field in fields(Problem):
        larger.__dict__[field.name] = getattr(problem, field.name)
    larger.__dict__["visits"] = (*problem.visits, visit)
    larger.__dict__["visit_index"] = {**problem.visit_index, visit.id: len(problem.visits)}
    for name in ("technician_index", "depot_index", "vendor_by_id", "frames"):
        larger.__dict__[name] = getattr(problem, name)
    larger.__dict__["_flat"] = _extend(flat, larger, visit)
    return larger


def _extend(flat: Flat, problem: Problem, visit: Visit) -> Flat:
    jobs = dict(flat.jobs)
    percent, tariff = flat.arrays.percent, flat.arrays.tariff
    if visit.job_type not in jobs:
        jobs[visit.job_type] = len(jobs) + 1
        percent = np.column_stack(
            (percent, [_percent(t.service_percent, visit) for t in problem.technicians])
        )
        tariff = np.column_stack((tariff, [_tariff(problem, t.vendor, visit) for t in problem.technicians]))
    n = flat.visits
    columns: dict[str, Any] = {
        name: np.insert(getattr(flat.arrays, name), (n, 2 * n), values[0])
        for name, values in visit_columns((visit,), jobs).items()
    }
    kept = starts(problem, visit)
    moved = kept if visit.promise is None else starts(problem, visit, is_promise_kept=False)
    columns |= _windows(flat, windows_columns([kept]), windows_columns([moved]))
    arrays = flat.arrays._replace(
        **columns,
        percent=np.ascontiguousarray(percent),
        tariff=np.ascontiguousarray(tariff),
        able=np.vstack((flat.arrays.able, flat.eligibility.row(visit)[None])),
    )
    drop = np.append(flat.drop, drop_cents(problem, visit))
    linked = flat.linked | {n} if visit.crew_size > 1 else flat.linked
    larger = replace(flat, problem=problem, arrays=arrays, drop=drop, jobs=jobs, linked=linked)
    return _with_parts(larger, visit)


def _with_parts(flat: Flat, visit: Visit) -> Flat:
    """The same with the parts of the new visit."""
    parts, needs, stocked = dict(flat.parts), flat.needs, flat.stocked
    for part in sorted(visit.parts.keys() - parts.keys()):
        parts[part] = len(parts)
        needs = np.column_stack((needs, np.zeros(len(needs), dtype=np.int64)))
        held = [technician.van_stock.get(part, 0) for technician in flat.problem.technicians]
        stocked = np.column_stack((stocked, held))
    return replace(flat, parts=parts, needs=np.vstack((needs, units([visit.parts], parts))), stocked=stocked)


def _percent(percents: Mapping[str, int], visit: Visit) -> int:
    return percents.get(visit.job_type, 100)


def _tariff(problem: Problem, vendor: str | None, visit: Visit) -> int:
    return 0 if vendor is None else problem.vendor_by_id[vendor].tariff_cents.get(visit.job_type, 0)


def _windows(flat: Flat, kept: dict[str, Ints], moved: dict[str, Ints]) -> dict[str, Ints]:
    """Windows of the two new nodes spliced in after those of the nodes they come after."""
    a, n = flat.arrays, flat.visits
    after_kept, after_moved = int(a.w_ptr[n]), int(a.w_ptr[2 * n])
    columns = {}
    for name in ("w_start", "w_end", "w_due", "w_rate"):
        old = getattr(a, name)
        columns[name] = np.concatenate(
            (old[:after_kept], kept[name], old[after_kept:after_moved], moved[name], old[after_moved:])
        )
    counts = np.insert(np.diff(a.w_ptr), (n, 2 * n), (len(kept["w_start"]), len(moved["w_start"])))
    columns["w_ptr"] = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    return columns

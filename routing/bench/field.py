"""Made-up field service days, and the engines behind :func:`routing.solve` on them.

``python -m routing.bench field --size 200x25 --engine hybrid,ortools`` prints one JSON line for each
problem and engine. A size is visits x technicians. The same size and seed are the same problem anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from os import getloadavg
from random import Random
from time import perf_counter, process_time

import numpy as np

from routing.engines import Progress
from routing.plan import Plan
from routing.problem import Break, Depot, Lock, Problem, Promise, Shift, Technician, Vendor, Visit, Window
from routing.solve import solve
from routing.stopping import MaxRuntime
from routing.travel.matrix import HOUR_S, Travel
from routing.warm import warm_up

SIDE_M = 3_000
"""Side of the square region per square root of a technician."""
METRES_PER_S = 8
SKILLS = ("gas", "wiring", "cooling", "water")
JOBS = ("install", "repair", "service")
PARTS = ("valve", "pump", "board")
BLOCK = 512


def field_problem(visits: int, technicians: int, seed: int) -> Problem:
    """One day of a region: skills, windows, lunch, vendors, parts with a depot, promises and locks."""
    dice = Random(f"{visits} {technicians} {seed}")  # noqa: S311 - made-up data, not a secret
    team = tuple(_technician(number, visits, dice) for number in range(technicians))
    vendors = tuple(
        Vendor(name, {job: 7000 + 2000 * place for place, job in enumerate(JOBS)}, daily_capacity=40)
        for name in sorted({who.vendor for who in team if who.vendor is not None})
    )
    return Problem(
        {"car": _roads(visits + technicians + 1, technicians, seed)},
        team,
        tuple(_visit(number, team, dice) for number in range(visits)),
        vendors=vendors,
        depots=(Depot("depot", visits + technicians, 600),),
        lock_drop_cents=200_000,
    )


def _roads(places: int, technicians: int, seed: int) -> Travel:
    """Half of the places in towns, half anywhere; driving along the straight line."""
    dice = np.random.default_rng(seed)
    side = SIDE_M * technicians**0.5
    towns = dice.uniform(0.1 * side, 0.9 * side, (max(3, technicians // 8), 2))
    points = dice.uniform(0, side, (places, 2))
    is_town = dice.random(places) < 0.5
    scatter = dice.normal(0, 1500, (places, 2))
    points[is_town] = (towns[dice.integers(0, len(towns), places)] + scatter)[is_town]
    metres, seconds = (np.empty((places, places), np.int32) for _ in range(2))
    for begin in range(0, places, BLOCK):
        rows = slice(begin, begin + BLOCK)
        metres[rows] = np.hypot(*(points[rows, None] - points[None, :]).transpose(2, 0, 1))
        seconds[rows] = -(-metres[rows] // METRES_PER_S)
    return Travel(seconds, metres)


def _technician(number: int, visits: int, dice: Random) -> Technician:
    is_vendor = dice.random() < 0.2
    return Technician(
        f"t{number}",
        visits + number,
        visits + number,
        (Shift(8 * HOUR_S, 17 * HOUR_S, (Break(41_400, 46_800, 2700),)),),
        skills={skill: dice.randint(1, 3) for skill in dice.sample(SKILLS, 2)},
        van_stock={part: dice.randint(0, 3) for part in PARTS},
        service_percent={dice.choice(JOBS): dice.choice((80, 125))} if dice.random() < 0.3 else {},
        cents_per_hour=0 if is_vendor else dice.choice((4500, 6000)),
        cents_per_km=5 if is_vendor else 120,
        day_fee_cents=0 if is_vendor else 3000,
        overtime_limit_s=HOUR_S,
        overtime_cents_per_hour=0 if is_vendor else 4500,
        vendor=f"vendor{number // 50}" if is_vendor else None,
    )


def _visit(number: int, team: tuple[Technician, ...], dice: Random) -> Visit:
    skill, kind = dice.choice(SKILLS), dice.random()
    start = dice.randint(8, 14) * HOUR_S
    window = Window(8 * HOUR_S, 17 * HOUR_S)
    if kind < 0.6:
        window = Window(start, start + 2 * HOUR_S, start + 105 * 60, 20)
    elif kind < 0.85:
        window = dice.choice((Window(8 * HOUR_S, 12 * HOUR_S), Window(13 * HOUR_S, 17 * HOUR_S)))
    level = dice.choice((1, 1, 1, 2, 2, 3))
    able = [who.id for who in team if who.skills.get(skill, 0) >= level]
    is_locked = bool(able) and dice.random() < 0.03
    promised = max(window.start_s, min(start, window.end_s - HOUR_S))
    return Visit(
        f"v{number}",
        number,
        dice.randint(3, 11) * 300,
        (window,),
        job_type=dice.choice(JOBS),
        skills={skill: level},
        parts={dice.choice(PARTS): 1} if dice.random() < 0.3 else {},
        unserved_cents=dice.choice((20_000, 30_000, 60_000)),
        lock=Lock(frozenset({dice.choice(able)})) if is_locked else None,
        promise=Promise(promised, promised + HOUR_S, 2000) if dice.random() < 0.2 else None,
    )


def measure(
    sizes: list[tuple[int, int]], engines: list[str], seconds: float, seed: int, threads: int
) -> Iterator[dict[str, object]]:
    """One record for each problem and engine, one engine after the other."""
    warm_up()
    for visits, technicians in sizes:
        for engine in engines:
            problem = field_problem(visits, technicians, seed)
            first: list[float] = []
            began, spent = perf_counter(), process_time()
            plan = solve(
                problem,
                MaxRuntime(seconds),
                seed,
                on_progress=partial(_note, first),
                engine=engine,
                threads=threads,
            )
            yield _record(f"{visits}x{technicians}-{seed}", engine, plan) | {
                "limit_s": seconds,
                "seconds": round(perf_counter() - began, 2),
                "cpu_s": round(process_time() - spent, 2),
                "first_s": round(first[0], 2) if first else None,
                "load": round(getloadavg()[0], 1),
            }


def _note(seconds: list[float], glance: Progress) -> None:
    seconds.append(glance.seconds)


def _record(instance: str, engine: str, plan: Plan) -> dict[str, object]:
    return {
        "family": "field",
        "instance": instance,
        "engine": engine,
        "cost": plan.cost.total,
        "best_known": None,
        "routes": [[route.technician, list(route.visits)] for route in plan.routes],
        "outsourced": [item.visit for item in plan.unserved],
    }


def sizes_of(text: str) -> list[tuple[int, int]]:
    """Sizes from ``200x25,1000x100``."""
    pairs = [size.split("x") for size in text.split(",")]
    return [(int(visits), int(technicians)) for visits, technicians in pairs]


def print_all(size: str, engines: str, seconds: float, seed: int, threads: int) -> None:
    """One JSON line for each problem and engine."""
    for record in measure(sizes_of(size), engines.split(","), seconds, seed, threads):
        print(json.dumps(record), flush=True)

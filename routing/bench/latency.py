"""How quickly a live day is answered: ``python -m routing.bench.latency``.

Fourteen days of a made-up city with a thousand visits planned for a hundred technicians. One JSON line for
each question asked of that plan: placing an emergency (:func:`routing.insert`), and pricing four windows on
each of the fourteen days (:func:`routing.quote`). Milliseconds of the calling thread's processor time, so
that other work on the machine does not count, and by the wall clock beside it.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from random import Random
from time import perf_counter, thread_time

import numpy as np
import numpy.typing as npt

from routing.draft import Draft
from routing.finish import finish
from routing.flat import flatten
from routing.insert import insert
from routing.insertion import fill
from routing.plan import Plan
from routing.problem import Break, Problem, Shift, Technician, Visit, Window
from routing.quote import quote
from routing.travel.matrix import DAY_S, HOUR_S, Travel
from routing.warm import warm_up

DAYS, SPARE = 14, 20
"""Days of the horizon, and places no visit is planned at yet."""
OFFERED_HOURS = (8, 10, 13, 15)


def region(visits: int = 1000, technicians: int = 100, seed: int = 1) -> Problem:
    """Fourteen days of a city: skills, parts, lunch breaks, three-hour windows."""
    dice = np.random.default_rng(seed)
    points = dice.uniform(0, 30_000, (visits + SPARE + technicians, 2))
    metres = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    shifts = tuple(
        Shift(d + 8 * HOUR_S, d + 17 * HOUR_S, (Break(d + 11 * HOUR_S, d + 13 * HOUR_S, HOUR_S),))
        for d in range(0, DAYS * DAY_S, DAY_S)
    )
    team = tuple(
        Technician(
            f"t{number}",
            visits + SPARE + number,
            visits + SPARE + number,
            shifts,
            skills={"gas": number % 4},
            van_stock={"valve": 30},
            cents_per_hour=6000,
            cents_per_km=120,
            overtime_limit_s=HOUR_S,
            overtime_cents_per_hour=3000,
        )
        for number in range(technicians)
    )
    jobs = tuple(job(f"v{number}", number, dice_of(number)) for number in range(visits))
    return Problem({"car": Travel(np.ceil(metres / 8), metres)}, team, jobs)


def dice_of(seed: int) -> Random:
    """The same luck each time."""
    return Random(seed)  # noqa: S311 - made-up data, not a secret


def job(name: str, place: int, dice: Random) -> Visit:
    """Some work, within three hours of some day."""
    start = dice.randrange(DAYS) * DAY_S + dice.randint(8, 14) * HOUR_S
    return Visit(
        name,
        place,
        dice.randint(20, 60) * 60,
        (Window(start, start + 3 * HOUR_S),),
        skills={"gas": dice.randint(0, 3)},
        parts={"valve": 1} if dice.random() < 0.3 else {},
    )


def in_force(problem: Problem) -> Plan:
    """A plan to ask about."""
    draft = Draft(flatten(problem))
    fill(draft, draft.unserved)
    return finish(draft)


def emergency(problem: Problem, number: int) -> Visit:
    """A visit nobody knew of."""
    return job("new", len(problem.visits) + number % SPARE, dice_of(-number - 1))


def wish(problem: Problem, number: int) -> Visit:
    """A visit a customer wants at any time of the fourteen days."""
    place = len(problem.visits) + number % SPARE
    any_time = (Window(0, DAYS * DAY_S),)
    return Visit("new", place, 1800, any_time, skills={"gas": number % 3}, parts={"valve": 1})


def slots() -> list[Window]:
    """Four windows of two hours on each day."""
    return [
        Window(d + h * HOUR_S, d + (h + 2) * HOUR_S)
        for d in range(0, DAYS * DAY_S, DAY_S)
        for h in OFFERED_HOURS
    ]


def seconds_of(call: Callable[[int], object], times: int) -> npt.NDArray[np.float64]:
    """Processor and wall time of each call after a first that does not count; shape (times, 2)."""
    call(0)
    measured = []
    for number in range(1, times + 1):
        thread, wall = thread_time(), perf_counter()
        call(number)
        measured.append((thread_time() - thread, perf_counter() - wall))
    return np.array(measured)


def measure(visits: int, technicians: int, times: int) -> Iterator[dict[str, object]]:
    """One line for each question."""
    problem = region(visits, technicians)
    plan = in_force(problem)
    offered = slots()
    questions: dict[str, Callable[[int], object]] = {
        "insert": lambda number: insert(problem, plan, emergency(problem, number)),
        "quote": lambda number: quote(problem, plan, wish(problem, number), offered),
    }
    for name, ask in questions.items():
        thread, wall = 1000 * seconds_of(ask, times).T
        yield {
            "question": name,
            "visits": visits,
            "technicians": technicians,
            "planned": visits - len(plan.unserved),
            "times": times,
            **{f"p{q}_ms": round(float(np.percentile(thread, q)), 2) for q in (50, 95, 99)},
            **{f"wall_p{q}_ms": round(float(np.percentile(wall, q)), 2) for q in (50, 95, 99)},
        }


def main() -> int:
    """Measure once and print."""
    parser = argparse.ArgumentParser(prog="python -m routing.bench.latency", description=__doc__)
    parser.add_argument("--visits", type=int, default=1000)
    parser.add_argument("--technicians", type=int, default=100)
    parser.add_argument("--times", type=int, default=200)
    given = parser.parse_args()
    warm_up()
    for line in measure(given.visits, given.technicians, given.times):
        print(json.dumps(line), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

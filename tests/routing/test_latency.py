"""How quickly a live day is answered, at a thousand visits and a hundred technicians.

Processor time of the calling thread is measured, so that other work on the machine does not count.
"""

from collections.abc import Callable
from random import Random
from time import thread_time

import numpy as np
import pytest

from routing import Break, Plan, Problem, Shift, Technician, Travel, Visit, Window, insert, quote
from routing.draft import Draft
from routing.finish import finish
from routing.flat import flatten
from routing.insertion import fill
from tests.routing.worlds import DAY, HOUR, MINUTE

VISITS, TECHNICIANS, DAYS, SPARE = 1000, 100, 14, 20
INSERT_S, QUOTE_S = 0.010, 0.050


@pytest.fixture(scope="module")
def region() -> Problem:
    """Fourteen days of a city."""
    dice = np.random.default_rng(1)
    points = dice.uniform(0, 30_000, (VISITS + SPARE + TECHNICIANS, 2))
    metres = np.hypot(*(points[:, None] - points[None, :]).transpose(2, 0, 1))
    lunch = [Break(d * DAY + 11 * HOUR, d * DAY + 13 * HOUR, HOUR) for d in range(DAYS)]
    shifts = tuple(Shift(d * DAY + 8 * HOUR, d * DAY + 17 * HOUR, (lunch[d],)) for d in range(DAYS))
    team = tuple(
        Technician(
            f"t{n}",
            VISITS + SPARE + n,
            VISITS + SPARE + n,
            shifts,
            skills={"gas": n % 4},
            van_stock={"valve": 30},
            cents_per_hour=6000,
            cents_per_km=120,
            overtime_limit_s=HOUR,
            overtime_cents_per_hour=3000,
        )
        for n in range(TECHNICIANS)
    )
    jobs = tuple(job(f"v{n}", n, Random(n)) for n in range(VISITS))
    return Problem({"car": Travel(np.ceil(metres / 8), metres)}, team, jobs)


def job(name: str, place: int, dice: Random) -> Visit:
    start = dice.randrange(DAYS) * DAY + dice.randint(8, 14) * HOUR
    return Visit(
        name,
        place,
        dice.randint(20, 60) * MINUTE,
        (Window(start, start + 3 * HOUR),),
        skills={"gas": dice.randint(0, 3)},
        parts={"valve": 1} if dice.random() < 0.3 else {},
    )


@pytest.fixture(scope="module")
def in_force(region: Problem) -> Plan:
    draft = Draft(flatten(region))
    fill(draft, draft.unserved)
    return finish(draft)


def seconds_of(call: Callable[[int], object], times: int) -> np.ndarray:
    call(0)
    measured = []
    for number in range(1, times + 1):
        began = thread_time()
        call(number)
        measured.append(thread_time() - began)
    return np.array(measured)


@pytest.mark.slow
def test_an_emergency_is_placed_within_ten_milliseconds(region: Problem, in_force: Plan) -> None:
    seconds = seconds_of(
        lambda n: insert(region, in_force, job("new", VISITS + n % SPARE, Random(-n - 1))), 60
    )

    # Twice the goal is the alarm: the machine that runs the tests also runs everything else.
    assert np.percentile(seconds, 99) < 2 * INSERT_S


@pytest.mark.slow
def test_fifty_six_windows_are_priced_within_fifty_milliseconds(region: Problem, in_force: Plan) -> None:
    slots = [
        Window(d * DAY + h * HOUR, d * DAY + (h + 2) * HOUR) for d in range(DAYS) for h in (8, 10, 13, 15)
    ]
    wish = Visit("new", VISITS, 30 * MINUTE, (Window(0, DAYS * DAY),), skills={"gas": 1}, parts={"valve": 1})

    seconds = seconds_of(lambda _: quote(region, in_force, wish, slots), 20)

    assert np.percentile(seconds, 95) < 2 * QUOTE_S

"""The project's own engines on the published families: instances as arrays, or as a
:class:`routing.Problem`.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

import numpy as np

from routing import Depot, MaxRuntime, Problem, Shift, Technician, Travel, Visit, Window
from routing.bench.instances import Family, Instance, IntArray, SkillInstance, ToolInstance, WindowInstance
from routing.bench.peers import MUST, NoModelError, OnCost, Routes
from routing.engines import Progress
from routing.engines.ortools import OrToolsEngine
from routing.search.arrays import ABSENT, FOLLOWING, Data, Int64, Plain
from routing.search.arrays import data_of as columns
from routing.search.driver import Budget, Driver, Outcome, Tuning
from routing.search.knobs import MANY_VISITS, knobs_for, temperatures
from routing.search.neighbours import beside, doors, nearest
from routing.search.pool import empty_pool, remember_all
from routing.search.recombine import recombine
from routing.search.working import Working, load, standing
from routing.travel.matrix import HOUR_S

TOOL_SCALE = 100_000
"""Time units of the tools family in the search; travel is rounded up, so what is in time there is in time."""

SMALL_NEAR, LARGE_NEAR, BESIDE = 100, 60, 30


def solve_hybrid(
    instance: Instance, seconds: float, threads: int, seed: int, clock: Callable[[], float], on_cost: OnCost
) -> Routes:
    """Ruin and recreate with recombination on the instance's own objective."""
    began = clock()
    data = data_of(instance)
    is_timed = isinstance(instance, ToolInstance)
    warm, scarce = temperatures(data, 0.0)
    is_small = data.size <= 300
    twins = np.ones((len(data.pair),) * 2, np.bool_) if isinstance(instance, SkillInstance) else None
    tuning = Tuning(warm, scarce, twins, is_recombining=is_small, threads=threads)
    scale = TOOL_SCALE / 1000 if is_timed else 1.0

    def tell(iterations: int, cost: int, absent: int) -> None:
        on_cost(cost / scale, clock() - began)

    driver = Driver(data, knobs_for(data), tuning, Budget(seconds, clock=clock), seed, tell)
    return numbered(instance, data, driver.run())


def numbered(instance: Instance, data: Data, outcome: Outcome) -> Routes:
    """Routes in the file's numbering, with the trips of the tools family."""
    if isinstance(instance, ToolInstance):
        return [
            (route + 1, _with_trip(instance, data, route, visits)) for route, visits in outcome.routes.items()
        ]
    offset = 2 if isinstance(instance, SkillInstance) else 1
    return [(route + 1, [visit + offset for visit in visits]) for route, visits in outcome.routes.items()]


def _with_trip(instance: ToolInstance, data: Data, route: int, visits: list[int]) -> list[int]:
    n = data.size
    chain = np.full((n + 2 * instance.technicians, FOLLOWING + 1), ABSENT, np.int64)
    chain[[n + route, *visits], FOLLOWING] = [*visits, n + instance.technicians + route]
    rules: Working = data.rules
    rules.loaded[:] = ABSENT
    load(rules, chain, route, 0)
    _, position = standing(rules, chain, route, 0)
    nodes = [visit + 1 + instance.technicians for visit in visits]
    if position >= 0:
        nodes.insert(int(position), 0)
    return nodes


def data_of(instance: Instance) -> Data:
    """The arrays of an instance; visit v is the file's v-th after the depot (and the homes)."""
    if isinstance(instance, SkillInstance):
        return _depot_data(
            instance.distance,
            instance.opens,
            instance.closes,
            instance.service,
            np.zeros(len(instance.opens), np.int64),
            instance.outsourcing,
            instance.eligible,
            1,
        )
    if isinstance(instance, WindowInstance):
        everybody = np.ones((instance.vehicles, len(instance.opens)), np.bool_)
        return _depot_data(
            instance.distance,
            instance.opens,
            instance.closes,
            instance.service,
            instance.demand,
            np.full(len(instance.opens), MUST),
            everybody,
            instance.capacity,
        )
    return _tool_data(instance)


def _kinds(able: np.ndarray) -> tuple[np.ndarray, Int64]:
    seen: dict[bytes, int] = {}
    kind = np.array([seen.setdefault(row.tobytes(), len(seen)) for row in able], np.int32)
    return kind, np.unique(kind, return_index=True)[1].astype(np.int64)


def _depot_data(  # one array each
    distance: IntArray,
    opens: IntArray,
    closes: IntArray,
    service: IntArray,
    demand: IntArray,
    price: IntArray,
    eligible: np.ndarray,
    capacity: int,
) -> Data:
    able = eligible[:, 1:]
    kind, first = _kinds(able)
    n, routes = able.shape[1], len(kind)
    matrix = np.ascontiguousarray(distance, np.int32)[None]
    at = np.concatenate([np.arange(1, n + 1), np.zeros(2 * routes)]).astype(np.int32)
    travel = np.zeros(routes, np.int32)
    return columns(
        cost=matrix,
        time=matrix,
        at=at,
        opens=opens[1:].copy(),
        closes=closes[1:].copy(),
        service=np.tile(service[1:], (len(first), 1)),
        demand=demand[1:].copy(),
        price=price[1:].copy(),
        eligible=able[first],
        serve=np.zeros((len(first), n), np.int64),
        kind=kind,
        travel=travel,
        start=np.full(routes, opens[0]),
        end=np.full(routes, closes[0]),
        capacity=np.full(routes, capacity),
        fee=np.zeros(routes, np.int64),
        hourly=np.zeros(routes, np.int64),
        group=np.full(routes, ABSENT, np.int32),
        room=np.zeros(0, np.int64),
        rules=Plain(),
        near=nearest(
            matrix[0], at, opens[1:], closes[1:], service[1:], SMALL_NEAR if n <= MANY_VISITS else LARGE_NEAR
        ),
        beside=beside(matrix[0], at, opens[1:], closes[1:], service[1:], BESIDE),
        doors=doors(matrix, travel, at, kind, first, able[first]),
    )


def _tool_data(instance: ToolInstance) -> Data:
    m = instance.technicians
    visits = np.array(instance.requests)
    n = len(visits)
    time = np.ceil(instance.travel * TOOL_SCALE - 1e-3).astype(np.int32)
    at = np.concatenate([visits, np.arange(1, m + 1), np.arange(1, m + 1)]).astype(np.int32)

    def scaled(values: np.ndarray) -> Int64:
        return np.round(values * TOOL_SCALE).astype(np.int64)

    opens, closes, service = (scaled(v[visits]) for v in (instance.opens, instance.closes, instance.service))
    begin, finish = scaled(instance.opens[1 : m + 1]), scaled(instance.closes[1 : m + 1])
    able = (~instance.skills[visits][None] | instance.skills[1 : m + 1][:, None]).all(axis=2)
    bits = np.uint64(1) << np.arange(instance.tools.shape[1], dtype=np.uint64)
    tools = (instance.tools * bits).sum(axis=1).astype(np.uint64)
    kind, travel, table = np.arange(m, dtype=np.int32), np.zeros(m, np.int32), time[None]
    rules = Working(
        time=time,
        at=at,
        opens=opens,
        closes=closes,
        service=service,
        begin=begin,
        finish=finish,
        depot=np.array([0, *(scaled(v[:1])[0] for v in (instance.opens, instance.closes, instance.service))]),
        need=instance.parts[visits],
        stock=instance.parts[1 : m + 1],
        need_tools=tools[visits],
        tools=tools[1 : m + 1],
        loaded=np.full(5, ABSENT, np.int64),
        order=np.zeros(n + 2, np.int64),
        used=np.zeros((n + 2, instance.parts.shape[1]), np.int64),
        table=np.zeros((5, n + 2, 3), np.int64),
    )
    return columns(
        cost=table,
        time=table,
        at=at,
        opens=opens,
        closes=closes,
        service=np.tile(service, (m, 1)),
        demand=np.zeros(n, np.int64),
        price=np.full(n, 10 * int(finish.max()), np.int64),
        eligible=able,
        serve=np.tile(service, (m, 1)),
        kind=kind,
        travel=travel,
        start=begin,
        end=finish,
        capacity=np.ones(m, np.int64),
        fee=np.zeros(m, np.int64),
        hourly=np.full(m, HOUR_S),
        group=np.full(m, ABSENT, np.int32),
        room=np.zeros(0, np.int64),
        rules=rules,
        near=nearest(time, at, opens, closes, service, SMALL_NEAR),
        doors=doors(time[None], travel, at, kind, np.arange(m), able),
    )


def solve_tools_with_ortools(instance: ToolInstance, seconds: float, seed: int, on_cost: OnCost) -> Routes:
    """The package's OR-Tools engine on the instance as a :class:`routing.Problem` in thousandths."""
    problem = tool_problem(instance)

    def tell(glance: Progress) -> None:
        if not glance.unserved:
            on_cost(float(glance.cost_cents), glance.seconds)

    plan = OrToolsEngine().solve(problem, MaxRuntime(seconds), seed, tell)
    if plan.unserved:
        raise NoModelError(f"ortools left {len(plan.unserved)} requests of {instance.name} unserved")
    return [
        (int(route.technician), [0 if stop.visit is None else int(stop.visit) for stop in route.stops])
        for route in plan.routes
    ]


def tool_problem(instance: ToolInstance) -> Problem:
    """The instance in thousandths of its unit, of which each that is worked costs a cent."""
    thousandths = np.ceil(instance.travel * 1000).astype(np.int32)
    day = ceil(float(instance.closes.max()) * 1000)

    def held(node: int) -> tuple[frozenset[str], dict[str, int]]:
        tools = frozenset(str(tool) for tool in np.flatnonzero(instance.tools[node]))
        return tools, {str(part): int(units) for part, units in enumerate(instance.parts[node]) if units}

    technicians = []
    for who in range(1, instance.technicians + 1):
        tools, stock = held(who)
        skills = {str(skill): 1 for skill in np.flatnonzero(instance.skills[who])}
        technicians.append(
            Technician(
                str(who),
                who,
                who,
                (Shift(0, day),),
                skills=skills,
                tools=tools,
                van_stock=stock,
                cents_per_hour=3600,
            )
        )
    visits = []
    for node in instance.requests:
        tools, parts = held(node)
        window = Window(int(instance.opens[node] * 1000), int(instance.closes[node] * 1000))
        skills = {str(skill): 1 for skill in np.flatnonzero(instance.skills[node])}
        visits.append(
            Visit(
                str(node),
                node,
                int(instance.service[node] * 1000),
                (window,),
                skills=skills,
                tools=tools,
                parts=parts,
                unserved_cents=10 * day,
            )
        )
    return Problem(
        {"car": Travel(thousandths, thousandths)},
        tuple(technicians),
        tuple(visits),
        depots=(Depot("0", 0, int(instance.service[0] * 1000), windows=(Window(0, day),)),),
    )


def warm_up(family: Family) -> None:
    """Compile, or load from disk, everything a family needs, on a made-up instance."""
    rng = np.random.default_rng(0)
    points = rng.integers(0, 100, (14, 2)).astype(float)
    travel = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    opens, closes, service = np.zeros(14), np.full(14, 1000.0), np.full(14, 5.0)
    instance: Instance
    if family == "trsp":
        flags, parts = np.ones((14, 2), np.bool_), rng.integers(0, 2, (14, 2))
        instance = ToolInstance("warm", 3, travel, opens, closes, service, flags, flags, parts)
    else:
        whole = travel.astype(np.int64)
        levels, required = np.ones((3, 1), np.int64), np.ones((14, 1), np.int64)
        first, last, length = (column.astype(np.int64) for column in (opens, closes, service))
        prices = np.full(14, 500)
        instance = SkillInstance("warm", "full", whole, first, last, length, prices, levels, required)
    solve_hybrid(instance, 0.15, 1, 0, _ticks(), lambda cost, seconds: None)
    _warm_recombination(instance)


def _warm_recombination(instance: Instance) -> None:
    """Take a solution apart and put its routes together again, which a short search need not come to."""
    data = data_of(instance)
    driver = Driver(data, knobs_for(data), Tuning((1.0, 1.0), (1.0, 1.0)), Budget(iterations=1))
    driver.run()
    state, pool = driver.best_state(), empty_pool(data, 100, 1000)
    remember_all(data, state, pool)
    twins = np.ones((len(data.pair),) * 2, np.bool_)
    recombine(data, [pool], twins, driver.copies, 2**40, np.zeros(data.size), 1.0)


def _ticks() -> Callable[[], float]:
    """A clock that moves a hundredth each time it is read: as many steps on a slow machine as on a fast
    one.
    """
    state = [0.0]

    def tick() -> float:
        state[0] += 0.01
        return state[0]

    return tick

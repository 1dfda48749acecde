"""Putting a day on stage: sign everybody in, let them act, wait for the end."""

import asyncio
import datetime as dt
from collections import defaultdict
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from backend.simulate.clock import Clock, DayOverError, EventClock, ScaledClock
from backend.simulate.connection import Connection
from backend.simulate.customers import Customer
from backend.simulate.office import Office
from backend.simulate.phone import Phone
from backend.simulate.story import Habits, Story, story_of
from backend.simulate.tally import Tally
from backend.simulate.technician import Technician, instant

BEFORE_SHIFT = dt.timedelta(minutes=45)
CUSTOMER_EARLY = dt.timedelta(hours=1)
CUSTOMER_LATE = dt.timedelta(hours=3)
TIMEOUT_S = 30.0


@dataclass(frozen=True)
class Play:
    """What to play. `speed` 0 plays as fast as the server answers; `technicians` 0 means all.

    `until` leaves the day half way at that local time; playing it again goes on from there.
    """

    base_url: str = "http://localhost:8000"
    day: dt.date | None = None
    speed: float = 60.0
    seed: int = 1
    technicians: int = 0
    clients: int = 3
    plan_seconds: float = 5.0
    engine: str = "auto"
    by_hand: bool = False
    until: dt.time | None = None
    login: str = "dispatcher"
    password: str = "shangmen-demo"  # noqa: S105 - the demo's documented password


async def play(wanted: Play) -> Tally:
    """Play a day against a running server. Raises `RefusedError`, `NoAnswerError`, `PlanFailedError`."""
    tally = Tally()
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=100)
    async with httpx.AsyncClient(base_url=wanted.base_url, timeout=TIMEOUT_S, limits=limits) as http:
        connection = Connection(http, tally)
        user = await connection.sign_in(wanted.login, wanted.password)
        region = (await connection.get_list("board", "/api/regions"))[0]
        day = wanted.day or dt.date.fromisoformat(region["open_day"])
        office = Office(connection, ScaledClock(dt.datetime.now(dt.UTC), 1), tally, user["name"])
        board = await office.board(region["id"], day)
        office.clock = clock = _clock(board, wanted)
        if not board["visits"]:
            if wanted.by_hand:
                await office.assign_by_hand(board, wanted.technicians)
            else:
                await office.plan(region["id"], day, wanted.plan_seconds, wanted.seed, wanted.engine)
            board = await office.board(region["id"], day)
        await _act(_Stage(http, tally, clock, office, board, wanted), day)
    return tally


def _clock(board: dict[str, Any], wanted: Play) -> Clock:
    starts = [instant(each["shift"]["start"]) for each in board["technicians"] if each["shift"]]
    now = instant(board["now"])
    # A day that was left half way goes on from there.
    start = max(now, min(starts, default=now) - BEFORE_SHIFT)
    end = None
    if wanted.until is not None:
        day, zone = dt.date.fromisoformat(board["day"]), ZoneInfo(board["zone"])
        end = dt.datetime.combine(day, wanted.until, zone)
    return ScaledClock(start, wanted.speed, end) if wanted.speed > 0 else EventClock(start, end)


@dataclass(frozen=True)
class _Stage:
    http: httpx.AsyncClient
    tally: Tally
    clock: Clock
    office: Office
    board: dict[str, Any]
    wanted: Play

    def days(self) -> dict[str, list[dict[str, Any]]]:
        """Each played technician's visits in driving order."""
        visits: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for visit in sorted(self.board["visits"], key=lambda each: each["planned"]["start"]):
            visits[visit["technician_id"]].append(visit)
        busiest = sorted(self.board["technicians"], key=lambda each: (-len(visits[each["id"]]), each["id"]))
        count = self.wanted.technicians or len(busiest)
        return {each["id"]: visits[each["id"]] for each in busiest[:count]}


async def _act(stage: _Stage, day: dt.date) -> None:
    days = stage.days()
    story = story_of(days, stage.wanted.seed)
    technicians = [
        await _technician(stage, each, story) for each in stage.board["technicians"] if each["id"] in days
    ]
    customers = await _customers(stage, days)
    clock = stage.clock
    watching = _taking_part(clock, stage.office.watch(stage.board["region"]["id"], day, story))
    acting = [_taking_part(clock, technician.day(day)) for technician in technicians]
    looking = [_taking_part(clock, customer.look(first)) for customer, first in customers]
    async with asyncio.TaskGroup() as group:
        group.create_task(watching)
        await asyncio.gather(*(group.create_task(each) for each in (*acting, *looking)))
        stage.office.is_closing = True


def _taking_part(clock: Clock, part: Coroutine[Any, Any, None]) -> Coroutine[Any, Any, None]:
    """The part, counted as busy from now on: nobody's time passes before everybody has begun."""
    clock.join()

    async def until_done() -> None:
        try:
            await part
        except DayOverError:
            pass  # whatever was under way stays so
        finally:
            clock.leave()

    return until_done()


async def _technician(stage: _Stage, technician: dict[str, Any], story: Story) -> Technician:
    connection = Connection(stage.http, stage.tally)
    await connection.pair(await stage.office.pairing_code(technician["id"]))
    habits = Habits.of(technician["name"], stage.wanted.seed)
    return Technician(technician, Phone(connection, stage.clock, stage.tally, habits), story)


async def _customers(
    stage: _Stage, days: dict[str, list[dict[str, Any]]]
) -> list[tuple[Customer, dt.datetime]]:
    """Somebody behind the first visits of as many days as there are clients."""
    found = []
    visits = [visit for of_one in days.values() for visit in of_one]
    for visit in visits[: stage.wanted.clients]:
        link = await stage.office.connection.post("link", f"/api/jobs/{visit['job_id']}/customer-link")
        start = instant(visit["planned"]["start"])
        connection = Connection(stage.http, stage.tally)
        customer = Customer(connection, stage.clock, stage.tally, link["url"], start + CUSTOMER_LATE)
        found.append((customer, max(stage.clock.now(), start - CUSTOMER_EARLY)))
    return found

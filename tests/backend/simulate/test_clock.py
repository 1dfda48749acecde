"""Played time: in order, without sleeping, the same every time."""

import asyncio
import datetime as dt

import pytest

from backend.simulate.clock import DayOverError, EventClock, ScaledClock

START = dt.datetime(2026, 11, 23, 0, 0, tzinfo=dt.UTC)


def minutes(count: float) -> dt.datetime:
    return START + dt.timedelta(minutes=count)


async def played(waits: dict[str, list[float]]) -> list[tuple[str, float]]:
    clock = EventClock(START)
    seen: list[tuple[str, float]] = []

    async def act(name: str) -> None:
        for wait in waits[name]:
            await clock.sleep_until(clock.now() + dt.timedelta(minutes=wait))
            seen.append((name, (clock.now() - START).total_seconds() / 60))
        clock.leave()

    for _ in waits:
        clock.join()
    await asyncio.gather(*(act(name) for name in waits))
    return seen


def test_everybody_acts_in_the_order_of_the_played_day() -> None:
    seen = asyncio.run(played({"a": [10, 10, 600], "b": [15, 1], "c": [0, 100]}))
    assert seen == [("c", 0), ("a", 10), ("b", 15), ("b", 16), ("a", 20), ("c", 100), ("a", 620)]


def test_time_stands_still_while_somebody_is_busy() -> None:
    async def scenario() -> list[str]:
        clock, seen, answered = EventClock(START), [], asyncio.Event()

        async def waiting_for_the_server() -> None:
            await answered.wait()
            seen.append(f"answered at {clock.now():%H:%M}")
            clock.leave()

        async def waiting_for_noon() -> None:
            await clock.sleep_until(minutes(720))
            seen.append(f"woken at {clock.now():%H:%M}")
            clock.leave()

        clock.join()
        clock.join()
        tasks = [asyncio.create_task(waiting_for_noon()), asyncio.create_task(waiting_for_the_server())]
        for _ in range(5):
            await asyncio.sleep(0)
        assert seen == []
        answered.set()
        await asyncio.gather(*tasks)
        return seen

    assert asyncio.run(scenario()) == ["answered at 00:00", "woken at 12:00"]


def test_a_moment_that_has_passed_does_not_turn_the_clock_back() -> None:
    async def scenario() -> dt.datetime:
        clock = EventClock(START)
        clock.join()
        await clock.sleep_until(minutes(30))
        await clock.sleep_until(minutes(5))
        return clock.now()

    assert asyncio.run(scenario()) == minutes(30)


def test_scaled_time_runs_at_its_speed(monkeypatch: pytest.MonkeyPatch) -> None:
    real_s = [100.0]
    monkeypatch.setattr("backend.simulate.clock.time.monotonic", lambda: real_s[0])
    clock = ScaledClock(START, 60)
    real_s[0] += 30
    assert clock.now() == minutes(30)
    with pytest.raises(ValueError, match="positive"):
        ScaledClock(START, 0)


def test_nobody_acts_after_the_end_of_the_played_day() -> None:
    async def scenario() -> dt.datetime:
        clock = EventClock(START, end=minutes(60))
        clock.join()
        await clock.sleep_until(minutes(60))
        with pytest.raises(DayOverError):
            await clock.sleep_until(minutes(61))
        return clock.now()

    assert asyncio.run(scenario()) == minutes(60)
    with pytest.raises(DayOverError):
        asyncio.run(ScaledClock(START, 60, end=minutes(1)).sleep_until(minutes(2)))

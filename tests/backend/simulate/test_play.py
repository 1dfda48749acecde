"""The demo day played against a real server, as fast as it answers."""

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from backend.simulate.cli import run as run_command
from backend.simulate.connection import Connection, NoAnswerError, RefusedError
from backend.simulate.run import Play, play
from backend.simulate.tally import Tally
from tests.databases import free_port
from tests.servers import LiveServer, run_shangmen

PHONES = 4


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server with the demo day; playing it is what the tests do, so they share it."""
    folder: Path = tmp_path_factory.mktemp("play")
    loaded = run_shangmen(folder, "demo", "--unplanned")
    assert loaded.returncode == 0, loaded.stderr
    live = LiveServer(folder, {"SHANGMEN_SOLVER_WARM_UP": "false"})
    live.start()
    yield live
    live.stop()


def board(url: str, day: dt.date | None = None) -> dict:
    async def look() -> dict:
        async with httpx.AsyncClient(base_url=url, timeout=30) as http:
            dispatcher = Connection(http, Tally())
            await dispatcher.sign_in("dispatcher", "shangmen-demo")
            region = (await dispatcher.get_list("board", "/api/regions"))[0]
            return await dispatcher.get(
                "board",
                "/api/board",
                region_id=region["id"],
                day=(day.isoformat() if day else region["open_day"]),
            )

    return asyncio.run(look())


@pytest.mark.slow
def test_a_day_is_played_from_the_morning_to_the_signatures(server: LiveServer) -> None:
    tally = asyncio.run(play(Play(server.url, speed=0, technicians=PHONES, clients=1, by_hand=True, seed=3)))
    told = tally.summary()
    happened, replies = told["happened"], told["replies"]
    assert happened["gave out the day by hand"] == 1
    for mishap in ("declined", "did not show up", "found nobody at home", "lost signal"):
        assert happened[mishap] == 1
    assert happened["reported a no-show"] == 1
    assert happened["has signal again"] == 1
    assert told["delivered_late"] >= 5
    assert happened["signed"] >= PHONES
    assert replies["accepted"] > 20 * happened["signed"] / 2
    assert replies["duplicate"] > 0  # replies that got lost: the same command again
    assert not {"conflict", "rejected"} & replies.keys(), told["refusals"]
    assert not [status for status in told["statuses"] if status.split()[-1].startswith("5")]
    assert told["positions"]["stored"] > 0
    assert 0 < told["latency_ms"]["command"]["p50"] <= told["latency_ms"]["command"]["p95"]

    statuses = [visit["status"] for visit in board(server.url)["visits"]]
    assert statuses.count("signed") == happened["signed"]
    assert {"en_route", "on_site", "done"}.isdisjoint(statuses)  # nobody was left half way


def test_a_server_that_is_not_there_is_one_clear_line(capsys: pytest.CaptureFixture[str]) -> None:
    from argparse import ArgumentParser

    from backend.simulate.cli import register

    parser = ArgumentParser()
    register(parser.add_subparsers())
    url = f"http://127.0.0.1:{free_port()}"
    assert run_command(parser.parse_args(["simulate", "--base-url", url])) == 1
    assert capsys.readouterr().err.startswith(f"shangmen simulate: {url}: ")


def test_a_wrong_password_ends_the_play(server: LiveServer) -> None:
    with pytest.raises(RefusedError) as refused:
        asyncio.run(play(Play(server.url, speed=0, password="wrong")))
    assert refused.value.code == "wrong_password"


def test_no_answer_is_told_apart_from_a_refusal() -> None:
    with pytest.raises(NoAnswerError):
        asyncio.run(play(Play(f"http://127.0.0.1:{free_port()}", speed=0)))


@pytest.mark.slow
def test_a_day_left_half_way_goes_on_where_it_was(server: LiveServer) -> None:
    tomorrow = dt.date.fromisoformat(board(server.url)["day"]) + dt.timedelta(days=1)
    morning = Play(
        server.url, tomorrow, speed=0, technicians=2, clients=0, by_hand=True, until=dt.time(11, 30)
    )
    before = asyncio.run(play(morning)).summary()["happened"]
    half_way = {visit["status"] for visit in board(server.url, tomorrow)["visits"]}
    assert half_way & {"en_route", "on_site", "diagnosed", "done"}
    after = asyncio.run(play(replace(morning, until=None))).summary()["happened"]
    statuses = [visit["status"] for visit in board(server.url, tomorrow)["visits"]]
    assert statuses.count("signed") == before.get("signed", 0) + after["signed"]
    assert {"en_route", "on_site", "diagnosed", "done"}.isdisjoint(statuses)


@pytest.mark.slow
def test_the_day_that_comes_planned_is_played_as_it_is(tmp_path: Path) -> None:
    loaded = run_shangmen(tmp_path, "demo")
    assert loaded.returncode == 0, loaded.stderr
    live = LiveServer(tmp_path, {"SHANGMEN_SOLVER_WARM_UP": "false"})
    live.start()
    try:
        planned = len(board(live.url)["visits"])
        morning = Play(live.url, speed=0, technicians=3, clients=1, until=dt.time(11, 30))
        happened = asyncio.run(play(morning)).summary()["happened"]
        visits = board(live.url)["visits"]
    finally:
        live.stop()
    assert "published a plan" not in happened
    assert happened["signed"] >= 2
    assert planned > 70
    assert "signed" in {visit["status"] for visit in visits}

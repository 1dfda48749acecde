"""`shangmen simulate`: play the demo day through the public API."""

import argparse
import asyncio
import datetime as dt
import json
import sys
from zoneinfo import ZoneInfo

from backend.settings import Settings
from backend.simulate.connection import NoAnswerError, RefusedError
from backend.simulate.office import PlanFailedError
from backend.simulate.run import Play, play
from backend.simulate.tally import Tally, described

Subparsers = argparse._SubParsersAction  # argparse has no public name for what add_subparsers returns
ZONE = ZoneInfo("Asia/Shanghai")


def register(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("simulate")
    usual = Play()
    parser.add_argument("--base-url", default="", help="the running server; the configured one if left out")
    parser.add_argument("--day", type=dt.date.fromisoformat, default=None, metavar="YYYY-MM-DD")
    parser.add_argument(
        "--speed", type=_speed, default=usual.speed, help="times real time; 0: as fast as it goes"
    )
    parser.add_argument("--seed", type=int, default=usual.seed, help="the same seed plays the same story")
    parser.add_argument("--technicians", type=int, default=usual.technicians, help="how many phones; 0: all")
    parser.add_argument(
        "--clients", type=int, default=usual.clients, help="how many customers watch their link"
    )
    parser.add_argument(
        "--plan-seconds", type=float, default=usual.plan_seconds, help="to plan an unplanned day"
    )
    parser.add_argument("--until", type=dt.time.fromisoformat, metavar="HH:MM", help="leave the day half way")
    parser.add_argument(
        "--by-hand", action="store_true", help="give jobs out one by one instead of optimising"
    )
    parser.add_argument("--engine", default=usual.engine, choices=["auto", "hybrid", "ortools"])
    parser.add_argument("--login", default=usual.login)
    parser.add_argument("--password", default=usual.password)
    parser.add_argument("--json", action="store_true", help="print the summary as JSON")
    parser.set_defaults(run=run)


def _speed(text: str) -> float:
    speed = float(text)
    if speed < 0:
        raise argparse.ArgumentTypeError("must not be negative")
    return speed


def run(arguments: argparse.Namespace) -> int:
    """Play and print the summary; exit status 1 when the server could not be played with."""
    given = {
        name: getattr(arguments, name)
        for name in (
            "day",
            "speed",
            "seed",
            "technicians",
            "clients",
            "plan_seconds",
            "engine",
            "by_hand",
            "until",
            "until",
            "login",
            "password",
        )
    }
    base_url = (arguments.base_url or Settings().base_url).rstrip("/")
    failures: list[str] = []
    tally = Tally()
    try:
        tally = asyncio.run(play(Play(base_url=base_url, **given)))
    except* (NoAnswerError, RefusedError, PlanFailedError) as group:
        failures = [str(error) for error in group.exceptions]
    if failures:
        print(f"shangmen simulate: {base_url}: {failures[0]}", file=sys.stderr)
        return 1
    print(_printed(tally, as_json=arguments.json))
    return 0


def _printed(tally: Tally, *, as_json: bool) -> str:
    return json.dumps(tally.summary(), ensure_ascii=False, indent=1) if as_json else described(tally, ZONE)

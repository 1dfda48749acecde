"""`shangmen demo`: load the demo day into an empty database."""

import argparse
import asyncio
import datetime as dt

from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.demo.service import DemoSummary, load_demo, today
from backend.settings import Settings

Subparsers = argparse._SubParsersAction  # argparse has no public name for what add_subparsers returns


def register(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("demo")
    parser.add_argument(
        "--day", type=day_argument, default=None, metavar="YYYY-MM-DD", help="its date; today in Beijing"
    )
    parser.add_argument("--unplanned", action="store_true", help="leave the day to be planned")
    parser.set_defaults(run=run)


def day_argument(text: str) -> dt.date:
    """`today`, `tomorrow` or a date."""
    words = {"today": 0, "tomorrow": 1}
    if text in words:
        return today() + dt.timedelta(days=words[text])
    return dt.date.fromisoformat(text)


def run(arguments: argparse.Namespace) -> int:
    """Migrate, load, say who can sign in."""
    settings = Settings()
    upgrade(settings.resolved_database_url)
    day, is_planned = arguments.day or today(), not arguments.unplanned
    print(described(asyncio.run(load(settings, day, is_planned=is_planned))))
    return 0


async def load(settings: Settings, day: dt.date, *, is_planned: bool = True) -> DemoSummary:
    """Load the demo into the configured, migrated database."""
    db = Database(settings.resolved_database_url)
    try:
        return await db.write(load_demo, day, is_planned=is_planned)
    finally:
        await db.close()


def described(summary: DemoSummary) -> str:
    """What a newcomer needs to know."""
    return (
        f"The demo day {summary.day}: {summary.jobs} jobs, {summary.planned} of them planned, "
        f"{summary.technicians} technicians.\n"
        f"Sign in as {summary.dispatcher}, agent, clerk, xunda, anju, admin or {summary.technician}; "
        f"every password is {summary.password}."
    )

"""`shangmen company load FILE`: a company's master data from a file."""

import argparse
import asyncio
import sys
from pathlib import Path

from sqlmodel import Session

from backend.auth.accounts import new_password
from backend.auth.passwords import hash_password
from backend.company import service
from backend.company.file import CompanyFile
from backend.company.mistakes import read_file
from backend.company.report import Report
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.db.types import utc_now
from backend.errors import BadInputError
from backend.settings import Settings

Subparsers = argparse._SubParsersAction  # argparse has no public name for what add_subparsers returns
DAYS, MOST_DAYS = 28, 366


class _NotKeptError(Exception):
    """Ends a dry run's transaction, which takes everything back."""

    def __init__(self, report: Report) -> None:
        super().__init__()
        self.report = report


def register(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("company")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="ACTION")
    load = kinds.add_parser("load", help="write what a JSON file says of a company; again, what has changed")
    load.add_argument("file", type=Path)
    load.add_argument("--dry-run", action="store_true", help="say what would be written, and write nothing")
    load.add_argument(
        "--organisation",
        default="",
        metavar="NAME",
        help="which organisation, where it is not the file's name",
    )
    load.add_argument(
        "--days",
        type=int,
        default=DAYS,
        help=f"make shifts for so many days from today on; {DAYS} if left out",
    )
    load.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Load and report; passwords of new accounts are printed, this once."""
    if not 0 <= arguments.days <= MOST_DAYS:
        raise BadInputError(f"--days must be between 0 and {MOST_DAYS}.")
    told = read_file(arguments.file)
    settings = Settings()
    upgrade(settings.resolved_database_url)
    report, passwords = asyncio.run(
        load(settings, told, arguments.days, arguments.organisation, is_dry=arguments.dry_run)
    )
    print("\n".join(report.lines(is_dry=arguments.dry_run)))
    made = [login for login in report.new_logins if login in passwords]
    if made:
        print(
            "\nNew accounts. These passwords are shown this once; `shangmen account password` makes others:"
        )
        width = max(len(login) for login in made)
        print("\n".join(f"  {login:<{width}}  {passwords[login]}" for login in made))
    sys.stdout.flush()
    return 0


async def load(
    settings: Settings, told: CompanyFile, days: int = DAYS, wanted: str = "", *, is_dry: bool = False
) -> tuple[Report, dict[str, str]]:
    """Load into the configured, migrated database; the report, and new passwords by login."""
    db = Database(settings.resolved_database_url)
    try:
        logins = await db.read(service.new_logins, told)
        passwords = {} if is_dry else {login: new_password() for login in logins}
        # Hashing takes long by design: before the transaction, which others may wait for.
        hashes = await asyncio.to_thread(_hashes, passwords) if passwords else dict.fromkeys(logins, "")
        try:
            return await db.write(_load, told, hashes, days, wanted, is_dry=is_dry), passwords
        except _NotKeptError as dry:
            return dry.report, {}
    finally:
        await db.close()


def _hashes(passwords: dict[str, str]) -> dict[str, str]:
    return {login: hash_password(password) for login, password in passwords.items()}


def _load(
    session: Session, told: CompanyFile, hashes: dict[str, str], days: int, wanted: str, *, is_dry: bool
) -> Report:
    report = service.load(session, told, hashes, utc_now(), days, wanted)
    if is_dry:
        raise _NotKeptError(report)
    return report

"""`shangmen person export|erase`: a person's rights from the command line."""

import argparse
import asyncio
from pathlib import Path
from typing import Any

from sqlmodel import Session, select

from backend.auth.actor import Actor, system_actor
from backend.db.session import Database
from backend.errors import BadInputError
from backend.evidence.store import LocalBlobStore
from backend.organisations.models import Organisation
from backend.privacy import erasure, export
from backend.privacy.models import Erasure
from backend.privacy.person import customer_by_phone
from backend.report.service import phone_number
from backend.settings import Settings


def register(subparsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    """Add the subcommands."""
    parser = subparsers.add_parser("person")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="ACTION")
    out = kinds.add_parser("export", help="write everything to a ZIP file")
    out.add_argument("phone", help="the person's phone number")
    out.add_argument("file", type=Path, help="the ZIP file to write")
    out.set_defaults(run=_export)
    gone = kinds.add_parser("erase", help="erase everything but signed papers and money")
    gone.add_argument("phone", help="the person's phone number")
    gone.add_argument("--reason", required=True, help="who asked and how we know; kept, so name nobody")
    gone.set_defaults(run=_erase)
    for each in (out, gone):
        each.add_argument("--organisation", default="", help="its name, when there are several")


def _export(arguments: argparse.Namespace) -> int:
    settings = Settings()

    def work(session: Session) -> export.Export:
        actor, phone = _actor(session, arguments)
        return export.collect(session, actor, customer_by_phone(session, actor, phone))

    found = asyncio.run(_written(settings, work))
    arguments.file.write_bytes(export.packed(found, LocalBlobStore(settings.blob_dir)))
    print(f"{arguments.file}: {sum(map(len, found.data.values()))} rows, {len(found.pictures)} pictures")
    return 0


def _erase(arguments: argparse.Namespace) -> int:
    settings = Settings()

    def work(session: Session) -> tuple[Erasure, list[str]]:
        actor, phone = _actor(session, arguments)
        return erasure.erase(session, actor, customer_by_phone(session, actor, phone), arguments.reason)

    row, files = asyncio.run(_written(settings, work))
    LocalBlobStore(settings.blob_dir).drop_all(files)
    for kind, count in row.summary["erased"].items():
        print(f"{kind:<12}{count:>6}")
    print("kept: " + ", ".join(row.summary["kept"]))
    return 0


async def _written(settings: Settings, work: Any) -> Any:  # noqa: ANN401 - whatever the work gives back
    db = Database(settings.resolved_database_url)
    try:
        return await db.write(work)
    finally:
        await db.close()


def _actor(session: Session, arguments: argparse.Namespace) -> tuple[Actor, str]:
    rows = session.exec(select(Organisation)).all()
    found = [row for row in rows if not arguments.organisation or row.name == arguments.organisation]
    if len(found) != 1:
        known = ", ".join(sorted(row.name for row in rows)) or "none yet"
        raise BadInputError(f"Say which organisation with --organisation NAME; there are: {known}.")
    (org,) = found
    return system_actor(org.id, "command line"), phone_number(arguments.phone, org.phone_region)

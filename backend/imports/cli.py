"""`shangmen import orders FILE`: a dry run, and with --apply the real one."""

import argparse
import asyncio
import uuid
from pathlib import Path

from backend.auth.actor import Actor, system_actor
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.errors import BadInputError
from backend.geocoding.datum import Datum
from backend.imports import intake, repository, service
from backend.imports.models import ImportRow, ImportRun
from backend.imports.refused import refused_csv
from backend.imports.service import Upload
from backend.settings import Settings

Subparsers = argparse._SubParsersAction  # argparse has no public name for what add_subparsers returns
SHOWN_REASONS = 40


def register(subparsers: "Subparsers[argparse.ArgumentParser]") -> None:
    """Add the subcommand."""
    parser = subparsers.add_parser("import")
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    orders = kinds.add_parser("orders", help="a CSV, XLSX or JSON file of orders; only looks unless --apply")
    orders.add_argument("file", type=Path)
    orders.add_argument(
        "--channel", default="", help="whose orders: taobao, jd, douyin, …; found out if left out"
    )
    orders.add_argument(
        "--datum", type=Datum, default=Datum.WGS84, choices=list(Datum), help="of coordinates in the file"
    )
    orders.add_argument("--region", default="", help="the region's name, when there are several")
    orders.add_argument("--apply", action="store_true", help="create the jobs")
    orders.add_argument("--refused", type=Path, metavar="OUT.csv", help="write refused lines here")
    orders.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Import and report; exit status 1 when something was refused."""
    settings = Settings()
    upgrade(settings.resolved_database_url)
    done, rows = asyncio.run(_import(settings, arguments))
    print(described(done, rows, applied=arguments.apply))
    if arguments.refused:
        refused = [row for row in rows if row.outcome == "refuse"]
        arguments.refused.write_text(refused_csv(done, refused), encoding="utf-8")
    return 1 if done.summary["refused"] else 0


async def _import(settings: Settings, arguments: argparse.Namespace) -> tuple[ImportRun, list[ImportRow]]:
    db = Database(settings.resolved_database_url)
    try:
        return await import_orders(
            db, settings, arguments.file, arguments.channel, apply=arguments.apply,
            datum=arguments.datum, region=arguments.region,
        )  # fmt: skip
    finally:
        await db.close()


async def import_orders(
    db: Database,
    settings: Settings,
    path: Path,
    channel: str = "",
    *,
    apply: bool = False,
    datum: Datum = Datum.WGS84,
    region: str = "",
) -> tuple[ImportRun, list[ImportRow]]:
    """Dry run of a file, applied when asked; the run and all its rows. Raises `DomainError`."""
    data = await asyncio.to_thread(_bytes_of, path)
    organisation = await db.read(repository.sole_organisation)
    if organisation is None:
        raise BadInputError("There is no organisation to import into; load the demo or set one up first.")
    actor = system_actor(organisation.id, "import")
    upload = Upload(path.name, data, channel, datum, await _region_id(db, actor, region))
    done = await intake.dry_run(db, actor, upload, intake.locator_for(settings))
    if apply:
        done = await intake.apply(db, actor, done.id)
    done, rows = await db.read(service.read_run, actor, done.id, None)
    return done, list(rows)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadInputError(f"{path}: {error.strerror}") from error


async def _region_id(db: Database, actor: Actor, name: str) -> uuid.UUID | None:
    if not name:
        return None
    for region in await db.read(repository.regions, actor.org_id):
        if region.name == name:
            return region.id
    raise BadInputError(f"There is no region {name!r}.")


def described(done: ImportRun, rows: list[ImportRow], *, applied: bool) -> str:
    """What happened, or would, in a few lines."""
    told = done.summary
    read_as = " ".join(filter(None, (done.format, done.encoding)))
    counts = (
        f"{told['created']} created, {told['joined']} joined, {told['unchanged']} unchanged, "
        f"{told['refused']} refused ({told['refused_lines']} lines), "
        f"{told['needs_location']} without a location"
    )
    lines = [
        f"{done.file_name}: {read_as}, channel {done.channel}, {told['lines']} lines",
        f"{'Applied' if applied else 'Dry run'}: {told['orders']} orders, {told['jobs']} jobs",
        counts,
    ]
    reasons = _reasons(rows) + [
        f"line {each['line']}: {each['message']['en']}"
        for each in told["ignored"]
        if each["code"] != "header"
    ]
    lines += [f"  {reason}" for reason in reasons[:SHOWN_REASONS]]
    if len(reasons) > SHOWN_REASONS:
        hidden = len(reasons) - SHOWN_REASONS
        lines.append(f"  … and {hidden} more; --refused OUT.csv writes every refused line")
    if not applied and told["created"] + told["joined"]:
        lines.append("Nothing was changed. Add --apply to create the jobs.")
    return "\n".join(lines)


def _reasons(rows: list[ImportRow]) -> list[str]:
    return [
        f"line {', '.join(str(line) for line in row.lines)}: {row.outcome}: "
        f"{reason['message']['en']} / {reason['message']['zh']}"
        for row in rows
        for reason in row.reasons
    ]

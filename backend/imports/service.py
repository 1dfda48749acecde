"""What a file would do, kept until somebody says yes."""

import hashlib
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from backend.audit import service as audit
from backend.audit.feed import append_change
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import BadInputError, NotFoundError
from backend.geocoding.datum import Datum
from backend.geocoding.locate import Location
from backend.imports import repository
from backend.imports.models import ImportRow, ImportRun
from backend.imports.orders import Reading
from backend.imports.outcomes import Outcome, Verdict
from backend.imports.parsed import from_json, parsed_order, to_json
from backend.imports.products import ProductIndex
from backend.imports.reasons import Reason
from backend.organisations.models import Region
from backend.organisations.service import get_region

APPLIED = (Outcome.CREATE, Outcome.JOIN)


@dataclass(frozen=True)
class Ground:
    """What reading a file needs to know of the organisation."""

    region: Region
    phone_region: str
    products: ProductIndex


@dataclass(frozen=True)
class Judged:
    """A verdict and, when it makes jobs, where they are."""

    verdict: Verdict
    location: Location | None


@dataclass(frozen=True)
class Upload:
    """A file as it came; `channel` is empty when the columns shall tell."""

    name: str
    data: bytes
    channel: str = ""
    datum: Datum = Datum.WGS84
    region_id: uuid.UUID | None = None


def ground(session: Session, actor: Actor, region_id: uuid.UUID | None) -> Ground:
    """The region to import into (the only one when none is named) and what is sold there."""
    actor.require(Permission.IMPORT_ORDERS)
    if region_id is None:
        regions = repository.regions(session, actor.org_id)
        if len(regions) != 1:
            raise BadInputError("Say which region the orders belong to.", code="region_required")
        region = regions[0]
    else:
        region = get_region(session, actor, region_id)
    organisation = repository.organisation(session, actor.org_id)
    return Ground(region, organisation.phone_region, repository.product_index(session, actor.org_id))


def keep_dry_run(
    session: Session, actor: Actor, upload: Upload, region: Region, reading: Reading, judged: Sequence[Judged]
) -> ImportRun:
    """Store what a file would do; nothing of it is done yet."""
    actor.require(Permission.IMPORT_ORDERS)
    run = ImportRun(
        org_id=actor.org_id,
        region_id=region.id,
        file_name=upload.name[-200:],
        file_sha256=hashlib.sha256(upload.data).hexdigest(),
        format=reading.table.format,
        encoding=reading.table.encoding,
        channel=reading.channel,
        datum=upload.datum,
        created_by=actor.name,
    )
    session.add(run)
    session.flush()
    rows = [_row(run, position, each) for position, each in enumerate(judged)]
    session.add_all(rows)
    run.summary = summary_of(rows) | _file_notes(reading)
    session.flush()
    audit.record(session, actor, "import.dry_run", "import", run.id, **counts(run.summary))
    append_change(session, actor.org_id, "import", run.id, kind="created", region_id=region.id)
    return run


def _row(run: ImportRun, position: int, judged: Judged) -> ImportRow:
    verdict, location = judged.verdict, judged.location
    reasons = list(verdict.reasons)
    if location is not None and location.missing is not None:
        reasons.append(Reason(location.missing, "address"))
    return ImportRow(
        org_id=run.org_id,
        run_id=run.id,
        position=position,
        order_no=verdict.order.order_no,
        lines=[line.row.line for line in verdict.lines],
        outcome=verdict.outcome,
        reasons=[reason.to_json() for reason in reasons],
        parsed=to_json(parsed_order(verdict, location)),
        raw=[
            {
                "line": line.row.line,
                "cells": list(line.row.cells),
                "key": _refused_key(run, verdict, line.refused_key, line.row.line, line.refusals),
                "reasons": [reason.message() for reason in line.refusals],
            }
            for line in verdict.lines
        ],
    )


def _refused_key(
    run: ImportRun, verdict: Verdict, earlier: str, line: int, refusals: Sequence[Reason]
) -> str:
    """What marks a refused line when it comes back corrected; a line that is known already needs no mark."""
    if verdict.outcome is not Outcome.REFUSE or any(each.code == "known_line_differs" for each in refusals):
        return ""
    return earlier or f"{run.id.hex[-10:]}.{line}"


def _file_notes(reading: Reading) -> dict[str, Any]:
    ignored = [
        {"line": line, **reason.to_json()} for line, reason in reading.ignored if reason.code != "blank"
    ]
    ignored += [
        {"line": 0, **Reason("sheet_not_read", "", {"value": name}).to_json()}
        for name in reading.table.unread_sheets
    ]
    return {"ignored": ignored, "header": list(reading.layout.header), "lines": len(reading.table.rows)}


def summary_of(rows: Sequence[ImportRow]) -> dict[str, Any]:
    """Counts of orders by outcome, of jobs, and of places that will need a pin."""
    outcomes = Counter(row.outcome for row in rows)
    numbered = {(row.parsed["channel"], row.order_no) for row in rows if row.order_no}
    made = [from_json(row.parsed) for row in rows if row.outcome in APPLIED]
    return {
        "orders": len(numbered) + sum(not row.order_no for row in rows),
        "jobs": sum(article.qty for order in made for article in order.articles),
        "created": outcomes[Outcome.CREATE],
        "joined": outcomes[Outcome.JOIN],
        "unchanged": outcomes[Outcome.UNCHANGED],
        "refused": outcomes[Outcome.REFUSE],
        "refused_lines": sum(len(row.lines) for row in rows if row.outcome == Outcome.REFUSE),
        "needs_location": sum(order.lat is None for order in made),
    }


def counts(summary: Mapping[str, Any]) -> dict[str, int]:
    """The numbers of a summary, which hold no personal data."""
    return {name: value for name, value in summary.items() if isinstance(value, int)}


def get_run(session: Session, actor: Actor, run_id: uuid.UUID) -> ImportRun:
    """One import of the actor's organisation."""
    actor.require(Permission.IMPORT_ORDERS)
    run = repository.run_of(session, actor, run_id)
    if run is None:
        raise NotFoundError("No such import.")
    return run


def list_runs(session: Session, actor: Actor, after: uuid.UUID | None, limit: int) -> Sequence[ImportRun]:
    """Imports, newest first."""
    actor.require(Permission.IMPORT_ORDERS)
    return repository.runs(session, actor, after, limit)


def read_run(
    session: Session, actor: Actor, run_id: uuid.UUID, limit: int | None
) -> tuple[ImportRun, Sequence[ImportRow]]:
    """One import with its rows in file order."""
    run = get_run(session, actor, run_id)
    return run, repository.rows(session, run.id, limit)


def rows_of(
    session: Session, actor: Actor, run_id: uuid.UUID, outcome: Outcome | None, after: int, limit: int
) -> tuple[ImportRun, Sequence[ImportRow]]:
    """A part of one import's rows, of one outcome or of all."""
    run = get_run(session, actor, run_id)
    return run, repository.rows(session, run.id, limit, outcome or "", after)


def refused_rows(session: Session, actor: Actor, run_id: uuid.UUID) -> tuple[ImportRun, Sequence[ImportRow]]:
    """One import with the rows that were refused."""
    run = get_run(session, actor, run_id)
    return run, repository.rows(session, run.id, outcome=Outcome.REFUSE)

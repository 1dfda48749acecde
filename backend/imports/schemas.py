"""Imports on the wire."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import msgspec

from backend.geocoding.datum import Datum
from backend.imports.models import ImportRow, ImportRun, ImportState
from backend.privacy.disclosure import masked_address
from backend.web.schemas import Page, Reply


class Message(Reply):
    """The same words in both languages."""

    zh: str
    en: str


class ReasonRead(Reply):
    code: str
    field: str
    message: Message


class IgnoredRead(Reply):
    """A line of the file that is no order; line 0 stands for a whole sheet."""

    line: int
    code: str
    field: str
    message: Message


class ImportSummary(Reply):
    """Orders by outcome, jobs, refused lines, places that need a pin, lines of the file."""

    orders: int
    jobs: int
    created: int
    joined: int
    unchanged: int
    refused: int
    refused_lines: int
    needs_location: int
    lines: int
    ignored: list[IgnoredRead]


class ImportRowRead(Reply):
    """One order of the file: its lines, what becomes of it and why."""

    lines: list[int]
    order_no: str
    outcome: str
    reasons: list[ReasonRead]
    customer: str
    product: str
    qty: int
    type: str
    address: str
    location: str


class ImportProgress(Reply):
    """How many of the orders that are to be applied have been."""

    done: int
    todo: int


class ImportRunSummary(Reply):
    """An import without its rows; `progress` while it is being applied."""

    id: uuid.UUID
    region_id: uuid.UUID
    file_name: str
    state: ImportState
    format: str
    encoding: str
    channel: str
    datum: Datum
    created_by: str
    created_at: dt.datetime
    summary: ImportSummary
    progress: ImportProgress | None


class ImportRunRead(ImportRunSummary):
    """An import with up to 500 rows in file order."""

    rows: list[ImportRowRead]


def run_summary(run: ImportRun) -> ImportRunSummary:
    """A run as lists show it."""
    return ImportRunSummary(**_common(run))


def run_read(run: ImportRun, rows: Sequence[ImportRow]) -> ImportRunRead:
    """A run as its page shows it."""
    return ImportRunRead(**_common(run), rows=[_row_read(run, row) for row in rows])


def _common(run: ImportRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "region_id": run.region_id,
        "file_name": run.file_name,
        "state": run.state,
        "format": run.format,
        "encoding": run.encoding,
        "channel": run.channel,
        "datum": Datum(run.datum),
        "created_by": run.created_by,
        "created_at": run.created_at,
        "summary": msgspec.convert(dict(run.summary), ImportSummary),
        "progress": ImportProgress(int(run.summary.get("done", 0)), int(run.summary.get("todo", 0)))
        if run.state is ImportState.APPLYING
        else None,
    }


def rows_read(run: ImportRun, rows: Sequence[ImportRow], limit: int) -> Page[ImportRowRead]:
    """A part of a run's rows; the cursor is the position in the file."""
    next_one = str(rows[-1].position) if len(rows) == limit else None
    return Page([_row_read(run, row) for row in rows], next=next_one)


def _row_read(run: ImportRun, row: ImportRow) -> ImportRowRead:
    told = row.parsed
    # Until it is applied somebody may have to compare it with the file.
    address = masked_address(told["address"]) if run.state is ImportState.APPLIED else told["address"]
    return ImportRowRead(
        lines=list(row.lines),
        order_no=row.order_no,
        outcome=row.outcome,
        reasons=msgspec.convert([dict(each) for each in row.reasons], list[ReasonRead]),
        customer=told["customer"],
        product=told["product"],
        qty=told["qty"],
        type=told["type"],
        address=address,
        location=told["location"],
    )

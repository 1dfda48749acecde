"""Order files over HTTP: upload is a dry run, applying is a second step."""

import uuid
from dataclasses import dataclass
from typing import Annotated

import msgspec
from litestar import Response, Router, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, MultipartBody, QueryParameter

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.background.ports import BackgroundPort
from backend.db.session import Database
from backend.geocoding.datum import Datum
from backend.imports import intake, repository, runs, service
from backend.imports.models import ImportState
from backend.imports.outcomes import Outcome
from backend.imports.refused import refused_csv
from backend.imports.schemas import (
    ImportRowRead,
    ImportRunRead,
    ImportRunSummary,
    rows_read,
    run_read,
    run_summary,
)
from backend.imports.service import Upload
from backend.imports.tables import MAX_FILE_BYTES
from backend.settings import Settings
from backend.web.schemas import Page

SHOWN_ROWS = 500
# Most files are done by then; whoever sent a longer one is told so rather than kept waiting.
PATIENCE_S = 1.5
MULTIPART_BYTES = 64 * 1024
Channel = Annotated[str, msgspec.Meta(max_length=20, pattern=r"^[a-z0-9_\-]*$")]


@dataclass
class OrderFile:
    """An uploaded order file; channel and region are found out when they are not given."""

    file: UploadFile
    channel: Channel = ""
    datum: Datum = Datum.WGS84
    region_id: uuid.UUID | None = None


@post(
    "/",
    operation_id="uploadOrders",
    status_code=201,
    request_max_body_size=MAX_FILE_BYTES + MULTIPART_BYTES,
)
async def upload_orders(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    data: MultipartBody[OrderFile],
) -> ImportRunRead:
    """Dry run of a CSV, XLSX or JSON file: what would be created, joined, refused. Creates no job."""
    actor.require(Permission.IMPORT_ORDERS)
    name = (data.file.filename or "orders").replace("\x00", "")
    upload = Upload(name, await data.file.read(), data.channel, data.datum, data.region_id)
    run = await intake.dry_run(db, actor, upload, intake.locator_for(settings))
    return run_read(*await db.read(service.read_run, actor, run.id, SHOWN_ROWS))


@get("/", operation_id="listImports")
async def list_imports(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    after: Annotated[uuid.UUID | None, QueryParameter()] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> Page[ImportRunSummary]:
    """Imports, newest first."""
    runs = await db.read(service.list_runs, actor, after, limit)
    return Page([run_summary(run) for run in runs], next=str(runs[-1].id) if len(runs) == limit else None)


@get("/{run_id:uuid}", operation_id="getImport")
async def get_import(
    db: NamedDependency[Database], actor: NamedDependency[Actor], run_id: FromPath[uuid.UUID]
) -> ImportRunRead:
    """One import with its first 500 rows."""
    return run_read(*await db.read(service.read_run, actor, run_id, SHOWN_ROWS))


@get("/{run_id:uuid}/rows", operation_id="listImportRows")
async def list_rows(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    run_id: FromPath[uuid.UUID],
    outcome: Annotated[Outcome | None, QueryParameter()] = None,
    after: Annotated[int, QueryParameter(ge=-1, le=1_000_000)] = -1,
    limit: Annotated[int, QueryParameter(ge=1, le=500)] = 100,
) -> Page[ImportRowRead]:
    """An import's rows in file order, of one outcome or of all."""
    return rows_read(*await db.read(service.rows_of, actor, run_id, outcome, after, limit), limit)


@post(
    "/{run_id:uuid}/apply",
    operation_id="applyImport",
    status_code=200,
    responses={202: ResponseSpec(ImportRunRead, generate_examples=False, description="still being applied")},
)
async def apply_import(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    background: NamedDependency[BackgroundPort],
    run_id: FromPath[uuid.UUID],
) -> Response[ImportRunRead]:
    """Create the cases and jobs of a dry run. A long one goes on in the background (202).

    Asked again after it failed, it goes on where it stopped.
    """
    await db.write(runs.ask, actor, run_id, background.hand_over_import)
    background.wake()
    run = await intake.settled(db, actor, run_id, PATIENCE_S)
    read = run_read(run, await db.read(repository.rows, run.id, SHOWN_ROWS))
    return Response(read, status_code=202 if run.state is ImportState.APPLYING else 200)


@get("/{run_id:uuid}/refused.csv", operation_id="getRefusedRows", media_type="text/csv")
async def get_refused(
    db: NamedDependency[Database], actor: NamedDependency[Actor], run_id: FromPath[uuid.UUID]
) -> Response[str]:
    """The refused lines with their reasons, to be corrected and uploaded again."""
    run, rows = await db.read(service.refused_rows, actor, run_id)
    headers = {"Content-Disposition": f'attachment; filename="refused-{run.id}.csv"'}
    return Response(refused_csv(run, rows), media_type="text/csv", headers=headers)


router = Router(
    "/api/imports",
    route_handlers=[upload_orders, list_imports, get_import, list_rows, apply_import, get_refused],
    tags=["imports"],
)

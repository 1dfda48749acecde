"""A person's rights over HTTP: all we hold, being forgotten, and who was shown a masked number."""

import asyncio
import datetime as dt
import uuid
from typing import Annotated, Any

import msgspec
from litestar import Response, Router, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.evidence.store import LocalBlobStore
from backend.privacy import erasure, export, showing
from backend.privacy.models import Erasure
from backend.privacy.showing import ShowReason
from backend.settings import Settings
from backend.web.schemas import Body, Reply

ZIP = "application/zip"


class EraseRequest(Body):
    """Why: who asked, and how we know that it was them. It is kept; name nobody in it."""

    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class ShowRequest(Body):
    reason: ShowReason


class ContactShown(Reply):
    """How a job's customer is reached, in full."""

    name: str
    phone: str
    address: str


class ErasureRead(Reply):
    """What was done: rows erased by kind, and what was kept."""

    id: uuid.UUID
    at: dt.datetime
    erased: dict[str, int]
    kept: list[str]


def erasure_read(row: Erasure) -> ErasureRead:
    summary: dict[str, Any] = dict(row.summary)
    return ErasureRead(row.id, row.created_at, summary["erased"], summary["kept"])


@post(
    "/customers/{customer_id:uuid}/export",
    operation_id="exportPerson",
    status_code=200,
    media_type=ZIP,
    responses={200: ResponseSpec(bytes, generate_examples=False, media_type=ZIP, description="A ZIP file")},
)
async def export_person(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    customer_id: FromPath[uuid.UUID],
) -> Response[bytes]:
    """All we hold of everybody under a customer's phone number: `data.json`, pictures, signed texts."""
    found = await db.write(export.collect, actor, customer_id)
    data = await asyncio.to_thread(export.packed, found, LocalBlobStore(settings.blob_dir))
    headers = {
        "Content-Disposition": f'attachment; filename="person-{customer_id.hex[-8:]}.zip"',
        "Cache-Control": "no-store",
    }
    return Response(data, media_type=ZIP, headers=headers)


@post("/customers/{customer_id:uuid}/erase", operation_id="erasePerson", status_code=200)
async def erase_person(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    customer_id: FromPath[uuid.UUID],
    data: JSONBody[EraseRequest],
) -> ErasureRead:
    """Erase a person for ever; signed papers and money stay. 409 `job_open` while work is under way."""
    row, files = await db.write(erasure.erase, actor, customer_id, data.reason)
    await asyncio.to_thread(LocalBlobStore(settings.blob_dir).drop_all, files)
    return erasure_read(row)


@post("/jobs/{job_id:uuid}/show-contact", operation_id="showContact", status_code=200)
async def show_contact(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    job_id: FromPath[uuid.UUID],
    data: JSONBody[ShowRequest],
) -> ContactShown:
    """A job's number and address outside the visit's time too; the audit log keeps who asked and why."""
    shown = await db.write(showing.show, actor, job_id, data.reason)
    return ContactShown(shown.name, shown.phone, shown.address)


router = Router("/api", route_handlers=[export_person, erase_person, show_contact], tags=["privacy"])

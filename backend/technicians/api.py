"""Technicians over HTTP."""

import asyncio
import io
import uuid

import segno
from litestar import Router, delete, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, RawBody

from backend.auth.actor import Actor
from backend.auth.schemas import PairingCodeRead
from backend.db.session import Database
from backend.evidence.api import PictureUpload
from backend.evidence.uploads import MAX_BLOB_BYTES
from backend.settings import Settings
from backend.technicians import portraits, service


def pairing_url(base_url: str, code: str) -> str:
    """The link a phone opens; the code stays behind the #, so it never reaches a server log."""
    return f"{base_url}/technician/#pair={code}"


@post("/technicians/{technician_id:uuid}/pairing-code", operation_id="createPairingCode", status_code=201)
async def create_pairing_code(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    technician_id: FromPath[uuid.UUID],
) -> PairingCodeRead:
    """A QR picture that signs this technician's phone in, once, within a quarter of an hour."""
    code = await db.write(service.pairing_code, actor, technician_id)
    url = pairing_url(settings.base_url, code)
    picture = io.BytesIO()
    segno.make(url).save(picture, kind="svg", scale=4, xmldecl=False)
    return PairingCodeRead(url=url, qr_svg=picture.getvalue().decode())


@put(
    "/technicians/{technician_id:uuid}/photo",
    operation_id="setTechnicianPhoto",
    status_code=204,
    request_max_body_size=MAX_BLOB_BYTES,
    operation_class=PictureUpload,
)
async def set_photo(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    technician_id: FromPath[uuid.UUID],
    body: RawBody,
) -> None:
    """The picture customers see before the visit: a JPEG, PNG or WebP, kept as a small square."""
    await db.read(portraits.require_theirs, actor, technician_id)
    webp = await asyncio.to_thread(portraits.squared, body)
    await db.write(portraits.put, actor, technician_id, webp)


@delete("/technicians/{technician_id:uuid}/photo", operation_id="removeTechnicianPhoto", status_code=204)
async def remove_photo(
    db: NamedDependency[Database], actor: NamedDependency[Actor], technician_id: FromPath[uuid.UUID]
) -> None:
    """Customers see the technician's initial again."""
    await db.write(portraits.remove, actor, technician_id)


router = Router("/api", route_handlers=[create_pairing_code, set_photo, remove_photo], tags=["technicians"])

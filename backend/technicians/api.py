"""Technicians over HTTP."""

import io
import uuid

import segno
from litestar import Router, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from backend.auth.actor import Actor
from backend.auth.schemas import PairingCodeRead
from backend.db.session import Database
from backend.settings import Settings
from backend.technicians import service


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


router = Router("/api", route_handlers=[create_pairing_code], tags=["technicians"])

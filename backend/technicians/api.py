"""Technicians over HTTP."""

import asyncio
import datetime as dt
import io
import uuid

import segno
from litestar import Response, Router, delete, get, post, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, RawBody

from backend.auth.actor import Actor
from backend.auth.pairing import LENGTH, LIFE
from backend.auth.schemas import PairingCodeRead
from backend.db.session import Database
from backend.evidence.api import PictureUpload
from backend.evidence.uploads import MAX_BLOB_BYTES
from backend.settings import Settings
from backend.technicians import certificates, portraits, service
from backend.technicians.hours import Hours
from backend.technicians.shifts_api import SHIFTS
from backend.web.schemas import Reply

WEBP = "image/webp"


def pairing_url(base_url: str, code: str) -> str:
    """The link a phone opens; the code stays behind the #, so it never reaches a server log."""
    return f"{base_url}/technician/#pair={code}"


@post("/technicians/{technician_id:uuid}/pairing-code", operation_id="createPairingCode", status_code=201)
async def create_pairing_code(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    settings: NamedDependency[Settings],
    secret: NamedDependency[bytes],
    technician_id: FromPath[uuid.UUID],
) -> PairingCodeRead:
    """A QR picture and a code to type; one of them signs the technician's phone in, once, within a quarter of
    an hour. What was made before for the same technician ends."""
    codes = await db.write(service.pairing_codes, secret, actor, technician_id)
    url = pairing_url(settings.base_url, codes.link)
    picture = io.BytesIO()
    # Black on white whatever the page's colours are, and as large as the page has room for.
    segno.make(url).save(picture, kind="svg", light="white", omitsize=True, xmldecl=False)
    half = LENGTH // 2
    return PairingCodeRead(
        url=url,
        qr_svg=picture.getvalue().decode(),
        typed_code=f"{codes.typed[:half]}-{codes.typed[half:]}",
        good_for_s=int(LIFE.total_seconds()),
    )


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
    """Remove the picture; customers see the technician's initial again."""
    await db.write(portraits.remove, actor, technician_id)


@get(
    "/technicians/{technician_id:uuid}/photo",
    operation_id="getTechnicianPhoto",
    media_type=WEBP,
    responses={200: ResponseSpec(bytes, generate_examples=False, media_type=WEBP, description="The picture")},
)
async def get_photo(
    db: NamedDependency[Database], actor: NamedDependency[Actor], technician_id: FromPath[uuid.UUID]
) -> Response[bytes]:
    """The picture as customers see it."""
    webp = await db.read(portraits.read, actor, technician_id)
    return Response(webp, media_type=WEBP, headers={"Cache-Control": "private, no-cache"})


class CertificateShown(Reply):
    code: str
    expires_on: dt.date
    has_picture: bool


class SkillShown(Reply, gc=False):
    skill: str
    level: int


class TechnicianShown(Reply):
    """Whom customers see, with a face or without, the papers they hold, what they know and when they work.

    `hours` are the seven days from `first_day` on as the region's clocks show them, null for a day without a
    shift; `masked_phone` has the last digits alone.
    """

    id: uuid.UUID
    name: str
    vendor_name: str
    region_id: uuid.UUID
    region_name: str
    masked_phone: str
    has_photo: bool
    certificates: list[CertificateShown]
    skills: list[SkillShown]
    first_day: dt.date
    hours: list[Hours | None]


@get("/technicians", operation_id="listTechnicians")
async def list_technicians(
    db: NamedDependency[Database], actor: NamedDependency[Actor]
) -> list[TechnicianShown]:
    """Technicians one looks after, at most 2,000: what customers see of them, skills and coming shifts."""
    return [
        TechnicianShown(
            id=one.id,
            name=one.name,
            vendor_name=one.vendor_name,
            region_id=one.region_id,
            region_name=one.region_name,
            masked_phone=one.masked_phone,
            has_photo=one.has_photo,
            certificates=[
                CertificateShown(paper.code, paper.expires_on, paper.has_picture)
                for paper in one.certificates
            ],
            skills=[SkillShown(skill, level) for skill, level in one.skills],
            first_day=one.first_day,
            hours=one.hours,
        )
        for one in await db.read(service.presented, actor)
    ]


@put(
    "/technicians/{technician_id:uuid}/certificates/{code:str}/picture",
    operation_id="setCertificatePicture",
    status_code=204,
    request_max_body_size=MAX_BLOB_BYTES,
    operation_class=PictureUpload,
)
async def set_certificate(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    technician_id: FromPath[uuid.UUID],
    code: FromPath[str],
    body: RawBody,
) -> None:
    """A picture of a certificate they hold, for customers to look at: a JPEG, PNG or WebP."""
    await db.read(portraits.require_theirs, actor, technician_id)
    webp = await asyncio.to_thread(certificates.legible, body)
    await db.write(certificates.put, actor, technician_id, code, webp)


@delete(
    "/technicians/{technician_id:uuid}/certificates/{code:str}/picture",
    operation_id="removeCertificatePicture",
    status_code=204,
)
async def remove_certificate(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    technician_id: FromPath[uuid.UUID],
    code: FromPath[str],
) -> None:
    """Remove a certificate's picture; customers are still told of the certificate."""
    await db.write(certificates.remove, actor, technician_id, code)


router = Router(
    "/api",
    route_handlers=[
        *SHIFTS,
        create_pairing_code,
        list_technicians,
        get_photo,
        set_photo,
        remove_photo,
        set_certificate,
        remove_certificate,
    ],
    tags=["technicians"],
)

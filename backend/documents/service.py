"""Finding the signed text a document is made of, and what a stranger with its hash may know."""

import asyncio
import datetime as dt
import json
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import ConflictError, NotFoundError
from backend.evidence.models import Acceptance
from backend.jobs.lifecycle import JobType
from backend.jobs.models import Job
from backend.organisations.models import Organisation, Region
from backend.tracking import receipt
from backend.tracking.receipt import Signed, is_intact

# Laying a page out takes half a second of CPU: one at a time, never on the event loop.
_press = ThreadPoolExecutor(1, "document")
KEPT = 16


@dataclass(frozen=True)
class Verified:
    """What is on record under a hash, without anybody's name or address."""

    is_intact: bool
    org_name: str
    org_locale: str
    number: str
    type: JobType
    product: str
    signed_on: dt.date
    total_fen: int
    currency: str


def signed_of(session: Session, actor: Actor, job_id: uuid.UUID) -> Signed:
    """The newest acceptance of a job the actor may see; raises NotFoundError while there is none."""
    actor.require(Permission.JOB_READ)
    signed = receipt.signed_acceptance(session, replace(actor, job_id=job_id))
    if signed is None:
        raise NotFoundError("Nothing was signed.")
    return signed


def verified(session: Session, sha256: str) -> Verified | None:
    """The record under a hash; None when nothing was ever signed with it."""
    query = select(Acceptance).where(Acceptance.sha256 == sha256).order_by(col(Acceptance.id)).limit(1)
    row = session.exec(query).first()
    if row is None:
        return None
    org, job = session.get_one(Organisation, row.org_id), session.get_one(Job, row.job_id)
    zone = ZoneInfo(session.get_one(Region, job.region_id).zone)
    content = json.loads(row.snapshot)
    signed = Signed(row.snapshot, sha256, "", [], row.signed_at, org.name, org.locale, str(zone))
    return Verified(
        is_intact=is_intact(signed),
        org_name=org.name,
        org_locale=org.locale,
        number=job.number,
        type=job.type,
        product=str(content["product"]),
        signed_on=row.signed_at.astimezone(zone).date(),
        total_fen=int(content["total_fen"]),
        currency=str(content["currency"]),
    )


def verify_url(base_url: str, sha256: str) -> str:
    """Where anybody can check a hash."""
    return f"{base_url}/verify/{sha256}"


async def pdf_of(signed: Signed, base_url: str) -> bytes:
    """The document; raises ConflictError `not_intact` when the stored text is not what was signed."""
    key = _Printed(signed, verify_url(base_url, signed.sha256))
    return await asyncio.get_running_loop().run_in_executor(_press, _printed, key)


class _Printed:
    """What a document is made of, equal to another of the same signed text at the same address."""

    def __init__(self, signed: Signed, url: str) -> None:
        self.signed, self.url = signed, url

    def _key(self) -> tuple[object, ...]:
        signed = self.signed
        return (  # the document is the same as long as all of them are
            signed.sha256,
            signed.text,
            signed.signer,
            signed.org_name,
            signed.fees,
            signed.agreed,
            self.url,
        )

    def __hash__(self) -> int:
        return hash(self._key())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Printed) and self._key() == other._key()


@lru_cache(maxsize=KEPT)
def _printed(key: _Printed) -> bytes:
    from backend.documents.report_pdf import NotIntactError, render  # a fifth of a server's imports

    try:
        return render(key.signed, key.url)
    except NotIntactError as error:
        raise ConflictError("The record is not what was signed.", code="not_intact") from error


def file_name(number: str) -> str:
    """What the file is called: letters and digits only."""
    return f"report-{''.join(c for c in number if c.isascii() and c.isalnum())}.pdf"

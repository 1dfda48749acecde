"""Signing on the customer's own phone: a link to one visit, the exact snapshot, one signature."""

import base64
import datetime as dt
import hashlib
import hmac
import json
import struct
import uuid
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from backend.auth.actor import Actor, system_actor
from backend.auth.permissions import Permission
from backend.customers.models import Customer
from backend.db.types import utc_now
from backend.evidence import acceptance
from backend.evidence import repository as evidence
from backend.evidence.canonical import canonical_json, digest
from backend.evidence.snapshot import build_snapshot
from backend.jobs import repository as job_rows
from backend.jobs import service as jobs
from backend.jobs.lifecycle import Action, JobStatus, TransitionRefusedError
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation, Region
from backend.tracking import receipt
from backend.tracking.links import LinkClosedError
from backend.tracking.receipt import Signed
from backend.tracking.words import Language

PURPOSE = b"sign on own phone 1:"
LIFE = dt.timedelta(hours=2)
TOKEN_BYTES, SEAL_BYTES = 36, 16
SIGNER = "customer's phone"


@dataclass(frozen=True)
class Reader:
    """Whose signing page it is, and which languages they may want."""

    org_name: str
    org_locale: str
    locale: str


@dataclass(frozen=True)
class Offered:
    """What there is to sign, or the hash of what was signed; `ready` says that the work is done."""

    ready: bool
    sha256: str
    prepared_at: str
    paper: Signed | None
    signed: str | None


def seal(secret: bytes, visit_id: uuid.UUID, expires_at: dt.datetime) -> str:
    """A token for one visit: its id, the second it expires, and 128 bits of HMAC-SHA256."""
    body = visit_id.bytes + struct.pack(">I", int(expires_at.timestamp()))
    return base64.urlsafe_b64encode(body + _mac(secret, body)).decode()


def unseal(secret: bytes, token: str, now: dt.datetime | None = None) -> uuid.UUID:
    """The visit of a live token; raises LinkClosedError for anything else."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except ValueError as error:
        raise LinkClosedError from error
    body, mac = raw[:-SEAL_BYTES], raw[-SEAL_BYTES:]
    if len(raw) != TOKEN_BYTES or not hmac.compare_digest(mac, _mac(secret, body)):
        raise LinkClosedError
    (expires,) = struct.unpack(">I", body[16:])
    if expires <= (now or utc_now()).timestamp():
        raise LinkClosedError
    return uuid.UUID(bytes=body[:16])


def _mac(secret: bytes, body: bytes) -> bytes:
    return hmac.new(secret, PURPOSE + body, hashlib.sha256).digest()[:SEAL_BYTES]


def offer(session: Session, actor: Actor, job_id: uuid.UUID, secret: bytes) -> tuple[str, dt.datetime]:
    """A token for the visit of a job whose work is done, and when it expires.

    For the job's technician and for the customer behind its link. Raises TransitionRefusedError.
    """
    job = job_rows.get_visible(session, actor, job_id)
    if actor.job_id != job_id:
        actor.require(Permission.JOB_VISIT)
    visit = job_rows.open_visit(session, job.id)
    if job.status is not JobStatus.DONE or visit is None:
        raise TransitionRefusedError("There is nothing to sign.", action=Action.SIGN, state=job.status)
    expires_at = utc_now().replace(microsecond=0) + LIFE
    return seal(secret, visit.id, expires_at), expires_at


def reader(session: Session, secret: bytes, token: str) -> Reader:
    """Who holds a token; raises LinkClosedError."""
    _, job = _visit_of(session, secret, token)
    org, customer = session.get_one(Organisation, job.org_id), session.get_one(Customer, job.customer_id)
    return Reader(org.name, org.locale, customer.locale)


def offered(session: Session, secret: bytes, token: str, language: Language) -> Offered:
    """What the holder of a token may check and sign; raises LinkClosedError."""
    visit, job = _visit_of(session, secret, token)
    row = evidence.acceptance(session, visit.id)
    if row is not None or job.status is not JobStatus.DONE:
        signed = row.sha256 if row is not None else None
        return Offered(ready=False, sha256="", prepared_at="", paper=None, signed=signed)
    org, now = session.get_one(Organisation, job.org_id), utc_now()
    content = build_snapshot(session, job, visit, language=language.value, prepared_at=now)
    text, sha256 = canonical_json(content), digest(content)
    zone = session.get_one(Region, job.region_id).zone
    paper = Signed(
        text, sha256, "", [], now, org.name, org.locale, zone,
        receipt.fees_of(session, job.id), receipt.agreed_of(session, job.id),
    )  # fmt: skip
    return Offered(
        ready=True, sha256=sha256, prepared_at=str(content["prepared_at"]), paper=paper, signed=None
    )


def _visit_of(session: Session, secret: bytes, token: str) -> tuple[Visit, Job]:
    visit = session.get(Visit, unseal(secret, token))
    if visit is None:
        raise LinkClosedError
    return visit, session.get_one(Job, visit.job_id)


class ChangedError(ValueError):
    """What was checked is not what is recorded now; it is to be checked again."""


@dataclass(frozen=True)
class Signature:
    """What the form says: the snapshot that was shown, who signs, and strokes or a typed name for them."""

    language: str
    prepared_at: str
    sha256: str
    signer: str
    strokes: str
    is_typed: bool


def sign(session: Session, secret: bytes, token: str, said: Signature) -> str:
    """Bind the signature to the snapshot that was shown; the hash. A second time gives back the first.

    Raises LinkClosedError, ChangedError, and RejectedError `bad_signer` or `bad_signature`.
    """
    visit, job = _visit_of(session, secret, token)
    evidence.lock_visit(session, visit.id)
    existing = evidence.acceptance(session, visit.id)
    if existing is not None:
        return existing.sha256
    actor = system_actor(job.org_id, SIGNER)
    job = jobs.get_for_change(session, actor, job.id)
    if job.status is not JobStatus.DONE:
        raise ChangedError
    content = _as_shown(session, job, visit, said)
    acceptance.sign(
        session,
        actor,
        job,
        visit,
        snapshot=content,
        sha256=said.sha256,
        signer=said.signer,
        strokes=_strokes(said.strokes),
        signed_at=utc_now(),
        is_typed=said.is_typed,
    )
    jobs.advance(session, actor, job, visit, Action.SIGN, sha256=said.sha256)
    return said.sha256


def _as_shown(session: Session, job: Job, visit: Visit, said: Signature) -> dict[str, Any]:
    """Our records put together as they were on the page; ChangedError when they differ by now."""
    try:
        prepared_at = dt.datetime.fromisoformat(said.prepared_at)
        language = Language(said.language)
    except ValueError as error:
        raise ChangedError from error
    now = utc_now()
    if prepared_at.tzinfo is None or not now - LIFE <= prepared_at <= now + dt.timedelta(minutes=1):
        raise ChangedError
    content = build_snapshot(session, job, visit, language=language.value, prepared_at=prepared_at)
    if digest(content) != said.sha256:
        raise ChangedError
    return content


def _strokes(text: str) -> list[Any]:
    try:
        found = json.loads(text) if len(text) <= 1_000_000 else []
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []

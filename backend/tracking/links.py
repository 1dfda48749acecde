"""The customer's signed link: a row's id and its seal. It expires, can be revoked, and can't be guessed."""

import base64
import datetime as dt
import hashlib
import hmac
import re
import uuid

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import NotFoundError
from backend.jobs import service as jobs
from backend.jobs.models import Job
from backend.tracking import repository
from backend.tracking.models import CustomerLink

PURPOSE = b"customer link 1:"
SEAL_BYTES = 16
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


class LinkClosedError(NotFoundError):
    """Wrong, expired, revoked: one answer for all, so that it tells nothing."""


def seal(secret: bytes, link_id: uuid.UUID, purpose: bytes = PURPOSE) -> str:
    """The token of a link: 128 bits of id and 128 bits of HMAC-SHA256, as 43 URL-safe characters.

    `purpose` keeps tokens apart: one that opens a page of one kind opens none of another.
    """
    sealed = link_id.bytes + _mac(secret, link_id, purpose)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(secret: bytes, token: str, purpose: bytes = PURPOSE) -> uuid.UUID:
    """The id in a token; raises LinkClosedError unless this server sealed exactly that text."""
    if not TOKEN.fullmatch(token):
        raise LinkClosedError
    raw = base64.urlsafe_b64decode(token + "=")
    link_id = uuid.UUID(bytes=raw[:16])
    # Comparing whole tokens also refuses other spellings of the same bytes.
    if not hmac.compare_digest(seal(secret, link_id, purpose).encode(), token.encode()):
        raise LinkClosedError
    return link_id


def share(
    session: Session, actor: Actor, job_id: uuid.UUID, lifetime: dt.timedelta, now: dt.datetime | None = None
) -> CustomerLink:
    """The job's open link, made when there is none; it lives `lifetime` beyond the promised window."""
    actor.require(Permission.LINK_SHARE)
    job = jobs.get_for_change(session, actor, job_id)
    now = now or utc_now()
    existing = repository.live_link(session, job.id, now)
    if existing is not None:
        return existing
    link = CustomerLink(
        org_id=job.org_id, job_id=job.id, expires_at=max(now, job.window_end or now) + lifetime
    )
    session.add(link)
    session.flush()
    audit.record(session, actor, "link.shared", "job", job.id, expires_at=link.expires_at.isoformat())
    return link


def prolong(session: Session, job: Job, days: int) -> None:
    """Let the job's open links live `days` beyond its promised window, where they would close earlier."""
    if job.window_end is not None:
        repository.prolong_links(session, job.id, job.window_end + dt.timedelta(days=days))


def revoke(session: Session, actor: Actor, job_id: uuid.UUID, now: dt.datetime | None = None) -> int:
    """Close every link of a job at once; returns how many were open."""
    actor.require(Permission.LINK_SHARE)
    job = jobs.get(session, actor, job_id)
    count = repository.revoke_links(session, job.id, now or utc_now())
    if count:
        audit.record(session, actor, "link.revoked", "job", job.id, count=count)
    return count


def open_link(session: Session, secret: bytes, token: str, now: dt.datetime | None = None) -> CustomerLink:
    """The live link of a token; raises LinkClosedError for anything else."""
    link = repository.link(session, unseal(secret, token))
    if link is None or link.revoked_at is not None or link.expires_at <= (now or utc_now()):
        raise LinkClosedError
    return link


def customer_of(link: CustomerLink) -> Actor:
    """The customer behind a link, who may see one job."""
    return Actor(role=Role.CUSTOMER, org_id=link.org_id, name="customer", job_id=link.job_id)


def resolve(session: Session, secret: bytes, token: str, now: dt.datetime | None = None) -> Actor:
    """The customer behind a token; raises LinkClosedError for anything but a live link's."""
    return customer_of(open_link(session, secret, token, now))


def url_of(base_url: str, secret: bytes, link: CustomerLink) -> str:
    """The address a customer is given."""
    return f"{base_url}/c/{seal(secret, link.id)}"


def _mac(secret: bytes, link_id: uuid.UUID, purpose: bytes) -> bytes:
    return hmac.new(secret, purpose + link_id.bytes, hashlib.sha256).digest()[:SEAL_BYTES]
